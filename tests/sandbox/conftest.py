"""A small workspace with a clock of its own, served on loopback and asked through the real slack_sdk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from cityhall_fm.sandbox import Sandbox, World, serving


class StoppedClock:
    """A clock that moves when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def world(clock) -> World:
    """髙橋 and 佐久 in #質問; the bot is a member there, not in #雑談; #運営 is private."""
    world = World(clock=clock, team_name="リモート市役所")
    world.add_user("takahashi", display_name="髙橋")
    world.add_user("saku", real_name="佐久")
    bot = world.install_app(name="fm", display_name="市役所FM")
    world.add_channel("質問", members=["takahashi", "saku", bot.id])
    world.add_channel("雑談", members=["takahashi", "saku"])
    world.add_channel("運営", kind="private_channel", members=["saku", bot.id])
    world.add_channel("秘密", kind="private_channel", members=["saku"])
    return world


@pytest.fixture
def ids(world) -> SimpleNamespace:
    return SimpleNamespace(
        questions=world.channel("質問").id,
        chat=world.channel("雑談").id,
        office=world.channel("運営").id,
        secret=world.channel("秘密").id,
        takahashi=world.user("takahashi").id,
        saku=world.user("saku").id,
        bot=world.user("fm").id,
    )


@pytest.fixture(scope="session")
def one_server() -> Iterator[Sandbox]:
    with serving(World()) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(one_server, world) -> Sandbox:
    one_server.start_over(world)
    return one_server


@pytest.fixture
def client(sandbox) -> WebClient:
    return WebClient("xoxb-sandbox", base_url=sandbox.api_url, retry_handlers=[])


@pytest.fixture
def refused(client):
    """Call a method and return the name of the error it answers with."""

    def error_of(method: str, **arguments) -> str:
        with pytest.raises(SlackApiError) as caught:
            getattr(client, method)(**arguments)
        return caught.value.response["error"]

    return error_of
