"""Two feeds of one show, before and after a move: what subscribers would notice of the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cityhall_fm.show.moving import lenient
from cityhall_fm.show.moving.episodes import title_of
from cityhall_fm.show.moving.found import FoundEpisode, FoundFeed
from cityhall_fm.show.text import Text


class Consequence(StrEnum):
    """What comes of a difference for people who subscribed before the move."""

    DUPLICATE = "duplicate"
    """Their apps show an episode, or the show, a second time."""
    LOSS = "loss"
    """Something they had is gone, or they do not follow to the new address."""
    NONE = "none"
    """They notice nothing, or something harmless."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference, its consequence, and the title of the episode that it is about, if of one."""

    text: Text
    consequence: Consequence
    episode: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What both feeds hold, and everything in which they differ; the worst first."""

    same: int
    """Episodes that apps will recognise: the same guid, byte for byte."""
    added: int
    differences: tuple[Difference, ...]

    def count(self, consequence: Consequence) -> int:
        return sum(difference.consequence is consequence for difference in self.differences)

    @property
    def harmless(self) -> bool:
        """Whether nobody gets a duplicate and nobody loses anything."""
        return all(difference.consequence is Consequence.NONE for difference in self.differences)


def compare(old: FoundFeed, new: FoundFeed) -> Comparison:
    """Compare the feed that subscribers have with the one that they will be sent to.

    Apps know an episode by its guid alone: the same guid under a new enclosure address is the same
    episode, and another guid makes another one (Apple's RSS guide; RSS 2.0, guid).
    """
    differences: list[Difference] = [*_without_identity(old, new)]
    before, after = _by_guid(old.episodes), _by_guid(new.episodes)
    both = [guid for guid in before if guid in after]
    gone = {guid: found for guid, found in before.items() if guid not in after}
    come = {guid: found for guid, found in after.items() if guid not in before}
    for guid in both:
        differences += _of_one_episode(before[guid], after[guid])
    differences += _renamed(gone, come)
    differences += [
        _difference("missing", Consequence.LOSS, found, guid=guid) for guid, found in gone.items()
    ]
    differences += _late_arrivals(come, before.values())
    differences += _order(both, list(after))
    differences += _of_the_show(old, new)
    ranks = list(Consequence)
    differences.sort(key=lambda difference: ranks.index(difference.consequence))
    return Comparison(len(both), len(come), tuple(differences))


def _without_identity(old: FoundFeed, new: FoundFeed) -> Iterable[Difference]:
    for feed, where in ((old, "old"), (new, "new")):
        seen: set[str] = set()
        in_new = feed is new
        for found in feed.episodes:
            if not found.has_guid:
                worse = Consequence.DUPLICATE if in_new else Consequence.NONE
                yield _difference(f"no_guid_{where}", worse, found)
            elif found.guid in seen:
                worse = Consequence.LOSS if in_new else Consequence.NONE
                yield _difference(f"same_guid_{where}", worse, found, guid=found.guid)
            elif not found.enclosure_url.strip():
                worse = Consequence.LOSS if in_new else Consequence.NONE
                yield _difference(f"no_enclosure_{where}", worse, found)
            seen.add(found.guid)


def _by_guid(episodes: Iterable[FoundEpisode]) -> dict[str, FoundEpisode]:
    known: dict[str, FoundEpisode] = {}
    for found in episodes:
        if found.has_guid and found.enclosure_url.strip():
            known.setdefault(found.guid, found)
    return known


def _of_one_episode(old: FoundEpisode, new: FoundEpisode) -> Iterable[Difference]:
    was, is_now = lenient.moment(old.published), lenient.moment(new.published)
    if was and was != is_now:
        yield _difference(
            "date_changed",
            Consequence.DUPLICATE,
            old,
            old=old.published.strip(),
            new=new.published.strip() or "–",
        )
    for name, value in _FACTS.items():
        before, after = value(old), value(new)
        if before is not None and before != after:
            yield _difference(
                f"{name}_changed", Consequence.NONE, old, old=before, new="–" if after is None else after
            )


def _seconds(found: FoundEpisode) -> int | None:
    known = lenient.duration(found.duration)
    return known.whole_seconds if known else None


def _length(found: FoundEpisode) -> int | None:
    return lenient.whole(found.enclosure_length, most=10**9)


_FACTS: Final[dict[str, Callable[[FoundEpisode], object]]] = {
    "title": title_of,
    "number": lambda found: lenient.whole(found.number),
    "season": lambda found: lenient.whole(found.season),
    "kind": lambda found: found.kind.strip().lower() or None,
    "duration": _seconds,
    "length": _length,
}


def _renamed(gone: dict[str, FoundEpisode], come: dict[str, FoundEpisode]) -> Iterable[Difference]:
    """Find the episodes whose guid changed; they are taken out of both."""
    for alike in _ALIKE:
        for guid, found in list(gone.items()):
            other = next((one for one in come if alike(found, come[one])), None)
            if other is None:
                continue
            name = "guid_spelt" if guid.strip().casefold() == other.strip().casefold() else "guid_changed"
            yield _difference(name, Consequence.DUPLICATE, found, old=repr(guid), new=repr(other))
            del gone[guid], come[other]


def _same_but_for_spelling(one: FoundEpisode, other: FoundEpisode) -> bool:
    return one.guid.strip().casefold() == other.guid.strip().casefold()


def _same_date(one: FoundEpisode, other: FoundEpisode) -> bool:
    date = lenient.moment(one.published)
    return date is not None and date == lenient.moment(other.published)


def _same_title(one: FoundEpisode, other: FoundEpisode) -> bool:
    return bool(one.title.strip()) and title_of(one) == title_of(other)


def _same_title_and_date(one: FoundEpisode, other: FoundEpisode) -> bool:
    return _same_title(one, other) and _same_date(one, other)


_ALIKE: Final = (_same_but_for_spelling, _same_title_and_date, _same_title, _same_date)
"""How sure it is that two items are one episode; the surest first."""


def _late_arrivals(come: dict[str, FoundEpisode], before: Iterable[FoundEpisode]) -> Iterable[Difference]:
    newest = max((date for found in before if (date := lenient.moment(found.published))), default=None)
    for found in come.values():
        date = lenient.moment(found.published)
        older = newest is not None and date is not None and date <= newest
        yield _difference("added_old" if older else "added", Consequence.NONE, found)


def _order(both: Sequence[str], after: Sequence[str]) -> Iterable[Difference]:
    kept = set(both)
    if list(both) != [guid for guid in after if guid in kept]:
        yield Difference(Text.of("moving.order_changed"), Consequence.NONE)


def _of_the_show(old: FoundFeed, new: FoundFeed) -> Iterable[Difference]:
    here = new.self_url.strip() or new.url
    if old.guid.strip() and old.guid.strip() != new.guid.strip():
        yield _of_show(
            "show_guid_changed", Consequence.DUPLICATE, old=old.guid.strip(), new=new.guid.strip() or "–"
        )
    elif not old.guid.strip() and old.url and new.guid.strip() != lenient.derived_guid(old.url):
        expected = lenient.derived_guid(old.url)
        yield _of_show("show_guid_other", Consequence.NONE, new=new.guid.strip() or "–", expected=expected)
    pointer = new.new_feed_url.strip()
    if not pointer:
        yield _of_show("no_new_feed_url", Consequence.NONE, here=here or "–")
    elif here and pointer != here:
        yield _of_show("wrong_new_feed_url", Consequence.LOSS, written=pointer, here=here)
    sends_to = old.new_feed_url.strip()
    if sends_to and here and sends_to not in {here, old.self_url.strip(), old.url}:
        yield _of_show("old_sends_elsewhere", Consequence.LOSS, written=sends_to, here=here)
    if lenient.line(old.title) != lenient.line(new.title):
        yield _of_show(
            "show_title_changed", Consequence.NONE, old=lenient.line(old.title), new=lenient.line(new.title)
        )


def _of_show(name: str, consequence: Consequence, **values: object) -> Difference:
    return Difference(Text.of(f"moving.{name}", **values), consequence)


def _difference(name: str, consequence: Consequence, found: FoundEpisode, **values: object) -> Difference:
    return Difference(Text.of(f"moving.{name}", **values), consequence, episode=title_of(found))
