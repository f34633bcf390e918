"""Show -> the manifest that a city pastes into Slack to create its own internal app."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from cityhall_fm.show.clean import cut
from cityhall_fm.show.episode import Show
from cityhall_fm.show.slack_app import (
    ASK,
    BOT_SCOPES,
    COMMAND,
    EVENTS,
    GROUP_SCOPE,
    HAND_ON,
    REQUEST_PATH,
    SIGN_IN_BACK,
    SIGN_IN_SCOPES,
)
from cityhall_fm.texts import Catalogue

Json = dict[str, object]

# Slack, "App manifest reference"
_LONGEST_APP_NAME: Final = 35
_LONGEST_BOT_NAME: Final = 80


def slack_manifest(show: Show, *, http: str | None = None, studio: str | None = None) -> Json:
    """Describe the app, in the show's language: over Socket Mode, or over signed HTTP to an address.

    `http` is where Slack reaches the app; without a path it is the one that the app listens on. `studio`
    is where hosts reach the studio: they can then sign in to it.
    """
    say = Catalogue(show.language)
    url = _request_url(http) if http else None
    request = {"request_url": url} if url else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": cut(show.title, _LONGEST_APP_NAME),
            "description": say("manifest.description"),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,  # our private replies are read there
                "messages_tab_read_only_enabled": True,  # and nothing is read of what is written there
            },
            "bot_user": {"display_name": cut(show.title, _LONGEST_BOT_NAME), "always_online": False},
            "shortcuts": [
                _shortcut("global", ASK, say("manifest.ask"), say("manifest.ask_description")),
                _shortcut("message", HAND_ON, say("manifest.hand_on"), say("manifest.hand_on_description")),
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    **({"url": url} if url else {}),
                    "description": say("manifest.ask_description"),
                    "usage_hint": say("manifest.usage_hint"),
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": _signing_in(studio) if studio else {"scopes": {"bot": list(BOT_SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def _signing_in(studio: str) -> Json:
    scopes = {"bot": [*BOT_SCOPES, GROUP_SCOPE], "user": list(SIGN_IN_SCOPES)}
    return {"redirect_urls": [studio.rstrip("/") + SIGN_IN_BACK], "scopes": scopes}


def is_request_url(url: str) -> bool:
    """Tell whether Slack would send requests there: https, and a host that is not this machine's own."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "https" and "." in host and not any(sign in url for sign in " \t\n<>\"'#")


def _request_url(given: str) -> str:
    return given if urlsplit(given).path.strip("/") else given.rstrip("/") + REQUEST_PATH


def _shortcut(kind: str, callback: str, name: str, description: str) -> Json:
    return {"name": name, "type": kind, "callback_id": callback, "description": description}
