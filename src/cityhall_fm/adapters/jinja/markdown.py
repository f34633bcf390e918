"""The host's Markdown as HTML that is safe to show anywhere, Japanese emphasis included."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, emphasis
from markupsafe import Markup

from cityhall_fm.show.clean import clean

# fmt: off
_DESCRIPTION_TAGS: Final = frozenset({"p", "ol", "ul", "li", "a", "b", "i", "strong", "em"})  # Apple's guide
_TAGS: Final = _DESCRIPTION_TAGS | {
    "br", "hr", "h2", "h3", "h4", "h5", "h6", "s", "del", "code", "pre", "blockquote", "ruby", "rt", "rp",
    "table", "thead", "tbody", "tr", "th", "td",
}
# fmt: on
_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_WIDE: Final = "\u2e80"
_SMALLEST_HEADING: Final = 6


def to_html(text: str, first_heading: int = 3) -> Markup:
    """Turn Markdown into clean HTML; its highest heading becomes `first_heading`."""
    tokens = _parser().parse(clean(text))
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = first_heading - min(levels, default=first_heading)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + shift, _SMALLEST_HEADING)}"
    return Markup(cleaned(_parser().renderer.render(tokens, _parser().options, {})).strip())  # noqa: S704  cleaned


def to_text(text: str) -> str:
    """Turn Markdown into plain text: links keep their addresses."""
    html = re.sub(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', _link_as_text, str(to_html(text)))
    html = re.sub(r"<li>\s*(?:<p>)?", "• ", html)
    html = re.sub(r"<br\s*/?>", "", html)
    html = re.sub(r"</p>\s*</li>", "</li>", html)
    html = re.sub(r"</(p|h\d|ul|ol|blockquote|pre)>\n?", "\n\n", html)
    return Markup(re.sub(r"\n{3,}", "\n\n", re.sub(r"<[^>]+>", "", html))).unescape().strip()  # noqa: S704  plain


def cleaned(html: str) -> str:
    """Keep the tags of show notes and nothing that runs, styles or loads."""
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(_SCHEMES),
        link_rel="noopener",
    )


def cleaned_for_description(html: str) -> str:
    """Keep the few tags that podcast apps know in a description."""
    html = re.sub(r"<br\s*/?>", " ", html)
    html = re.sub(r"<h[1-6]>", "<p><strong>", re.sub(r"</h[1-6]>", "</strong></p>", html))
    return nh3.clean(
        html,
        tags=set(_DESCRIPTION_TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(_SCHEMES),
        link_rel=None,
    )


@cache
def _parser() -> MarkdownIt:
    """Make the parser: no HTML, no pictures from elsewhere; a line break stays one."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
    parser.inline.ruler.at("emphasis", _emphasis)
    return parser


def _emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it calls it so
    """Let `**「灯油」**の` be strong.

    CommonMark's rule needs spaces around such stars, and Japanese is written without any.
    """
    first, before = len(state.delimiters), state.src[state.pos - 1 : state.pos]
    if not emphasis.tokenize(state, silent):
        return False
    after = state.src[state.pos : state.pos + 1]
    if max(before, after) >= _WIDE and state.src[state.pos - 1] == "*":
        for delimiter in state.delimiters[first:]:
            delimiter.open = delimiter.open or bool(after.strip())
            delimiter.close = delimiter.close or bool(before.strip())
    return True


def _link_as_text(match: re.Match[str]) -> str:
    url, words = match.groups()
    return str(words) if words == url else f"{words} ({url})"
