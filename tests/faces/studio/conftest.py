"""The studio over the example show and its Slack, as `studio` runs it; visited by HTTP and in Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cityhall_fm.demo.folder import prepare
from cityhall_fm.demo.play import workspace
from cityhall_fm.production.collect import collect
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.production.release import master_episode
from cityhall_fm.sandbox import Sandbox
from cityhall_fm.settings import read_settings
from cityhall_fm.show.episode import EpisodeNumber, in_rundowns
from cityhall_fm.studio.serving import studio_at_work
from cityhall_fm.wiring import Wired
from free_port import free_ports
from memories import copy_memory
from studio_visitor import Clock, Opened


def _collect(companion: Wired, clock: Clock) -> None:
    collect(
        source=companion.source(),
        inbox=companion.inbox,
        rules=companion.rules,
        in_rundowns=in_rundowns(companion.shelf.episodes()),
        now=clock(),
        emoji=companion.emoji,
        progress=Silence(),
    )


def _open(running: ExitStack, parent: Path, collected: Path | None, *, clock: Clock | None = None) -> Opened:
    clock = clock or Clock()
    folder = parent / "番組"
    prepare(folder, public_url="http://127.0.0.1:9")
    if collected:
        copy_memory(collected, folder)
    port, slack_port = free_ports(2)
    sandbox = running.enter_context(workspace(parent, port=slack_port))
    companion = Wired(read_settings(folder, _environment(sandbox)))
    room, address = running.enter_context(studio_at_work(companion, port=port, clock=clock))
    return Opened(room, address, companion, sandbox, clock, folder)


def _environment(sandbox: Sandbox) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_API_URL": sandbox.api_url}


@pytest.fixture(scope="session")
def collected(tmp_path_factory) -> Path:
    """The example show's folder after it collected from its Slack: made once."""
    parent = tmp_path_factory.mktemp("collected")
    prepare(parent / "番組", public_url="http://127.0.0.1:9")
    with workspace(parent, port=free_ports(1)[0]) as sandbox:
        companion = Wired(read_settings(parent / "番組", _environment(sandbox)))
        _collect(companion, Clock())
        companion._database.close()
    return parent / "番組"


@pytest.fixture
def open_studio(tmp_path: Path, collected: Path) -> Iterator[Callable[..., Opened]]:
    """Open a studio on the example show: two episodes are out, the third waits; Slack was collected from."""
    with ExitStack() as running:

        def run(*, collecting: bool = True, clock: Clock | None = None) -> Opened:
            return _open(running, tmp_path, collected if collecting else None, clock=clock)

        yield run


@pytest.fixture(scope="module")
def lasting(tmp_path_factory, collected: Path) -> Iterator[Opened]:
    """One such studio for all tests of a file: each brings its own question."""
    with ExitStack() as running:
        yield _open(running, tmp_path_factory.mktemp("lasting"), collected)


@pytest.fixture
def opened(open_studio) -> Opened:
    return open_studio()


REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def mastered(tmp_path_factory) -> Path:
    """The example's first episode with its finished sound: made once, since that takes seconds."""
    folder = tmp_path_factory.mktemp("mastered") / "番組"
    prepare(folder, public_url=read_settings(REPOSITORY, {}).show.public_url)
    companion = Wired(read_settings(folder, {}))
    master_episode(EpisodeNumber(1), companion, progress=Silence())
    return folder


@pytest.fixture
def evening(show, slack, sandbox, mastered) -> Iterator[Opened]:
    """The studio on a show of one finished episode, which waits for its release; Slack was collected from."""
    clock = Clock()
    shutil.copytree(mastered / "feeds" / "public", show / "feeds" / "public")
    (episode,) = (show / "episodes").iterdir()
    shutil.copyfile(mastered / "episodes" / episode.name / "enclosure.json", episode / "enclosure.json")
    companion = Wired(read_settings(show, slack))
    _collect(companion, clock)
    with studio_at_work(companion, port=0, clock=clock) as (room, address):
        yield Opened(room, address, companion, sandbox, clock, show)


@pytest.fixture
def page_of(browser) -> Iterator[Callable[..., object]]:
    """Open the studio in a browser of its own: `page_of(opened)`; fails on errors that its console tells."""
    with ExitStack() as contexts:
        told: list[str] = []

        def run(opened: Opened, *, width: int = 1280, height: int = 900, language: str = "ja-JP", **more):
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale=language, **more
            )
            contexts.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.on("pageerror", lambda error: told.append(str(error)))
            page.goto(f"{opened.address}/enter?link={opened.room.entry.link()}")
            return page

        yield run
    assert told == []
