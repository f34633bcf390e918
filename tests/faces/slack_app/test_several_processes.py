"""Several processes of the app behind one address: whichever gets a request, each question is stored once."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from cityhall_fm.adapters.database import open_database
from cityhall_fm.production.slack_manifest import slack_manifest
from cityhall_fm.settings import read_settings
from commands import start_cityhall_fm
from free_port import free_ports
from many_questions import ask_many
from memories import memory_of
from round_robin import in_turn

from bolt_apps import SECRET

QUESTIONS, CHAT = "ラジオへの質問", "雑談"


@pytest.fixture
def one_address(show_folder, sandbox, clock):
    """Two `slack serve --http`, asked in turn; gives where requests went."""
    clock.now = datetime.now(UTC)  # theirs
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": sandbox.api_url,
    }
    ports = free_ports(2)
    with ExitStack() as running:
        processes = [
            running.enter_context(
                start_cityhall_fm("--show", show_folder, "slack", "serve", "--http", port, **environment)
            )
            for port in ports
        ]
        for process in processes:
            running.callback(process.kill)
        address, went = running.enter_context(in_turn(ports))
        for process in processes:
            assert "/slack/events" in process.stdout.readline()
        manifest = slack_manifest(read_settings(show_folder, {}).show, http="https://fm.example.jp")
        sandbox.world.install_app(
            *("xoxb-sandbox",), name="fm", manifest=manifest, signing_secret=SECRET,
            request_url=f"{address}/slack/events",
        )  # fmt: skip
        _wait_for(lambda: all(sandbox.verify_request_urls().values()) and set(went) == set(ports))
        went.clear()
        yield went, set(ports)
        for process in processes:
            os.kill(process.pid, signal.SIGINT)
        for process in processes:
            _, errors = process.communicate(timeout=30)
            assert (process.returncode, errors) == (0, "")


def test_each_question_is_stored_and_answered_once(one_address, show_folder, sandbox):
    went, ports = one_address
    takahashi, saku = sandbox.as_member("takahashi"), sandbox.as_member("saku")
    expected = ask_many(sandbox, posts=4, forms=3, channel=QUESTIONS, elsewhere=CHAT)
    database = open_database(memory_of(show_folder))
    try:
        _wait_for(lambda: {one.words.for_host() for one in database.inbox.questions()} == expected)
        # By an event, or by a collection that was just at work.
        takahashi.wait_for(lambda: [*takahashi.whispers(), *takahashi.direct()], seconds=20)
        _wait_for(lambda: len(saku.direct()) >= 3)  # what is stored is not told of yet
        assert sandbox.settle(10)
        assert len(database.inbox.questions()) == len(expected)
    finally:
        database.close()
    assert len(saku.direct()) == 3  # one note of arrival each
    assert len([*takahashi.whispers(), *takahashi.direct()]) == 1  # one greeting
    assert set(went) == ports


def _wait_for(look):
    until = time.monotonic() + 30
    while not look():
        assert time.monotonic() < until
        time.sleep(0.05)
