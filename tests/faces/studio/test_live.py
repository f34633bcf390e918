"""Open pages hear of every change: made here, by another process, or in an editor."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from queue import Empty, Queue

import pytest

from cityhall_fm.production.curate import move
from cityhall_fm.show.errors import ConflictError, NotReadyError
from cityhall_fm.show.question import Status
from cityhall_fm.show.text import Text
from cityhall_fm.wiring import Wired


class _Listener:
    """Reads a page's events in a thread of its own."""

    def __init__(self, opened, topics: str) -> None:
        request = urllib.request.Request(f"{opened.address}/live?topics={topics}")  # noqa: S310 - loopback
        request.add_header("cookie", f"studio={opened.visitor().cookies['studio']}")
        self.response = urllib.request.urlopen(request, timeout=20)  # noqa: S310 - same
        assert self.response.readline() == b"retry: 1000\n"
        self._heard: Queue[str] = Queue()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        for line in self.response:
            if line.startswith(b"data:"):
                self._heard.put(line.decode())

    def next(self, seconds: float = 8) -> str:
        return self._heard.get(timeout=seconds)

    def silent(self) -> bool:
        try:
            self._heard.get(timeout=0.8)
        except Empty:
            return True
        return False


@pytest.fixture
def listen(opened):
    listeners = []

    def run(topics: str) -> _Listener:
        listeners.append(_Listener(opened, topics))
        return listeners[-1]

    yield run
    opened.room.live.end()
    for one in listeners:
        one.thread.join(10)
        one.response.close()


def test_a_page_hears_of_its_own_topics_only(opened, listen):
    listener = listen("episode-3,inbox")
    opened.room.live.changed("episode-2")
    assert listener.silent()
    opened.room.live.changed("episode-3", {"share": 0.5})
    assert '"episode-3"' in listener.next()


def test_a_page_hears_what_an_editor_saved(opened, listen):
    listener = listen("episode-3")
    (path,) = (opened.folder / "episodes").glob("0003-*/episode.md")
    path.write_text(path.read_text("utf-8") + "\n追伸です。\n", "utf-8")
    assert "episode-3" in listener.next()


def test_a_page_hears_what_another_process_chose(opened, listen):
    listener = listen("inbox")
    elsewhere = Wired(opened.companion.settings)
    question = elsewhere.inbox.questions()[0]
    move(question.id, Status.SHORTLISTED, inbox=elsewhere.inbox, now=opened.clock())
    assert "inbox" in listener.next()


def test_a_stranger_hears_nothing(opened):
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{opened.address}/live?topics=inbox", timeout=5)  # noqa: S310 - loopback


def _wait_for_end(room, name):
    until = time.monotonic() + 10
    while room.jobs.job(name).running and time.monotonic() < until:
        time.sleep(0.01)
    return room.jobs.job(name)


def test_a_job_tells_its_steps_and_keeps_its_outcome(opened, listen):
    listener = listen("master-3")

    def work(progress):
        progress.step(Text.of("release.mastering", number=3))
        progress.advance(1, 2)
        return "done"

    opened.room.jobs.start("master-3", work)
    job = _wait_for_end(opened.room, "master-3")
    assert (job.outcome, job.error, [step.name for step in job.steps]) == (
        "done",
        None,
        ["release.mastering"],
    )
    assert "master-3" in listener.next()


def test_a_job_that_fails_keeps_its_error_for_the_page(opened):
    def work(_):
        raise NotReadyError("release.not_published", number=3)

    opened.room.jobs.start("release-3", work)
    assert _wait_for_end(opened.room, "release-3").error.text.name == "release.not_published"


def test_the_same_job_is_not_begun_twice_at_once(opened):
    go_on = threading.Event()
    opened.room.jobs.start("master-3", lambda _: go_on.wait(10))
    with pytest.raises(ConflictError):
        opened.room.jobs.start("master-3", lambda _: None)
    go_on.set()
    _wait_for_end(opened.room, "master-3")
    opened.room.jobs.start("master-3", lambda _: "again")
    assert _wait_for_end(opened.room, "master-3").outcome == "again"


def test_what_a_job_came_to_can_be_let_go_but_not_while_it_runs(opened):
    go_on = threading.Event()
    opened.room.jobs.start("correct-3", lambda _: go_on.wait(10))
    opened.room.jobs.forget("correct-3")
    assert opened.room.jobs.job("correct-3").running
    go_on.set()
    _wait_for_end(opened.room, "correct-3")
    opened.room.jobs.forget("correct-3")
    assert opened.room.jobs.job("correct-3") is None
