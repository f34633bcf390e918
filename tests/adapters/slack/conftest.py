"""A workspace in the sandbox, asked through the real slack_sdk by the adapter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cityhall_fm.adapters.slack import SlackWorkspace
from cityhall_fm.sandbox import Rules, Sandbox, World, serving

TOKEN = "xoxb-sandbox"


class StoppedClock:
    """A clock that moves when a test, or a waiting adapter, says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
        self.waits: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def world(clock) -> World:
    """髙橋 and 佐久 in #質問 and #暮らし with the bot; #雑談 without it; #運営 is private."""
    world = World(clock=clock, team_name="リモート市役所", rules=Rules(reaction_users_shown=1))
    world.add_user("takahashi", display_name="髙橋はな", user_id="U0TAKA")
    world.add_user("saku", real_name="佐久", user_id="U0SAKU")
    bot = world.install_app(TOKEN, name="fm", display_name="市役所FM")
    world.add_channel("質問", members=["takahashi", "saku", bot.id], channel_id="C0SHITSUMON")
    world.add_channel("暮らし", members=["takahashi", "saku", bot.id], channel_id="C0KURASHI")
    world.add_channel("雑談", members=["takahashi", "saku"], channel_id="C0ZATSUDAN")
    world.add_channel("運営", kind="private_channel", members=["saku", bot.id], channel_id="C0UNEI")
    return world


@pytest.fixture(scope="session")
def one_server() -> Iterator[Sandbox]:
    with serving(World()) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(one_server, world) -> Sandbox:
    one_server.start_over(world)
    return one_server


@pytest.fixture
def workspace(sandbox, clock) -> SlackWorkspace:
    return SlackWorkspace(TOKEN, sandbox.api_url, sleep=clock.sleep, timeout_seconds=5)
