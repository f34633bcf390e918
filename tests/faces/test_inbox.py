"""What a host does with the inbox, by the command."""

from __future__ import annotations

import json

import pytest

from commands import cityhall_fm


@pytest.fixture
def inbox(show, slack):
    """Run an `inbox` or `episode` command on a show whose questions are collected."""
    assert cityhall_fm("--show", show, "collect", **slack).returncode == 0

    def run(*arguments):
        done = cityhall_fm("--show", show, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def _free(listed):
    return next(one for one in listed if one["kind"] == "question" and one["status"] == "received")


def test_collecting_again_brings_nothing_new(show, slack, inbox):
    before = inbox("inbox", "list", "--json")
    again = cityhall_fm("--show", show, "collect", "--json", **slack)
    assert {(one["questions"], one["topics"], one["changed"]) for one in json.loads(again.stdout)} == {
        (0, 0, 0)
    }
    assert inbox("inbox", "list", "--json") == before


def test_the_list_is_filtered_by_channel_and_status(inbox):
    everything = json.loads(inbox("inbox", "list", "--json"))
    in_channel = json.loads(inbox("inbox", "list", "--json", "--channel", "#ラジオへの質問"))
    received = json.loads(inbox("inbox", "list", "--json", "--status", "received"))
    assert {one["kind"] for one in in_channel} == {"question"}
    assert 0 < len(in_channel) < len(everything)
    assert {one["status"] for one in received} == {"received"}


def test_a_question_goes_from_the_shortlist_into_a_rundown(inbox):
    question = _free(json.loads(inbox("inbox", "list", "--json")))["id"]
    inbox("inbox", "shortlist", question.removeprefix("q-")[:6])
    assert json.loads(inbox("inbox", "show", question, "--json"))["status"] == "shortlisted"
    inbox("episode", "new", "髙橋さんの冬 ☃️", "--at", "2026-12-15T20:00+09:00")
    inbox("episode", "add", 2, question, "--at", "0:30", "--title", "冬の過ごしかた")
    rundown = json.loads(inbox("episode", "show", 2, "--json"))["rundown"]
    assert rundown == [{"title": "冬の過ごしかた", "at": "0:30", "question": question}]
    assert json.loads(inbox("inbox", "show", question, "--json"))["status"] == "slotted"


def test_a_radio_name_is_noted_and_withdrawing_ends_it(inbox):
    question = _free(json.loads(inbox("inbox", "list", "--json")))["id"]
    inbox("inbox", "consent", question, "--as", "radio_name", "--name", "雪だるま", "--reading", "ゆきだるま")
    assert json.loads(inbox("inbox", "show", question, "--json"))["naming"] == "radio_name"
    inbox("inbox", "withdraw", question)
    shown = json.loads(inbox("inbox", "show", question, "--json"))
    assert (shown["status"], shown["naming"]) == ("withdrawn", None)


@pytest.mark.parametrize(("command", "status"), [("next-time", "next_time"), ("decline", "declined")])
def test_a_question_may_wait_or_be_declined(inbox, command, status):
    question = _free(json.loads(inbox("inbox", "list", "--json")))["id"]
    inbox("inbox", command, question)
    assert json.loads(inbox("inbox", "show", question, "--json"))["status"] == status


@pytest.mark.parametrize("shelf", ["first-time", "waiting", "quiet-departments", "popular"])
def test_a_shelf_shows_open_questions_with_days_and_no_names(inbox, shelf):
    shown = inbox("inbox", "list", "--shelf", shelf)
    listed = json.loads(inbox("inbox", "list", "--shelf", shelf, "--json"))
    assert {one["status"] for one in listed} <= {"received", "shortlisted", "next_time"}
    assert all(one["waiting_days"] >= 0 for one in listed)
    assert all(one["people"] is None or one["people"] >= 3 for one in listed)
    assert len([line for line in shown.splitlines() if line.startswith("q-")]) == len(listed)
    assert listed or shelf == "popular"


@pytest.mark.usefixtures("inbox")
def test_a_question_kept_for_too_long_is_told_below_the_list(show):
    manifest = show / "feeds" / "show.toml"
    written = manifest.read_text("utf-8")
    manifest.write_text(written.replace("answer_within_days = 30", "answer_within_days = 1"), "utf-8")
    told = cityhall_fm("--show", show, "inbox", "list")
    assert "more than the promised 1 days" in told.stderr


def test_declining_tells_the_asker_once_and_in_private(show, slack, sandbox, inbox):
    question = _free(json.loads(inbox("inbox", "list", "--json")))["id"]
    shown = inbox("inbox", "decline", question, "--preview", "--reason", "time")
    assert "ありがとうございました" in shown
    assert json.loads(inbox("inbox", "show", question, "--json"))["status"] == "received"
    for said in ("was told.", "told before"):
        run = cityhall_fm("--show", show, "inbox", "decline", question, "--tell", "--reason", "time", **slack)
        assert (run.returncode, said in run.stdout) == (0, True), run.stdout + run.stderr
    (direct,) = [channel for channel in sandbox.world.channels if channel.kind == "im"]
    assert [message.text.strip() for message in sandbox.world.messages(direct.id)] == [shown.strip()]
