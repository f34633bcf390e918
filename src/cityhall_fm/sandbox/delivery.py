"""Slack's post office: events, commands and interactions on their way to an app, until acknowledged."""

import itertools
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

from cityhall_fm.sandbox import signed
from cityhall_fm.sandbox.attempts import RETRY_AFTER, Delivery, WireKind, socket_message
from cityhall_fm.sandbox.events import callback, event_for
from cityhall_fm.sandbox.faults import (
    AckLost,
    BadSignature,
    Duplicated,
    Faults,
    HeldBack,
    Lost,
    SocketDropped,
    StaleSignature,
)
from cityhall_fm.sandbox.happenings import Happening
from cityhall_fm.sandbox.people import App, Json
from cityhall_fm.sandbox.signed import Envelope, Response
from cityhall_fm.sandbox.sockets import Sockets
from cityhall_fm.sandbox.workspace import NotHereError, Workspace

_TICK_SECONDS = 0.01
_AT_ONCE = 8


@dataclass(eq=False, slots=True)
class _Pending:
    delivery: Delivery
    deadline: float
    heard: threading.Event = field(default_factory=threading.Event)
    payload: Json = field(default_factory=dict)
    ack_is_lost: bool = False


class PostOffice:
    """Delivers over sockets or signed HTTP, as the app's manifest says, and tries again as Slack does."""

    def __init__(self, world: Workspace, faults: Faults) -> None:
        self.sockets = Sockets(self._admitted, self._acknowledged)
        self.deliveries: list[Delivery] = []
        self._faults = faults
        self._world = world
        self._state = threading.Condition()
        self._numbers = itertools.count(world.ids_from)
        self._waiting: deque[Delivery] = deque()
        self._held: deque[Delivery] = deque()
        self._retries: list[tuple[datetime, Delivery]] = []
        self._pending: dict[str, _Pending] = {}
        self._posting = 0
        self._era = 0
        self._is_open = False
        self._posters = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sandbox-post")
        self.serve(world)

    def serve(self, world: Workspace) -> None:
        """Turn to a world; what was under way in another one is forgotten."""
        with self._state:
            self._era += 1
            era = self._era
            self._world = world
            self._numbers = itertools.count(max(world.ids_from, next(self._numbers)))
            self.deliveries.clear()
            self._waiting.clear()
            self._held.clear()
            self._retries.clear()
            self._pending.clear()
        self.sockets.drop()
        world.listen(lambda happening: self._publish(happening, era))

    def start(self) -> None:
        """Begin to deliver, in a thread of its own."""
        self._is_open = True
        threading.Thread(target=self._work, daemon=True, name="sandbox-delivery").start()

    def stop(self) -> None:
        """Deliver nothing more."""
        with self._state:
            self._is_open = False
            self._state.notify_all()
        self.sockets.drop()
        self._posters.shutdown(wait=False, cancel_futures=True)

    def settle(self, seconds: float = 5.0) -> bool:
        """Wait until every event was acknowledged or waits for its next attempt; tell if it came to that."""
        with self._state:
            return self._state.wait_for(self._is_quiet, seconds)

    def ask(self, app: App, kind: WireKind, payload: Json, *, url: str) -> Response:
        """Hand over a command or an interaction, and wait for the acknowledgement as long as Slack does."""
        delivery = self._record(Delivery(app.app_id, kind, payload))
        fault = self._faults.take(kind, payload)
        if isinstance(fault, Lost):
            response = Response(problem="timeout")
        elif app.manifest.socket_mode:
            response = self._ask_socket(app, delivery)
        else:
            response = self._post(app, Envelope(kind, payload), url, fault)
        self._conclude(delivery, response.problem)
        return response

    def verify_request_urls(self) -> dict[str, bool]:
        """Send each address of events a challenge, and tell whether it came back."""
        answers = {}
        for app in self._world.apps:
            url = app.manifest.events_url
            if url and not app.manifest.socket_mode:
                challenge = f"challenge-{next(self._numbers)}"
                body = {"type": "url_verification", "challenge": challenge, "token": "verification"}
                payload = self._post(app, Envelope("events_api", body), url, None).payload
                answers[url] = challenge in (payload.get("challenge"), payload.get("text"))
        return answers

    def _ask_socket(self, app: App, delivery: Delivery) -> Response:
        seconds = self._world.rules.ack_seconds
        envelope_id, pending = self._expect(delivery, seconds + 60.0)
        if not self.sockets.send(app.app_id, socket_message(envelope_id, delivery.kind, delivery.payload)):
            self._pending.pop(envelope_id, None)
            return Response(problem="connection_failed")
        in_time = pending.heard.wait(seconds)
        with self._state:
            self._pending.pop(envelope_id, None)
        return Response(pending.payload) if in_time else Response(problem="timeout")

    # -- events ----------------------------------------------------------------------------------------

    def _publish(self, happening: Happening, era: int) -> None:
        with self._state:
            if era != self._era or not self._is_open:
                return
            world = self._world
        for app in world.apps:
            event = event_for(world, app, happening)
            if event is not None:
                event_id = f"Ev{next(self._numbers):010d}"
                payload = callback(world, app, event, event_id)
                with self._state:
                    self._waiting.append(Delivery(app.app_id, "events_api", payload))
                    self._state.notify_all()

    def _work(self) -> None:
        while True:
            with self._state:
                if not self._is_open:
                    return
                self._retry_what_is_due()
                self._give_up_on_the_late()
                if not self._waiting:
                    self._state.wait(_TICK_SECONDS if self._retries or self._pending else None)
                    continue
                delivery = self._waiting.popleft()
                self._posting += 1
            try:
                self._send(delivery)
            finally:
                with self._state:
                    self._posting -= 1
                    self._state.notify_all()

    def _send(self, delivery: Delivery) -> None:
        try:
            app = self._world.app_by_id(delivery.app_id)
        except NotHereError:
            return  # another world
        fault = self._faults.take("events_api", delivery.payload)
        if isinstance(fault, HeldBack):
            with self._state:
                self._held.append(delivery)
            return
        self._record(delivery)
        if isinstance(fault, Lost):
            self._conclude(delivery, "lost")
        elif isinstance(fault, SocketDropped):
            self.sockets.drop(app.app_id, most=1)
            self._failed(delivery, "connection_failed")
        elif app.manifest.socket_mode:
            self._send_to_socket(app, delivery, ack_is_lost=isinstance(fault, AckLost))
        else:
            self._send_signed(app, delivery, fault)
        with self._state:
            if isinstance(fault, Duplicated):
                self._waiting.appendleft(replace(delivery, problem=None))
            self._waiting.extend(self._held)
            self._held.clear()

    def _send_to_socket(self, app: App, delivery: Delivery, *, ack_is_lost: bool) -> None:
        envelope_id, pending = self._expect(delivery, self._world.rules.ack_seconds)
        pending.ack_is_lost = ack_is_lost
        retry = {"retry_attempt": delivery.attempt, "retry_reason": delivery.reason}
        message = socket_message(envelope_id, "events_api", delivery.payload) | retry
        if not self.sockets.send(app.app_id, message):
            with self._state:
                self._pending.pop(envelope_id, None)
            self._failed(delivery, "connection_failed")

    def _send_signed(self, app: App, delivery: Delivery, fault: object) -> None:
        envelope = Envelope("events_api", delivery.payload, delivery.attempt, delivery.reason)
        era = self._era
        with self._state:
            self._posting += 1

        def post() -> None:
            try:
                response = self._post(app, envelope, app.manifest.events_url, fault)
                if era != self._era:
                    return
                problem = "http_timeout" if isinstance(fault, AckLost) else response.problem
                if problem and response.may_retry:
                    self._failed(delivery, problem)
                else:
                    self._conclude(delivery, problem)
            finally:
                with self._state:
                    self._posting -= 1
                    self._state.notify_all()

        self._posters.submit(post)

    def _post(self, app: App, envelope: Envelope, url: str, fault: object) -> Response:
        return signed.post(
            url,
            envelope,
            secret=f"not-{app.signing_secret}" if isinstance(fault, BadSignature) else app.signing_secret,
            seconds=self._world.rules.ack_seconds,
            age_seconds=fault.seconds if isinstance(fault, StaleSignature) else 0,
        )

    def _admitted(self, ticket: str) -> str:
        return self._world.use_ticket(ticket)

    # -- acknowledgements ------------------------------------------------------------------------------

    def _expect(self, delivery: Delivery, seconds: float) -> tuple[str, _Pending]:
        pending = _Pending(delivery, time.monotonic() + seconds)
        with self._state:
            envelope_id = f"envelope-{next(self._numbers)}"
            self._pending[envelope_id] = pending
            self._state.notify_all()
        return envelope_id, pending

    def _acknowledged(self, envelope_id: str, payload: Json) -> None:
        with self._state:
            pending = self._pending.get(envelope_id)
            if pending is None:
                return  # too late, or of another world
            if pending.ack_is_lost:
                del self._pending[envelope_id]
                self._failed(pending.delivery, "timeout")
                return
            del self._pending[envelope_id]
            self._conclude(pending.delivery, "")
        pending.payload = payload
        pending.heard.set()

    def _give_up_on_the_late(self) -> None:
        now = time.monotonic()
        late = [name for name, pending in self._pending.items() if pending.deadline <= now]
        for name in late:
            self._failed(self._pending.pop(name).delivery, "timeout")

    def _failed(self, delivery: Delivery, problem: str) -> None:
        with self._state:
            self._conclude(delivery, problem)
            if delivery.kind == "events_api" and delivery.attempt < len(RETRY_AFTER):
                due = self._world.clock() + RETRY_AFTER[delivery.attempt]
                again = replace(delivery, attempt=delivery.attempt + 1, reason=problem, problem=None)
                self._retries.append((due, again))
            self._state.notify_all()

    def _retry_what_is_due(self) -> None:
        now = self._world.clock()
        due = [one for one in self._retries if one[0] <= now]
        self._retries = [one for one in self._retries if one[0] > now]
        self._waiting.extend(delivery for _, delivery in due)

    def _record(self, delivery: Delivery) -> Delivery:
        with self._state:
            self.deliveries.append(delivery)
            return delivery

    def _conclude(self, delivery: Delivery, problem: str) -> None:
        with self._state:
            delivery.problem = problem
            self._state.notify_all()

    def _is_quiet(self) -> bool:
        now = self._world.clock()
        is_due = any(due <= now for due, _ in self._retries)
        return not (self._waiting or self._held or self._pending or self._posting or is_due)
