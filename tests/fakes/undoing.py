"""What was lately done, in memory, over an inbox in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from cityhall_fm.show.question import QuestionId, Status
from cityhall_fm.show.undoing import UNDO_WITHIN, Done, History

from fakes.inbox import FakeInbox


class FakeUndoing:
    """Keeps what was done to the questions of a `FakeInbox`."""

    def __init__(self, inbox: FakeInbox) -> None:
        self._inbox = inbox
        self._done: dict[int, Done] = {}
        self._numbers = count(1)

    def history(self, question: QuestionId) -> History:
        moves = sum(id_ == question for id_, _, _ in self._inbox.moves)
        return History(moves, len(self._inbox.consents.get(question, ())))

    def note(self, done: Done) -> Done:
        self._done = {number: one for number, one in self._done.items() if one.at >= done.at - UNDO_WITHIN}
        number = next(self._numbers)
        self._done[number] = replace(done, number=number)
        return self._done[number]

    def done(self, number: int) -> Done | None:
        return self._done.get(number)

    def lately(self, person: str, *, now: datetime) -> Sequence[Done]:
        mine = [one for one in self._done.values() if one.person == person and not one.is_past(now)]
        return sorted(mine, key=lambda one: -one.number)

    def forget(self, number: int) -> None:
        self._done.pop(number, None)

    def revert(self, question: QuestionId, status: Status, *, before: History, after: History) -> bool:
        if self.history(question) != after:
            return False
        del self._inbox.consents[question][before.consents :]
        places = [place for place, move in enumerate(self._inbox.moves) if move[0] == question]
        for place in reversed(places[before.moves :]):
            del self._inbox.moves[place]
        self._inbox.put_back(question, status)
        return True
