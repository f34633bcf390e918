"""Events wait here in a line of their own: acknowledged at once, dealt with one thread after the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from cityhall_fm.show import slack_json
from cityhall_fm.show.errors import CompanionError
from cityhall_fm.show.slack_thread import ChannelId, Ts, UserId
from cityhall_fm.slack_app.bugs import bug_in

Place = tuple[ChannelId, Ts]

_TRIES: Final = 10
_PAUSE_SECONDS: Final = 2.0
_LONGEST_PAUSE_SECONDS: Final = 60.0
_NO_NEWS: Final = frozenset(
    {"channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name"}
)


def place_of(event: dict[str, Any], *, me: UserId) -> Place | None:  # noqa: PLR0911 - one a kind of event
    """Tell which thread an event is about; None for what changes nothing for us.

    Those are our own messages and reactions, notes of Slack's own, and a message_changed that only brought
    a preview of a link.
    """
    if event.get("type") in ("reaction_added", "reaction_removed"):
        item = event.get("item")
        if event.get("user") == me or not isinstance(item, dict) or item.get("type") != "message":
            return None
        return _place(item.get("channel"), slack_json.timestamp(item, "ts"))
    subtype = event.get("subtype")
    if subtype == "message_changed":
        now, before = event.get("message"), event.get("previous_message")
        if not isinstance(now, dict):
            return None
        kept = ("text", "subtype", "reply_count", "latest_reply", "files")
        if isinstance(before, dict) and all(now.get(name) == before.get(name) for name in kept):
            return None
        return None if now.get("user") == me else _opening(event, now)
    if subtype == "message_deleted":
        before = event.get("previous_message")
        return _opening(event, before if isinstance(before, dict) else {"ts": event.get("deleted_ts")})
    return None if event.get("user") == me or subtype in _NO_NEWS else _opening(event, event)


def _opening(event: dict[str, Any], message: dict[str, Any]) -> Place | None:
    return _place(event.get("channel"), slack_json.parent(message) or slack_json.timestamp(message, "ts"))


def _place(channel: object, ts: Ts | None) -> Place | None:
    return (ChannelId(channel), ts) if isinstance(channel, str) and channel and ts else None


@dataclass(slots=True)
class _Waiting:
    events: list[str] = field(default_factory=list)
    failures: int = 0
    due: float = 0.0


@dataclass(slots=True)
class Hearing:
    """One thread that brings the inbox up to date; what waits twice is done once.

    `look` deals with one place; `done` is told of every event afterwards. What fails in passing waits and is
    tried again, after a pause that doubles up to a minute, for five minutes or so; then `give_up` is called,
    which sees to it otherwise. Nothing that `look` raises ends the thread: `complain` hears of it.
    """

    look: Callable[[Place], None]
    done: Callable[[str], None]
    complain: Callable[[CompanionError], None]
    heard: Callable[[str], bool]
    give_up: Callable[[], None] = lambda: None
    pause_seconds: float = _PAUSE_SECONDS
    _waiting: dict[Place, _Waiting] = field(default_factory=dict)
    _change: threading.Condition = field(default_factory=threading.Condition)
    _busy: bool = False
    _ended: bool = False
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="hearing", daemon=True)
        self._thread.start()

    def stop(self, seconds: float = 0.0) -> None:
        """Begin with no further place; wait so long for the one that is being looked at."""
        with self._change:
            self._ended = True
            self._change.notify_all()
        if self._thread:
            self._thread.join(seconds)

    def hear(self, place: Place, event: str) -> None:
        """Take an event in; never waits."""
        with self._change:
            waiting = self._waiting.setdefault(place, _Waiting())
            waiting.events.append(event)
            waiting.due = 0.0
            self._change.notify_all()

    def settle(self, seconds: float = 5.0) -> bool:
        """Wait until nothing waits; tell whether it came to that."""
        with self._change:
            return self._change.wait_for(lambda: not self._waiting and not self._busy, seconds)

    def _run(self) -> None:
        while True:
            with self._change:
                self._busy = False
                self._change.notify_all()
                place = self._next()
                if place is None:
                    return
                waiting = self._waiting.pop(place)
                self._busy = True
            self._deal_with(place, waiting)

    def _next(self) -> Place | None:
        while not self._ended:
            now = time.monotonic()
            place = min(self._waiting, key=lambda place: self._waiting[place].due, default=None)
            if place is not None and self._waiting[place].due <= now:
                return place
            self._change.wait(self._waiting[place].due - now if place is not None else None)
        return None

    def _deal_with(self, place: Place, waiting: _Waiting) -> None:
        try:
            new = [event for event in waiting.events if not self.heard(event)]
            if new:
                self.look(place)
            for event in new:
                self.done(event)
        except CompanionError as error:
            if not getattr(error, "retryable", True):
                self.complain(error)
            elif waiting.failures + 1 < _TRIES:
                self._put_back(place, waiting)
            else:
                self.complain(error)
                self.give_up()
        except Exception as error:  # noqa: BLE001 - who does not hear again, would be deaf for good
            self.complain(bug_in(error))

    def _put_back(self, place: Place, waiting: _Waiting) -> None:
        pause = min(self.pause_seconds * 2**waiting.failures, _LONGEST_PAUSE_SECONDS)
        with self._change:
            newer = self._waiting.setdefault(place, _Waiting(due=time.monotonic() + pause))
            newer.events[:0] = waiting.events
            newer.failures = waiting.failures + 1
