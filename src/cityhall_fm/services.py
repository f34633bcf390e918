"""Everything that runs for as long as the machine does, side by side in one process: `serve`.

A new service, such as another face, is one more line in `services_of`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from cityhall_fm.production.ports.progress import UNWATCHED
from cityhall_fm.production.release import Released
from cityhall_fm.production.scheduling import keep_dates
from cityhall_fm.production.send_waiting import send_waiting
from cityhall_fm.settings import Settings
from cityhall_fm.show.errors import CompanionError, NotReadyError
from cityhall_fm.show.outbox import pause_after
from cityhall_fm.show.text import Text
from cityhall_fm.wiring import Wired

_HEALTHY: Final = timedelta(minutes=10)
"""Whatever ran so long begins again with the shortest pause."""
_OUTBOX_SECONDS: Final = 20.0
_LEAVING: Final = 30.0
"""Seconds that services have to end; what is left undone is done by the next start."""


@dataclass(frozen=True, slots=True)
class Service:
    """What runs until `ended` is set; `run` may raise CompanionError, and is then started again."""

    name: Text
    run: Callable[[threading.Event], None]


class Teller(Protocol):
    """Whoever is told what goes on, from several threads."""

    def tell(self, text: Text) -> None: ...

    def released(self, released: Released) -> None: ...


class Ended(Exception):  # noqa: N818 - no error: it is time to leave
    """Raised where a service sleeps when it shall end: it leaves as if it had been killed, which is safe."""


def services_of(
    settings: Settings,
    teller: Teller,
    *,
    port: int | None = None,
    studio_port: int | None = None,
    slack_app: bool = True,
) -> Sequence[Service]:
    """List what a show can run: the dates always, the Slack app where it is wanted and its tokens are there.

    `port` is where the Slack app answers signed HTTP on this machine's own address; None for Socket Mode.
    With a `studio_port` the studio is open there. Each has a companion of its own, so that none waits for
    another's connection.
    """

    def service(name: Text, work: Callable[[Wired, threading.Event], None]) -> Service:
        def run(ended: threading.Event) -> None:
            with closing(Wired(settings)) as companion:
                work(companion, ended)

        return Service(name, run)

    services = [service(Text.of("serve.dates"), lambda companion, ended: _dates(companion, teller, ended))]
    if studio_port is not None:
        services.append(
            service(
                Text.of("serve.studio", port=studio_port),
                lambda companion, ended: _studio(companion, teller, ended, studio_port),
            )
        )
    slack = settings.slack
    if slack.token and studio_port is None:  # an open studio does it by itself
        services.append(
            service(Text.of("serve.outbox"), lambda companion, ended: _outbox(companion, teller, ended))
        )
    if not slack_app:
        return services
    if slack.token and port is not None and slack.signing_secret:
        services.append(
            service(
                Text.of("serve.slack_http", port=port),
                lambda companion, ended: _slack_over_http(companion, teller, ended, port),
            )
        )
    elif slack.token and slack.app_token and port is None:
        services.append(
            service(Text.of("serve.slack"), lambda companion, ended: _slack(companion, teller, ended))
        )
    return services


def run_together(
    services: Sequence[Service],
    teller: Teller,
    ended: threading.Event,
    *,
    pause: Callable[[int], timedelta] = pause_after,
) -> None:
    """Run services until `ended` is set.

    One that fails is told and started again after a pause, twice as long each time. A bug ends all of them
    and is raised here with its traceback: whoever watches the process starts it anew.
    """
    bugs: list[BaseException] = []

    def kept_running(service: Service) -> None:
        try:
            _keep_running(service, teller, ended, pause)
        except Ended:
            pass
        except BaseException as bug:  # noqa: BLE001 - raised again below, in the main thread
            bugs.append(bug)
            ended.set()

    threads = [
        threading.Thread(target=kept_running, args=(service,), name=service.name.name, daemon=True)
        for service in services
    ]
    for thread, service in zip(threads, services, strict=True):
        teller.tell(Text.of("serve.runs", service=service.name))
        thread.start()
    ended.wait()
    until = time.monotonic() + _LEAVING
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    if bugs:
        raise bugs[0]
    still = [service.name for thread, service in zip(threads, services, strict=True) if thread.is_alive()]
    teller.tell(Text.of("serve.left_unfinished" if still else "serve.ended"))


def _keep_running(
    service: Service, teller: Teller, ended: threading.Event, pause: Callable[[int], timedelta]
) -> None:
    attempts = 0
    while not ended.is_set():
        began = time.monotonic()
        try:
            service.run(ended)
        except CompanionError as error:
            ran = timedelta(seconds=time.monotonic() - began)
            attempts = 1 if ran > _HEALTHY else attempts + 1
            seconds = pause(attempts).total_seconds()
            told = Text.of("serve.again", service=service.name, problem=error.text, seconds=round(seconds))
            teller.tell(told)
            ended.wait(seconds)


def _dates(companion: Wired, teller: Teller, ended: threading.Event) -> None:
    def sleep(seconds: float) -> None:
        if ended.wait(seconds):
            raise Ended

    keep_dates(
        companion,
        clock=lambda: datetime.now(UTC),
        sleep=sleep,
        progress=UNWATCHED,
        told=teller.tell,
        out=teller.released,
        for_ever=True,
    )


def _outbox(
    companion: Wired, teller: Teller, ended: threading.Event, seconds: float = _OUTBOX_SECONDS
) -> None:
    told: Text | None = None
    remarks: list[Text] = []

    def remark(text: Text) -> None:
        if text not in remarks:  # what Slack refuses is tried again and again, and told once
            remarks.append(text)
            teller.tell(text)

    while not ended.wait(seconds):
        try:
            send_waiting(
                companion,
                everything=companion.inbox.questions,
                show_for=companion.show_for,
                now=datetime.now(UTC),
                told=remark,
            )
            told = None
        except CompanionError as error:
            if error.text != told:
                teller.tell(Text.of("serve.problem", problem=error.text))
            told = error.text


def _studio(companion: Wired, teller: Teller, ended: threading.Event, port: int) -> None:
    from cityhall_fm.studio.serving import studio_at_work  # noqa: PLC0415 - only where it is wanted

    with studio_at_work(companion, port=port) as (room, address):
        teller.tell(Text.of("studio.opened", link=f"{address}/enter?link={room.entry.link()}"))
        ended.wait()


def _slack(companion: Wired, teller: Teller, ended: threading.Event) -> None:
    from cityhall_fm.slack_app.serving import desk_at_work, over_socket  # noqa: PLC0415 - only with its tokens

    told = _problems_told(teller)
    with desk_at_work(companion, told=told) as (app, desk), over_socket(companion, app, desk):
        ended.wait()


def _slack_over_http(companion: Wired, teller: Teller, ended: threading.Event, port: int) -> None:
    import uvicorn  # noqa: PLC0415 - only with its tokens

    from cityhall_fm.slack_app.serving import desk_at_work, signed_http  # noqa: PLC0415

    with desk_at_work(companion, told=_problems_told(teller)) as (app, _):
        config = uvicorn.Config(
            signed_http(app),
            host="127.0.0.1",
            port=port,
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        watching = threading.Thread(target=lambda: _stop(server, ended), daemon=True)
        watching.start()
        try:
            server.run()
        except SystemExit:  # how uvicorn says that somebody else has the port
            raise NotReadyError("serve.port_taken", port=port) from None
    if not ended.is_set():
        raise NotReadyError("serve.port_taken", port=port)


def _stop(server: object, ended: threading.Event) -> None:
    ended.wait()
    server.should_exit = True  # type: ignore[attr-defined]


def _problems_told(teller: Teller) -> Callable[[CompanionError], None]:
    def told(error: CompanionError) -> None:
        whole = error.text.name == "episodes.concerned"  # what a host has to cut, no trouble of the app's
        teller.tell(error.text if whole else Text.of("serve.problem", problem=error.text))

    return told
