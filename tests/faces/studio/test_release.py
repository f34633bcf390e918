"""The release page: what is missing, what Slack will show, out now or at its hour, and back again."""

from __future__ import annotations

import re
import time

import pytest

from cityhall_fm.production.going_out import date_it
from cityhall_fm.show.episode import EpisodeNumber, Guid
from cityhall_fm.show.outbox import thanking
from cityhall_fm.show.roles import Role
from cityhall_fm.show.schedule import State

HERE = "/episodes/1/release"
ONE = EpisodeNumber(1)


def _wait(opened, name):
    until = time.monotonic() + 60
    while (job := opened.room.jobs.job(name)) is None or job.running:
        assert time.monotonic() < until, name
        time.sleep(0.02)
    assert job.error is None, repr(job.error)
    return job


def _messages(opened):
    world = opened.sandbox.world
    return [
        message.metadata["event_payload"]["key"].partition("/")[0]
        for channel in world.channels
        for message in world.messages(channel.id)
        if message.metadata
    ]


def test_a_new_episode_names_all_that_is_missing_with_a_way_to_mend_it(evening):
    evening.companion.shelf.create(title="佐久の春", guid=Guid("a-guid"), planned_for=None)
    answer = evening.visitor().get("/episodes/2/release")
    for words in ("あらすじがまだありません", "進行表が空です", "録音がまだありません"):
        assert words in answer.words
    assert 'href="/episodes/2/rundown"' in answer.text
    assert 'href="/episodes/2/sound"' in answer.text
    assert 'action="/episodes/2/release/now"' not in answer.text


def test_what_slack_will_show_is_shown_before_it_is_said(evening):
    answer = evening.visitor().get(HERE)
    assert "Slack に出る予定のもの" in answer.words
    assert "新幹線と、ご近所づきあい" in answer.words
    assert answer.text.count('class="message"') == 1 + len(
        evening.companion.shelf.episode(ONE).rundown.questions
    )
    assert _messages(evening) == []


def test_one_button_brings_an_episode_out_and_the_page_tells_what_went_out(evening):
    visitor = evening.visitor()
    assert visitor.post(f"{HERE}/now").headers["location"] == HERE
    _wait(evening, "release-1")
    answer = visitor.get(HERE)
    assert "公開しました" in answer.words
    questions = evening.companion.shelf.episode(ONE).rundown.questions
    assert f"お返事 {len(questions)}件" in answer.words
    assert sorted(_messages(evening)) == sorted(["announcement", *["receipt"] * len(questions)])
    assert "第1回の公開を始めました" in visitor.get("/acts").words

    visitor.post(f"{HERE}/correct")
    _wait(evening, "correct-1")
    assert "反映しました" in visitor.get(HERE).words
    assert len(_messages(evening)) == 1 + len(questions)

    answer = visitor.post(f"{HERE}/rollback")
    assert answer.status == 409
    assert "戻" in answer.words


def test_a_release_is_set_for_its_hour_moved_and_taken_back(evening):
    visitor = evening.visitor()
    visitor.post(f"{HERE}/later", at="2026-12-01T20:00")
    job = _wait(evening, "prepare-1")
    answer = visitor.get(HERE)
    assert "2026年12月1日(火) 20:00 に公開します" in answer.words
    assert job.outcome.preview in answer.text

    visitor.post(f"{HERE}/later", at="2026-12-02T20:00")
    _wait(evening, "prepare-1")
    assert "2026年12月2日(水) 20:00" in visitor.get(HERE).words

    visitor.post(f"{HERE}/cancel")
    assert evening.companion.dates.of(ONE).state is State.CANCELLED
    answer = visitor.get(HERE)
    assert "予約を取り消しました" in answer.words
    assert "に公開します" not in answer.words


def test_after_trouble_at_its_hour_it_can_still_be_moved_and_cancelled(evening):
    visitor = evening.visitor()
    visitor.post(f"{HERE}/later", at="2026-12-01T20:00")
    _wait(evening, "prepare-1")
    at = evening.companion.dates.of(ONE).at
    date_it(ONE, evening.companion, at=at)  # and there the machine lost its bucket

    answer = visitor.get(HERE)
    assert f'action="{HERE}/cancel"' in answer.text
    assert f'action="{HERE}/later"' in answer.text
    assert f'action="{HERE}/correct"' not in answer.text
    visitor.post(f"{HERE}/cancel")
    assert evening.companion.dates.of(ONE).state is State.CANCELLED
    assert evening.companion.shelf.episode(ONE).published_at is None


def test_a_private_receipt_that_perhaps_did_not_arrive_is_named(evening):
    visitor = evening.visitor()
    visitor.post(f"{HERE}/now")
    _wait(evening, "release-1")
    assert "届いているかもしれない" not in visitor.get(HERE).words
    question = evening.companion.inbox.questions()[0]
    receipt, _ = thanking(Guid("別の回の"), ONE, question)
    evening.companion.outbox.put([receipt], at=evening.clock())
    evening.companion.outbox.give_up(receipt, reason="perhaps", at=evening.clock())

    words = visitor.get(HERE).words
    assert "届いているかもしれないので、もう送りません" in words
    assert question.id in words


def test_a_date_that_has_passed_is_refused_in_words_and_nothing_is_set(evening):
    visitor = evening.visitor()
    visitor.post(f"{HERE}/later", at="2020-12-01T20:00")
    until = time.monotonic() + 20
    while evening.room.jobs.job("prepare-1").running and time.monotonic() < until:
        time.sleep(0.02)
    assert "うまくいきませんでした" in visitor.get(HERE).words
    assert evening.companion.dates.of(ONE) is None


@pytest.mark.parametrize("at", ["", "明日の20時", "2026-13-40T99:99"])
def test_what_is_no_time_is_asked_for_again(evening, at):
    visitor = evening.visitor()
    visitor.post(f"{HERE}/later", at=at)
    assert "日時を入れてください" in visitor.get(HERE).words


@pytest.mark.parametrize("button", ["now", "later", "cancel", "correct", "rollback"])
def test_a_host_may_look_and_not_publish(evening, button):
    host = evening.visitor(Role.HOST, person="U0HOST")
    assert "公開は制作責任者が行います" in host.get(HERE).words
    assert host.post(f"{HERE}/{button}", at="2026-12-01T20:00").status == 403
    assert evening.room.jobs.running() == ()


def test_the_plan_tells_what_would_be_done_and_does_nothing(evening):
    visitor = evening.visitor()
    visitor.post(f"{HERE}/plan")
    _wait(evening, "plan-1")
    assert "件を送ります" in re.sub(r"\([^)]*\)", "", visitor.get(HERE).words)
    assert not (evening.folder / "feeds" / "site").exists()


def test_a_browser_follows_a_release_from_button_to_receipts(evening, page_of):
    page = page_of(evening)
    page.goto(f"{evening.address}{HERE}")
    page.get_by_role("button", name="いますぐ公開する").first.click()
    page.get_by_role("dialog").get_by_role("button", name="いますぐ公開する").click()
    page.get_by_text("お返事", exact=False).first.wait_for()
    page.get_by_role("heading", name="公開しました").wait_for()
