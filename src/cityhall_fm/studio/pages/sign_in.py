"""Coming in with Slack: this workspace's members, as far as the show's lists name them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from cityhall_fm.show.errors import CompanionError, NotReadyError
from cityhall_fm.show.roles import role_of
from cityhall_fm.show.signing_in import member_of
from cityhall_fm.show.slack_app import SIGN_IN_BACK as BACK
from cityhall_fm.studio.control_room import ControlRoom

_COOKIE: Final = "studio-sign-in"
_STANDS_SECONDS: Final = 600


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make the way to Slack and the way back; none where nobody can sign in."""
    sign_in = room.sign_in
    if sign_in is None:
        return []

    def away(request: Request) -> Response:
        # One secret makes the three that Slack and the browser bring back.
        secret = secrets.token_urlsafe(32)
        verifier = _part(secret, "verifier")
        try:
            page = sign_in.page(
                redirect_uri=room.address + BACK,
                state=_part(secret, "state"),
                nonce=_part(secret, "nonce"),
                challenge=_base64(hashlib.sha256(verifier.encode()).digest()),
            )
        except CompanionError as error:
            return room.stranger(request, error)
        response = RedirectResponse(page, 303)
        response.set_cookie(
            _COOKIE, secret, max_age=_STANDS_SECONDS, httponly=True, samesite="lax", path=BACK,
            secure=room.address.startswith("https://"),
        )  # fmt: skip
        return response

    def back(request: Request) -> Response:
        secret = request.cookies.get(_COOKIE, "")
        asked = request.query_params
        try:
            if not secret or not hmac.compare_digest(_part(secret, "state"), asked.get("state", "")):
                raise NotReadyError("studio_entry.not_believed")
            if "code" not in asked:
                raise NotReadyError("studio_entry.said_no")
            claims = sign_in.redeem(
                asked["code"], redirect_uri=room.address + BACK, verifier=_part(secret, "verifier")
            )
            person = member_of(
                claims,
                client_id=sign_in.client_id,
                team=sign_in.team(),
                nonce=_part(secret, "nonce"),
                now=room.clock(),
            )
            role = role_of(person, sign_in.groups_of(person), room.companion.settings.studio.people)
            if role is None:
                raise NotReadyError("studio_entry.not_listed", person=person)
        except CompanionError as error:
            response = room.stranger(request, error)
        else:
            response = RedirectResponse("/", 303)
            session = room.entry.let_in(response, person=person, name=str(claims.get("name", "")), role=role)
            room.note(session, "studio.did_enter")
        response.delete_cookie(_COOKIE, path=BACK)
        return response

    return [Route("/sign-in", away), Route(BACK, back)]


def _part(secret: str, name: str) -> str:
    return _base64(hmac.new(secret.encode(), name.encode(), hashlib.sha256).digest())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
