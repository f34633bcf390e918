"""How `inbox list` shows its shelves: days of waiting, first questions, and counts of no fewer than three."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from cityhall_fm.cli.console import FACE
from cityhall_fm.show.announcement import told_key
from cityhall_fm.show.asking import is_held_back
from cityhall_fm.show.episode import aired
from cityhall_fm.show.shelf import IN_PRIVATE, Shelf, departments, group_of, overdue, place_of, shelved

if TYPE_CHECKING:
    from cityhall_fm.show.question import Question
    from cityhall_fm.show.slack_thread import ChannelId
    from cityhall_fm.wiring import Wired


class ShelfView:
    """One listing of the inbox; `everything` is what first questions are told by."""

    def __init__(
        self,
        everything: Sequence[Question],
        channels: Mapping[ChannelId, str],
        companion: Wired,
        name: str | None,
        *,
        now: datetime,
    ) -> None:
        self._shelf = Shelf(name) if name else None
        self._everything, self._channels, self._companion, self._now = everything, channels, companion, now
        answered = aired(companion.shelf.episodes()) if self._shelf is Shelf.QUIET_DEPARTMENTS else {}
        self._chosen = companion.app_memory.departments()
        order = shelved(self._shelf, everything, aired=answered, now=now, chosen=self._chosen)
        self._shelved = {one.question.id: one for one in order}
        groups = departments(everything, aired=answered, now=now, chosen=self._chosen)
        self._departments = {one.group: one for one in groups}
        self._shown: str | None = None

    def chosen(self, found: Sequence[Question]) -> Sequence[Question]:
        """Keep what stands on the shelf, in its order; without a shelf, all as it came."""
        if self._shelf is None:
            return found
        by_id = {question.id: question for question in found}
        return [by_id[id_] for id_ in self._shelved if id_ in by_id]

    def heading(self, question: Question) -> Iterator[str]:
        """Name a department before its first question."""
        group = group_of(question, self._chosen)
        if self._shelf is not Shelf.QUIET_DEPARTMENTS or group == self._shown:
            return
        self._shown = group
        known, name = self._departments.get(group), self._name(question)
        if known is None or known.waiting is None:
            yield FACE.say("choosing.few", department=name)
        else:
            yield FACE.say(
                "choosing.department", department=name, waiting=known.waiting, answered=known.answered_lately
            )

    def _name(self, question: Question) -> str:
        if question.id in self._chosen:
            return self._chosen[question.id]
        place = place_of(question)
        return (
            FACE.say("choosing.in_private") if place == IN_PRIVATE else f"#{self._channels.get(place, place)}"
        )

    def marks(self, question: Question) -> str:
        one = self._shelved.get(question.id)
        if one is None:
            return ""
        marks = [FACE.say("choosing.waiting", days=one.waiting_days)]
        if is_held_back(question):
            marks.append(FACE.say("choosing.held_back"))
        if one.first_time:
            marks.append(FACE.say("choosing.first"))
        if self._shelf is Shelf.POPULAR and one.people:
            marks.append(FACE.say("choosing.people", people=one.people))
        return FACE.say("choosing.marks", marks=FACE.say("choosing.and").join(marks))

    def as_json(self, question: Question) -> Mapping[str, object]:
        one = self._shelved.get(question.id)
        return {
            "waiting_days": one.waiting_days if one else None,
            "first_time": one.first_time if one else None,
            "people": one.people if one else None,
        }

    def warn(self) -> None:
        """Remind of those who wait for longer than was promised."""
        days = self._companion.settings.slack.answer_within_days
        late = overdue(self._everything, within=timedelta(days=days), now=self._now)
        silent = [one for one in late if not self._companion.ledger.posted(told_key(one.id))]
        if silent:
            click.echo(FACE.say("choosing.late", count=len(silent), days=days), err=True)
