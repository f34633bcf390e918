"""A Slack message written as plain text, and as Markdown in which only its own markup is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import category
from urllib.parse import quote

from cityhall_fm.show.mrkdwn.names import Names
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
)
from cityhall_fm.show.mrkdwn.reading import read

_DELIMITERS: Final = {Style.BOLD: "**", Style.ITALIC: "*", Style.STRIKE: "~~"}
_NOTHING: Final = "&#8203;"
"""A character without width, written so that CommonMark takes it for punctuation.

CommonMark opens and closes emphasis only where punctuation or a space lets it: in 「佐久」です it would not.
"""
_MARKUP: Final = re.compile(r"[\\`*_\[\]<>&~|]|!$")
_LINE_BEGINS: Final = ("#", "+", "-", "=", ":")
_NUMBER: Final = re.compile(r"\d{1,9}(?=[.)])")
_NOT_IN_URL: Final = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}]")
_ESCAPED_IN_URL: Final = re.compile(r"[()&]")
_INDENT: Final = "    "
_BACKTICKS: Final = re.compile("`+")


def plain(mrkdwn: str, names: Names) -> str:
    """Write a message as text to read: references by name, emoji, no styles; a mention pings nobody.

    What the author typed stays as it was typed, so `&lt;@U1&gt;` reads <@U1>: whoever posts it, escapes it.
    """
    return "\n".join(_plain(block) for block in read(mrkdwn, names)).strip("\n")


def markdown(mrkdwn: str, names: Names) -> str:
    """Write a message as CommonMark (and ~~strike~~); what is not markup in Slack is escaped."""
    return _markdown(read(mrkdwn, names))


def _plain(block: Block) -> str:
    if isinstance(block, CodeBlock):
        return block.text
    if isinstance(block, Quote):
        return _prefixed("> ", "\n".join(_plain(one) for one in block.blocks))
    if isinstance(block, Item):
        sign = "•" if block.number is None else f"{block.number}."
        return f"{_INDENT * block.depth}{sign} {_plain_line(block.parts)}"
    return "\n".join(_plain_line(line) for line in block.lines)


def _plain_line(line: Line) -> str:
    return "".join(_plain_part(part) for part in line)


def _plain_part(part: Inline) -> str:
    if isinstance(part, Styled):
        return _plain_line(part.parts)
    return part.words if isinstance(part, Hyperlink) else part.text


def _markdown(blocks: tuple[Block, ...]) -> str:
    written = ""
    before: Block | None = None
    for block in blocks:
        if before is not None:
            written += "\n" if _go_together(before, block) else "\n\n"
        written += _markdown_block(block)
        before = block
    return written


def _go_together(before: Block, block: Block) -> bool:
    return isinstance(before, Item) and isinstance(block, Item)


def _markdown_block(block: Block) -> str:
    if isinstance(block, CodeBlock):
        fence = _fence(block.text, least=3)
        return f"{fence}\n{block.text}\n{fence}"
    if isinstance(block, Quote):
        return _prefixed("> ", _markdown(block.blocks))
    if isinstance(block, Item):
        sign = "-" if block.number is None else f"{block.number}."
        return f"{_INDENT * block.depth}{sign} {_markdown_line(block.parts)}"
    return "\n\n".join(_paragraphs(block))


def _paragraphs(paragraph: Paragraph) -> Iterator[str]:
    lines: list[str] = []
    for line in (*paragraph.lines, ()):
        words = _markdown_line(line)
        if words:
            lines.append(words)
        elif lines:
            yield "\\\n".join(lines)  # the author's line end is a line end
            lines = []


def _markdown_line(line: Line) -> str:
    written = _markdown_parts(line).strip(" \t")
    if number := _NUMBER.match(written):
        return f"{number[0]}\\{written[number.end() :]}"
    return f"\\{written}" if written.startswith(_LINE_BEGINS) else written


def _markdown_parts(parts: tuple[Inline, ...]) -> str:
    written = ""
    for index, part in enumerate(parts):
        if isinstance(part, Styled):
            after = _plain_line(parts[index + 1 : index + 2])[:1]
            written += _emphasised(part, written[-1:], after)
        elif isinstance(part, Hyperlink):
            written += f"[{_escaped(part.words)}]({_url(part.url)})"
        elif isinstance(part, Code) and part.text.strip():
            fence = _fence(part.text, least=1)
            pad = " " if part.text[0] in "` " or part.text[-1] in "` " else ""
            gap = _NOTHING if written.endswith("`") else ""  # two fences side by side would be one
            written += f"{gap}{fence}{pad}{part.text}{pad}{fence}"
        else:
            written += _escaped(part.text)
    return written


def _emphasised(part: Styled, before: str, after: str) -> str:
    words, inside, sign = _plain_line(part.parts), _markdown_parts(part.parts), _DELIMITERS[part.style]
    if not words.strip():
        return inside
    would_merge = before != "" and before in "*~"
    opens = _NOTHING if would_merge or (_is_word(before) and not _is_word(words[:1])) else ""
    closes = _NOTHING if _is_word(after) and not _is_word(words[-1:]) else ""
    return f"{opens}{sign}{inside}{sign}{closes}"


def _is_word(character: str) -> bool:
    """Tell whether CommonMark takes it for neither space nor punctuation."""
    return character != "" and not character.isspace() and category(character)[0] not in "PS"


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def _url(url: str) -> str:
    encoded = _NOT_IN_URL.sub(lambda match: quote(match[0], safe=""), url)
    return _ESCAPED_IN_URL.sub(r"\\\g<0>", encoded)


def _fence(text: str, *, least: int) -> str:
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)


def _prefixed(prefix: str, text: str) -> str:
    return "\n".join(f"{prefix}{line}".rstrip(" ") for line in text.split("\n"))
