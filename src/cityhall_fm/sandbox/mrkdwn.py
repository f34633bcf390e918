"""Slack's mrkdwn as HTML, for people to look at."""

import re
from collections.abc import Callable

from markupsafe import Markup, escape

from cityhall_fm.sandbox.emoji import glyph
from cityhall_fm.sandbox.text import as_read
from cityhall_fm.sandbox.workspace import NotHereError, Workspace

_TOKENS = re.compile(r"```(.+?)```|`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+'-]+(?:::skin-tone-\d)?):", re.DOTALL)
_KEPT = re.compile("\x00(\\d+)\x00")
_STYLES = (
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), r"<s>\1</s>"),
)
_QUOTED = re.compile(r"^&gt; ?(.*)$", re.MULTILINE)
_BROADCASTS = frozenset({"here", "channel", "everyone"})


def html(world: Workspace, stored: str) -> Markup:
    """Render stored text; whatever it holds, nothing of it becomes markup of its own."""
    kept: list[Markup] = []

    def keep(match: re.Match[str]) -> str:
        block, code, control, emoji = match.groups()
        if block is not None:
            kept.append(Markup("<pre>{}</pre>").format(as_read(block).strip("\n")))
        elif code is not None:
            kept.append(Markup("<code>{}</code>").format(as_read(code)))
        elif control is not None:
            kept.append(_control(world, control))
        else:
            shown = glyph(emoji)
            if shown is None:
                return match[0]
            kept.append(Markup('<span role="img" aria-label="{}">{}</span>').format(emoji, shown))
        return f"\x00{len(kept) - 1}\x00"

    text = str(escape(as_read(_TOKENS.sub(keep, stored.replace("\x00", "")))))
    for pattern, styled in _STYLES:
        text = pattern.sub(styled, text)
    text = _QUOTED.sub(r"<blockquote>\1</blockquote>", text)
    text = text.replace("</blockquote>\n", "</blockquote>").replace("\n", "<br>\n")
    return Markup(_KEPT.sub(_restore(kept), text))  # noqa: S704 - escaped above, tags are ours


def plain_html(text: str) -> Markup:
    """Render a plain_text object: line ends and emoji, no markup."""
    with_emoji = _TOKENS.sub(lambda match: (match[4] and glyph(match[4])) or match[0], text)
    return Markup("<br>\n").join(with_emoji.split("\n"))


def link_html(url: str, label: str) -> Markup:
    """Render a link, if it leads where links may lead."""
    if not url.startswith(("https://", "http://", "mailto:", "tel:")):
        return escape(label)
    return Markup('<a href="{}" rel="noreferrer nofollow">{}</a>').format(url, label)


def mention_html(world: Workspace, user_id: str) -> Markup:
    """Render a mention as @name."""
    try:
        name = world.user(user_id).shown_name
    except NotHereError:
        name = user_id
    return Markup('<span class="mention">@{}</span>').format(name)


def _restore(kept: list[Markup]) -> Callable[[re.Match[str]], str]:
    return lambda match: str(kept[int(match[1])])


def _control(world: Workspace, inside: str) -> Markup:
    target, _, label = inside.partition("|")
    target, label = as_read(target), as_read(label)
    if target.startswith("@"):
        return mention_html(world, target[1:])
    if target.startswith("#"):
        return Markup('<span class="mention">#{}</span>').format(label or _channel_name(world, target[1:]))
    if target.startswith("!"):
        word = target[1:].partition("^")[0]
        shown = label.removeprefix("@") or word
        return Markup('<span class="mention">@{}</span>').format(shown) if _pings(word) else escape(shown)
    return link_html(target, label or target)


def _pings(word: str) -> bool:
    return word in _BROADCASTS or word == "subteam"


def _channel_name(world: Workspace, channel_id: str) -> str:
    try:
        return world.channel(channel_id).name
    except NotHereError:
        return channel_id
