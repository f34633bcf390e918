"""The feed's description: whole elements, as many as fit into 4,000 bytes."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser
from typing import Final

from cityhall_fm.adapters.jinja.markdown import cleaned_for_description
from cityhall_fm.show.clean import cut, in_bytes

MOST_BYTES: Final = 4000  # Apple's RSS guide
_LISTS: Final = ("ul", "ol")


def within_limit(html: str, most: int = MOST_BYTES) -> str:
    """Clean the HTML and keep its elements from the top; a list may lose its last items.

    Only where the very first paragraph is too long are its words cut, and then it loses its tags.
    """
    reader = _Elements()
    reader.feed(cleaned_for_description(html))
    reader.close()
    kept: list[str] = []
    room = most
    for element in reader.elements:
        whole = str(element)
        if in_bytes(whole) > room:
            kept.append(element.shortened(room, alone=not kept))
            break
        kept.append(whole)
        room -= in_bytes(whole)
    return "".join(kept)


class _Element:
    """One element at the top: a paragraph, or a list with its items."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.pieces: list[str] = [""]
        self.words = ""

    def __str__(self) -> str:
        return f"<{self.tag}>{''.join(self.pieces)}</{self.tag}>"

    @property
    def empty(self) -> bool:
        return not self.words.strip()

    def shortened(self, room: int, *, alone: bool) -> str:
        if self.tag in _LISTS:
            return self._fewer_items(room)
        if not alone:
            return ""
        frame = in_bytes(f"<{self.tag}></{self.tag}>")
        words = cut(self.words.strip(), room - frame, lambda letters: in_bytes(escape(letters, quote=False)))
        return f"<{self.tag}>{escape(words, quote=False)}</{self.tag}>"

    def _fewer_items(self, room: int) -> str:
        while self.pieces and in_bytes(str(self)) > room:
            self.pieces.pop()
        return str(self) if any(self.pieces) else ""


class _Elements(HTMLParser):
    """Reads clean HTML into its elements; text that stands alone becomes a paragraph."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[_Element] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._depth += 1
        if self._depth == 1 and (tag == "p" or tag in _LISTS):
            self.elements.append(_Element(tag))
            return
        if self._depth == 1:
            self._depth += 1  # an inline element that stands alone: as if in a paragraph
            self.elements.append(_Element("p"))
        if tag == "li" and self._depth == 2:  # noqa: PLR2004  an item of the list at the top
            self.elements[-1].pieces.append("")
        attributes = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs)
        self.elements[-1].pieces[-1] += f"<{tag}{attributes}>"

    def handle_endtag(self, tag: str) -> None:
        self._depth -= 1
        if self._depth or (self.elements and tag != self.elements[-1].tag):
            self.elements[-1].pieces[-1] += f"</{tag}>"
        if self._depth == 1 and self.elements[-1].tag == "p" and tag != "p":
            return
        if not self._depth and self.elements[-1].empty:
            self.elements.pop()

    def handle_data(self, data: str) -> None:
        between = not self._depth or (self._depth == 1 and self.elements[-1].tag in _LISTS)
        if between and not data.strip():
            return
        if not self._depth:
            self.elements.append(_Element("p"))
        element = self.elements[-1]
        element.words += data
        element.pieces[-1] += escape(data, quote=False)
