"""What the doctor looks at on this machine: audio, database, disk, and questions that wait for an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cityhall_fm.production.doctor import Check, Finding, right, wrong
from cityhall_fm.production.ports.doctor import Machine
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.ledger import Ledger
from cityhall_fm.show.announcement import told_key
from cityhall_fm.show.shelf import overdue

_ROOM: Final = 3 * 10**9
"""Bytes: an hour's stereo recording as floating point at 48 kHz is 1.4 GB, and mastering needs it twice."""


def local_checks(
    *,
    folder: Path,
    machine: Machine,
    inbox: Inbox,
    ledger: Ledger,
    answer_within: timedelta,
    clock: Callable[[], datetime],
) -> Sequence[Check]:
    """List what to look at on this machine."""
    return (
        Check("doctor.audio", lambda: _audio(machine)),
        Check("doctor.database", lambda: _database(inbox)),
        Check("doctor.answers", lambda: _answers(inbox, ledger, answer_within, clock())),
        Check("doctor.disk", lambda: _disk(folder, machine)),
    )


def _audio(machine: Machine) -> Finding:
    missing = machine.missing_codecs()
    if missing:
        return wrong("doctor.audio_missing", codecs=", ".join(missing))
    return right("doctor.audio_right")


def _database(inbox: Inbox) -> Finding:
    return right("doctor.database_right", channels=len(inbox.channels()), count=len(inbox.questions()))


def _answers(inbox: Inbox, ledger: Ledger, within: timedelta, now: datetime) -> Finding:
    late = overdue(inbox.questions(), within=within, now=now)
    waiting = [question for question in late if not ledger.posted(told_key(question.id))]
    if waiting:
        return wrong("doctor.answers_late", count=len(waiting), days=within.days, question=waiting[0].id)
    return right("doctor.answers_right", days=within.days)


def _disk(folder: Path, machine: Machine) -> Finding:
    free = machine.free_bytes(folder)
    name = "doctor.disk_right" if free >= _ROOM else "doctor.disk_low"
    gigabytes = f"{free / 1e9:.1f}"
    return (
        right(name, gigabytes=gigabytes)
        if free >= _ROOM
        else wrong(name, gigabytes=gigabytes, needed=f"{_ROOM / 1e9:.0f}")
    )
