"""Show notes of another host, HTML of any kind, as the Markdown that our hosts edit."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

from cityhall_fm.show.clean import clean
from cityhall_fm.show.moving.lenient import is_html, web_address

if TYPE_CHECKING:
    from markdownify import MarkdownConverter

# fmt: off
_TAGS: Final = frozenset({  # what our Markdown can say; the words in other tags stay
    "a", "b", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "li", "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
})
# fmt: on
_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_WITHIN_A_LINE: Final = frozenset({"a", "b", "del", "em", "i", "s", "strong", "td", "th"})
_VERBATIM: Final = frozenset({"a", "code", "pre"})
_ADDRESS: Final = re.compile(r"https?://[\x21-\x7e]+")
_AFTER_ADDRESS: Final = re.compile(r"[.,;:!?)\]}'\"<>*_]+$")
_EMPTY: Final = re.compile(r"<(p|div|li|strong|em|b|i)>(?:\s|<br>)*</\1>")


def as_markdown(written: str, *, base: str) -> tuple[str, int]:
    """Turn notes into Markdown; tells how many pictures were left out, since feeds and pages load none.

    Relative links are completed from `base`; plain words keep their lines, and bare addresses become links.
    """
    import nh3  # noqa: PLC0415 - loaded when needed

    html = clean(written) if is_html(written) else _paragraphs(clean(written))
    html = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={"a": {"href"}, "img": {"src"}},
        url_schemes=set(_SCHEMES),
        link_rel=None,
    )
    tidy = _Tidy(base)
    tidy.feed(html)
    tidy.close()
    settled = "".join(tidy.pieces)
    while settled != (fewer := _EMPTY.sub("", settled)):
        settled = fewer
    markdown = _converter().convert(settled)
    return re.sub(r"\n{3,}", "\n\n", markdown).strip(), tidy.pictures


def _paragraphs(words: str) -> str:
    """Make HTML of plain words: an empty line ends a paragraph, a line break stays one."""
    paragraphs = re.split(r"\n\s*\n", words.strip())
    return "".join(f"<p>{escape(one, quote=False).replace(chr(10), '<br>')}</p>" for one in paragraphs)


class _Tidy(HTMLParser):
    """Writes clean HTML once more: spaces as a browser shows them, whole addresses, no pictures."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.pictures = 0
        self._base = base
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.pictures += 1
        elif tag == "a":
            self._open.append(tag)
            href = _destination(dict(attrs).get("href") or "", self._base)
            self.pieces.append(f'<a href="{escape(href)}">')
        elif tag in {"br", "hr"}:
            self.pieces.append(f"<{tag}>")
        else:
            self._open.append(tag)
            self.pieces.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)
            self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if "pre" not in self._open:
            data = re.sub(r"[ \t\n\f]+", " ", data)
        linked = not _VERBATIM.intersection(self._open)
        self.pieces.append(_linked(data) if linked else escape(data, quote=False))


def _linked(words: str) -> str:
    pieces, end = [], 0
    for match in _ADDRESS.finditer(words):
        address = _AFTER_ADDRESS.sub("", match[0])
        pieces.append(escape(words[end : match.start()], quote=False))
        pieces.append(f'<a href="{escape(_in_brackets(address))}">{escape(address, quote=False)}</a>')
        end = match.start() + len(address)
    return "".join(pieces) + escape(words[end:], quote=False)


def _destination(written: str, base: str) -> str:
    if written.lower().startswith("mailto:"):
        return _in_brackets(written)
    return _in_brackets(web_address(written, base) or written)


def _in_brackets(address: str) -> str:
    """Write what would end a Markdown link in the middle as percent signs (CommonMark, 6.3)."""
    return re.sub(r"[\s()<>\\\"'`]", lambda match: f"%{ord(match[0]):02X}", address)


def _converter() -> MarkdownConverter:
    from markdownify import ATX, BACKSLASH, MarkdownConverter  # noqa: PLC0415 - loaded when needed

    class Ours(MarkdownConverter):
        """Markdown as hosts would write it; it comes back as the same HTML through our own renderer."""

        def convert_br(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ANN401 - no types
            """Write a line break as one, except within emphasis, which an empty line would end."""
            if "_inline" in parent_tags or parent_tags & _WITHIN_A_LINE:
                return " "
            return str(super().convert_br(el, text, parent_tags)).replace("\\\n", "\n")  # type: ignore[misc]

        def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ANN401 - no types
            if el.get_text() == el["href"] and text:
                return f"<{el['href']}>"
            return str(super().convert_a(el, text, parent_tags))  # type: ignore[misc]

        def escape(self, text: str, parent_tags: set[str]) -> str:
            """Escape what our Markdown would take for a sign, and nothing else: hosts read it."""
            if parent_tags & {"code", "pre", "_noformat"}:
                return text
            text = re.sub(r"[\\`*_~\[\]<|]", r"\\\g<0>", text)
            text = re.sub(r"&(?=#?\w+;)", r"\\&", text)
            text = re.sub(r"^(\s*)(?=[#>+=-]|:-)", r"\1\\", text)
            return re.sub(r"^(\s*\d{1,9})(?=[.)](?:\s|$))", r"\1\\", text)

    return Ours(heading_style=ATX, bullets="-", newline_style=BACKSLASH)
