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
