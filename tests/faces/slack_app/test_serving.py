"""`slack serve` on the command line, as whoever runs it meets it."""

from __future__ import annotations

import os
import signal
import socket
import time

from cityhall_fm.production.slack_manifest import slack_manifest
from cityhall_fm.sandbox import BadSignature, FailsBefore, RateLimited, StaleSignature
from cityhall_fm.settings import read_settings
from cityhall_fm.slack_app.serving import (
    AWAY_SECONDS,
    COLLECT_SECONDS,
    Collecting,
    SocketWatch,
    leaving_room,
    over_socket,
)
from cityhall_fm.wiring import Wired
from commands import cityhall_fm, start_cityhall_fm
from free_port import free_ports

from bolt_apps import SECRET

TOKEN = "xoxb-sandbox"
CHANNEL, QUESTIONS = "雑談", "ラジオへの質問"


def serve(folder, environment, *options):
    return start_cityhall_fm("--show", folder, "slack", "serve", *options, **environment)


def test_missing_tokens_are_told_before_anything_runs(show_folder):
    for options, given, told in (
        ((), {}, "SLACK_BOT_TOKEN"),
        ((), {"SLACK_BOT_TOKEN": "xoxb-x"}, "SLACK_APP_TOKEN"),
        (("--http", "3999"), {"SLACK_BOT_TOKEN": "xoxb-x"}, "SLACK_SIGNING_SECRET"),
    ):
        running = serve(show_folder, given, *options)
        _, errors = running.communicate(timeout=30)
        assert (running.returncode, told in errors) == (1, True)
        assert len(errors.strip().splitlines()) == 2


def test_it_runs_until_ctrl_c_and_hears(show_folder, sandbox):
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_APP_TOKEN": "xapp-sandbox",
        "SLACK_API_URL": sandbox.api_url,
    }
    running = serve(show_folder, environment)
    try:
        assert sandbox.wait_for_sockets(seconds=30)
        takahashi = sandbox.as_member("takahashi")
        assert takahashi.command("/fm", "雪は", channel=CHANNEL).modal().fields["質問やおたより"] == "雪は"
    finally:
        os.kill(running.pid, signal.SIGINT)
        output, errors = running.communicate(timeout=30)
    assert running.returncode == 0, errors
    assert "Socket Mode" in output


def test_sigterm_ends_it_after_what_was_acknowledged_is_done(mode, show_folder, sandbox):
    environment = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_APP_TOKEN": "xapp-sandbox",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": sandbox.api_url,
    }
    takahashi, options = sandbox.as_member("takahashi"), ()
    if mode == "http":
        (port,) = free_ports(1)
        options, url = ("--http", str(port)), f"http://127.0.0.1:{port}/slack/events"
        shown = slack_manifest(read_settings(show_folder, {}).show, http="https://fm.example.jp")
        sandbox.world.install_app(TOKEN, name="fm", manifest=shown, signing_secret=SECRET, request_url=url)
    running = serve(show_folder, environment, *options)
    try:
        if mode == "socket":
            assert sandbox.wait_for_sockets(seconds=30)
        else:
            takahashi.wait_for(lambda: _listens(port), seconds=30)
        form = takahashi.command("/fm", "雪は", channel=CHANNEL).modal()
        sandbox.faults.add("chat.postMessage", RateLimited(3))
        assert not form.submit().problem
        assert "送っています" in takahashi.modal.text  # acknowledged, and Slack makes us wait
        assert takahashi.direct() == []
    finally:
        os.kill(running.pid, signal.SIGTERM)
        _, errors = running.communicate(timeout=30)
    assert (running.returncode, errors) == (0, "")
    (receipt,) = takahashi.direct()
    assert "受け取りました" in receipt.text
    kept = Wired(read_settings(show_folder, environment))
    assert [one.words.for_host() for one in kept.inbox.questions()] == ["雪は"]
    kept.close()


def _listens(port):
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def test_a_connection_that_slack_ends_or_that_breaks_is_made_again(by_socket):
    takahashi = by_socket.as_member("takahashi")
    by_socket.sandbox.end_sockets()
    by_socket.sandbox.drop_sockets()
    assert by_socket.sandbox.wait_for_sockets(seconds=10)
    takahashi.say(QUESTIONS, "つながっていますか")
    by_socket.wait_for(by_socket.questions)


def test_who_leaves_hangs_up_at_once_and_does_not_come_back(by_socket):
    with over_socket(by_socket.companion, by_socket.app, by_socket.desk):
        assert by_socket.sandbox.wait_for_sockets(2)
        time.sleep(0.3)  # now it listens
        leaving = time.monotonic()
    assert time.monotonic() - leaving < 2, "slack_sdk alone would listen for three seconds"
    assert by_socket.sandbox.drop_sockets() == 1  # the one that was there before


def test_a_collection_that_failed_is_made_again_within_minutes_not_on_the_next_day(by_socket):
    collecting = Collecting(by_socket.companion, by_socket.desk, by_socket.clock)
    by_socket.sandbox.faults.add("conversations.list", FailsBefore(), times=8)  # each is tried four times
    assert (collecting.make(), collecting.make()) == (60.0, 120.0)
    assert by_socket.desk.voice.problems
    assert collecting.make() == COLLECT_SECONDS
    by_socket.sandbox.faults.add("conversations.list", FailsBefore(), times=4)
    assert collecting.make() == 60.0


def test_a_channel_that_was_renamed_stops_neither_forgetting_nor_the_promised_word(scene):
    asked = {}
    for who, days in (("takahashi", 170), ("saku", 31)):
        scene.as_member(who).say(QUESTIONS, f"{who}の質問")
        scene.wait_for(
            lambda who=who: any(one.words.for_host() == f"{who}の質問" for one in scene.questions())
        )
        asked[who] = next(one.id for one in scene.questions() if one.words.for_host() == f"{who}の質問")
        scene.settle()
        scene.companion.keeping.since([asked[who]], now=scene.clock())
        scene.clock.pass_hours(24 * days)
    scene.world.rename(QUESTIONS, "ラジオへのおたより")
    collecting = Collecting(scene.companion, scene.desk, scene.clock)
    assert collecting.make() == 60.0
    assert asked["takahashi"] in scene.companion.keeping.forgotten()
    assert "keep you waiting" in scene.as_member("saku").direct()[-1].text
    assert [one.text.name for one in scene.desk.voice.problems] == ["slack.unknown_channel"]


def test_after_a_line_that_was_away_for_long_what_came_meanwhile_is_collected():
    collected, at, stands = [], [0.0], [True]
    watch = SocketWatch(lambda: stands[0], lambda: collected.append(at[0]), lambda: at[0])
    for at[0], stands[0] in ((0, True), (5, False), (30, True), (35, False), (90, False), (95, True)):
        watch.look()
    assert collected == [95]  # thirty seconds are made good by Slack itself
    at[0] = 8000.0
    watch.look()  # nobody looked meanwhile: the machine slept
    assert collected == [95, 8000]


def test_a_line_that_was_never_there_has_nothing_to_make_good():
    collected = []
    watch = SocketWatch(lambda: False, lambda: collected.append(1), iter(range(0, 10**6, 500)).__next__)
    for _ in range(5):
        assert watch.look() < AWAY_SECONDS
    assert collected == []


def test_what_slack_did_not_sign_is_refused(start):
    scene = start("http")
    takahashi = scene.as_member("takahashi")
    for fault in (BadSignature(), StaleSignature()):
        scene.sandbox.faults.add("slash_commands", fault)
        assert takahashi.command("/fm", "雪は", channel=CHANNEL).problem
        assert takahashi.modal is None


def test_the_hosts_choice_on_the_command_line_shows_under_the_question(by_socket, show_folder, sandbox):
    by_socket.as_member("takahashi").say(QUESTIONS, "灯油は月にいくら?")
    by_socket.wait_for(by_socket.questions)
    (question,) = by_socket.questions()
    by_socket.wait_for(lambda: by_socket.emoji(question))
    run = cityhall_fm(
        *("--show", show_folder, "inbox", "next-time", question.id),
        SLACK_BOT_TOKEN="xoxb-sandbox",
        SLACK_API_URL=sandbox.api_url,
    )
    assert run.returncode == 0, run.stderr
    assert by_socket.emoji(question) == {"seedling"}


def test_the_host_sees_what_was_chosen_in_the_form(by_socket, show_folder):
    form = by_socket.as_member("takahashi").command("/fm", "寄り道のおたより", channel=CHANNEL).modal()
    form.fill("corner", "letter").fill("department", "子育て課").fill("extras", ["contact"]).submit()
    by_socket.wait_for(by_socket.questions)
    (question,) = by_socket.questions()
    run = cityhall_fm("--show", show_folder, "inbox", "show", question.id)
    assert "from the app: A letter, department: 子育て課, may be contacted" in run.stdout


def test_reading_again_leaves_room_for_the_events_that_come_in_meanwhile():
    waited = []
    pause = leaving_room(waited.append)
    for _ in range(22):
        pause()
    assert waited == [2.4, 2.4]
