"""Sign in with Slack: which answers may be believed (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.slack_thread import UserId

ISSUER: Final = "https://slack.com"
_USER: Final = "https://slack.com/user_id"
_TEAM: Final = "https://slack.com/team_id"


def claims_of(id_token: str) -> Mapping[str, object]:
    """Read what an id token says; NotReadyError where it cannot be read.

    Its signature is not looked at: it came from Slack itself over TLS, in exchange for our secret, which
    the standard takes for enough.
    """
    try:
        payload = id_token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, binascii.Error) as error:
        raise NotReadyError("studio_entry.not_understood") from error
    if not isinstance(claims, dict):
        raise NotReadyError("studio_entry.not_understood")
    return claims


def member_of(
    claims: Mapping[str, object], *, client_id: str, team: str, nonce: str, now: datetime
) -> UserId:
    """Tell who signed in; NotReadyError where the answer is not for us, not for this visit, or not ours.

    `team` is the workspace whose members may come in.
    """
    audience = claims.get("aud")
    for_us = audience == client_id or (isinstance(audience, list) and client_id in audience)
    ends = claims.get("exp")
    stands = isinstance(ends, int | float) and now.timestamp() < ends
    if claims.get("iss") != ISSUER or not for_us or not stands or not nonce or claims.get("nonce") != nonce:
        raise NotReadyError("studio_entry.not_believed")
    if claims.get(_TEAM) != team:
        raise NotReadyError("studio_entry.other_workspace")
    person = claims.get(_USER)
    if not isinstance(person, str) or person != claims.get("sub"):
        raise NotReadyError("studio_entry.not_understood")
    return UserId(person)
