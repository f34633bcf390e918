"""Long work behind a page: mastering, a release; its steps are told live, its outcome is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.show.errors import CompanionError, ConflictError
from cityhall_fm.show.text import Text
from cityhall_fm.studio.live import Live

Work = Callable[[Progress], object]
_TOLD_EVERY: Final = 0.01
"""Of the whole: finer steps are not told."""


@dataclass(frozen=True, slots=True)
class Job:
    """How a piece of work stands; `share` is how much of the present step is done."""

    name: str
    began_at: datetime
    steps: tuple[Text, ...] = ()
    share: float = 0.0
    ended_at: datetime | None = None
    outcome: object = None
    error: CompanionError | None = field(default=None, compare=False)
    broken: bool = False
    """Whether it ended by a fault of ours, which the log tells."""

    @property
    def running(self) -> bool:
        return self.ended_at is None


class Jobs:
    """Runs each job in a thread of its own, one at a time under each name, such as `master-3`."""

    def __init__(self, live: Live, clock: Callable[[], datetime]) -> None:
        self._live, self._clock = live, clock
        self._jobs: dict[str, Job] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def start(self, name: str, work: Work) -> Job:
        """Begin; ConflictError while the one before is not done."""
        with self._lock:
            before = self._jobs.get(name)
            if before and before.running:
                raise ConflictError("studio.job_running")
            job = self._jobs[name] = Job(name, self._clock())
        thread = threading.Thread(target=self._run, args=(name, work), name=name)
        self._threads.append(thread)
        thread.start()
        self._live.changed(name)
        return job

    def job(self, name: str) -> Job | None:
        return self._jobs.get(name)

    def forget(self, name: str) -> None:
        """Let go of what a job came to, where it is no longer true."""
        with self._lock:
            if (job := self._jobs.get(name)) and not job.running:
                del self._jobs[name]

    def running(self) -> tuple[Job, ...]:
        return tuple(job for job in self._jobs.values() if job.running)

    def wait(self) -> None:
        """Let all that was begun come to its end."""
        for thread in self._threads:
            thread.join()

    def _run(self, name: str, work: Work) -> None:
        try:
            outcome = work(_Told(self, name))
        except CompanionError as error:
            self._note(name, ended_at=self._clock(), error=error)
        except BaseException:
            self._note(name, ended_at=self._clock(), broken=True)
            raise
        else:
            self._note(name, ended_at=self._clock(), outcome=outcome, share=1.0)

    def _note(self, name: str, **changes: object) -> None:
        with self._lock:
            self._jobs[name] = replace(self._jobs[name], **changes)  # type: ignore[arg-type]
        self._live.changed(name, {"share": round(self._jobs[name].share, 3)})


class _Told:
    """Progress of a job."""

    def __init__(self, jobs: Jobs, name: str) -> None:
        self._jobs, self._name = jobs, name

    def step(self, text: Text) -> None:
        job = self._jobs.job(self._name)
        steps = (*job.steps, text) if job else (text,)
        self._jobs._note(self._name, steps=steps, share=0.0)  # noqa: SLF001 - its own progress

    def advance(self, done: float, total: float) -> None:
        job = self._jobs.job(self._name)
        share = min(1.0, done / total) if total > 0 else 0.0
        if job and abs(share - job.share) >= _TOLD_EVERY:
            self._jobs._note(self._name, share=share)  # noqa: SLF001 - its own progress
