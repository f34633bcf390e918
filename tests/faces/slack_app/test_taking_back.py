"""Whoever takes a question back, and however: no word of it stays in what the app posted for its asker."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from cityhall_fm.cli.taking_back import take_back_posts
from cityhall_fm.production.take_back import queue_taking_back
from cityhall_fm.show.question import Status
from commands import cityhall_fm

QUESTIONS = "ラジオへの質問"
WORDS = "雪の日の朝、佐久の保育園は何時に開きますか 😀"


@pytest.fixture
def asked(by_socket):
    """A public question of 髙橋, with the app still running."""
    takahashi = by_socket.as_member("takahashi")
    form = takahashi.command("/fm", "", channel=QUESTIONS).modal().fill("words", WORDS)
    form.fill("department", "子育て課")
    assert not form.fill("extras", ["publicly", "contact"]).submit().problem
    (question,) = by_socket.wait_for(by_socket.questions)
    by_socket.wait_for(lambda: "取り下げる" in str(takahashi.direct()[0].blocks))
    return question


def run(show_folder, *arguments, **environment):
    done = cityhall_fm("--show", show_folder, *arguments, **environment)
    assert done.returncode == 0, done.stderr
    return done


def in_slack(scene):
    """What stands in Slack of everything that the app ever said."""
    takahashi = scene.as_member("takahashi")
    return str([(one.text, one.blocks) for one in (*scene.world.messages(QUESTIONS), *takahashi.direct())])


@pytest.fixture
def slack(by_socket):
    return {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_API_URL": by_socket.sandbox.api_url}


@pytest.mark.parametrize("command", ["inbox withdraw", "privacy erase"])
def test_a_command_takes_the_words_out_of_post_and_copy(by_socket, asked, show_folder, slack, command):
    if command == "inbox withdraw":
        run(show_folder, "inbox", "withdraw", asked.id, **slack)
    else:
        run(show_folder, "privacy", "erase", asked.asker, "--yes", **slack)
    assert "佐久の保育園" not in in_slack(by_socket)
    assert "withdraw" not in in_slack(by_socket)  # the buttons went too
    assert in_slack(by_socket).count("このおたよりは取り下げられました。") >= 2


def test_without_a_token_it_waits_for_whoever_has_one(by_socket, asked, show_folder, slack):
    run(show_folder, "privacy", "erase", asked.asker, "--yes")
    assert "佐久の保育園" in in_slack(by_socket)
    run(show_folder, "collect", **slack)
    assert "佐久の保育園" not in in_slack(by_socket)


def test_on_its_day_the_words_go_from_slack_too(by_socket, asked):
    by_socket.companion.keeping.forget([asked.id], at=datetime.now(UTC))
    take_back_posts(by_socket.companion)
    assert "佐久の保育園" not in in_slack(by_socket)
    assert "保管の期間が終わった" in str(by_socket.world.messages(QUESTIONS)[0].blocks)
    assert by_socket.questions()[0].status is not Status.WITHDRAWN


def test_withdrawing_in_home_takes_the_copy_with_its_buttons_back(by_socket, asked):
    takahashi = by_socket.as_member("takahashi")
    takahashi.modal.close()
    takahashi.open_home()
    by_socket.wait_for(lambda: takahashi.home() and asked.id in str(takahashi.home().body))
    takahashi.press("withdraw", block_id=asked.id)
    by_socket.wait_for(lambda: "佐久の保育園" not in in_slack(by_socket))
    assert "change_name" not in in_slack(by_socket)
    assert by_socket.desk.voice.problems == []


def test_a_person_is_shown_what_they_chose_in_the_form_too(asked, show_folder):
    told = run(show_folder, "privacy", "show", asked.asker)
    assert "子育て課" in told.stdout
    (kept,) = json.loads(run(show_folder, "privacy", "show", asked.asker, "--json").stdout)["questions"]
    chosen = {"corner": "question", "department": "子育て課", "may_contact": True, "publicly": True}
    assert kept["submitted"] == chosen
    run(show_folder, "privacy", "erase", asked.asker, "--yes")
    assert cityhall_fm("--show", show_folder, "privacy", "show", asked.asker).returncode == 1


def test_the_running_app_takes_back_what_another_left_waiting(by_socket, asked):
    parts = by_socket.companion
    parts.inbox.set_status(asked.id, Status.WITHDRAWN, at=by_socket.clock())
    queue_taking_back(
        inbox=parts.inbox,
        keeping=parts.keeping,
        ledger=parts.ledger,
        outbox=parts.outbox,
        now=by_socket.clock(),
    )
    by_socket.desk.status.wish()
    by_socket.wait_for(lambda: "佐久の保育園" not in in_slack(by_socket))
