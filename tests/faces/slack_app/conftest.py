"""The app over a small workspace, run as `slack serve` runs it: in Socket Mode, or behind signed HTTP."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from slack_bolt import App

from cityhall_fm.adapters.slack import SlackDesk
from cityhall_fm.production.slack_manifest import slack_manifest
from cityhall_fm.sandbox import Member, Rules, Sandbox, User, World
from cityhall_fm.settings import read_settings
from cityhall_fm.show.question import Question
from cityhall_fm.slack_app.app import FrontDesk
from cityhall_fm.slack_app.serving import desk_at_work, signed_http
from cityhall_fm.wiring import Wired

from bolt_apps import SECRET, over_socket

REPOSITORY = Path(__file__).parents[3]
TOKEN = "xoxb-sandbox"
QUESTIONS, CHAT = "ラジオへの質問", "雑談"
_PATIENCE_SECONDS = 15.0


class Clock:
    """A clock that moves when a test says so, and a little with every look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=7)
        return self.now

    def pass_hours(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    def now_less(self, days: float) -> datetime:
        return self.now - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Scene:
    """A running app with all that is around it."""

    sandbox: Sandbox
    companion: Wired
    desk: FrontDesk
    clock: Clock
    app: App
    stop: Callable[[], None]
    """Ends it before the test does, as somebody's Ctrl-C."""

    @property
    def world(self) -> World:
        return self.sandbox.world

    def as_member(self, name: str) -> Member:
        return self.sandbox.as_member(name)

    def questions(self) -> list[Question]:
        return list(self.companion.inbox.questions())

    def settle(self) -> None:
        assert self.sandbox.settle()
        assert self.desk.settle()

    def wait_for(self, look: Callable[[], object]) -> object:
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            found = look()
            if found or time.monotonic() > until:
                assert found, [repr(problem.text) for problem in self.desk.voice.problems]
                return found
            time.sleep(0.005)

    def emoji(self, question: Question) -> set[str]:
        message = self.world.message(question.thread.channel, question.thread.ts)
        return {reaction.name for reaction in message.reactions}


@pytest.fixture
def show_folder(tmp_path: Path) -> Path:
    """The example show with its two published episodes and its coming one."""
    folder = tmp_path / "番組"
    built = shutil.ignore_patterns("public", "site", "*sqlite*", "*.png", "*.wav", "*.flac")
    shutil.copytree(REPOSITORY / "feeds", folder / "feeds", ignore=built)
    shutil.copytree(REPOSITORY / "episodes", folder / "episodes", ignore=built)
    manifest = folder / "feeds" / "show.toml"
    written = manifest.read_text("utf-8")
    listed = 'channels = ["移住相談", "子育て", "暮らし", "雑談", "ラジオへの質問"]'
    assert listed in written
    manifest.write_text(written.replace(listed, 'channels = ["雑談", "ラジオへの質問"]'), "utf-8")
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(one_server: Sandbox, clock: Clock, show_folder: Path) -> Sandbox:
    """髙橋 reads Japanese, 佐久 English, Amélie French; our app is in both channels, not in #遠い."""
    world = World(clock=clock, team_name="リモート市役所", rules=Rules())
    world.add_user("takahashi", display_name="髙橋はな😀", locale="ja-JP")
    world.add_user("saku", real_name="佐久", locale="en-GB")
    world.add_user("amelie", display_name="Amélie", locale="fr-FR")
    manifest = slack_manifest(read_settings(show_folder, {}).show)
    bot = _install(world, manifest)
    everybody = ["takahashi", "saku", "amelie"]
    for name in (QUESTIONS, CHAT):
        world.add_channel(name, members=[*everybody, bot.id])
    world.add_channel("遠い", members=everybody)
    one_server.start_over(world)
    return one_server


@pytest.fixture
def start(sandbox: Sandbox, clock: Clock, show_folder: Path) -> Iterator[Callable[..., Scene]]:
    """Run the app until the test ends; `mode` is socket or http."""
    with ExitStack() as running:

        def run(
            mode: str = "socket",
            *,
            collecting: bool = False,
            status_seconds: float = 60.0,
            sleep: Callable[[float], None] = lambda _: None,
            database: str = "",
        ) -> Scene:
            environment = {
                "SLACK_BOT_TOKEN": TOKEN,
                "SLACK_APP_TOKEN": "xapp-sandbox",
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": sandbox.api_url,
                "CITYHALL_FM_DATABASE_URL": database,
            }
            companion = Wired(read_settings(show_folder, environment))
            running.callback(companion.close)
            companion.desk = SlackDesk(TOKEN, sandbox.api_url, sleep=sleep)
            one = running.enter_context(ExitStack())
            app, desk = one.enter_context(
                desk_at_work(companion, clock=clock, collecting=collecting, status_seconds=status_seconds)
            )
            desk.hearing.pause_seconds = 0.01
            one.enter_context(
                over_socket(app, sandbox) if mode == "socket" else _over_http(companion, app, sandbox.world)
            )
            sandbox.deliveries.clear()
            return Scene(sandbox, companion, desk, clock, app, one.close)

        yield run


@pytest.fixture(params=["socket", "http"])
def mode(request) -> str:
    return request.param


@pytest.fixture
def scene(mode, start) -> Scene:
    """The app in each of its modes."""
    return start(mode)


@pytest.fixture
def by_socket(start) -> Scene:
    """For what is about sockets, or about nothing that comes over them."""
    return start("socket")


@contextmanager
def _over_http(companion: Wired, app: App, world: World) -> Iterator[None]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            signed_http(app),
            log_level="critical",
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
        _install(world, slack_manifest(companion.show, http="https://fm.example.jp"), request_url=url)
        try:
            yield
        finally:
            server.should_exit = True
            thread.join()


def _install(world: World, manifest: Mapping[str, object], **more: str) -> User:
    return world.install_app(
        TOKEN, name="fm", manifest=manifest, app_token="xapp-sandbox", signing_secret=SECRET, **more
    )
