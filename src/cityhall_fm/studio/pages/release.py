"""An episode's release: what is missing and where it is mended, what Slack will show, now or at 20:00."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import BaseRoute

from cityhall_fm.production.going_out import in_doubt
from cityhall_fm.production.hear import still_announced, take_back
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.release import (
    PlannedRelease,
    Released,
    check_episode,
    correct,
    plan_release,
    release,
)
from cityhall_fm.production.say import in_doubt_about, planned, wordings
from cityhall_fm.production.scheduling import Prepared, cancel, prepare
from cityhall_fm.show.episode import Episode, EpisodeNumber
from cityhall_fm.show.errors import CompanionError, NotReadyError
from cityhall_fm.show.mrkdwn import Emoji, WithheldNames, plain
from cityhall_fm.show.outbox import Kind
from cityhall_fm.show.roles import Right
from cityhall_fm.show.schedule import State
from cityhall_fm.show.text import Text
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.jobs import Job, Work
from cityhall_fm.studio.visit import Visit
from cityhall_fm.studio.words import explained

_JOBS: Final = ("release", "prepare", "plan", "correct")
_EVENING: Final = 20
"""When the show is on the air, unless its episode says otherwise."""
_STEPS: Final = {"no_summary": "rundown", "no_segments": "rundown", "question_withdrawn": "rundown",
                 "unknown_question": "rundown", "no_picture": "rundown",
                 "no_transcript": "transcript"}  # fmt: skip
"""Where each thing that may be missing is mended; all others with the sound."""
_FIELDS: Final = {"no_summary": "#episode-summary"}
_WORDED: Final = frozenset(
    {"no_summary", "no_segments", "no_recording", "no_transcript", "untimed", "question_withdrawn"}
)
"""What the studio says in words of its own: those of the command line name files and commands."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to mend, and the step where that is done."""

    text: Text
    step: str
    field: str = ""
    """Where on that page, as the end of its address."""


@dataclass(frozen=True, slots=True)
class Message:
    """What Slack shows, or will show: plain words, block by block."""

    kind: Kind
    lines: tuple[str, ...]
    said: bool


def routes(room: ControlRoom) -> Sequence[BaseRoute]:
    """Make the page and its buttons."""
    pages = _ReleasePages(room)
    at = "/episodes/{number:int}/release"
    return [
        room.get(at, pages.look),
        room.post(f"{at}/now", pages.now, Right.PUBLISH, did="studio_release.did_release"),
        room.post(f"{at}/later", pages.later, Right.PUBLISH, did="studio_release.did_schedule"),
        room.post(f"{at}/cancel", pages.cancel, Right.PUBLISH, did="studio_release.did_cancel"),
        room.post(f"{at}/plan", pages.plan, Right.LOOK),
        room.post(f"{at}/correct", pages.correct, Right.PUBLISH, did="studio_release.did_correct"),
        room.post(f"{at}/rollback", pages.rollback, Right.PUBLISH, did="studio_release.did_roll_back"),
    ]


class _ReleasePages:
    def __init__(self, room: ControlRoom) -> None:
        self._room, self._companion = room, room.companion

    def look(self, visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())
        episode = self._companion.shelf.episode(number)
        if in_doubt([episode], self._companion):  # gone on with, moved or cancelled: not out yet
            episode = replace(episode, published_at=None)
        missing, wishes = self._missing(number)
        date = self._companion.dates.of(number)
        jobs = {name: self._room.jobs.job(f"{name}-{number}") for name in _JOBS}
        return self._room.show(
            visit,
            "release.html.j2",
            episode=episode,
            missing=missing,
            wishes=wishes,
            date=date if date and date.state is State.WAITING else None,
            suggested=self._suggested(episode),
            jobs=jobs,
            running=next((job for job in jobs.values() if job and job.running), None),
            failed=_failed(jobs, visit),
            released=_outcome(jobs["release"], Released),
            prepared=_outcome(jobs["prepare"], Prepared),
            plan=_outcome(jobs["plan"], PlannedRelease),
            doubts=in_doubt_about(number, self._companion),
            messages=self._messages(episode) if not missing else (),
            url=self._companion.show.url(f"{number}/"),
            public_feed=self._companion.show.url("feed.xml"),
        )

    def now(self, visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())

        def work(progress: Progress) -> object:
            return release(
                number, self._companion, now=self._room.clock(), progress=progress, pause=time.sleep
            )

        return self._begin(visit, "release", work)

    def later(self, visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())
        try:
            local = datetime.fromisoformat(visit.form.get("at", ""))
        except ValueError:
            self._room.tell(visit, "studio_release.no_time")
            return self._back(visit)
        at = local.replace(tzinfo=ZoneInfo(self._companion.show.timezone))

        def work(progress: Progress) -> object:
            return prepare(
                number,
                self._companion,
                at=at,
                now=self._room.clock(),
                token=secrets.token_hex(16),
                progress=progress,
                pause=time.sleep,
            )

        return self._begin(visit, "prepare", work)

    def cancel(self, visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())
        cancel(number, self._companion, now=self._room.clock())
        self._room.tell(visit, "studio_release.cancelled")
        self._room.live.changed(f"episode-{number}")
        return self._back(visit)

    def plan(self, visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())

        def work(progress: Progress) -> object:
            return plan_release(number, self._companion, now=self._room.clock(), progress=progress)

        return self._begin(visit, "plan", work)

    def correct(self, visit: Visit) -> Response:
        number = EpisodeNumber(visit.number())

        def work(progress: Progress) -> object:
            return correct(
                number, self._companion, now=self._room.clock(), progress=progress, pause=time.sleep
            )

        return self._begin(visit, "correct", work)

    def rollback(self, visit: Visit) -> Response:
        back = take_back(self._companion, now=self._room.clock())
        for name in _JOBS:
            self._room.jobs.forget(f"{name}-{visit.number()}")
        self._room.tell(visit, "studio_release.rolled_back")
        for text in (*back.differs, *still_announced(back, self._companion), *back.remarks):
            self._room.tell(visit, text.name, **text.values)
        self._room.live.changed(f"episode-{visit.number()}")
        return self._back(visit)

    def _begin(self, visit: Visit, name: str, work: Work) -> Response:
        self._room.jobs.start(f"{name}-{visit.number()}", work)
        return self._back(visit)

    def _back(self, visit: Visit) -> Response:
        return self._room.back(visit, f"/episodes/{visit.number()}/release")

    def _missing(self, number: EpisodeNumber) -> tuple[Sequence[Missing], Sequence[Missing]]:
        """Tell what must be there, and what would better be."""
        try:
            wishes = check_episode(number, self._companion)
        except NotReadyError as error:
            return _before_recording([_mended(text) for text in error.missing]), ()
        return (), [_mended(text) for text in wishes]

    def _suggested(self, episode: Episode) -> str:
        """Suggest the planned time, or the next evening."""
        zone = ZoneInfo(self._companion.show.timezone)
        now = self._room.clock().astimezone(zone)
        at = episode.planned_for.astimezone(zone) if episode.planned_for else now
        if at <= now:
            at = now.replace(hour=_EVENING, minute=0, second=0, microsecond=0)
            at += timedelta(days=at <= now)
        return at.replace(tzinfo=None, second=0, microsecond=0).isoformat(timespec="minutes")

    def _messages(self, episode: Episode) -> Sequence[Message]:
        try:
            said = {one.key for one, done in planned(episode.number, self._companion) if done}
            worded = wordings(episode.number, self._companion)
        except CompanionError:  # Slack does not answer: the page tells all else
            return ()
        emoji = self._companion.emoji
        return [Message(one.kind, _lines(words.blocks, emoji), one.key in said) for one, words in worded]


def _before_recording(missing: Sequence[Missing]) -> Sequence[Missing]:
    """Where nothing is recorded yet, nobody needs to be told that each part has no time."""
    names = {one.text.name for one in missing}
    untimed = "studio_release.lacks_untimed" if "studio_release.lacks_no_recording" in names else None
    return [one for one in missing if one.text.name != untimed]


def _mended(text: Text) -> Missing:
    name = text.name.partition(".")[2]
    step = _STEPS.get(name, "sound")
    if text.name.startswith("episodes.") and name in _WORDED:
        return Missing(Text.of(f"studio_release.lacks_{name}", **_title(text)), step, _FIELDS.get(name, ""))
    return Missing(text, step)


def _title(text: Text) -> Mapping[str, object]:
    return {name: value for name, value in text.values.items() if name == "title"}


def _failed(jobs: Mapping[str, Job | None], visit: Visit) -> tuple[str, str, Sequence[str], str] | None:
    """Word the error of whatever ended last, if it did not end well."""
    ended = [job for job in jobs.values() if job and job.ended_at]
    last = max(ended, key=lambda job: job.ended_at or job.began_at, default=None)
    if last is None or (last.error is None and not last.broken):
        return None
    if last.error is None:
        return (visit.say("studio_release.broken"), "", (), "")
    error = explained(last.error.text, visit.say)
    more = last.error.missing if isinstance(last.error, NotReadyError) else ()
    return (error.happened, error.advice, [visit.word(one) for one in more], error.for_producer)


def _outcome(job: Job | None, kind: type) -> object:
    return job.outcome if job and isinstance(job.outcome, kind) else None


def _lines(blocks: Sequence[Mapping[str, object]], emoji: Emoji) -> tuple[str, ...]:
    """Read the words of Block Kit's blocks, one line a text; links by their words."""
    lines: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, Mapping):
            text = value.get("text")
            if isinstance(text, str):
                lines.extend(_shown(text, emoji).splitlines())
            for part in value.values():
                walk(part)
        elif isinstance(value, list | tuple):
            for part in value:
                walk(part)

    walk(list(blocks))
    return tuple(line for line in lines if line.strip())


def _shown(mrkdwn: str, emoji: Emoji) -> str:
    return plain(mrkdwn, WithheldNames(characters=emoji))
