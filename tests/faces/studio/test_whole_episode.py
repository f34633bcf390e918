"""From the inbox to listeners' apps without a terminal: an episode made in a browser, with keys alone too."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import podcastparser
import pytest

from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.question import Kind, Status

REPOSITORY = Path(__file__).parents[3]
RECORDING = REPOSITORY / "episodes" / "0001-shinkansen-and-neighbours" / "recording.opus"
TWO = EpisodeNumber(2)


def _asked(opened):
    """Find a question that was submitted and waits."""
    held = {id_ for one in opened.companion.shelf.episodes() for id_ in one.rundown.questions}
    return next(
        one
        for one in opened.companion.inbox.questions()
        if one.kind is Kind.QUESTION and one.status is Status.RECEIVED and one.id not in held
    )


def _picture(page, name: str) -> None:
    """Keep what a person saw, where somebody asked for pictures: PICTURES=folder pytest …"""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_an_episode_goes_from_the_inbox_to_the_feed_in_a_browser(evening, page_of):  # noqa: PLR0915 - one long way
    evening.clock.run()
    page, other = page_of(evening), page_of(evening, width=390)
    question = _asked(evening)

    # The inbox: a question is put on the shortlist.
    page.goto(f"{evening.address}/inbox")
    card = page.locator(f"#card-{question.id}")
    _picture(page, "inbox")
    card.focus()
    page.keyboard.press("x")
    page.locator(f"#card-{question.id}").get_by_text("候補", exact=False).first.wait_for()

    # A new episode with a rundown; somebody else looks on.
    page.goto(evening.address)
    page.get_by_label("新しい回の題").fill("佐久の春と、髙橋さんの畑🌸")
    page.get_by_role("button", name="回を作る").click()
    page.wait_for_url("**/episodes/2/rundown")
    other.goto(f"{evening.address}/episodes/2/rundown")
    page.get_by_role("button", name=re.compile("いつものコーナー|オープニング")).first.click()
    page.locator(".segment").first.wait_for()
    page.locator(f"#take-{question.id} input[name=title]").fill("春の畑仕事、いつ始めますか")
    page.locator(f"#take-{question.id} button").click()
    page.locator(".segment", has_text="春の畑仕事").wait_for()
    other.locator(".segment", has_text="春の畑仕事").wait_for()
    page.locator("#open-about").click()
    page.locator("#episode-summary").fill("畑仕事を始める時期の質問にお答えします。")
    page.locator("#describe button", has_text="保存").click()
    _until(page, "document.getElementById('episode-summary')?.defaultValue.includes('畑仕事')")
    _picture(page, "rundown")

    # The script, with readings over the kanji.
    page.get_by_role("link", name="台本", exact=True).click()
    page.locator("ruby").first.wait_for()
    assert page.locator("body").inner_text().count("春の畑仕事") >= 1
    _picture(page, "script")

    # On the air: the space bar says that the next part begins; reloading in the middle loses nothing.
    page.get_by_role("link", name="オンエア", exact=True).click()
    page.wait_for_url("**/air")
    segments = len(evening.companion.shelf.episode(TWO).rundown.segments)
    page.keyboard.press(" ")
    for number in range(segments):
        page.wait_for_timeout(1800)  # two hands within a second and a half are one tap
        page.keyboard.press(" ")
        if number == 0:
            page.wait_for_timeout(400)
            _picture(page, "air")
            page.reload()
            page.locator("#air-button").wait_for()
    page.wait_for_timeout(400)
    page.locator("#air-end").click()
    _until(page, "document.getElementById('air-button').disabled")
    assert not evening.companion.shelf.episode(TWO).rundown.untimed

    # The recording is brought, and finished.
    page.goto(f"{evening.address}/episodes/2/sound")
    page.locator("#file").set_input_files(RECORDING)
    page.locator(".files", has_text="recording").wait_for()
    page.get_by_role("button", name=re.compile("音量をそろえ|仕上げ|整え")).first.click()
    page.locator(".good-sheet").wait_for(timeout=90_000)
    _picture(page, "sound")

    # Out: what Slack will show is shown before, then it is said once.
    page.goto(f"{evening.address}/episodes/2/release")
    page.get_by_role("heading", name="Slack に出る予定のもの").wait_for()
    _picture(page, "release")
    page.get_by_role("button", name="いますぐ公開する").first.click()
    page.get_by_role("dialog").get_by_role("button", name="いますぐ公開する").click()
    page.get_by_role("heading", name="公開しました").wait_for(timeout=90_000)
    assert "お返事 1件" in page.locator("main").inner_text()

    site = evening.folder / "feeds" / "site"
    feed = podcastparser.parse("http://127.0.0.1/feed.xml", (site / "feed.xml").open("rb"))
    assert [one["title"] for one in feed["episodes"]] == ["佐久の春と、髙橋さんの畑🌸"]
    chapters = json.loads((site / "2" / "chapters.json").read_text("utf-8"))["chapters"]
    assert "春の畑仕事、いつ始めますか" in [one["title"] for one in chapters]
    assert evening.companion.inbox.question(question.id).status is Status.ANSWERED
    messages = [
        message.metadata["event_payload"]["key"].partition("/")[0]
        for channel in evening.sandbox.world.channels
        for message in evening.sandbox.world.messages(channel.id)
        if message.metadata
    ]
    assert sorted(messages) == ["announcement", "receipt"]


def _until(page, true: str) -> None:
    """Wait until something is true in the page; its policy lets no test of Playwright's own run."""
    for _ in range(300):
        if page.evaluate(true):
            return
        page.wait_for_timeout(50)
    pytest.fail(true)


def _press_until(page, *, key: str, finds: str, most: int = 80) -> None:
    """Press a key until the focus is on what a selector names."""
    for _ in range(most):
        if page.evaluate(f"document.activeElement?.matches({json.dumps(finds)}) ?? false"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{finds} cannot be reached by {key}")


def test_the_way_from_question_to_release_needs_no_mouse(evening, page_of):
    page = page_of(evening)
    question = _asked(evening)
    page.goto(f"{evening.address}/inbox")
    _press_until(page, key="j", finds=f"#card-{question.id}")
    page.keyboard.press("x")
    page.locator(f"#card-{question.id}").get_by_text("候補", exact=False).first.wait_for()

    page.goto(evening.address)
    _press_until(page, key="Tab", finds="#title")
    page.keyboard.type("手だけで作る回")
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/2/rundown")
    _press_until(page, key="Tab", finds=f"#title-{question.id}")
    page.keyboard.type("春の畑")
    page.keyboard.press("Enter")
    page.locator(".segment", has_text="春の畑").wait_for()
    _press_until(page, key="Tab", finds="#new-title")
    page.keyboard.type("おわりに")
    page.keyboard.press("Enter")
    page.locator(".segment", has_text="おわりに").wait_for()
    last = page.locator(".segment", has_text="おわりに").get_attribute("id")
    _press_until(page, key="Tab", finds=f"#{last} *")
    page.keyboard.press("k")
    _until(page, "document.querySelector('.segment h2').textContent.includes('おわりに')")

    for step in ("script", "air", "sound", "release"):
        _press_until(page, key="Tab", finds=f'.steps a[href$="/{step}"]')
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/episodes/2/{step}")
    _press_until(page, key="Tab", finds='.mending a[href$="/sound"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/2/sound")
    _press_until(page, key="Tab", finds="#file")
