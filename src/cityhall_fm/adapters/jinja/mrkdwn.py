"""Text for Slack's mrkdwn that says what it says and pings nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cityhall_fm.show.clean import cut, in_units, one_line


def escaped(text: object, most: int | None = None) -> str:
    """Escape once, on one line: what Slack's own formatting would take for references.

    `most` letters are left in all, escapes counted.
    """
    words = one_line(str(text))
    return _escaped(words if most is None else cut(words, most, _size))


def link(url: str, words: object, most: int = 300) -> str:
    """Link words to an address."""
    address = escaped(url).replace("|", "%7C").replace(" ", "%20")
    return f"<{address}|{escaped(words, most)}>"


def in_sections(lines: Iterable[str], *, most: int = 2800, sections: int = 3, rest: str = "") -> list[str]:
    """Gather lines into texts of at most `most` letters; after `sections` of them comes `rest`.

    Slack takes 3,000 in one section and some 13,000 in one message.
    """
    gathered = list(_gathered(lines, most))
    if len(gathered) > sections:
        return [*gathered[:sections], *([rest] if rest else [])]
    return gathered


def shortened(text: str, most: int) -> str:
    """Shorten for a label; measured so that Slack never counts more."""
    return cut(one_line(text), most, in_units)


def _gathered(lines: Iterable[str], most: int) -> Iterator[str]:
    text = ""
    for line in lines:
        if text and in_units(text) + 1 + in_units(line) > most:
            yield text
            text = ""
        text = f"{text}\n{line}" if text else line
    if text:
        yield text


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _size(letters: str) -> int:
    return in_units(_escaped(letters))
