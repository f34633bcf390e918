"""Takes the pictures of the studio that README shows, from the example show: inbox, rundown, on air, release.

`python tools/take_pictures.py [FOLDER]` plays the demo in a folder of its own, makes the next episode in the
studio with Chromium, as a host would, and writes studio-{inbox,rundown,air,release}.png into FOLDER
(tools/pictures): each 1280 by 800, of few colours, at most 150 kB. It needs Playwright, of the `dev` extra,
and a Chromium; CHROMIUM names one. Nothing leaves this machine.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from cityhall_fm.demo.play import play, workspace
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.settings import read_settings
from cityhall_fm.show.question import QuestionId, Status
from cityhall_fm.studio.serving import studio_at_work
from cityhall_fm.wiring import Wired

ROOT: Final = Path(__file__).parents[1]
RECORDING: Final = next((ROOT / "episodes").glob("0003-*/recording.opus"))
SIZE: Final = (1280, 800)
_BETWEEN_TAPS: Final = 1800
"""Milliseconds: two hands within a second and a half are one tap."""
_ON_AIR: Final = 3
_COLOURS: Final = 128
MOST_BYTES: Final = 150_000
TITLE: Final = "雪の朝の、はじめかた"
SUMMARY: Final = "冬の運転、外で遊べない日の過ごしかた、りんごの食べかた。みなさんのおたよりにお答えします。"
LETTERS: Final = {
    "2歳と4歳": ("外に出られない冬の日、どこで遊びますか", "6:00"),
    "winter tyres": ("はじめての冬、タイヤはいつ替えますか", "7:30"),
    "りんごの皮": ("りんごの皮は、むく派ですか", "4:00"),
}
"""Which letters are read: what they say, the host's title, the length planned."""
CORNERS: Final = (("今日の佐久", "2:30"), ("まちのお知らせ", "5:00"))


def main(arguments: Sequence[str]) -> int:
    """Take them all; the way there is the way of a host."""
    pictures = Path(arguments[0]) if arguments else Path(__file__).with_name("pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as place, workspace(Path(place), port=0) as sandbox:
        played = play(Path(place) / "show", sandbox, port=1, now=datetime.now(UTC), progress=Silence())
        environment = {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_API_URL": sandbox.api_url}
        companion = Wired(read_settings(played.folder, environment))
        with studio_at_work(companion, port=0) as (room, address), sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=_chromium(), args=["--no-sandbox", "--lang=ja"])
            page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, locale="ja-JP")
            page.goto(f"{address}/enter?link={room.entry.link()}")
            _make_episode(page, address, companion, lambda name: _take(page, pictures / f"studio-{name}.png"))
            browser.close()
    return 0


def _make_episode(page: Page, address: str, companion: Wired, take: Callable[[str], None]) -> None:
    page.goto(f"{address}/inbox")
    take("inbox")
    letters = _letters(companion)
    for question in letters:
        page.locator(f"#card-{question} form[action$=shortlist] button").click()
        page.locator(f"#card-{question} form[action$=shortlist]").wait_for(state="detached")

    page.goto(address)
    page.fill("#title", TITLE)
    page.press("#title", "Enter")
    page.wait_for_url("**/rundown")
    episode = page.url.removesuffix("/rundown")
    page.click("#corners")
    page.locator(".segment").nth(1).wait_for()
    _add(page, *CORNERS[0])
    for question, (title, length) in letters.items():
        page.fill(f"#title-{question}", title)
        page.click(f"#take-{question} button")
        row = page.locator(".segment", has_text=title)
        row.locator(".edit summary").click()
        row.locator("[name=length]").fill(length)
        row.locator("form[action$=rewrite] button").click()
        row.locator(".length", has_text=length).wait_for()
    _add(page, *CORNERS[1])
    page.click("#open-about")
    page.fill("#episode-summary", SUMMARY)
    page.click("#describe .button")
    page.locator(".notice", has_text="保存").wait_for()
    page.goto(f"{episode}/rundown")  # without the notice of what was done last
    take("rundown")

    page.goto(f"{episode}/air")
    page.click("#air-button")
    for _ in range(page.locator(".lines li").count()):
        page.wait_for_timeout(_BETWEEN_TAPS)
        page.keyboard.press(" ")
        if page.locator(".lines .done").count() == _ON_AIR:
            page.wait_for_timeout(_BETWEEN_TAPS)
            take("air")
    page.wait_for_timeout(_BETWEEN_TAPS)
    page.click("#air-end")

    page.goto(f"{episode}/sound")
    page.set_input_files("#file", RECORDING)
    page.click("form[action$='/master'] button")
    page.locator(".good-sheet").wait_for(timeout=120_000)
    page.goto(f"{episode}/release")
    take("release")


def _add(page: Page, title: str, length: str) -> None:
    page.fill("#add [name=title]", title)
    page.fill("#add [name=length]", length)
    page.click("#add button")
    page.locator(".segment", has_text=title).wait_for()


def _letters(companion: Wired) -> dict[QuestionId, tuple[str, str]]:
    waiting = companion.inbox.questions(statuses=frozenset({Status.RECEIVED}))
    return {
        next(one.id for one in waiting if says in one.words.for_host()): told
        for says, told in LETTERS.items()
    }


def _take(page: Page, file: Path) -> None:
    """Write what a person sees; flat colours lose nothing when there are few."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement?.blur()")
    page.wait_for_timeout(400)
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    written = io.BytesIO()
    seen.quantize(_COLOURS, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    if written.tell() > MOST_BYTES:
        raise SystemExit(f"{file.name}: {written.tell()} bytes are more than {MOST_BYTES}")
    file.write_bytes(written.getvalue())


def _chromium() -> str:
    named = [
        os.environ.get("CHROMIUM", ""),
        *map(shutil.which, ("chromium", "chromium-browser", "google-chrome")),
    ]
    return next((one for one in named if one), "chromium")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
