"""What is asked before something is done to a question: which episode, which words, under which name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from cityhall_fm.production.tell_asker import Reason, words_for
from cityhall_fm.show.asking import LONGEST_NAME, LONGEST_WORDS
from cityhall_fm.show.consent import Naming, quote
from cityhall_fm.show.episode import EpisodeKind, EpisodeNumber, Show
from cityhall_fm.show.question import Question, Status, may_become
from cityhall_fm.show.roles import Right
from cityhall_fm.show.undoing import HELD
from cityhall_fm.studio.cards import can_be_told
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.pages.inbox import around, found, maker
from cityhall_fm.studio.visit import Visit

_MARK: Final = "\ue000"
"""Stands where the host's own words would: a letter that no text of ours holds."""
CLOSING: Final = (Status.DECLINED, Status.NEXT_TIME)


@dataclass(frozen=True, slots=True)
class Letter:
    """A private message to an asker; `middle` is the host's to edit, None if the template forbids it."""

    reason: str
    before: str
    middle: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Berth:
    """Where a question can be put: at the end of an episode, or into a segment that the host wrote."""

    episode: EpisodeNumber
    episode_title: str
    position: int | None = None
    segment_title: str = ""

    @property
    def value(self) -> str:
        return f"{self.episode}:{self.position}:{self.segment_title}" if self.position else str(self.episode)


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make the panels; each is a page of its own where there is no script."""

    def panel(visit: Visit, template: str, question: Question, **view: Any) -> Response:  # noqa: ANN401 - as shown
        card = maker(room, room.leafing.inbox()).card(question)
        return room.show(
            visit, template, around=around(room, visit), here=came_from(visit), card=card, **view
        )

    def slotting(visit: Visit) -> Response:
        question = found(room, visit)
        quotable = quote(question.consent, question.words) is not None
        return panel(visit, "inbox_slot.html.j2", question, berths=_berths(room, question), quotable=quotable)

    def declining(visit: Visit) -> Response:
        question = found(room, visit)
        asked_for = visit.asked("to")
        to = next((one for one in CLOSING if one == asked_for), Status.DECLINED)
        told = can_be_told(question, room.companion)
        letters = [letter(question, to, reason, room) for reason in ("", *Reason)] if told else []
        return panel(
            visit, "inbox_decline.html.j2", question, to=to, letters=letters, reason=visit.asked("reason"),
            can_move=_can_close(question), seconds=int(HELD.total_seconds()), most=LONGEST_WORDS,
        )  # fmt: skip

    def consenting(visit: Visit) -> Response:
        return panel(
            visit, "inbox_consent.html.j2", found(room, visit), namings=[one.value for one in Naming],
            wording=room.companion.rules.consent_wording, most=LONGEST_NAME,
        )  # fmt: skip

    return [
        room.get("/inbox/{question}/slot", slotting, Right.WRITE),
        room.get("/inbox/{question}/decline", declining, Right.WRITE),
        room.get("/inbox/{question}/consent", consenting, Right.WRITE),
    ]


def letter(
    question: Question, to: Status, reason: str, room: ControlRoom, *, show: Show | None = None
) -> Letter:
    """Word what an asker would read, and find which part of it is the host's own."""
    reader = show or room.companion.show_for(question.asker)

    def words(own: str) -> str:
        return words_for(
            question,
            to,
            reason=Reason(reason) if reason else None,
            own=own,
            everything=room.leafing.inbox().questions,
            show=reader,
            renderer=room.companion.renderer,
        ).text

    usual = words("")
    before, mark, after = words(_MARK).partition(_MARK)
    whole = usual.startswith(before) and usual.endswith(after) and len(before) + len(after) <= len(usual)
    if not mark or not whole:
        return Letter(reason, usual, None, "")
    return Letter(reason, before, usual[len(before) : len(usual) - len(after)], after)


def came_from(visit: Visit) -> str:
    """Tell where in the inbox to go back to: nowhere else."""
    given = visit.form.get("back") or visit.asked("back")
    return given if given == "/inbox" or given.startswith(("/inbox?", "/inbox/")) else "/inbox"


def _can_close(question: Question) -> Sequence[Status]:
    now = question.status
    return [to for to in CLOSING if to is not now and may_become(now, to)]


def _berths(room: ControlRoom, question: Question) -> Sequence[Berth]:
    found: list[Berth] = []
    for episode in room.leafing.episodes():
        if episode.published_at or episode.kind is not EpisodeKind.FULL:
            continue
        if question.id in episode.rundown.questions:
            continue
        found.append(Berth(episode.number, episode.title))
        found.extend(
            Berth(episode.number, episode.title, place, segment.title)
            for place, segment in enumerate(episode.rundown.segments, 1)
            if segment.question is None
        )
    return found
