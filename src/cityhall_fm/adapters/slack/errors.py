"""What slack_sdk raises, as our errors: who can mend it, and whether trying again makes sense."""

from __future__ import annotations

import errno
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any, Final
from urllib.error import URLError

from slack_sdk.errors import (
    SlackApiError,
    SlackClientError,
    SlackClientNotConnectedError,
    SlackTokenRotationError,
)

from cityhall_fm.show.errors import CompanionError, SlackError, UnknownError
from cityhall_fm.show.slack_app import BOT_SCOPES

_ENTRIES: Final = {
    "not_authed": "slack.no_token",
    "missing_scope": "slack.missing_scope",
    "not_in_channel": "slack.not_in_channel",
    "is_archived": "slack.archived",
    **dict.fromkeys(
        (
            *("invalid_auth", "account_inactive", "token_revoked", "token_expired"),
            *("not_allowed_token_type", "team_access_not_granted", "org_login_required"),
        ),
        "slack.bad_token",
    ),
    **dict.fromkeys(("ratelimited", "rate_limited", "message_limit_exceeded"), "slack.rate_limited"),
    **dict.fromkeys(
        ("message_not_found", "thread_not_found", "cannot_reply_to_message"), "slack.message_gone"
    ),
    **dict.fromkeys(
        ("internal_error", "fatal_error", "service_unavailable", "request_timeout", "invalid_cursor"),
        "slack.trouble",
    ),
}
"""Slack's codes -> the entry of the catalogue that tells what to do."""
_RETRYABLE: Final = frozenset({"slack.rate_limited", "slack.trouble"})
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,80}")
_NO_WAY: Final = frozenset({errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTUNREACH})
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500


@contextmanager
def slack_errors(method: str, *, where: str, place: str = "") -> Iterator[None]:
    """Translate whatever calling a method raises; `where` is Slack's host, `place` the channel's name.

    Raises SlackError, or UnknownError for a channel that is not there. No text of the answer goes into
    them: it may quote a message, and the request beside it holds the token.
    """
    try:
        yield
    except SlackApiError as error:
        raise _refusal(error, method, place) from error
    except SlackTokenRotationError as error:
        raise SlackError("slack.bad_token", error="token_rotation") from error
    except SlackClientError as error:
        retryable = isinstance(error, SlackClientNotConnectedError)
        raise SlackError(
            "slack.refused", method=method, error=type(error).__name__, retryable=retryable
        ) from error
    except (OSError, HTTPException) as error:  # URLError, time-outs and resets are all OSErrors
        unsent = _never_left(error)
        raise SlackError("slack.unreachable", where=where, retryable=True, unsent=unsent) from error
    except (ValueError, LookupError) as error:  # broken JSON, broken UTF-8, an unheard-of encoding
        raise SlackError("slack.unreadable", where=where, retryable=True) from error


def _never_left(error: BaseException) -> bool:
    """Tell whether no connection came about: there was nothing that a request could have gone over."""
    if not isinstance(error, URLError):  # urllib wraps what happens before it waits for the answer
        return False
    reason = error.reason
    return isinstance(reason, ConnectionRefusedError | socket.gaierror) or (
        isinstance(reason, OSError) and reason.errno in _NO_WAY
    )


def error_code(error: SlackApiError) -> str:
    """Read Slack's name for what went wrong; empty where the answer was not Slack's."""
    code = _answered(error, "error")
    return code if _CODE.fullmatch(code) else ""


def _refusal(error: SlackApiError, method: str, place: str) -> CompanionError:
    code, status = error_code(error), getattr(error.response, "status_code", 200)
    if status == _TOO_MANY:
        code = "ratelimited"
    if code == "channel_not_found":
        return UnknownError("slack.no_channel", channel=place)
    if code in _ENTRIES:
        values: dict[str, Any] = {"method": method, "error": code, "channel": place, "scope": _needed(error)}
        return SlackError(_ENTRIES[code], retryable=_ENTRIES[code] in _RETRYABLE, **values)
    if status >= _SERVER_ERROR:
        return SlackError("slack.trouble", method=method, error=code or status, retryable=True)
    if not code:
        return SlackError("slack.not_slack", method=method, retryable=True)
    return SlackError("slack.refused", method=method, error=code)


def _needed(error: SlackApiError) -> str:
    """Name the scope to add: of the several that would open a method, the one that our manifest has."""
    needed = [scope.strip() for scope in _answered(error, "needed").split(",")]
    return ", ".join(scope for scope in needed if scope in BOT_SCOPES) or ", ".join(needed)


def _answered(error: SlackApiError, name: str) -> str:
    data = getattr(error.response, "data", error.response)
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""
