"""Which episodes move, under which numbers, and what each says here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from cityhall_fm.show.clean import cut, in_bytes
from cityhall_fm.show.episode import Episode, EpisodeKind, EpisodeNumber, Guid
from cityhall_fm.show.feed_fields import EpisodeFields
from cityhall_fm.show.moving import lenient, said
from cityhall_fm.show.moving.found import FoundEpisode, FoundFeed, Oddity
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode

_LONGEST_TITLE: Final = 255  # Apple's RSS guide: letters
_LONGEST_SHORT: Final = 600
"""Bytes up to which an itunes:summary is a summary, and not the notes once more."""
_LONGEST_DISPLAY: Final = 32  # Podcasting 2.0, episode: letters
_LAST: Final = 9999


@dataclass(frozen=True, slots=True)
class Moving:
    """One episode on its way: as it was found, and as it will be here, still without notes and audio."""

    found: FoundEpisode
    episode: Episode
    here: bool
    """Whether its folder is here already; then people may have changed it, and nothing overwrites it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The episodes that move, oldest first, and what was odd about them."""

    moving: tuple[Moving, ...]
    oddities: tuple[Oddity, ...]
    skipped: int


def plan_episodes(feed: FoundFeed, *, here: Sequence[Episode], timezone: str) -> Plan:
    """Decide about every item of the feed; `here` are the episodes that are on the shelf already.

    An item without guid cannot move without a duplicate, since apps disagree about what stands for it;
    one without enclosure is no episode. Of two with one guid apps know only the first.
    """
    odd: list[Oddity] = []
    chosen = _chosen(feed, odd)
    dated = _dated(chosen, feed, odd)
    dated.reverse()  # a feed begins with its newest; of one second, the later in the feed is the older
    dated.sort(key=lambda one: one[1])
    known = {episode.guid: episode for episode in here}
    numbers = _numbered([found for found, _ in dated], known, {episode.number for episode in here}, odd)
    zone = ZoneInfo(timezone)
    moving = tuple(
        Moving(found, known[Guid(found.guid)], here=True)
        if found.guid in known
        else Moving(found, _episode(found, number, date.astimezone(zone), feed.url, odd), here=False)
        for (found, date), number in zip(dated, numbers, strict=True)
    )
    return Plan(moving, tuple(odd), skipped=len(feed.episodes) - len(moving))


def title_of(found: FoundEpisode) -> str:
    """Name an item for people, whatever it lacks."""
    return cut(lenient.line(found.title), _LONGEST_TITLE) or found.guid.strip() or found.enclosure_url or "–"


def _chosen(feed: FoundFeed, odd: list[Oddity]) -> list[FoundEpisode]:
    chosen: dict[str, FoundEpisode] = {}
    for found in feed.episodes:
        title = title_of(found)
        if not found.has_guid:
            odd.append(_oddity("skipped_no_guid", title))
        elif not found.enclosure_url.strip():
            odd.append(_oddity("skipped_no_enclosure", title))
        elif not lenient.web_address(found.enclosure_url, feed.url):
            odd.append(_oddity("skipped_bad_enclosure", title, url=found.enclosure_url))
        elif found.guid in chosen:
            odd.append(_oddity("skipped_same_guid", title, other=title_of(chosen[found.guid])))
        else:
            chosen[found.guid] = found
            if found.enclosures > 1:
                odd.append(_oddity("several_enclosures", title, count=found.enclosures))
    return list(chosen.values())


def _dated(
    chosen: Sequence[FoundEpisode], feed: FoundFeed, odd: list[Oddity]
) -> list[tuple[FoundEpisode, datetime]]:
    """Give each its date; one that has none takes its older neighbour's, so that the order stays."""
    moments = [lenient.moment(found.published) for found in chosen]
    last = next((moment for moment in reversed(moments) if moment), lenient.moment(feed.updated))
    dated: list[tuple[FoundEpisode, datetime]] = []
    for found, moment in zip(reversed(chosen), reversed(moments), strict=True):
        if moment is None and last is None:
            odd.append(_oddity("skipped_no_date", title_of(found)))
            continue
        if moment is None:
            odd.append(_oddity("no_date", title_of(found), written=found.published.strip() or "–", date=last))
        last = moment or last
        if last:
            dated.append((found, last))
    return dated[::-1]


def _numbered(
    oldest_first: Sequence[FoundEpisode],
    known: Mapping[Guid, Episode],
    taken: Collection[int],
    odd: list[Oddity],
) -> list[int]:
    """Give each its number: what the feed says unless it is taken, else the next that is free."""
    used = set(taken)
    wanted: list[int | None] = []
    for found in oldest_first:
        if episode := known.get(Guid(found.guid)):
            wanted.append(episode.number)
            continue
        number = lenient.whole(found.number, _LAST)
        clash = number is not None and number in used
        if found.number.strip() and (number is None or clash):
            odd.append(
                _oddity("number_taken" if clash else "wrong_number", title_of(found), number=found.number)
            )
        wanted.append(None if clash else number)
        if number is not None:
            used.add(number)
    numbers: list[int] = []
    before = 0
    for number in wanted:
        if number is None:
            number = _next_free(before, used)  # noqa: PLW2901 - it gets its number here
            used.add(number)
        numbers.append(number)
        before = number
    return numbers


def _next_free(before: int, used: Collection[int]) -> int:
    return next(number for number in count(before + 1) if number not in used)


def _episode(found: FoundEpisode, number: int, date: datetime, base: str, odd: list[Oddity]) -> Episode:
    title = title_of(found)
    season = lenient.whole(found.season)
    if found.season.strip() and season is None:
        odd.append(_oddity("wrong_season", title, written=found.season))
    return Episode(
        number=EpisodeNumber(number),
        title=title,
        guid=Guid(found.guid),
        summary=_summary(found),
        season=season,
        kind=_kind(found, title, odd),
        explicit=lenient.yes_or_no(found.explicit),
        published_at=date,
        people=said.people(found.people, base),
        rundown=Rundown(tuple(_segments(found))),
        feed=EpisodeFields(number_shown=cut(lenient.line(found.number_shown), _LONGEST_DISPLAY)),
    )


def _kind(found: FoundEpisode, title: str, odd: list[Oddity]) -> EpisodeKind:
    written = found.kind.strip().lower()
    if written and written not in set(EpisodeKind):
        odd.append(_oddity("wrong_kind", title, written=found.kind))
        return EpisodeKind.FULL
    return EpisodeKind(written or EpisodeKind.FULL)


def _summary(found: FoundEpisode) -> str:
    """Take a summary that is one; hosts repeat the notes there, which would then stand twice."""
    notes = lenient.plain(notes_of(found)).replace("\n", "")
    for written in (found.subtitle, found.summary):
        words = lenient.plain(written)
        if words and in_bytes(words) <= _LONGEST_SHORT and words.replace("\n", "") not in notes:
            return words
    return ""


def notes_of(found: FoundEpisode) -> str:
    """Choose the fullest of what the item tells: HTML, or plain words."""
    return max(found.content, found.description, found.summary, key=lambda one: len(lenient.plain(one)))


def _segments(found: FoundEpisode) -> list[Segment]:
    timed = {
        at: Segment(title, at=at)
        for start, written in found.chapters
        if (at := _start(start)) is not None and (title := cut(lenient.line(written), _LONGEST_TITLE))
    }
    return [timed[at] for at in sorted(timed)]


def _start(written: str) -> Timecode | None:
    try:
        return Timecode.parse(written)
    except ValueError:
        return None


def _oddity(name: str, title: str, **values: object) -> Oddity:
    return Oddity(Text.of(f"moving.{name}", **values), episode=title)
