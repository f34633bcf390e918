"""The inbox in a real browser: by keys alone, with words that wait, and two hosts at once."""

from __future__ import annotations

import re
import wave
from dataclasses import replace
from io import BytesIO

import pytest

from cityhall_fm.production.curate import move
from cityhall_fm.show.consent import Private
from cityhall_fm.show.outbox import NO_EPISODE
from cityhall_fm.show.question import Kind, Status
from cityhall_fm.show.slack_thread import Clip
from studio_inbox import status_of, stored


@pytest.fixture
def alone(open_studio):
    """A studio whose list holds nothing but the example's own."""
    return open_studio()


def test_by_keys_alone_from_card_to_card(alone, page_of):
    opened = alone
    page = page_of(opened)
    page.goto(f"{opened.address}/inbox")
    first, second = (page.locator("article.card").nth(place).get_attribute("id") for place in (0, 1))
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == second
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == first
    page.keyboard.press("o")
    assert page.locator(f"#{first} details.thread").get_attribute("open") is not None
    page.keyboard.press("x")
    page.locator(".undo").wait_for()
    id_ = first.removeprefix("card-")
    assert opened.companion.inbox.question(id_).status is Status.SHORTLISTED
    page.locator(f"#{first}:focus").wait_for()
    page.keyboard.press("u")
    page.locator(".notice").wait_for()
    assert opened.companion.inbox.question(id_).status is Status.RECEIVED
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Escape")


def test_declining_by_keys_shows_the_words_and_counts_down(alone, page_of):
    opened = alone
    page = page_of(opened)
    page.goto(f"{opened.address}/inbox")
    page.keyboard.press("j")
    id_ = page.evaluate("document.activeElement.id").removeprefix("card-")
    page.keyboard.press("d")
    page.locator("#panel[open]").wait_for()
    page.select_option("#decline-reason", "time")
    assert "放送の時間に収まりきりませんでした" in page.input_value("#decline-words")
    page.fill("#decline-words", "佐久からお礼を😀")
    page.select_option("#decline-reason", "theme")
    assert page.input_value("#decline-words") == "佐久からお礼を😀"
    opened.room.live.changed("inbox")
    page.locator("#panel button.button").click()
    page.locator("[data-seconds]").wait_for()
    assert re.search(r"あと\d+秒", page.inner_text(".undo"))
    (waiting,) = opened.companion.outbox.waiting(NO_EPISODE)
    assert waiting.delivery.about.endswith("\n佐久からお礼を😀")
    assert page.locator(f"#card-{id_}").count() == 0
    page.keyboard.press("u")
    page.locator(f"#card-{id_}").wait_for()
    assert opened.companion.outbox.waiting(NO_EPISODE) == []


def test_another_browser_sees_it_at_once_and_a_refusal_is_read_over_the_panel(alone, page_of):
    opened = alone
    mine, theirs = page_of(opened), page_of(opened, width=390, height=844)
    for page in (mine, theirs):
        page.goto(f"{opened.address}/inbox")
    assert theirs.evaluate("document.documentElement.scrollWidth") <= 390
    topic = next(one for one in opened.companion.inbox.questions() if one.kind is Kind.TOPIC)
    mine.locator(f"#card-{topic.id} [data-key=x]").click()
    theirs.locator(f"#card-{topic.id} .status", has_text="候補").wait_for()
    theirs.locator(f"#card-{topic.id} [data-key=s]").click()
    theirs.locator("#panel[open]").wait_for()
    theirs.fill("#slot-title", " ")
    theirs.locator("#panel button.button").click()
    theirs.locator("#panel #problem p").first.wait_for()
    theirs.fill("#slot-title", "雪かき")
    theirs.locator("#panel button.button").click()
    mine.locator(f"#card-{topic.id}").wait_for(state="detached")
    assert status_of(opened, topic) is Status.SLOTTED


def test_a_voice_is_not_cut_short_by_what_others_do(alone, page_of):
    opened = alone
    clip = Clip("F0VOICE", "audio/wav", 10, 30, Private(""), Private(""))
    question = next(
        one
        for one in opened.companion.inbox.questions()
        if one.kind is Kind.QUESTION and one.status is Status.RECEIVED
    )
    opening = replace(question.thread.opening, clips=(clip,))
    stored(opened, replace(question, thread=replace(question.thread, opening=opening)))
    opened.companion.voices.keep(question.id, clip, _silence(seconds=30))
    page = page_of(opened)
    page.goto(f"{opened.address}/inbox/{question.id}")
    page.keyboard.press("j")
    page.evaluate("document.querySelector('audio').id = 'mine'")
    page.evaluate("document.querySelector('audio').play()")
    assert page.evaluate("document.querySelector('audio').duration") == 30
    move(question.id, Status.SHORTLISTED, inbox=opened.companion.inbox, now=opened.clock())
    opened.room.live.changed("inbox")
    page.wait_for_timeout(1000)
    assert page.locator("#mine").count() == 1
    page.evaluate("document.querySelector('audio').pause()")
    page.locator(".status", has_text="候補").wait_for()
    assert page.locator("#mine").count() == 0


def _silence(seconds):
    content = BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * seconds))
    return content.getvalue()
