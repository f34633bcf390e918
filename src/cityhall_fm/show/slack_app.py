"""What the city's Slack app may do and answers to: scopes, events, the command and the shortcuts by name."""

from __future__ import annotations

from typing import Final

BOT_SCOPES: Final = (
    *("channels:history", "channels:read", "chat:write", "commands", "files:read", "im:write"),
    *("pins:write", "reactions:read", "reactions:write", "users:read"),
)
"""The least that the app needs. Never chat:write.customize: a radio name as a sender could impersonate."""
APP_SCOPE: Final = "connections:write"
"""What the app-level token of Socket Mode may do."""
EVENTS: Final = (
    "app_home_opened",
    "message.channels",
    "reaction_added",
    "reaction_removed",
    "user_change",
)

COMMAND: Final = "/fm"
ASK: Final = "ask"
"""The callback of the shortcut in the lightning menu."""
HAND_ON: Final = "hand_on"
"""The callback of the shortcut in a message's own menu."""
GROUP_SCOPE: Final = "usergroups:read"
"""Only where hosts sign in to the studio: roles may be given to a user group."""
SIGN_IN_SCOPES: Final = ("openid", "profile")
"""What somebody who signs in agrees to: who they are, and what they are called."""
SIGN_IN_BACK: Final = "/sign-in/back"
"""Where the studio hears how a sign-in went."""
REQUEST_PATH: Final = "/slack/events"
"""Where Slack's requests arrive in HTTP mode; Bolt's own default."""
