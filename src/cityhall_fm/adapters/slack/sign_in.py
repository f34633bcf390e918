"""Sign in with Slack over slack_sdk: the page that asks, the code that it gives, the groups of a member."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from slack_sdk import WebClient

from cityhall_fm.adapters.slack.calls import SLACK_API, Calls, Sleep, is_loopback
from cityhall_fm.adapters.slack.errors import slack_errors
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.signing_in import claims_of
from cityhall_fm.show.slack_json import objects
from cityhall_fm.show.slack_thread import UserId

_TIMEOUT_SECONDS: Final = 15


class SlackSignIn:
    """Fulfils SignIn."""

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        token: str,
        base_url: str | None = None,
        sleep: Sleep = time.sleep,
    ) -> None:
        self.client_id, self._secret = client_id, client_secret
        self._base_url = base_url or SLACK_API
        self._bot = Calls(token, base_url, sleep=sleep, timeout_seconds=_TIMEOUT_SECONDS)
        self._team = ""

    def team(self) -> str:
        """Name the workspace that our own token belongs to."""
        if not self._team:
            self._team = str(self._bot.read("auth.test").get("team_id", ""))
        return self._team

    def page(self, *, redirect_uri: str, state: str, nonce: str, challenge: str) -> str:
        """Give the address where Slack asks somebody whether they want to sign in."""
        slack = urlsplit(self._base_url)
        asked = {
            "response_type": "code",
            "scope": "openid profile",
            "client_id": self.client_id,
            "team": self.team(),
            "redirect_uri": redirect_uri,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return urlunsplit((slack.scheme, slack.netloc, "/openid/connect/authorize", urlencode(asked), ""))

    def redeem(self, code: str, *, redirect_uri: str, verifier: str) -> Mapping[str, object]:
        """Exchange a code for what Slack says of whoever signed in; SlackError where it is worth nothing."""
        host = urlsplit(self._base_url).hostname or ""
        client = WebClient(base_url=self._base_url, timeout=_TIMEOUT_SECONDS)
        if is_loopback(host):
            client.proxy = None
        with slack_errors("openid.connect.token", where=host):
            answer = client.openid_connect_token(
                client_id=self.client_id,
                client_secret=self._secret,
                code=code,
                redirect_uri=redirect_uri,
                code_verifier=verifier,
            )
            id_token = answer.get("id_token")
        if not isinstance(id_token, str):
            raise SlackError("slack.unreadable", where=host)
        return claims_of(id_token)

    def groups_of(self, person: UserId) -> frozenset[str]:
        """Name the user groups that hold a member; none where our token may not read them."""
        fine = frozenset({"missing_scope", "paid_teams_only", "not_allowed_token_type"})
        answer = self._bot.read("usergroups.list", include_users=True, fine=fine)
        return frozenset(
            str(group.get("handle", ""))
            for group in objects(answer.get("usergroups"))
            if isinstance(users := group.get("users"), list) and person in users
        )
