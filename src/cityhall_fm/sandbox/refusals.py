"""What a request is refused for before its method runs: token, encoding, arguments, scopes, pings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cityhall_fm.sandbox.contract import METHODS, Method
from cityhall_fm.sandbox.people import App
from cityhall_fm.sandbox.text import pings_in_blocks, pings_in_text
from cityhall_fm.sandbox.workspace import Workspace

_JSON_TYPE = "application/json"
_FORM_TYPE = "application/x-www-form-urlencoded"
_SAYS_TRUE = frozenset({"1", "true", "yes", "on"})
_SAYS_FALSE = frozenset({"0", "false", "no", "off", ""})
_FLAGS = frozenset(
    {
        *(
            "as_user",
            "exclude_archived",
            "exclude_muted",
            "full",
            "include_categories",
            "include_all_metadata",
            "include_count",
            "include_disabled",
            "include_locale",
            "include_users",
        ),
        *("include_num_members", "inclusive", "mrkdwn", "prevent_creation", "reply_broadcast", "return_im"),
        *("unfurl_links", "unfurl_media"),
    }
)
_SENT_WITH_ALL = "team_id"  # by the client that Bolt hands to listeners; Slack does not mind
_APP_LEVEL_SCOPE = "connections:write"
_STRUCTURES = frozenset(
    {"attachments", "blocks", "file_ids", "files", "metadata", "unfurled_attachments", "view"}
)


class RefusalError(Exception):
    """An answer with ok=false: the error's name, and what Slack adds to it."""

    def __init__(self, error: str, *messages: str, **details: str | int) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages
        self.details = details


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came in, before anything is believed about it."""

    method: str
    token: str
    arguments: Mapping[str, Any]
    encoding: str = _FORM_TYPE
    malformed: bool = False


def known_method(received: Received) -> Method:
    """Look the method up."""
    method = METHODS.get(received.method)
    if method is None:
        raise RefusalError("unknown_method", req_method=received.method)
    return method


def known_app(world: Workspace, method: Method, received: Received) -> App:
    """Tell whose token this is; the methods of Socket Mode take an app-level one, all others a bot's."""
    if not received.token:
        raise RefusalError("not_authed")
    app = world.app_of(received.token) if method.app_level else world.app(received.token)
    if app is None:
        raise RefusalError("invalid_auth")
    return app


def checked_arguments(method: Method, received: Received) -> dict[str, Any]:
    """Return the arguments as typed values: flags as bool, structures as JSON, all else as text."""
    _check_encoding(method, received)
    received_arguments = dict(received.arguments)
    if _SENT_WITH_ALL not in method.known:
        received_arguments.pop(_SENT_WITH_ALL, None)
    given = {name: value for name, value in received_arguments.items() if value not in (None, "")}
    unknown = sorted(received_arguments.keys() - method.known)
    missing = [name for name in method.required if name not in given]
    messages = [f"[ERROR] unknown argument: {name}" for name in unknown]
    messages += [f"[ERROR] missing required field: {name}" for name in missing]
    if messages:
        raise RefusalError("invalid_arguments", *messages)
    return {name: _typed(name, value) for name, value in received_arguments.items() if value is not None}


def check_scope(method: Method, app: App) -> None:
    """Refuse a token that opens no part of the method."""
    if method.app_level and _APP_LEVEL_SCOPE not in app.app_token_scopes:
        provided = ",".join(sorted(app.app_token_scopes))
        raise RefusalError("missing_scope", needed=_APP_LEVEL_SCOPE, provided=provided)
    if method.scopes and not app.scopes.intersection(method.scopes):
        raise missing_scope(app, *method.scopes)


def missing_scope(app: App, *needed: str) -> RefusalError:
    """Say what was needed and what the token provides."""
    return RefusalError("missing_scope", needed=",".join(needed), provided=",".join(sorted(app.scopes)))


def check_pings(world: Workspace, arguments: Mapping[str, Any]) -> None:
    """Refuse what would notify people.

    The sandbox's own rule. Slack delivers such a message, and 2,400 phones ring.
    """
    if not world.rules.refuse_pings:
        return
    links_names = (
        str(arguments.get("link_names", "")).lower() in _SAYS_TRUE or arguments.get("parse") == "full"
    )
    found = [
        ping
        for name in ("text", "markdown_text")
        for ping in pings_in_text(str(arguments.get(name, "")), links_names=links_names)
    ]
    for name in ("blocks", "attachments", "unfurled_attachments"):
        found += pings_in_blocks(arguments.get(name))
    if found:
        messages = (f"[ERROR] sandbox: {ping} would notify people" for ping in dict.fromkeys(found))
        raise RefusalError("invalid_arguments", *messages)


def _check_encoding(method: Method, received: Received) -> None:
    if received.malformed:
        raise RefusalError("invalid_arguments", f"[ERROR] the body is not {received.encoding}")
    if received.encoding == _JSON_TYPE and not method.takes_json:
        # Slack reads no JSON body here and would miss every argument in it.
        raise RefusalError("invalid_arguments", f"[ERROR] {method.name} takes {_FORM_TYPE}, not {_JSON_TYPE}")


def _typed(name: str, value: object) -> object:
    if name in _FLAGS:
        return _flag(name, value)
    if name in _STRUCTURES:
        return _structure(name, value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        if name == "link_names":
            return str(value)
        raise RefusalError("invalid_arguments", f"[ERROR] {name} must be text")
    return str(value)


def _flag(name: str, value: object) -> bool:
    word = str(value).lower()
    if word in _SAYS_TRUE:
        return True
    if word in _SAYS_FALSE:
        return False
    raise RefusalError("invalid_arguments", f"[ERROR] {name} must be true or false")


def _structure(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else ({} if name == "metadata" else [])
    except ValueError:
        return value  # the method names the error: invalid_blocks_format, invalid_metadata_format
