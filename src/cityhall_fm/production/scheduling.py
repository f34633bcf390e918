"""An episode prepared in the afternoon goes out by itself at its second; late, where the machine slept."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from cityhall_fm.production.go_public import build, publish_all, try_to_build
from cityhall_fm.production.going_out import has_begun, is_out, settle, undate
from cityhall_fm.production.hear import hear_media
from cityhall_fm.production.ports.companion import Companion
from cityhall_fm.production.ports.progress import UNWATCHED, Progress
from cityhall_fm.production.publish import PublishingWishes
from cityhall_fm.production.release import (
    Released,
    announcing_channel,
    check_episode,
    master_episode,
    release,
)
from cityhall_fm.show.episode import EpisodeNumber, Key
from cityhall_fm.show.errors import CompanionError, NotReadyError
from cityhall_fm.show.publication import Publication, public_file
from cityhall_fm.show.schedule import Date, State, lateness, preview_key, what_next
from cityhall_fm.show.text import Text

Clock = Callable[[], datetime]
Sleep = Callable[[float], None]

_PAUSE_AFTER_TROUBLE: Final = 30.0
_PAUSE_WHILE_BUSY: Final = 1.0
_BUSY: Final = frozenset({"release.busy", "release.busy_episode"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was prepared, and what would better be there."""

    date: Date
    preview: str
    """Where staff may look at the page before the hour: an address that nobody can guess."""
    publication: Publication
    remarks: tuple[Text, ...]


def prepare(
    number: EpisodeNumber,
    companion: Companion,
    *,
    at: datetime,
    now: datetime,
    token: str,
    progress: Progress,
    pause: Sleep | None = None,
) -> Prepared:
    """Do everything that nobody notices, and note the date; again with another date, it is moved.

    The audio is sent, and fetched as apps fetch it; the feed with the episode in it is built and checked,
    and thrown away; `token` is random, for the address of the preview. Raises NotReadyError where the
    episode is public already, `at` has passed, or listeners would not get the audio.
    """
    with companion.turn.alone(number):
        _refuse_if_out(number, companion)
        if at <= now:
            raise NotReadyError("release.date_passed", number=number, at=at.isoformat())
        broke_off = _undate(number, companion, progress)
        progress.step(Text.of("release.checking"))
        remarks = check_episode(number, companion)
        announcing_channel(number, companion)
        made = master_episode(number, companion, progress=progress)
        files = try_to_build(number, companion, at=at, progress=progress).built
        before = companion.dates.of(number)
        date = Date(number, at)
        companion.dates.note(date, at=now)  # its audio is wanted from now on
        try:
            wishes = PublishingWishes(verify=broke_off)  # its pages may be public, which no manifest names
            publication = publish_all(companion, now=now, progress=progress, wishes=wishes, pause=pause)
            if broke_off:
                settle(number, companion, at=now)
            hear_media(made.enclosure, companion, progress=progress, pause=pause)
        except BaseException:  # Ctrl-C too: nobody was told that it goes out
            companion.dates.note(before or replace(date, state=State.CANCELLED), at=now)
            raise
        companion.ledger.record(number, "prepare", at.isoformat(), at=now)
        preview = _show_to_staff(number, companion, files, token, now)
        return Prepared(date, preview, publication, (*remarks, *made.remarks, *publication.remarks))


def cancel(
    number: EpisodeNumber, companion: Companion, *, now: datetime, progress: Progress = UNWATCHED
) -> None:
    """Take a date back, also after trouble at its hour, as long as the episode is not public.

    What a release that broke off has made public goes. NotReadyError where there is no date, the episode
    is out, or it is cancelled and perhaps still public in part; ConflictError in the minute before it.
    """
    with companion.turn.alone(number):
        date = companion.dates.of(number)
        if date is None or date.state is not State.WAITING:
            raise NotReadyError("release.no_date", number=number)
        _refuse_if_out(number, companion)
        broke_off = _undate(number, companion, progress)
        companion.dates.note(replace(date, state=State.CANCELLED), at=now)  # before all that may go wrong
        _hide(number, companion)
        if broke_off:
            _tidy_away(number, companion, now=now, progress=progress)


def keep_dates(
    companion: Companion,
    *,
    clock: Clock,
    sleep: Sleep,
    progress: Progress,
    told: Callable[[Text], None],
    out: Callable[[Released], None],
    for_ever: bool = False,
    within: timedelta | None = None,
) -> None:
    """Let every prepared episode go `out` at its second; ends when none is left, unless `for_ever`.

    `within` leaves those that come later to another run, which cron begins, and all of them to a process
    that keeps the dates of this machine already. What goes wrong is told and tried again after a pause, in
    which other dates are kept: a date stays until its episode is out, or it is cancelled.
    """
    with ExitStack() as stack:
        try:
            is_keeper = stack.enter_context(companion.turn.keeping_dates())
        except CompanionError:  # the database is in trouble: it is told below
            is_keeper = True
        if within is None or is_keeper:
            _Keeper(companion, clock, sleep, progress, told).keep(out, for_ever=for_ever, within=within)


class _Keeper:
    """Keeps the dates, and knows what it has told and which dates rest after trouble."""

    def __init__(
        self,
        companion: Companion,
        clock: Clock,
        sleep: Sleep,
        progress: Progress,
        told: Callable[[Text], None],
    ) -> None:
        self._companion, self._clock, self._sleep = companion, clock, sleep
        self._progress, self._told = progress, told
        self._resting: dict[Date, datetime] = {}
        self._troubles: dict[Date | None, Text] = {}
        self._late: set[Date] = set()

    def keep(self, out: Callable[[Released], None], *, for_ever: bool, within: timedelta | None) -> None:
        while True:
            begun: Date | None = None
            try:
                dates = self._dates(within)
                if not for_ever and not any(date.state is State.WAITING for date in dates):
                    return
                coming = what_next(dates, self._clock(), self._resting)
                begun = coming.begin
                if begun is None:
                    self._troubles.pop(None, None)
                    self._sleep(coming.nap.total_seconds())
                else:
                    out(self._go_out(begun))
                    self._troubles.pop(begun, None)
            except CompanionError as error:
                self._rest(begun, error)

    def _dates(self, within: timedelta | None) -> Sequence[Date]:
        now = self._clock()
        # A clock that was set back does not make anybody rest for longer.
        longest = now + timedelta(seconds=_PAUSE_AFTER_TROUBLE)
        self._resting = {date: until for date, until in self._resting.items() if now < until <= longest}
        return [date for date in self._companion.dates.all() if within is None or date.at - now <= within]

    def _rest(self, date: Date | None, error: CompanionError) -> None:
        if error.text != self._troubles.get(date):  # once is enough for the same trouble
            self._told(error.text)
        self._troubles[date] = error.text
        seconds = _PAUSE_WHILE_BUSY if error.text.name in _BUSY else _PAUSE_AFTER_TROUBLE
        if date is None:
            self._sleep(seconds)
        else:
            self._resting[date] = self._clock() + timedelta(seconds=seconds)

    def _go_out(self, date: Date) -> Released:
        companion = self._companion
        with companion.turn.alone(date.episode):
            if companion.dates.of(date.episode) != date:  # moved or cancelled since
                raise NotReadyError("release.no_date", number=date.episode)
            while True:
                late = lateness(date, self._clock())
                self._tell_if_late(date, "late_at_work" if date in self._troubles else "late")
                try:
                    released = release(
                        date.episode,
                        companion,
                        now=self._clock() if late else date.at,
                        progress=self._progress,
                        pause=self._sleep,
                        hold=partial(self._hold, date),
                        at_its_hour=True,
                    )
                    break
                except _OversleptError:
                    continue
            _hide(date.episode, companion)  # a date that is noted as out is looked at by nobody again
            companion.dates.note(replace(date, state=State.OUT), at=self._clock())
            return released

    def _hold(self, date: Date) -> None:
        """Wait for the second; a machine that slept meanwhile begins anew, since the feed tells the time."""
        early = self._clock() < date.at
        while (left := (date.at - self._clock()).total_seconds()) > 0:
            self._sleep(min(left, 1.0))
        if early and lateness(date, self._clock()):
            raise _OversleptError
        self._tell_if_late(date, "late_at_work")

    def _tell_if_late(self, date: Date, how: str) -> None:
        """Say it once, by what made it late first; not of what is out, and only Slack has not heard of."""
        late = lateness(date, self._clock())
        if late and date not in self._late and not self._is_out(date):
            self._late.add(date)
            minutes = round(late / timedelta(minutes=1))
            self._told(
                Text.of(f"release.{how}", number=date.episode, minutes=minutes, at=date.at.isoformat())
            )

    def _is_out(self, date: Date) -> bool:
        return is_out(self._companion.shelf.episode(date.episode), self._companion)


class _OversleptError(Exception):
    """The machine was asleep while everything waited for the second."""


def _refuse_if_out(number: EpisodeNumber, companion: Companion) -> None:
    if is_out(companion.shelf.episode(number), companion):
        raise NotReadyError("release.is_out", number=number)


def _undate(number: EpisodeNumber, companion: Companion, progress: Progress) -> bool:
    """Leave nothing on this machine of a release that broke off; tells whether there was one."""
    if not has_begun(number, companion):
        return False
    with companion.turn.alone():
        undate(number, companion)
        build(companion, progress=progress)
    return True


def _tidy_away(number: EpisodeNumber, companion: Companion, *, now: datetime, progress: Progress) -> None:
    """Take out of the public what a release has sent before it broke off, which no manifest names."""
    try:
        publish_all(companion, now=now, progress=progress, wishes=PublishingWishes(verify=True))
    except CompanionError as error:
        more = error.missing if isinstance(error, NotReadyError) else ()
        raise NotReadyError("release.not_tidied", number=number, missing=[error.text, *more]) from error
    settle(number, companion, at=now)


def _show_to_staff(
    number: EpisodeNumber, companion: Companion, files: Mapping[Key, bytes], token: str, now: datetime
) -> str:
    """Put the episode's page where nobody finds it who was not told; its links lead to the show."""
    episode = companion.shelf.episode(number)
    base = f'<head><base href="{companion.show.url(episode.page_key)}"><meta name="robots" content="noindex">'
    page = files[episode.page_key].replace(b"<head>", base.encode(), 1)
    key = preview_key(episode.guid, token)
    file = public_file(key, sha256=hashlib.sha256(page).hexdigest(), length_bytes=len(page))
    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / "index.html"
        path.write_bytes(page)
        _hide(number, companion)
        # Its name is in no manifest, which everybody can read.
        companion.ledger.record(number, "preview", key, at=now)
        companion.bucket.put(file, path)
    return companion.show.url(key.removesuffix("index.html"))


def _hide(number: EpisodeNumber, companion: Companion) -> None:
    if key := companion.ledger.steps(number).get("preview"):
        companion.bucket.remove(Key(key))
