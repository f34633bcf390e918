"""What a Slack message is made of, once read: blocks of lines, and what stands in a line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """How words are set."""

    BOLD = "bold"
    ITALIC = "italic"
    STRIKE = "strike"


@dataclass(frozen=True, slots=True)
class Words:
    """Text as a person reads it: every reference resolved, every entity unescaped."""

    text: str


@dataclass(frozen=True, slots=True)
class Hyperlink:
    """A link; without a label the url is what one reads."""

    url: str
    label: str

    @property
    def words(self) -> str:
        return self.label or self.url.removeprefix("mailto:").removeprefix("tel:")


@dataclass(frozen=True, slots=True)
class Code:
    """Text shown letter by letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Styled:
    """Parts of a line that are set in one style."""

    style: Style
    parts: tuple[Inline, ...]


Inline = Words | Hyperlink | Code | Styled
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that end where the author ended them; an empty one parts two paragraphs."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list; `number` is None under a bullet, `depth` counts from 0."""

    depth: int
    number: int | None
    parts: Line


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines shown letter by letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What the author quotes."""

    blocks: tuple[Block, ...]


Block = Paragraph | Item | CodeBlock | Quote
