"""What can be done to a question: choose, slot, keep, decline, withdraw, note a consent; and undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from cityhall_fm.production.arrange import close_last
from cityhall_fm.production.curate import move, note_consent, slot
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.take_back import posts_about, queue_taking_back
from cityhall_fm.production.tell_asker import Reason, named, tell_later
from cityhall_fm.production.undo import do, undo
from cityhall_fm.show.asking import LONGEST_NAME, LONGEST_WORDS
from cityhall_fm.show.clean import clean
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import ConflictError, NotReadyError
from cityhall_fm.show.mrkdwn import links
from cityhall_fm.show.question import Question, QuestionId, Status
from cityhall_fm.show.roles import Right
from cityhall_fm.show.undoing import CONSENT, HELD
from cityhall_fm.studio.cards import can_be_told
from cityhall_fm.studio.collecting import CameIn, collect_now
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.pages.inbox import found
from cityhall_fm.studio.pages.inbox_panels import CLOSING, came_from, letter
from cityhall_fm.studio.visit import Visit

_MOST_DIGITS: Final = 10
Act = Callable[[ControlRoom, Visit], None]


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make what changes the inbox."""

    def to(status: Status) -> Act:
        return lambda room, visit: _do(room, visit, lambda id_: _move(room, id_, status), what=status)

    acts: Sequence[tuple[str, Act]] = (
        ("shortlist", to(Status.SHORTLISTED)),
        ("next_time", to(Status.NEXT_TIME)),
        ("withdraw", _withdraw),
        ("slot", _slot),
        ("decline", _decline),
        ("consent", _agree),
    )
    return [
        room.post("/inbox/undo", _then_back(room, _undo), Right.WRITE, did="studio_inbox.did_undo"),
        room.post("/inbox/collect", _then_back(room, _collect), Right.WRITE, did="studio_inbox.did_collect"),
        *(
            room.post(
                f"/inbox/{{question}}/{name.replace('_', '-')}",
                _then_back(room, act),
                Right.WRITE,
                did=f"studio_inbox.did_{name}",
            )
            for name, act in acts
        ),
    ]


def _then_back(room: ControlRoom, act: Act) -> Callable[[Visit], Response]:
    def handler(visit: Visit) -> Response:
        act(room, visit)
        return room.back(visit, came_from(visit))

    return handler


def _slot(room: ControlRoom, visit: Visit) -> None:
    number, _, berth = visit.form.get("to", "").partition(":")
    place, _, title = berth.partition(":")
    if not _is_number(number):
        raise NotReadyError("studio_inbox.choose_episode")
    episode = EpisodeNumber(int(number))
    if _is_number(place):
        segments = room.companion.shelf.episode(episode).rundown.segments
        here = segments[int(place) - 1 : int(place)]
        if [one.title for one in here] != [title] or here[0].question:
            raise ConflictError("studio_inbox.berth_changed", number=episode)

    def act(id_: QuestionId) -> None:
        slot(
            id_,
            episode,
            shelf=room.companion.shelf,
            inbox=room.companion.inbox,
            links=links,
            now=room.clock(),
            title=visit.form.get("title"),
            at_position=int(place) if _is_number(place) else None,
        )
        if not _is_number(place):
            companion = room.companion
            close_last(
                episode, companion.settings.airtime, shelf=companion.shelf, inbox=companion.inbox,
                now=room.clock(),
            )  # fmt: skip

    _do(room, visit, act, what=Status.SLOTTED, episode=episode)
    room.live.changed(f"episode-{episode}")


def _withdraw(room: ControlRoom, visit: Visit) -> None:
    """Withdraw it; what the app posted for its asker says so a minute later, until which it can be undone."""
    companion, question, now = room.companion, found(room, visit), room.clock()
    stands = bool(posts_about(question.id, ledger=companion.ledger))

    def act(id_: QuestionId) -> None:
        _move(room, id_, Status.WITHDRAWN)
        queue_taking_back(
            inbox=companion.inbox, keeping=companion.keeping, ledger=companion.ledger,
            outbox=companion.outbox, now=now, only=id_, at=now + HELD,
        )  # fmt: skip

    _do(room, visit, act, what=Status.WITHDRAWN, tells_at=now + HELD if stands else None)


def _decline(room: ControlRoom, visit: Visit) -> None:
    to = Status.NEXT_TIME if visit.form.get("to") == Status.NEXT_TIME else Status.DECLINED
    question, now = found(room, visit), room.clock()
    about = _about(visit, question, to, room) if visit.form.get("tell") else ""

    def act(id_: QuestionId) -> None:
        _move(room, id_, to)
        if about:
            ledger, outbox = room.companion.ledger, room.companion.outbox
            tell_later(question, about, ledger=ledger, outbox=outbox, at=now + HELD, now=now)

    _do(room, visit, act, what=to, tells_at=now + HELD if about else None)


def _agree(room: ControlRoom, visit: Visit) -> None:
    naming = visit.form.get("naming", "")
    if naming not in set(Naming):
        raise NotReadyError("studio_inbox.choose_naming")
    usual = room.companion.rules.consent_wording

    def act(id_: QuestionId) -> None:
        note_consent(
            id_,
            Naming(naming),
            wording=clean(visit.form.get("wording", "")).strip()[:LONGEST_WORDS] or usual,
            inbox=room.companion.inbox,
            now=room.clock(),
            radio_name=visit.form.get("radio_name", "")[:LONGEST_NAME],
            reading=visit.form.get("reading", "")[:LONGEST_NAME],
            voice=bool(visit.form.get("voice")),
            keeping=room.companion.keeping,
        )

    _do(room, visit, act, what=CONSENT)


def _undo(room: ControlRoom, visit: Visit) -> None:
    given = visit.form.get("number", "")
    question = undo(
        int(given) if _is_number(given) else 0,
        person=visit.session.person,
        inbox=room.companion.inbox,
        undoing=room.companion.undoing,
        shelf=room.companion.shelf,
        outbox=room.companion.outbox,
        now=room.clock(),
    )
    room.postman.show_status(question.id)
    room.live.changed("inbox")
    room.tell(visit, "studio_inbox.undone")


def _collect(room: ControlRoom, visit: Visit) -> None:  # noqa: ARG001 - whoever asks, all is collected
    def work(progress: Progress) -> CameIn:
        outcome = collect_now(room.companion, room.clock, progress)
        room.live.changed("inbox")
        return outcome

    room.jobs.start("collect", work)


def _do(
    room: ControlRoom,
    visit: Visit,
    act: Callable[[QuestionId], object],
    *,
    what: str,
    episode: EpisodeNumber | None = None,
    tells_at: datetime | None = None,
) -> None:
    done = do(
        visit.place("question"),
        act,
        what=what,
        person=visit.session.person,
        inbox=room.companion.inbox,
        undoing=room.companion.undoing,
        shelf=room.companion.shelf,
        now=room.clock(),
        episode=episode,
        tells_at=tells_at,
    )
    if done:
        room.postman.show_status(done.question)
        room.live.changed("inbox")


def _move(room: ControlRoom, question: QuestionId, to: Status) -> None:
    if to in CLOSING:
        for episode in room.leafing.episodes():
            if not episode.published_at and question in episode.rundown.questions:
                raise NotReadyError("studio_inbox.in_rundown", question=question, number=episode.number)
    move(question, to, inbox=room.companion.inbox, now=room.clock(), voices=room.companion.voices)


def _about(visit: Visit, question: Question, to: Status, room: ControlRoom) -> str:
    """Name the message, with the host's own words where they differ from the usual ones."""
    if not can_be_told(question, room.companion):
        raise NotReadyError("studio_inbox.cannot_tell")
    given = visit.form.get("reason", "")
    reason = Reason(given) if given in set(Reason) else None
    own = clean(visit.form.get("words", "")).strip()[:LONGEST_WORDS]
    usual = letter(question, to, reason or "", room).middle
    return named(to, reason, "" if usual is None or own == usual.strip() else own)


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdigit() and len(given) < _MOST_DIGITS
