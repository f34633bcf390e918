"""A show folder as a host has it, with a Slack, for tests that run the command."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cityhall_fm.sandbox import World, serving
from cityhall_fm.sandbox.server import Sandbox

from chromium import chromium_path

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


@pytest.fixture(scope="session")
def one_server() -> Iterator[Sandbox]:
    with serving(World()) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(one_server: Sandbox) -> Sandbox:
    """The example workspace, which our app has joined, on the evening of a release."""
    world = World.from_export(REPOSITORY / "src/cityhall_fm/demo/workspace", clock=lambda: EVENING)
    bot = world.install_app(TOKEN)
    for channel in world.channels:
        world.join(channel.id, bot.id)
    one_server.start_over(world)
    return one_server


@pytest.fixture
def slack(sandbox: Sandbox) -> dict[str, str]:
    """What the environment says of Slack."""
    return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": sandbox.api_url}


@pytest.fixture(scope="session")
def axe(request) -> str:
    """The source of axe-core, which npm fetches once."""
    kept = Path(request.config.cache.mkdir("axe-core")) / "axe.min.js"
    if not kept.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("there is no npm here to fetch axe-core")
        quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0", "--fetch-timeout=30000"]
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            command = [npm, "install", *quiet, "--prefix", folder, "axe-core@4"]
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=90)  # noqa: S603
            except subprocess.TimeoutExpired:
                pytest.skip("npm did not answer in time to fetch axe-core")
            source = Path(folder) / "node_modules" / "axe-core" / "axe.min.js"
            if done.returncode or not source.exists():
                pytest.skip(f"npm could not fetch axe-core: {done.stderr.strip()[-200:]}")
            source.replace(kept)
    return kept.read_text("utf-8")


@pytest.fixture(scope="session")
def browser():
    """A real Chromium, driven by Playwright; one for all tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()
