"""From mrkdwn as Slack stores it to its parts; never fails, whatever the text holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from cityhall_fm.show.mrkdwn.names import NOBODY, Names
from cityhall_fm.show.mrkdwn.parts import (
    Block,
    Code,
    CodeBlock,
    Hyperlink,
    Inline,
    Item,
    Line,
    Paragraph,
    Quote,
    Style,
    Styled,
    Words,
)
from cityhall_fm.show.slack_thread import ChannelId, UserId

REFERENCE: Final = re.compile(r"<([^<>\n]+)>")
MEMBER: Final = re.compile(r"@([UW][A-Z0-9]+)(?:\|.*)?")
_CHANNEL: Final = re.compile(r"#([CG][A-Z0-9]+)(?:\|.*)?")
_SCHEMES: Final = ("https://", "http://", "mailto:", "tel:")

_CODE_BLOCK: Final = re.compile(r"```(?=[^`])(.+?)```", re.DOTALL)
_CODE: Final = re.compile(r"`([^`\n]+)`")
_EMOJI: Final = re.compile(r":([^\s:<>&`*~]{1,100}(?:::skin-tone-[2-6])?):")
_QUOTED: Final = re.compile(r"(?:&gt;|>) ?(.*)")
_QUOTED_TO_THE_END: Final = re.compile(r"^(?:&gt;|>){3} ?", re.MULTILINE)
_ITEM: Final = re.compile(r"( *)(?:[•◦▪‣]\ufe0e? ?|(\d{1,3})\. )(.+)")
_INDENT: Final = 4

_STRAY: Final = re.compile(r"(?<!<)<++(?![\s0-9A-Za-z=/])")
"""Slack stores no bare `<`: one that is no sign of comparison can only be meant to build a reference."""
_ENTITY: Final = re.compile("&(lt|gt|amp);")
_CHARACTERS: Final = {"lt": "<", "gt": ">", "amp": "&"}
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_HALF_A_CHARACTER: Final = re.compile("[\ud800-\udfff]")

# In a line, everything that is no plain word is set aside under one character of Unicode's last two
# planes, which mean nothing; what the text itself has of them is set aside likewise.
_ASIDE: Final = 0xF0000
_MOST_ASIDE: Final = 0x10FFFF - _ASIDE
_SET_ASIDE: Final = re.compile("[\U000f0000-\U0010ffff]")
_BEGINNING: Final = re.compile("[`<:\U000f0000-\U0010ffff]")

# Slack asks for a word's end around all three. Japanese has none to show, so `*` is also read inside of
# it; `_` and `~` are not: 土~日 and 佐久_移住_相談 are words.
_STYLES: Final = re.compile(
    r"(?<![A-Za-z0-9*])\*(?![\s*])(?P<bold>[^*\n]+)(?<!\s)\*(?![A-Za-z0-9*])"
    r"|(?<!\w)_(?![\s_])(?P<italic>[^_\n]+)(?<!\s)_(?!\w)"
    r"|(?<![\w~])~(?![\s~])(?P<strike>[^~\n]+)(?<!\s)~(?![\w~])"
)


def read(mrkdwn: str, names: Names) -> tuple[Block, ...]:
    """Read a message as Slack stores it."""
    clean = _HALF_A_CHARACTER.sub("\ufffd", mrkdwn.replace("\r\n", "\n").replace("\r", "\n"))
    return tuple(_blocks(_UNPRINTABLE.sub("", clean), names, may_quote=True))


def unescaped(stored: str) -> str:
    """Undo Slack's three escapes, once.

    >>> unescaped("R&amp;D &lt;b&gt; &amp;lt; &copy;")
    'R&D <b> &lt; &copy;'
    """
    return _ENTITY.sub(lambda match: _CHARACTERS[match[1]], stored)


def _blocks(text: str, names: Names, *, may_quote: bool) -> Iterator[Block]:
    end = 0
    for match in _CODE_BLOCK.finditer(text):
        before = text[end : match.start()]
        if may_quote and _QUOTED_TO_THE_END.search(before):
            break
        yield from _prose(before, names, may_quote=may_quote)
        yield CodeBlock(_letters(match[1].strip("\n"), names))
        end = match.end()
    yield from _prose(text[end:], names, may_quote=may_quote)


def _prose(text: str, names: Names, *, may_quote: bool) -> Iterator[Block]:
    rest = _QUOTED_TO_THE_END.search(text) if may_quote else None
    before = text[: rest.start()] if rest else text
    yield from _gathered(before.strip("\n").split("\n"), names, may_quote=may_quote)
    if rest:
        yield Quote(tuple(_blocks(text[rest.end() :], names, may_quote=False)))


def _gathered(lines: Sequence[str], names: Names, *, may_quote: bool) -> Iterator[Block]:
    paragraph: list[Line] = []
    quoted: list[str] = []
    last: Item | None = None
    for line in lines:
        quote = _QUOTED.fullmatch(line) if may_quote else None
        item = None if quote else _item(line, last, names)
        if (quote or item) and any(paragraph):
            yield Paragraph(tuple(paragraph))
        if quote or item:
            paragraph = []
        if quoted and not quote:
            yield Quote(tuple(_gathered(quoted, names, may_quote=False)))
            quoted = []
        if quote:
            quoted.append(quote[1])
        elif item:
            yield item
        else:
            paragraph.append(_line(line, names))
        last = item
    if quoted:
        yield Quote(tuple(_gathered(quoted, names, may_quote=False)))
    if any(paragraph):
        yield Paragraph(tuple(paragraph))


def _item(line: str, last: Item | None, names: Names) -> Item | None:
    match = _ITEM.fullmatch(line)
    if match is None:
        return None
    deepest = last.depth + 1 if last else 0
    number = int(match[2]) if match[2] else None
    if number is not None and number != 1 and (last is None or last.number != number - 1):
        return None  # a date or a price, not the next item
    return Item(min(len(match[1]) // _INDENT, deepest), number, _line(match[3], names))


def _line(text: str, names: Names) -> Line:
    aside: list[Inline] = []
    return tuple(_styled(_set_aside(text.strip(" \t"), names, aside), aside))


def _set_aside(text: str, names: Names, aside: list[Inline]) -> str:
    kept: list[str] = []
    end = position = 0
    while match := _BEGINNING.search(text, position):
        position = match.start()
        found = _atom(text, position, names) if len(aside) < _MOST_ASIDE else None
        if found:
            part, after = found
            kept += [text[end:position], chr(_ASIDE + len(aside))]
            aside.append(part)
            end = position = after
        else:
            position += 1
    kept.append(text[end:])
    return _typed("".join(kept))


def _atom(text: str, position: int, names: Names) -> tuple[Inline, int] | None:
    first = text[position]
    if first == "`" and (match := _CODE.match(text, position)):
        return Code(_letters(match[1], names)), match.end()
    if first == "<" and (match := REFERENCE.match(text, position)):
        return _referred(match[1], names), match.end()
    if first == ":" and (match := _EMOJI.match(text, position)) and (shown := _emoji(match[1], names)):
        return Words(shown), match.end()
    if ord(first) >= _ASIDE:
        return Words(first), position + 1
    return None


def _emoji(name: str, names: Names) -> str | None:
    return names.emoji(name) or names.emoji(name.partition("::")[0])


def _referred(inside: str, names: Names) -> Inline:
    target, _, label = (unescaped(half) for half in inside.partition("|"))
    if match := MEMBER.fullmatch(inside):
        return Words(f"@{_one_line(names.member(UserId(match[1])) or label) or NOBODY}")
    if match := _CHANNEL.fullmatch(inside):
        return Words(f"#{_one_line(names.channel(ChannelId(match[1])) or label) or NOBODY}")
    if target.startswith("!"):
        return Words(_broadcast(target[1:], label))
    if target.startswith(_SCHEMES):
        return Hyperlink(target, label)
    if target.startswith(("@", "#")):
        return Words(target)
    return Words(label or f"<{target}>")


def _one_line(name: str) -> str:
    return _HALF_A_CHARACTER.sub("\ufffd", " ".join(_UNPRINTABLE.sub(" ", name).split()))


def _broadcast(target: str, label: str) -> str:
    kind = target.partition("^")[0]
    if kind == "date":
        return label
    if kind == "subteam":
        return f"@{label.removeprefix('@') or NOBODY}"
    return f"@{label.removeprefix('@') or kind}"


def _letters(text: str, names: Names) -> str:
    """Read code: references are resolved there too, styles and emoji are not."""
    end = 0
    letters: list[str] = []
    for match in REFERENCE.finditer(text):
        part = _referred(match[1], names)
        shown = part.words if isinstance(part, Hyperlink) else part.text if isinstance(part, Words) else ""
        letters += [_typed(text[end : match.start()].rstrip("<")), shown]
        end = match.end()
    return "".join([*letters, _typed(text[end:])])


def _typed(stored: str) -> str:
    return unescaped(_STRAY.sub("", stored))


def _styled(text: str, aside: Sequence[Inline]) -> Iterator[Inline]:
    end = 0
    for match in _STYLES.finditer(text):
        yield from _words(text[end : match.start()], aside)
        style = Style(str(match.lastgroup))
        yield Styled(style, tuple(_styled(match[style], aside)))
        end = match.end()
    yield from _words(text[end:], aside)


def _words(text: str, aside: Sequence[Inline]) -> Iterator[Inline]:
    end = 0
    for match in _SET_ASIDE.finditer(text):
        if text[end : match.start()]:
            yield Words(text[end : match.start()])
        yield aside[ord(match[0]) - _ASIDE]
        end = match.end()
    if text[end:]:
        yield Words(text[end:])
