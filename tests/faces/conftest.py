"""A show folder as a host has it, with a Slack, for tests that run the command."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cityhall_fm.sandbox import World, serving
from cityhall_fm.sandbox.server import Sandbox

REPOSITORY = Path(__file__).parents[2]
TOKEN = "xoxb-sandbox"
EVENING = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """The example show with its first episode only, which waits to be released."""
    folder = tmp_path / "番組"
    shutil.copytree(
        REPOSITORY / "feeds", folder / "feeds", ignore=shutil.ignore_patterns("public", "site", "*sqlite*")
    )
    episode = folder / "episodes" / "0001-shinkansen-and-neighbours"
    shutil.copytree(
        REPOSITORY / "episodes" / episode.name, episode, ignore=shutil.ignore_patterns("enclosure.json")
    )
    written = (episode / "episode.md").read_text("utf-8")
    lines = [line for line in written.splitlines(keepends=True) if not line.startswith("published_at")]
    (episode / "episode.md").write_text("".join(lines), "utf-8")
    return folder


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """The example workspace, which our app has joined, on the evening of a release."""
    world = World.from_export(REPOSITORY / "src/cityhall_fm/demo/workspace", clock=lambda: EVENING)
    bot = world.install_app(TOKEN)
    for channel in world.channels:
        world.join(channel.id, bot.id)
    with serving(world) as running:
        yield running


@pytest.fixture
def slack(sandbox: Sandbox) -> dict[str, str]:
    """What the environment says of Slack."""
    return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": sandbox.api_url}
