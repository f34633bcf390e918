"""What an old feed says in Podcasting 2.0's tags, as far as it can stand here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from cityhall_fm.show.chapters.podcasting import read as read_chapters
from cityhall_fm.show.clean import cut
from cityhall_fm.show.episode import Person
from cityhall_fm.show.feed_check.syntax import is_web_address
from cityhall_fm.show.feed_check.vocabulary import ROLES
from cityhall_fm.show.moving import lenient
from cityhall_fm.show.moving.found import FoundEpisode, FoundPerson, FoundTranscript
from cityhall_fm.show.rundown import Chapter, Link, Rundown, Segment

_LONGEST: Final = 128  # Podcasting 2.0: letters that a tag shows
_LONGEST_TITLE: Final = 255
_BEST_FIRST: Final = (
    ("text/vtt", ".vtt"),
    ("application/x-subrip", ".srt"),
    ("application/srt", ".srt"),
    ("application/json", ".json"),
)
"""Types that hold times, and the endings by which they are known where the type is wrong."""


def people(found: Iterable[FoundPerson], base: str) -> tuple[Person, ...]:
    """Take the people whom a show or an episode names; without a role it is the host's, as the tag says."""
    return tuple(
        Person(
            name,
            role=cut(lenient.line(one.role), _LONGEST).lower() or "host",
            group=group if (group := lenient.line(one.group).lower()) in ROLES else None,
            url=_address(one.href, base),
            image=_address(one.img, base),
        )
        for one in found
        if (name := cut(lenient.line(one.name), _LONGEST))
    )


def funding(found: Iterable[tuple[str, str]], base: str) -> tuple[Link, ...]:
    """Take where the show can be supported: addresses with what they are called."""
    return tuple(
        Link(url, cut(lenient.line(words), _LONGEST) or cut(url, _LONGEST))
        for written, words in found
        if (url := _address(written, base))
    )


def seasons(found: Iterable[FoundEpisode]) -> Mapping[int, str]:
    """Take the names of seasons; the newest episode of each is right."""
    names: dict[int, str] = {}
    for one in found:
        number, name = lenient.whole(one.season), cut(lenient.line(one.season_name), _LONGEST)
        if number and name:
            names.setdefault(number, name)
    return dict(sorted(names.items()))


def transcripts(found: Iterable[FoundTranscript], base: str) -> list[str]:
    """List the addresses of transcripts that have times, the best format first."""

    def place(one: FoundTranscript) -> int | None:
        kind, path = one.type.partition(";")[0].strip().lower(), one.url.partition("?")[0].lower()
        known = enumerate(_BEST_FIRST)
        return next((at for at, (type_, ending) in known if kind == type_ or path.endswith(ending)), None)

    placed = [(place(one), _address(one.url, base)) for one in found]
    usable = [(at, url) for at, url in placed if at is not None and url]
    return [url for _, url in sorted(usable, key=lambda one: one[0])]


def rundown(document: str) -> Rundown:
    """Take the chapters of a JSON document as a rundown; what is none of them is passed over."""
    timed = {
        chapter.at: Segment(title, at=chapter.at, url=_address(chapter.url), image=_address(chapter.image))
        for chapter in read_chapters(document)
        if isinstance(chapter, Chapter) and (title := cut(lenient.line(chapter.title), _LONGEST_TITLE))
    }
    return Rundown(tuple(timed[at] for at in sorted(timed)))


def _address(written: str | None, base: str = "") -> str | None:
    address = lenient.web_address(written or "", base)
    return address if address and is_web_address(address) else None
