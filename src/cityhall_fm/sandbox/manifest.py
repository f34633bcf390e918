"""An app's manifest: which scopes, events, commands, shortcuts and addresses it asks Slack for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

_LONGEST_NAME = 35
_LONGEST_DESCRIPTION = 140
_LONGEST_BOT_NAME = 80
_COMMAND = re.compile(r"/[^\s/A-Z]{1,31}")
_LONGEST_COMMAND_DESCRIPTION = 2000
_LONGEST_SHORTCUT_NAME = 24
_LONGEST_SHORTCUT_DESCRIPTION = 150
_LONGEST_CALLBACK_ID = 255
_MOST_SHORTCUTS = 10
_MOST_COMMANDS = 50

EVENT_SCOPES: Mapping[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "channel_archive": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "file_shared": ("files:read",),
    "member_joined_channel": ("channels:read", "groups:read", "mpim:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
}
"""The events that the sandbox knows, each with the scopes of which any one opens it."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of the lightning menu, or of the menu of a message."""

    name: str
    callback_id: str
    kind: Literal["global", "message"]


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; the address is empty in Socket Mode."""

    name: str
    description: str = ""
    usage_hint: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an app asked for when it was created."""

    bot_name: str = ""
    scopes: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    commands: Mapping[str, Command] = field(default_factory=dict)
    shortcuts: Mapping[str, Shortcut] = field(default_factory=dict)
    is_interactive: bool = False
    has_home: bool = False
    socket_mode: bool = True
    events_url: str = ""
    interactivity_url: str = ""
    redirect_urls: tuple[str, ...] = ()
    """Where people may be led back to after signing in."""


def read_manifest(given: Mapping[str, Any]) -> Manifest:
    """Read a manifest as api.slack.com takes it (JSON or parsed YAML).

    Raises ValueError naming everything that Slack would refuse: an event or command without its scope,
    a shortcut without interactivity, a text that is too long.
    """
    settings, features = _part(given, "settings"), _part(given, "features")
    interactivity, subscriptions = _part(settings, "interactivity"), _part(settings, "event_subscriptions")
    commands = [_command(one) for one in features.get("slash_commands", ())]
    shortcuts = [_shortcut(one) for one in features.get("shortcuts", ())]
    manifest = Manifest(
        bot_name=str(_part(features, "bot_user").get("display_name", "")),
        scopes=frozenset(_part(_part(given, "oauth_config"), "scopes").get("bot", ())),
        events=frozenset(subscriptions.get("bot_events", ())),
        commands={command.name: command for command in commands},
        shortcuts={shortcut.callback_id: shortcut for shortcut in shortcuts},
        is_interactive=bool(interactivity.get("is_enabled")),
        has_home=bool(_part(features, "app_home").get("home_tab_enabled")),
        socket_mode=bool(settings.get("socket_mode_enabled")),
        events_url=str(subscriptions.get("request_url", "")),
        interactivity_url=str(interactivity.get("request_url", "")),
        redirect_urls=tuple(_part(given, "oauth_config").get("redirect_urls", ())),
    )
    problems = [*_problems(manifest, given), *_length_problems(given, features, commands, shortcuts)]
    if problems:
        raise ValueError("; ".join(problems))
    return manifest


def _problems(manifest: Manifest, given: Mapping[str, Any]) -> Iterator[str]:
    for event in sorted(manifest.events):
        scopes = EVENT_SCOPES.get(event)
        if scopes is None:
            yield f"bot_events: the sandbox does not know {event}"
        elif scopes and not manifest.scopes.intersection(scopes):
            yield f"bot_events: {event} needs the scope {' or '.join(scopes)}"
    if (manifest.commands or manifest.shortcuts) and "commands" not in manifest.scopes:
        yield "slash_commands and shortcuts need the scope commands"
    if manifest.shortcuts and not manifest.is_interactive:
        yield "shortcuts need settings.interactivity.is_enabled"
    if manifest.scopes and not _part(_part(given, "features"), "bot_user").get("display_name"):
        yield "bot scopes need features.bot_user.display_name"
    if not manifest.socket_mode:
        yield from _missing_addresses(manifest)


def _missing_addresses(manifest: Manifest) -> Iterator[str]:
    if manifest.events and not manifest.events_url:
        yield "without Socket Mode event_subscriptions needs a request_url"
    if manifest.is_interactive and not manifest.interactivity_url:
        yield "without Socket Mode interactivity needs a request_url"
    for command in manifest.commands.values():
        if not command.url:
            yield f"without Socket Mode {command.name} needs a url"


def _length_problems(
    given: Mapping[str, Any],
    features: Mapping[str, Any],
    commands: list[Command],
    shortcuts: list[Shortcut],
) -> Iterator[str]:
    display = _part(given, "display_information")
    yield from _length("display_information.name", display.get("name", ""), 1, _LONGEST_NAME)
    description = display.get("description", "")
    yield from _length("display_information.description", description, 0, _LONGEST_DESCRIPTION)
    bot_name = _part(features, "bot_user").get("display_name", "")
    yield from _length("bot_user.display_name", bot_name, 0, _LONGEST_BOT_NAME)
    if len(commands) > _MOST_COMMANDS or len({command.name for command in commands}) < len(commands):
        yield f"slash_commands: at most {_MOST_COMMANDS}, each once"
    for command in commands:
        if not _COMMAND.fullmatch(command.name):
            yield f"slash_commands: {command.name!r} is no command"
        where = f"{command.name}: description"
        yield from _length(where, command.description, 1, _LONGEST_COMMAND_DESCRIPTION)
    if len(shortcuts) > _MOST_SHORTCUTS or len({one.callback_id for one in shortcuts}) < len(shortcuts):
        yield f"shortcuts: at most {_MOST_SHORTCUTS}, each callback_id once"
    for raw, shortcut in zip(features.get("shortcuts", ()), shortcuts, strict=True):
        yield from _length("shortcut.name", shortcut.name, 1, _LONGEST_SHORTCUT_NAME)
        yield from _length("shortcut.callback_id", shortcut.callback_id, 1, _LONGEST_CALLBACK_ID)
        yield from _length(
            "shortcut.description", raw.get("description", ""), 1, _LONGEST_SHORTCUT_DESCRIPTION
        )


def _length(where: str, text: object, least: int, most: int) -> Iterator[str]:
    if not isinstance(text, str) or not least <= len(text) <= most:
        yield f"{where} must hold {least} to {most} characters"


def _command(given: Mapping[str, Any]) -> Command:
    texts = (str(given.get(name, "")) for name in ("command", "description", "usage_hint", "url"))
    return Command(*texts)


def _shortcut(given: Mapping[str, Any]) -> Shortcut:
    kind = given.get("type")
    if kind not in ("global", "message"):
        raise ValueError(f"shortcut.type is global or message, not {kind!r}")
    return Shortcut(str(given.get("name", "")), str(given.get("callback_id", "")), kind)


def _part(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = holder.get(name) or {}
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} must be an object")  # noqa: TRY004 - malformed is malformed
    return value
