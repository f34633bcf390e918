"""Sign in with Slack: the page that asks a member, the code it gives, what the code buys.

OpenID Connect Core 1.0, section 3.1; Slack, "Sign in with Slack"; PKCE: RFC 7636.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from cityhall_fm.sandbox.dispatch import Call, Desk
from cityhall_fm.sandbox.people import App, User

_ISSUER: Final = "https://slack.com"
_CODE_STANDS_SECONDS: Final = 600
_TOKEN_STANDS_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an app asked for, and who said yes."""

    app: App
    user: User
    redirect_uri: str
    nonce: str
    challenge: str
    at: float


class _Grants:
    """Codes, each good once, and the tokens that they bought."""

    def __init__(self) -> None:
        self.codes: dict[str, _Asked] = {}
        self.tokens: dict[str, _Asked] = {}
        self.made = 0

    def name(self, kind: str) -> str:
        self.made += 1
        return f"{kind}-{self.made}-{hashlib.sha256(f'{kind}{self.made}'.encode()).hexdigest()[:24]}"


def openid_routes(desk: Desk) -> list[Route]:
    """Serve /openid/connect/authorize and the two methods, which take no bot's token."""
    grants = _Grants()

    async def authorize(request: Request) -> Response:
        with desk.world.lock:
            return _authorize(desk, grants, request.query_params)

    async def token(request: Request) -> Response:
        given = dict(parse_qsl((await request.body()).decode()))
        basic = request.headers.get("authorization", "")
        if basic.startswith("Basic "):
            id_, _, secret = base64.b64decode(basic[6:]).decode().partition(":")
            given |= {"client_id": id_, "client_secret": secret}
        with desk.world.lock:
            desk.calls.append(Call("openid.connect.token", {"grant_type": given.get("grant_type", "")}))
            return JSONResponse(_token(desk, grants, given))

    async def user_info(request: Request) -> Response:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        with desk.world.lock:
            desk.calls.append(Call("openid.connect.userInfo", {}))
            asked = grants.tokens.get(bearer)
            if asked is None:
                return JSONResponse({"ok": False, "error": "invalid_auth" if bearer else "not_authed"})
            return JSONResponse({"ok": True, **_about(desk, asked.user)})

    return [
        Route("/openid/connect/authorize", authorize),
        Route("/api/openid.connect.token", token, methods=["POST"]),
        Route("/api/openid.connect.userInfo", user_info, methods=["GET", "POST"]),
    ]


def _authorize(desk: Desk, grants: _Grants, asked: Mapping[str, str]) -> Response:
    app = _app(desk, asked.get("client_id", ""))
    redirect_uri = asked.get("redirect_uri", "")
    # Slack's redirect URLs are https, and those of the app's manifest or below.
    known = app is not None and any(redirect_uri.startswith(url) for url in app.manifest.redirect_urls)
    if app is None or not known or urlsplit(redirect_uri).scheme != "https":
        return PlainTextResponse("bad_redirect_uri" if app else "invalid_client_id", 400)
    wrong = asked.get("response_type") != "code" or "openid" not in asked.get("scope", "").split()
    if wrong or not asked.get("state"):
        return PlainTextResponse("invalid_request", 400)
    if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
        return PlainTextResponse("invalid_request", 400)
    chosen = asked.get("as")
    if chosen == "nobody":
        return RedirectResponse(
            f"{redirect_uri}?{urlencode({'error': 'access_denied', 'state': asked['state']})}", 302
        )
    user = next((one for one in desk.world.users if one.id == chosen and not one.is_bot), None)
    if user is None:
        return HTMLResponse(_choice(desk, asked))
    code = grants.name("code")
    now = desk.world.clock().timestamp()
    grants.codes[code] = _Asked(
        app, user, redirect_uri, asked.get("nonce", ""), asked.get("code_challenge", ""), now
    )
    return RedirectResponse(f"{redirect_uri}?{urlencode({'code': code, 'state': asked['state']})}", 302)


def _token(desk: Desk, grants: _Grants, given: Mapping[str, str]) -> dict[str, Any]:
    app = _app(desk, given.get("client_id", ""))
    asked = grants.codes.pop(given.get("code", ""), None)
    now = desk.world.clock().timestamp()
    refused = _refused(app, asked, given, now)
    if refused or app is None or asked is None:
        return {"ok": False, "error": refused}
    access = grants.name("xoxp")
    grants.tokens[access] = asked
    claims = {
        "iss": _ISSUER,
        "aud": app.client_id,
        "iat": int(now),
        "exp": int(now) + _TOKEN_STANDS_SECONDS,
        "auth_time": int(now),
        "nonce": asked.nonce,
        **_about(desk, asked.user),
    }
    return {"ok": True, "access_token": access, "token_type": "Bearer", "id_token": _jwt(claims)}


def _refused(app: App | None, asked: _Asked | None, given: Mapping[str, str], now: float) -> str:
    if app is None:
        return "invalid_client_id"
    if not app.client_secret or not hmac.compare_digest(app.client_secret, given.get("client_secret", "")):
        return "bad_client_secret"
    if given.get("grant_type", "authorization_code") != "authorization_code":
        return "invalid_grant_type"
    if asked is None or asked.app.app_id != app.app_id or now - asked.at > _CODE_STANDS_SECONDS:
        return "invalid_code"
    if given.get("redirect_uri") != asked.redirect_uri:
        return "bad_redirect_uri"
    wrong = asked.challenge and _challenge(given.get("code_verifier", "")) != asked.challenge
    return "invalid_grant" if wrong else ""


def _about(desk: Desk, user: User) -> dict[str, str]:
    return {
        "sub": user.id,
        "https://slack.com/user_id": user.id,
        "https://slack.com/team_id": desk.world.team_id,
        "name": user.real_name or user.shown_name,
    }


def _app(desk: Desk, client_id: str) -> App | None:
    return next((one for one in desk.world.apps if one.client_id == client_id != ""), None)


def _challenge(verifier: str) -> str:
    return _base64(hashlib.sha256(verifier.encode()).digest())


def _jwt(claims: Mapping[str, object]) -> str:
    # Signed with nothing that could be checked: the sandbox publishes no keys.
    parts = [json.dumps(part).encode() for part in ({"typ": "JWT", "alg": "RS256", "kid": "sandbox"}, claims)]
    return ".".join([*(_base64(part) for part in parts), _base64(b"sandbox")])


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _choice(desk: Desk, asked: Mapping[str, str]) -> str:
    people = [(user.id, user.shown_name) for user in desk.world.users if not user.is_bot and not user.deleted]
    links = "".join(
        f'<li><a href="?{escape(urlencode({**asked, "as": id_}))}">{escape(name)}</a></li>'
        for id_, name in [*people, ("nobody", "—")]
    )
    return f"<!doctype html><html lang=en><title>Sandbox</title><h1>Sign in to Sandbox</h1><ul>{links}</ul>"
