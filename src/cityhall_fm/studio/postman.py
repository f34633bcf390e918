"""What goes to Slack after somebody chose: emoji at once, private messages when their time has come."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Final

from cityhall_fm.production.send_waiting import send_waiting
from cityhall_fm.production.show_status import show_status
from cityhall_fm.show.errors import CompanionError, SlackError
from cityhall_fm.show.question import QuestionId
from cityhall_fm.studio.leafing import Leafing
from cityhall_fm.wiring import Wired

_LOOKS_EVERY: Final = 1.0
"""Seconds."""
_ENDS_WITHIN: Final = 10.0
_LOG: Final = logging.getLogger(__name__)


class Postman:
    """Works behind the pages, so that nobody waits for Slack; what is not sent yet, the database holds."""

    def __init__(
        self, companion: Wired, leafing: Leafing, clock: Callable[[], datetime], told: Callable[[], None]
    ) -> None:
        self._companion, self._leafing, self._clock, self._told = companion, leafing, clock, told
        self._changed: SimpleQueue[QuestionId] = SimpleQueue()
        self._ended = Event()
        self._thread: Thread | None = None

    def begin(self) -> None:
        """Work until `end`; without a token there is nothing to do."""
        if self._companion.settings.slack.token:
            self._thread = Thread(target=self._run, name="postman", daemon=True)
            self._thread.start()

    def end(self) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join(_ENDS_WITHIN)

    def show_status(self, question: QuestionId) -> None:
        """Have the emoji under a question say how it stands."""
        self._changed.put(question)

    def show_statuses(self, questions: Iterable[QuestionId]) -> None:
        """Have the emoji under several say so."""
        for question in questions:
            self.show_status(question)

    def _run(self) -> None:
        self._try(self._leafing.warm)
        while not self._ended.wait(_LOOKS_EVERY):
            self._try(self._put_emoji)
            self._try(self._send)

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except CompanionError as error:
            _LOG.warning("not yet in Slack: %s", error.text.name)
        except Exception:  # noqa: BLE001 - a bug at one question must not keep all later messages from going
            _LOG.exception("the postman stumbled")

    def _put_emoji(self) -> None:
        companion = self._companion
        while True:
            try:
                question = self._changed.get_nowait()
            except Empty:
                return
            try:
                show_status(
                    desk=companion.desk, inbox=companion.inbox, memory=companion.app_memory, only=question
                )
            except SlackError as error:
                if error.retryable:  # Slack is in trouble: in the next round, once more
                    self._changed.put(question)
                raise

    def _send(self) -> None:
        companion = self._companion
        sent = send_waiting(
            companion,
            everything=lambda: self._leafing.inbox().questions,
            show_for=companion.show_for,
            now=self._clock(),
            told=lambda text: _LOG.warning("not arrived, or not certainly: %r", text.name),
        )
        if sent:
            self._told()
