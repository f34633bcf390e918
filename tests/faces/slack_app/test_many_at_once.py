"""More members than threads, while Slack makes the app wait in earnest: everybody is answered in time."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cityhall_fm.sandbox import FailsBefore, RateLimited
from cityhall_fm.slack_app.lines import Line
from cityhall_fm.slack_app.rounds import Rounds

CHAT = "雑談"
ACK_SECONDS = 3.0
MANY = 8
"""More than the threads in which Bolt runs listeners: five."""


@pytest.fixture(params=["socket", "http"])
def busy(request, start, sandbox):
    """The app with a Slack that is really waited for, and a crowd."""
    for number in range(MANY):
        sandbox.world.add_user(f"member{number}", display_name=f"髙橋{number}😀", locale="ja-JP")
        sandbox.world.join(CHAT, f"member{number}")
    in_a_hurry = threading.Event()
    yield start(request.param, sleep=in_a_hurry.wait)
    in_a_hurry.set()  # nothing asks the next scene's Slack


def members(scene):
    return [scene.as_member(f"member{number}") for number in range(MANY)]


def all_at_once(acts):
    with ThreadPoolExecutor(len(acts)) as threads:
        begun = time.monotonic()
        done = list(threads.map(lambda act: act(), acts))
    assert time.monotonic() - begun < ACK_SECONDS
    return done


def test_forms_that_slack_does_not_open_keep_no_other_member_waiting(busy):
    busy.sandbox.faults.add("views.open", RateLimited(20), times=MANY)
    pressed = all_at_once([lambda one=one: one.shortcut("ask") for one in members(busy)])
    assert [one.problem for one in pressed] == [""] * MANY
    busy.wait_for(lambda: not len(busy.sandbox.faults))
    begun = time.monotonic()
    saku = busy.as_member("saku")
    assert saku.command("/fm", "snow", channel=CHAT).modal().fields["Your question or message"] == "snow"
    assert time.monotonic() - begun < ACK_SECONDS
    for one in members(busy):
        busy.wait_for(lambda one=one: any("もう一度" in said.text for said in one.direct()))


@pytest.mark.parametrize("fault", [FailsBefore(), RateLimited(20)])
@pytest.mark.parametrize("mode", ["socket", "http"])
def test_a_slack_that_does_not_say_who_we_are_keeps_nobody_out(start, mode, fault):
    scene = start(mode)
    scene.sandbox.faults.add("auth.test", fault, times=20)
    begun = time.monotonic()
    takahashi = scene.as_member("takahashi")
    takahashi.say("ラジオへの質問", "一番はじめの質問 佐久 😀")
    form = takahashi.command("/fm", "雪は", channel=CHAT).modal()
    assert time.monotonic() - begun < ACK_SECONDS
    assert form.fields["質問やおたより"] == "雪は"
    scene.sandbox.faults.clear()
    scene.wait_for(lambda: [one.words.for_host() for one in scene.questions()])
    assert not any("reinstall" in said.text for said in takahashi.whispers())


def test_emoji_that_slack_makes_wait_hold_up_nobody_who_sends_a_form(busy):
    forms = [
        one.command("/fm", f"絵文字の渋滞{i}", channel=CHAT).modal() for i, one in enumerate(members(busy))
    ]
    busy.sandbox.faults.add("reactions.add", RateLimited(8))
    sent = all_at_once([form.submit for form in forms])
    assert [one.problem for one in sent] == [""] * MANY
    for one in members(busy):
        busy.wait_for(lambda one=one: "受け取りました" in one.modal.text)


def test_forms_that_slack_keeps_from_being_stored_are_acknowledged_and_arrive(busy):
    forms = [
        one.command("/fm", f"待ち合わせ{i}", channel=CHAT).modal() for i, one in enumerate(members(busy))
    ]
    busy.sandbox.faults.add("chat.postMessage", RateLimited(2), times=MANY)
    sent = all_at_once([form.submit for form in forms])
    assert [one.problem for one in sent] == [""] * MANY
    assert any("送っています" in one.modal.text for one in members(busy))
    busy.wait_for(lambda: len(busy.questions()) == MANY)
    for one in members(busy):
        busy.wait_for(lambda one=one: "受け取りました" in one.modal.text)
    assert busy.desk.voice.problems == []


def test_what_one_member_wishes_for_is_done_in_order_and_others_need_not_wait():
    line, done, goes_on = Line("test", workers=4), [], threading.Event()
    held = line.put(lambda: goes_on.wait(5) and done.append("髙橋 1"), "髙橋")
    line.put(lambda: done.append("髙橋 2"), "髙橋")
    other = line.put(lambda: done.append("佐久"), "佐久")
    assert other.result(5) is None
    assert not held.done()
    goes_on.set()
    assert line.settle(5)
    assert done == ["佐久", "髙橋 1", "髙橋 2"]


def test_a_line_has_no_more_threads_than_it_may_and_loses_nothing():
    line, at_work, most = Line("test", workers=3), [], []

    def work():
        at_work.append(1)
        most.append(len(at_work))
        time.sleep(0.005)
        at_work.pop()

    futures = [line.put(work, number % 7) for number in range(60)]
    assert line.settle(10)
    assert all(future.done() and not future.cancelled() for future in futures)
    assert max(most) <= 3


def test_a_line_that_ended_tells_what_it_left_and_takes_nothing_more():
    line, goes_on = Line("test", workers=1), threading.Event()
    line.put(lambda: goes_on.wait(5))
    left = line.put(lambda: None)
    assert not line.settle(0.02)
    assert line.end() == 2
    assert left.cancelled()
    assert line.put(lambda: None).cancelled()
    goes_on.set()


def test_wishes_that_come_while_a_round_is_made_are_met_by_one_more():
    made, goes_on, is_made = [], threading.Event(), threading.Event()

    def work():
        made.append(1)
        is_made.set()
        goes_on.wait(5)
        return 3600.0

    rounds = Rounds("test", work)
    rounds.start()
    assert is_made.wait(5)
    for _ in range(20):
        rounds.wish()
    goes_on.set()
    assert rounds.settle(5)
    rounds.stop(1)
    assert len(made) == 2


def test_a_round_that_fails_for_a_reason_nobody_foresaw_is_not_the_last(by_socket):
    assert not by_socket.desk.voice.carefully(lambda: {}["髙橋はなの言葉"])
    (problem,) = by_socket.desk.voice.problems
    assert problem.text.values == {"kind": "KeyError", "place": problem.text.values["place"]}
    assert "voice.py" in problem.text.values["place"]


def test_what_was_acknowledged_is_finished_before_the_app_ends(start):
    scene = start("socket", sleep=time.sleep)
    form = scene.as_member("takahashi").command("/fm", "終わり際の質問", channel=CHAT).modal()
    scene.sandbox.faults.add("chat.postMessage", RateLimited(3))
    form.submit()
    assert scene.questions() == []
    scene.desk.close()
    assert [one.words.for_host() for one in scene.questions()] == ["終わり際の質問"]
