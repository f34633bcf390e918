"""The inbox: questions and topics as cards, on shelves; what can be done to each is in `inbox_acts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute

from cityhall_fm.show.episode import aired
from cityhall_fm.show.errors import UnknownError
from cityhall_fm.show.leafing import Leaf, Wish, chosen, leaf
from cityhall_fm.show.question import Question, QuestionId, Status
from cityhall_fm.show.shelf import (
    IN_PRIVATE,
    Department,
    Shelf,
    all_shelves,
    departments,
    group_of,
    overdue,
    place_of,
)
from cityhall_fm.show.slack_thread import ChannelId, ts_order
from cityhall_fm.show.undoing import Done
from cityhall_fm.show.voices import SUFFIXES
from cityhall_fm.studio.cards import Card, CardMaker
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.jobs import Job
from cityhall_fm.studio.leafing import Snapshot
from cityhall_fm.studio.visit import Visit

ALL: Final = "all"
"""Every question, whatever became of it."""
_TOLD_FOR: Final = timedelta(minutes=10)
"""So long the page says what the last collection brought."""
_TYPES: Final = {suffix: kind for kind, suffix in reversed(tuple(SUFFIXES.items()))}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the inbox a visitor is: what the address says after its question mark."""

    shelf: Shelf | None
    status: str
    channel: str
    words: str
    page: int

    @classmethod
    def of(cls, visit: Visit) -> Place:
        """Read it; what is nothing that we know is left out."""
        shelf, status, page = visit.asked("shelf"), visit.asked("status"), visit.asked("page")
        return cls(
            Shelf(shelf) if shelf in set(Shelf) else None,
            status if status in {*Status, ALL} else "",
            visit.asked("channel"),
            visit.asked("q")[:200],
            int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,  # noqa: PLR2004
        )

    def url(self, **changes: object) -> str:
        """Give the address of this place, or of one that differs from it."""
        given = {
            "shelf": self.shelf or "", "status": self.status, "channel": self.channel, "q": self.words,
            "page": self.page, **changes,
        }  # fmt: skip
        kept = {name: value for name, value in given.items() if value and (name, value) != ("page", 1)}
        return f"/inbox?{urlencode(kept)}" if kept else "/inbox"

    @property
    def wish(self) -> Wish:
        statuses = {"": frozenset[Status](), ALL: frozenset(Status)}
        wanted = statuses[self.status] if self.status in statuses else frozenset({Status(self.status)})
        return Wish(wanted, ChannelId(self.channel) if self.channel else None, self.words)

    @property
    def narrowed(self) -> bool:
        return bool(self.status or self.channel or self.words)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the inbox."""

    place: Place
    cards: Leaf[Card]
    shelves: Mapping[str, int]
    """How many stand on each shelf."""
    channels: tuple[tuple[str, str], ...]
    groups: Mapping[str, Department]
    departments: Mapping[QuestionId, str]
    is_empty: bool
    late: int
    """How many wait for longer than was promised."""


@dataclass(frozen=True, slots=True)
class Around:
    """What all pages of the inbox show: what can be taken back, and how collecting goes."""

    done: Done | None
    done_to: Question | None
    collecting: Job | None
    can_collect: bool


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make the pages of the inbox, and the way to the askers' voices."""

    def inbox(visit: Visit) -> Response:
        place = Place.of(visit)
        return room.show(
            visit, "inbox.html.j2", listing=_listing(room, place), here=place.url(),
            around=around(room, visit), statuses=[one.value for one in Status], group_of=group_of,
            promised=_promised(room).days,
        )  # fmt: skip

    def one(visit: Visit) -> Response:
        snapshot = room.leafing.inbox()
        question = found(room, visit)
        card = maker(room, snapshot).card(question, whole=True)
        return room.show(
            visit, "inbox_one.html.j2", card=card, here=f"/inbox/{question.id}", around=around(room, visit)
        )

    def voice(visit: Visit) -> Response:
        question = room.companion.inbox.question(visit.place("question"))
        path = room.companion.voices.for_host(question.id).get(visit.place("clip"))
        if path is None:
            raise UnknownError("studio_inbox.no_voice")
        kind = _TYPES.get(path.suffix, "application/octet-stream")
        return FileResponse(path, media_type=kind, headers={"cache-control": "private, no-store"})

    return [
        room.get("/inbox", inbox),
        room.get("/inbox/{question}", one),
        room.get("/voices/{question}/{clip}", voice),
    ]


def around(room: ControlRoom, visit: Visit) -> Around:
    """Look at what all pages of the inbox show."""
    now = room.clock()
    job = room.jobs.job("collect")
    done = next(iter(room.companion.undoing.lately(visit.session.person, now=now)), None)
    return Around(
        done,
        room.companion.inbox.question(done.question) if done else None,
        job if job and (job.ended_at is None or now - job.ended_at < _TOLD_FOR) else None,
        bool(room.companion.settings.slack.token),
    )


def found(room: ControlRoom, visit: Visit) -> Question:
    """Find the question that the address names."""
    return room.companion.inbox.question(visit.place("question"))


def maker(room: ControlRoom, snapshot: Snapshot) -> CardMaker:
    """Make what makes the cards of one page."""
    return CardMaker(
        room.companion,
        snapshot,
        room.leafing.episodes(),
        room.leafing.similar(snapshot),
        room.clock(),
    )


def _listing(room: ControlRoom, place: Place) -> Listing:
    snapshot, now = room.leafing.inbox(), room.clock()
    answered = aired(room.leafing.episodes())
    shelves = all_shelves(
        snapshot.questions,
        aired=answered,
        firsts=snapshot.firsts,
        people=snapshot.people,
        now=now,
        chosen=snapshot.departments,
    )
    if place.shelf:
        ordered: Sequence[Question] = [one.question for one in shelves[place.shelf]]
    else:
        ordered = sorted(snapshot.questions, key=lambda one: ts_order(one.thread.ts), reverse=True)
    questions = chosen(ordered, place.wish, text_of=room.leafing.text_of)
    page = leaf(questions, place.page)
    make = maker(room, snapshot)
    groups = departments(snapshot.questions, aired=answered, now=now, chosen=snapshot.departments)
    return Listing(
        place,
        Leaf(tuple(make.card(one) for one in page.items), page.page, page.pages, page.found),
        {shelf or "": len(stands) for shelf, stands in shelves.items()},
        _channels(snapshot),
        {one.group: one for one in groups} if place.shelf is Shelf.QUIET_DEPARTMENTS else {},
        snapshot.departments,
        is_empty=not snapshot.questions,
        late=len(overdue(snapshot.questions, within=_promised(room), now=now)),
    )


def _channels(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    places = {place_of(one) for one in snapshot.questions}
    named = sorted((snapshot.channels.get(one, ""), one) for one in places if one != IN_PRIVATE)
    return (*((id_, name) for name, id_ in named), *(((IN_PRIVATE, ""),) if IN_PRIVATE in places else ()))


def _promised(room: ControlRoom) -> timedelta:
    return timedelta(days=room.companion.settings.slack.answer_within_days)
