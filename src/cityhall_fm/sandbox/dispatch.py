"""From a request to its answer: record, check, let faults happen, ask the method."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cityhall_fm.sandbox.contract import Method
from cityhall_fm.sandbox.delivery import PostOffice
from cityhall_fm.sandbox.faults import (
    LONGEST_DELAY_SECONDS,
    EmptyPage,
    ExpiredCursor,
    ExpiredTrigger,
    FailsAfter,
    FailsBefore,
    Fault,
    Faults,
    RateLimited,
    ShortPage,
    TimesOut,
)
from cityhall_fm.sandbox.limits import RateLimits
from cityhall_fm.sandbox.methods import ANSWERS
from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.people import App, Json
from cityhall_fm.sandbox.refusals import (
    Received,
    RefusalError,
    check_pings,
    check_scope,
    checked_arguments,
    known_app,
    known_method,
)
from cityhall_fm.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """A request that the sandbox has heard; the token is left out."""

    method: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire, and how late."""

    body: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0


@dataclass(slots=True)
class Desk:
    """Where requests arrive: the world, planned faults, the record of calls."""

    world: World
    faults: Faults = field(default_factory=Faults)
    calls: list[Call] = field(default_factory=list)
    limits: RateLimits = field(default_factory=RateLimits)
    post: PostOffice = field(init=False)

    def __post_init__(self) -> None:
        self.post = PostOffice(self.world, self.faults)

    def start_over(self, world: World) -> None:
        """Turn to another world; nothing planned or recorded before counts any more."""
        self.world = world
        self.faults.clear()
        self.calls.clear()
        self.limits = RateLimits()
        self.post.serve(world)

    def answer(self, received: Received) -> Answer:
        """Answer one request as Slack would."""
        with self.world.lock:
            self.calls.append(Call(received.method, dict(received.arguments)))
            try:
                answer = self._answer(received)
            except RefusalError as refusal:
                answer = _refused(refusal)
            app = self.world.app(received.token)
            return answer if app is None else replace(answer, headers={**_scopes(app), **answer.headers})

    def _answer(self, received: Received) -> Answer:
        method = known_method(received)
        app = known_app(self.world, method, received)
        self._check_rate(method, app, received)
        fault = self.faults.take(method.name, received.arguments)
        _fail_before(fault)
        if isinstance(fault, FailsBefore) or (isinstance(fault, TimesOut) and not fault.stored):
            return _broken(fault)
        check_scope(method, app)
        arguments = checked_arguments(method, received)
        check_pings(self.world, arguments)
        request = Request(self.world, app, method, arguments, most_items=_most_items(fault))
        return _spoiled(fault, Answer({"ok": True, **_held_to(method, request)}))

    def _check_rate(self, method: Method, app: App, received: Received) -> None:
        if not self.world.rules.rate_limits:
            return
        seconds = self.limits.seconds_to_wait(method, app, received.arguments, self.world.clock())
        if seconds:
            raise RefusalError("ratelimited", retry_after_seconds=seconds)


def _held_to(method: Method, request: Request) -> Json:
    try:
        return ANSWERS[method.name](request)
    except RefusalError as refusal:
        if not method.allows(refusal.error):
            raise AssertionError(f"{method.name} does not answer {refusal.error}") from refusal
        raise


def _scopes(app: App) -> dict[str, str]:
    return {"X-OAuth-Scopes": ",".join(sorted(app.scopes))}


def _fail_before(fault: Fault | None) -> None:
    if isinstance(fault, RateLimited):
        raise RefusalError("ratelimited", retry_after_seconds=fault.retry_after_seconds)
    if isinstance(fault, ExpiredCursor):
        raise RefusalError("invalid_cursor")
    if isinstance(fault, ExpiredTrigger):
        raise RefusalError("expired_trigger_id")


def _spoiled(fault: Fault | None, answer: Answer) -> Answer:
    return _broken(fault) if isinstance(fault, FailsAfter | TimesOut) else answer


def _broken(fault: FailsBefore | FailsAfter | TimesOut) -> Answer:
    seconds = min(fault.seconds, LONGEST_DELAY_SECONDS) if isinstance(fault, TimesOut) else 0.0
    return Answer({"ok": False, "error": "internal_error"}, status=500, delay_seconds=seconds)


def _most_items(fault: Fault | None) -> int | None:
    if isinstance(fault, EmptyPage):
        return 0
    return fault.items if isinstance(fault, ShortPage) else None


def _refused(refusal: RefusalError) -> Answer:
    details = dict(refusal.details)
    seconds = details.pop("retry_after_seconds", None)
    body: Json = {"ok": False, "error": refusal.error, **details}
    if refusal.messages:
        body["response_metadata"] = {"messages": list(refusal.messages)}
    if seconds is None:
        return Answer(body)
    return Answer(body, status=429, headers={"Retry-After": str(seconds)})
