"""`serve`: the dates and the Slack app in one process, which a failure does not end and SIGTERM does."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest

from cityhall_fm.production.slack_manifest import slack_manifest
from cityhall_fm.sandbox import World, serving
from cityhall_fm.services import Ended, Service, run_together, services_of
from cityhall_fm.settings import read_settings
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.text import Text
from cityhall_fm.wiring import Wired
from commands import cityhall_fm, start_cityhall_fm
from free_port import free_ports

from torture.scene import collect_questions, lay_out

REPOSITORY_WORKSPACE = "src/cityhall_fm/demo/workspace"


@pytest.fixture
def live(tmp_path, request):
    """A show in a folder and a workspace with the app in it, at the present time."""
    folder = tmp_path / "番組"
    lay_out(folder, str(tmp_path / "site"), numbers=(1,))
    world = World.from_export(request.config.rootpath / REPOSITORY_WORKSPACE)
    bot = world.install_app(
        "xoxb-sandbox", manifest=slack_manifest(read_settings(folder, {}).show), app_token="xapp-sandbox"
    )
    for channel in world.channels:
        world.join(channel.id, bot.id)
    with serving(world) as sandbox:
        environment = {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_API_URL": sandbox.api_url,
        }
        collect_questions(Wired(read_settings(folder, environment)))
        yield folder, sandbox, environment


@contextmanager
def _serve(folder, environment, *options):
    environment = {"PYTHONUNBUFFERED": "1", **environment}
    process = start_cityhall_fm("--show", folder, "serve", "--no-studio", *options, **environment)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _ended(process):
    """End it as systemd does; gives what it said."""
    os.kill(process.pid, signal.SIGTERM)
    said, errors = process.communicate(timeout=40)
    assert (process.returncode, errors) == (0, "")
    return said


def _posts(sandbox):
    return [
        message.metadata["event_payload"]["key"]
        for channel in sandbox.world.channels
        for message in sandbox.world.messages(channel.id)
        if message.metadata
    ]


def _wait_for(look, seconds=60):
    until = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_the_app_hears_and_the_episode_goes_out_from_two_processes_once(live, tmp_path):
    folder, sandbox, environment = live
    soon = (datetime.now(UTC) + timedelta(seconds=14)).isoformat(timespec="seconds")
    prepared = cityhall_fm("--show", folder, "release", 1, "--at", soon, **environment)
    assert prepared.returncode == 0, prepared.stderr
    without_slack = {**environment, "SLACK_APP_TOKEN": ""}
    with _serve(folder, environment) as one, _serve(folder, without_slack) as other:
        assert sandbox.wait_for_sockets(seconds=40)
        _wait_for((tmp_path / "site/cityhall-fm/manifest.json").exists)
        _wait_for(lambda: len(_posts(sandbox)) == 3)
        said, also_said = _ended(one), _ended(other)
    assert (tmp_path / "site/feed.xml").exists()
    assert len(set(_posts(sandbox))) == len(_posts(sandbox)) == 3
    assert "running: Slack app (Socket Mode)" in said
    assert "SLACK_APP_TOKEN" in also_said
    assert f"{said}{also_said}".count("Episode 1 is out") == 1
    assert said.endswith("Ended.\n")
    assert "xoxb-" not in said
    assert "xapp-" not in said


def test_over_http_it_answers_on_this_machine_only_and_a_taken_port_is_told(live):
    folder, _, environment = live
    (port,) = free_ports(1)
    signed = {**environment, "SLACK_SIGNING_SECRET": "never shown"}
    with _serve(folder, signed, "--http", str(port)) as one:
        _wait_for(lambda: _listening(port))
        with _serve(folder, signed, "--http", str(port)) as other:
            assert any(f"Port {port} cannot be used" in line for line in iter(other.stdout.readline, ""))
            _ended(other)
        assert _listening(port) == "127.0.0.1"
        _ended(one)


def _listening(port):
    """Tell on which address a port is served, as the kernel lists it (proc(5), net/tcp); None if on none."""
    found = []
    for name in ("tcp", "tcp6"):
        with open(f"/proc/net/{name}") as table:  # noqa: PTH123 - no file on a disk
            rows = [line.split() for line in table.readlines()[1:]]
        found += [
            row[1].split(":")[0] for row in rows if int(row[1].split(":")[1], 16) == port and row[3] == "0A"
        ]
    return {"0100007F": "127.0.0.1"}.get(found[0], found[0]) if len(found) == 1 else None


class Told:
    def __init__(self):
        self.texts = []

    def tell(self, text):
        self.texts.append(text)

    def released(self, released):
        raise AssertionError(released)


def _soon(attempts):
    return timedelta(milliseconds=attempts)


def test_a_service_that_fails_is_told_and_started_again():
    ended, told, runs = threading.Event(), Told(), []

    def fails_twice(ended):
        runs.append(1)
        if len(runs) < 3:
            raise SlackError("slack.no_token")
        ended.set()

    run_together([Service(Text.of("serve.slack"), fails_twice)], told, ended, pause=_soon)

    assert len(runs) == 3
    assert [text.name for text in told.texts] == ["serve.runs", "serve.again", "serve.again", "serve.ended"]


def test_a_bug_ends_all_services_and_keeps_its_traceback():
    ended, left = threading.Event(), []

    def waits(ended):
        ended.wait()
        left.append("whole")
        raise Ended

    def broken(_):
        raise ZeroDivisionError

    names = [Text.of("serve.dates"), Text.of("serve.slack")]
    with pytest.raises(ZeroDivisionError):
        run_together([Service(names[0], waits), Service(names[1], broken)], Told(), ended, pause=_soon)
    assert left == ["whole"]


def test_however_a_service_ends_it_lets_go_of_its_database(live, monkeypatch):
    folder, _, environment = live
    settings, let_go, real = read_settings(folder, {**environment, "SLACK_APP_TOKEN": ""}), [], Wired.close
    monkeypatch.setattr(Wired, "close", lambda companion: (let_go.append(companion), real(companion)))
    ended = threading.Event()
    ended.set()

    for service in services_of(settings, Told()):
        with suppress(Ended):
            service.run(ended)

    assert len(let_go) == len(services_of(settings, Told())) == 2
