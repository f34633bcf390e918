"""What goes wrong around the app loses nothing and keeps nobody waiting: disk, processes, limits, lines."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from slack_bolt import BoltRequest

from cityhall_fm.adapters.database import open_database
from cityhall_fm.sandbox import ExpiredTrigger, FailsBefore, RateLimited, SocketDropped
from commands import start_cityhall_fm
from many_questions import ask_many
from memories import memory_of, sqlite_only

QUESTIONS, CHAT = "ラジオへの質問", "雑談"
ACK_SECONDS = 3.0


@contextmanager
def locked(scene):
    """Hold the write lock of the database, as another program would."""
    scene.companion.inbox.channels()  # its tables are there before somebody else holds it
    path = scene.companion.settings.database
    with sqlite3.connect(path, isolation_level=None, check_same_thread=False) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield lambda: other.execute("ROLLBACK")
        finally:
            if other.in_transaction:
                other.execute("ROLLBACK")
    other.close()


def serve(folder, environment):
    return start_cityhall_fm("--show", folder, "slack", "serve", **environment)


def a_form(member, words):
    return member.command("/fm", words, channel=CHAT).modal()


def words(scene):
    return sorted(question.words.for_host() for question in scene.questions())


@sqlite_only
def test_a_locked_database_delays_a_question_and_loses_nothing(scene):
    takahashi = scene.as_member("takahashi")
    form = a_form(takahashi, "鍵のかかった日の質問 佐久 😀")
    with locked(scene) as unlock:
        letting_go = threading.Timer(2.2, unlock)
        letting_go.start()
        begun = time.monotonic()
        assert not form.submit().problem  # Slack's client would say operation_timeout
        assert time.monotonic() - begun < ACK_SECONDS
        assert "送っています" in takahashi.modal.text
        assert scene.questions() == []
        scene.wait_for(lambda: words(scene) == ["鍵のかかった日の質問 佐久 😀"])
        letting_go.join()
    scene.wait_for(lambda: "受け取りました" in takahashi.modal.text)
    assert len(takahashi.direct()) == 1


@sqlite_only
def test_a_database_that_stays_locked_is_told_kindly_and_the_words_stay(by_socket):
    by_socket.companion._database.close()
    by_socket.companion._database = open_database(by_socket.companion.settings.database, patience=0.2)
    takahashi = by_socket.as_member("takahashi")
    form = a_form(takahashi, "いつまでも鍵")
    with locked(by_socket):
        begun = time.monotonic()
        assert not form.submit().problem
        assert time.monotonic() - begun < ACK_SECONDS
        by_socket.wait_for(lambda: "消えていません" in takahashi.modal.text)
        assert takahashi.modal.fields["質問やおたより"] == "いつまでも鍵"
    takahashi.modal.submit()
    by_socket.wait_for(lambda: words(by_socket) == ["いつまでも鍵"])
    takahashi_heard = [one for one in takahashi.direct() if "受け取りました" in one.text]
    assert len(takahashi_heard) == 1
    assert {type(one).__name__ for one in by_socket.desk.voice.problems} == {"DatabaseError"}


def test_a_question_is_thanked_for_though_its_private_note_cannot_be_changed_and_that_follows(scene):
    takahashi = scene.as_member("takahashi")
    scene.sandbox.faults.add("chat.update", FailsBefore(), times=99)
    assert not a_form(takahashi, "佐久の雪 😀").submit().problem
    scene.wait_for(lambda: "受け取りました" in takahashi.modal.text)
    assert words(scene) == ["佐久の雪 😀"]
    assert {one.text.name for one in scene.desk.voice.problems} == {"slack.trouble"}
    assert "change_name" not in str(takahashi.direct()[0].blocks)
    scene.sandbox.faults.clear()
    scene.clock.pass_hours(0.2)
    scene.desk.status.wish()
    scene.wait_for(lambda: "change_name" in str(takahashi.direct()[0].blocks))
    assert "受け取りました" in takahashi.direct()[0].text
    assert len(takahashi.direct()) == 1


@sqlite_only
def test_an_event_waits_behind_a_locked_database_and_is_acknowledged_at_once(scene):
    takahashi = scene.as_member("takahashi")
    with locked(scene) as unlock:
        message = takahashi.say(QUESTIONS, "待っている質問")
        assert scene.sandbox.settle(ACK_SECONDS)  # acknowledged, all of them
        takahashi.edit(QUESTIONS, message.ts, "待っていた質問")
        assert scene.sandbox.settle(ACK_SECONDS)
        assert scene.questions() == []
        unlock()
        scene.wait_for(lambda: words(scene) == ["待っていた質問"])
    scene.settle()
    assert len(takahashi.whispers()) == 1


@sqlite_only
def test_a_button_pressed_while_the_database_is_locked_is_answered(by_socket):
    by_socket.companion._database.close()
    by_socket.companion._database = open_database(by_socket.companion.settings.database, patience=0.2)
    takahashi = by_socket.as_member("takahashi")
    takahashi.say(QUESTIONS, "取り下げたい質問")
    by_socket.wait_for(by_socket.questions)
    by_socket.settle()
    (question,) = by_socket.questions()
    takahashi.open_home()
    by_socket.wait_for(lambda: takahashi.home() and question.id in str(takahashi.home().body))
    with locked(by_socket):
        assert not takahashi.press("withdraw", block_id=question.id).problem
        by_socket.wait_for(lambda: any("もう一度" in one.text for one in takahashi.direct()))
    takahashi.press("withdraw", block_id=question.id)
    by_socket.wait_for(lambda: not by_socket.questions()[0].usable)


def test_too_many_requests_are_waited_for(scene):
    takahashi = scene.as_member("takahashi")
    for method in ("chat.postMessage", "views.publish", "conversations.replies", "reactions.add"):
        scene.sandbox.faults.add(method, RateLimited(1))
    assert not a_form(takahashi, "混み合う日の質問").submit().problem
    takahashi.say(QUESTIONS, "もうひとつ")
    scene.wait_for(lambda: words(scene) == ["もうひとつ", "混み合う日の質問"])
    takahashi.open_home()
    scene.wait_for(lambda: takahashi.home() and "混み合う日" in str(takahashi.home().body))
    scene.wait_for(lambda: all(scene.emoji(one) == {"eyes"} for one in scene.questions()))
    assert len([one for one in takahashi.direct() if "受け取りました" in one.text]) == 1


@pytest.mark.parametrize("opening", ["command", "shortcut", "home"])
def test_a_trigger_that_expired_is_told_wherever_the_form_was_asked_for(scene, opening):
    takahashi = scene.as_member("takahashi")
    takahashi.open_home()
    scene.wait_for(takahashi.home)
    scene.sandbox.faults.add("views.open", ExpiredTrigger())
    match opening:
        case "command":
            takahashi.command("/fm", "雪は", channel=CHAT)
        case "shortcut":
            takahashi.shortcut("ask")
        case _:
            takahashi.press("open_form")
    scene.wait_for(
        lambda: any("もう一度" in one.text for one in [*takahashi.whispers(), *takahashi.direct()])
    )
    assert takahashi.shortcut("ask").modal().title == "番組に送る"


def nobody_listens():
    """An address where nothing answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}/api/"


def test_a_form_that_the_network_does_not_let_open_is_told_to_the_member_and_to_the_host(by_socket):
    prompt = by_socket.desk.voice._prompt_client
    slack, prompt.base_url = prompt.base_url, nobody_listens()
    takahashi = by_socket.as_member("takahashi")
    assert not takahashi.shortcut("ask").problem
    by_socket.wait_for(lambda: any("もう一度" in said.text for said in takahashi.direct()))
    assert [one.text.name for one in by_socket.desk.voice.problems] == ["slack.refused"]
    prompt.base_url = slack
    assert takahashi.shortcut("ask").modal().title == "番組に送る"


def test_a_button_of_another_age_of_the_app_is_told_and_its_presser_is_asked_to_try_again(by_socket):
    takahashi = by_socket.as_member("takahashi")
    pressed = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": takahashi.id},
        "actions": [{"type": "button", "action_id": "may_read_by_my_old_name_髙橋", "block_id": "q"}],
    }
    for _ in range(9):  # an error raised beside the acknowledgement took it back, now and then
        assert by_socket.app.dispatch(BoltRequest(mode="socket_mode", body=pressed)).status == 200
    by_socket.wait_for(lambda: any("もう一度" in said.text for said in takahashi.direct()))
    problem = by_socket.desk.voice.problems[0]
    assert problem.text.values["kind"] == "ValueError"
    assert "髙橋" not in repr(problem)


def test_a_line_that_breaks_with_an_event_on_it_loses_no_question(by_socket):
    takahashi = by_socket.as_member("takahashi")
    by_socket.sandbox.faults.add("events_api", SocketDropped(), times=2)
    for number in range(3):
        takahashi.say(QUESTIONS, f"切れた線の質問{number}")
    by_socket.sandbox.settle()
    assert by_socket.sandbox.wait_for_sockets(seconds=20)
    by_socket.clock.pass_hours(0.2)  # Slack tries again after one minute, then after five
    takahashi.wait_for(lambda: len(words(by_socket)) == 3, seconds=20)
    by_socket.settle()
    assert len(words(by_socket)) == 3


def test_two_processes_on_one_workspace_store_each_question_once(show_folder, sandbox, clock):
    clock.now = datetime.now(UTC)  # theirs
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_APP_TOKEN": "xapp-sandbox",
        "SLACK_API_URL": sandbox.api_url,
    }
    running = [serve(show_folder, environment) for _ in range(2)]
    database = open_database(memory_of(show_folder))
    try:
        assert sandbox.wait_for_sockets(2, seconds=30)
        takahashi, saku = sandbox.as_member("takahashi"), sandbox.as_member("saku")
        expected = ask_many(sandbox, posts=6, forms=4, channel=QUESTIONS, elsewhere=CHAT)
        until = time.monotonic() + 20
        while {one.words.for_host() for one in database.inbox.questions()} != expected:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert sandbox.settle(10)
        assert len(database.inbox.questions()) == len(expected)
        assert len(saku.direct()) == 4  # one note of arrival each
        # Said behind the storing: by an event, or by a collection that was just at work.
        takahashi.wait_for(lambda: [*takahashi.whispers(), *takahashi.direct()], seconds=20)
        assert sandbox.settle(10)
        assert len([*takahashi.whispers(), *takahashi.direct()]) == 1  # one greeting
    finally:
        database.close()
        for one in running:
            os.kill(one.pid, signal.SIGINT)
        ended = [(one.communicate(timeout=30), one.returncode) for one in running]
    assert [code for _, code in ended] == [0, 0], ended
    heard = "".join(errors for (_, errors), _ in ended)
    assert not any(private in heard for private in ("髙橋の質問", "form question", "xoxb", "髙橋"))
