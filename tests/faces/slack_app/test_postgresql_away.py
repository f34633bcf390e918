"""A PostgreSQL that is away for a moment loses no question, keeps nobody waiting and silences no thread."""

from __future__ import annotations

import time
from itertools import count

import pytest
from sqlalchemy import create_engine, text

QUESTIONS, CHAT = "ラジオへの質問", "雑談"
ACK_SECONDS = 3.0
_numbers = count(1)


@pytest.fixture
def address(postgresql):
    return postgresql.create_database(f"slack_app_{next(_numbers)}")


@pytest.fixture(params=["socket", "http"])
def scene(request, start, address):
    scene = start(request.param, database=address)
    scene.desk.hearing.pause_seconds = 0.05
    scene.companion.inbox.channels()  # its tables are there
    return scene


def words(scene):
    return sorted(question.words.for_host() for question in scene.questions())


def problems(scene):
    return {one.text.name for one in scene.desk.voice.problems}


def test_a_database_that_is_away_for_a_moment_loses_no_event_and_no_form(scene, postgresql):
    takahashi, saku = scene.as_member("takahashi"), scene.as_member("saku")
    form = takahashi.command("/fm", "留守の日のおたより 佐久 😀", channel=CHAT).modal()
    with postgresql.away() as come_back:
        saku.say(QUESTIONS, "asked while it was away")
        assert scene.sandbox.settle(ACK_SECONDS)
        begun = time.monotonic()
        assert not form.submit().problem
        assert time.monotonic() - begun < ACK_SECONDS
        scene.wait_for(lambda: "消えていません" in takahashi.modal.text)
        assert takahashi.modal.fields["質問やおたより"] == "留守の日のおたより 佐久 😀"
        assert saku.shortcut("ask").modal().title == "Write to the show"
        come_back()
        scene.wait_for(lambda: words(scene) == ["asked while it was away"])
        takahashi.modal.submit()
        scene.wait_for(lambda: len(words(scene)) == 2)
    assert problems(scene) == {"database.unreachable"}
    saku.say(QUESTIONS, "and after it")
    scene.wait_for(lambda: len(words(scene)) == 3)


def test_a_database_that_hangs_up_on_everybody_is_called_again_and_nobody_notices(scene, address):
    takahashi = scene.as_member("takahashi")
    takahashi.say(QUESTIONS, "切れる前の質問")
    scene.wait_for(scene.questions)
    scene.settle()
    _hang_up(address)
    form = takahashi.command("/fm", "切れたあとのおたより", channel=CHAT).modal()
    scene.settle()  # whoever is in the middle of a transaction does notice
    _hang_up(address)
    assert not form.submit().problem
    scene.wait_for(lambda: "受け取りました" in takahashi.modal.text)
    scene.settle()
    _hang_up(address)
    takahashi.open_home()
    scene.wait_for(lambda: takahashi.home() and "切れたあと" in str(takahashi.home().body))
    scene.settle()
    assert problems(scene) == set()


def _hang_up(address):
    """End every connection but our own, as a restart or a fail-over does."""
    engine = create_engine(address)
    with engine.connect() as connection:
        ended = connection.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).scalar()
    engine.dispose()
    assert ended
