"""`slack serve` on the command line, as whoever runs it meets it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from cityhall_fm.sandbox import BadSignature, StaleSignature
from commands import QUIET, cityhall_fm

CHANNEL, QUESTIONS = "雑談", "ラジオへの質問"


def serve(folder, environment, *options):
    return subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-m", "cityhall_fm", "--show", str(folder), "slack", "serve", *options],
        env={**QUIET, "CITYHALL_FM_LANGUAGE": "en", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


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


def test_a_connection_that_slack_ends_or_that_breaks_is_made_again(by_socket):
    takahashi = by_socket.as_member("takahashi")
    by_socket.sandbox.end_sockets()
    by_socket.sandbox.drop_sockets()
    assert by_socket.sandbox.wait_for_sockets(seconds=10)
    takahashi.say(QUESTIONS, "つながっていますか")
    by_socket.wait_for(by_socket.questions)


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
