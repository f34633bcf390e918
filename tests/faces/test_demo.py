"""The whole main job, run as a newcomer runs it: in a process, without ffmpeg, Slack or bucket."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import zipfile
from contextlib import contextmanager
from pathlib import Path

import av
import feedparser
import numpy as np
import podcastparser
import pytest
from mutagen.id3 import ID3

from commands import cityhall_fm, start_cityhall_fm
from free_port import two_in_a_row
from memories import names_its_own
from page_visitor import Browser, form_on

from chromium import chromium_path

pytestmark = names_its_own  # the demo makes its show itself

EXAMPLE = Path(__file__).parents[2]
STORY = json.loads((EXAMPLE / "src/cityhall_fm/demo/story.json").read_text("utf-8"))
ANNOUNCEMENTS = "fmリモート市役所"
QUESTIONS = "C0SAKU005"
GOAT = "ヤギを飼ってもよいですか? 髙橋😀"


@pytest.fixture(scope="module")
def port():
    return two_in_a_row()


@pytest.fixture(scope="module")
def played(tmp_path_factory, port):
    folder = tmp_path_factory.mktemp("demo") / "番組"
    run = cityhall_fm("demo", "--once", "--dir", folder, "--port", port, fresh=True)
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    return folder


@pytest.fixture(scope="module")
def feed(played):
    return podcastparser.parse("http://127.0.0.1/feed.xml", (played / "feeds/public/feed.xml").open("rb"))


def _messages(folder: Path) -> list[dict]:
    with zipfile.ZipFile(folder / "sandbox-export.zip") as export:
        days = [name for name in export.namelist() if "/" in name]
        return [
            {**message, "channel": day.partition("/")[0]}
            for day in days
            for message in json.loads(export.read(day))
        ]


def _ours(folder: Path, kind: str) -> list[dict]:
    return [
        message
        for message in _messages(folder)
        if message.get("metadata", {}).get("event_payload", {}).get("key", "").startswith(f"{kind}/")
    ]


def _slots() -> list[str]:
    return [slot["question"] for slot in STORY["slots"]]


def _bytes_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "sqlite3" not in path.name
    }


def test_the_feed_has_no_error_in_independent_parsers(played, feed):
    parsed = feedparser.parse(str(played / "feeds/public/feed.xml"))
    assert not parsed.bozo
    assert [entry.itunes_episode for entry in parsed.entries] == ["3", "2", "1"]
    assert len(feed["episodes"]) == 3


def test_every_enclosure_is_as_long_as_its_file(played, feed):
    for episode in feed["episodes"]:
        enclosure = episode["enclosures"][0]
        media = played / "feeds/public/media" / enclosure["url"].rpartition("/")[2]
        assert enclosure["file_size"] == media.stat().st_size
        assert enclosure["mime_type"] == "audio/mpeg"


def test_what_was_published_is_what_was_built(played):
    built, site = _bytes_of(played / "feeds/public"), _bytes_of(played / "feeds/site")
    assert {key: site[key] for key in built} == built


def test_the_new_episode_is_as_loud_as_a_broadcast_by_another_meter(played):
    import pyloudnorm  # noqa: PLC0415 - it brings SciPy, which tests of other things do not wait for

    samples, rate = _decoded(next((played / "feeds/public/media").glob("0003-*.mp3")))
    assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(-16, abs=1)
    assert np.abs(samples).max() <= 10 ** (-0.9 / 20)


def test_its_chapters_are_read_by_mutagen(played):
    tags = ID3(next((played / "feeds/public/media").glob("0003-*.mp3")))
    chapters = sorted(tags.getall("CHAP"), key=lambda chapter: chapter.start_time)
    written = cityhall_fm("--show", played, "episode", "show", 3, "--json", fresh=True)
    titles = [segment["title"] for segment in json.loads(written.stdout)["rundown"]]
    assert [chapter.sub_frames["TIT2"].text[0] for chapter in chapters] == titles
    assert tags.getall("APIC")


def test_slack_holds_one_announcement(played):
    (announcement,) = _ours(played, "announcement")
    assert announcement["channel"] == ANNOUNCEMENTS
    assert "thread_ts" not in announcement


def test_every_answered_question_has_one_receipt_with_the_link_to_its_second(played):
    receipts = _ours(played, "receipt")
    answered = sorted(receipt["metadata"]["event_payload"]["key"].rpartition("/")[2] for receipt in receipts)
    assert answered == sorted(_slots())
    for receipt in receipts:
        opening = next(
            message
            for message in _messages(played)
            if message["channel"] == receipt["channel"] and message["ts"] == receipt["thread_ts"]
        )
        assert "white_check_mark" in {reaction["name"] for reaction in opening.get("reactions", [])}
        assert "/3/#t=" in json.dumps(receipt["blocks"])


def test_nothing_we_post_pings_anybody(played):
    ours = json.dumps([*_ours(played, "announcement"), *_ours(played, "receipt")], ensure_ascii=False)
    assert not any(ping in ours for ping in ("<!", "<@"))


def test_no_slack_name_and_no_topics_words_reach_a_public_file(played):
    workspace = EXAMPLE / "src/cityhall_fm/demo/workspace"
    hosts = (played / "feeds/show.toml").read_text("utf-8") + "".join(
        path.read_text("utf-8") for path in played.glob("episodes/*/episode.md")
    )
    names = {
        name
        for user in json.loads((workspace / "users.json").read_text("utf-8"))
        for name in (user["id"], user.get("real_name"), user["profile"].get("display_name"))
        if name and name not in hosts
    }
    listed = json.loads(cityhall_fm("--show", played, "inbox", "list", "--json", fresh=True).stdout)
    topics = {question["words"] for question in listed if question["kind"] == "topic"}
    agreed = {consent["radio_name"] for consent in STORY["consents"]}
    assert names - agreed
    assert topics
    public = "".join(
        path.read_text("utf-8")
        for path in (played / "feeds/public").rglob("*")
        if path.suffix in {".html", ".xml", ".json", ".vtt"}
    )
    assert {private for private in (names - agreed) | topics if private in public} == set()


def test_releasing_again_changes_nothing_and_needs_no_slack(played):
    before = _bytes_of(played)
    run = cityhall_fm("--show", played, "release", 3, fresh=True)
    assert (run.returncode, run.stderr) == (0, "")
    assert _bytes_of(played) == before


def test_the_demo_played_again_posts_nothing(played, port):
    before = (len(_ours(played, "announcement")), len(_ours(played, "receipt")))
    run = cityhall_fm("demo", "--once", "--dir", played, "--port", port, fresh=True)
    assert run.returncode == 0, run.stderr
    assert (len(_ours(played, "announcement")), len(_ours(played, "receipt"))) == before


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path, port):
    (tmp_path / "diary.txt").write_text("…", "utf-8")
    run = cityhall_fm("demo", "--once", "--dir", tmp_path, "--port", port, fresh=True)
    assert run.returncode == 1
    assert len(run.stderr.splitlines()) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


@pytest.fixture
def tried(played, tmp_path):
    """The demo as it was played once, to be started again."""
    return shutil.copytree(played, tmp_path / "番組")


def test_what_is_tried_out_is_answered_by_the_app_and_there_again_after_a_new_start(tried, port, request):
    with _at_work(tried, port) as (said, slack):
        assert "/fm" in said
        assert f"--show {tried} inbox list" in said
        yukinko = _acting(slack, "U0SAKU011")
        assert "📌" in yukinko.look(f"/archives/{QUESTIONS}")
        assert "Slackbot" not in yukinko.look()
        yukinko.send("/act/say", channel=QUESTIONS, text="/fm")
        form = form_on(yukinko.look_for("<dialog"))
        yukinko.send("/act/modal", **{**form, "field:words:words": GOAT, "do": "submit"})
        yukinko.send("/act/say", channel=QUESTIONS, text="温泉の定休日はいつですか?")
        emily = _acting(slack, "U0SAKU008")
        emily.send("/act/say", channel=QUESTIONS, text="/fm")
        assert "Write to the show" in emily.look_for("<dialog")
    assert "温泉の定休日" in _listed(tried)
    with _at_work(tried, port, "fr") as (said, slack):
        assert "Camille" in said
        if chromium_path():
            _try_it_in_a_real_browser(slack, request.getfixturevalue("browser"))
        yukinko = _acting(slack, "U0SAKU011")
        direct = next(place for place in yukinko.look().split('href="/archives/') if place.startswith("D"))
        assert GOAT in yukinko.look(f"/archives/{direct[:11]}")
        assert yukinko.look(f"/archives/{QUESTIONS}").count("📌") == 1
        yukinko.send("/act/say", channel=QUESTIONS, text="/fm")
        form = form_on(yukinko.look_for("<dialog"))
        yukinko.send("/act/modal", **{**form, "field:words:words": "ニワトリは?", "do": "submit"})
        yukinko.send("/act/say", channel=QUESTIONS, text="回覧板はありますか?")
    assert all(words in _listed(tried) for words in ("ヤギ", "ニワトリ", "回覧板", "落ち葉"))


def _decoded(path: Path) -> tuple[np.ndarray, int]:
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray().T for frame in container.decode(audio=0)]
        return np.concatenate(frames).astype(float), container.streams.audio[0].rate


@contextmanager
def _at_work(folder, port, language="ja"):
    """Run the demo until the block ends; gives what it printed, and the practice Slack's address."""
    said = []
    more = {"CITYHALL_FM_LANGUAGE": language, "PYTHONUNBUFFERED": "1"}
    with start_cityhall_fm("demo", "--dir", folder, "--port", port, **more) as process:
        try:
            while "inbox list" not in (line := process.stdout.readline()):
                assert line, process.stderr.read()
                said.append(line)
            yield "".join([*said, line]), f"http://127.0.0.1:{port + 1}/"
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=40)
        finally:
            process.kill()
    assert (process.returncode, errors) == (0, "")


def _acting(address, member):
    browser = Browser(address)
    browser.send("/act/as", user=member)
    return browser


def _listed(folder):
    return cityhall_fm("--show", folder, "inbox", "list").stdout


def _try_it_in_a_real_browser(slack, browser):
    """On a phone and on a desk."""
    for width, member in ((390, "こたつむり🍊"), (1280, "中島わたる")):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP")
        page = context.new_page()
        page.set_default_timeout(15_000)
        told = []
        page.on("pageerror", lambda error, told=told: told.append(str(error)))
        page.goto(slack)
        page.locator("#acting-as").select_option(label=member)
        page.get_by_role("button", name="この人になる").click()
        write = page.get_by_placeholder("ラジオへの質問 へのメッセージ")
        write.fill("落ち葉は燃やしてもよいですか?")
        write.locator("xpath=ancestor::form").get_by_role("button", name="送信").click()
        said = page.locator("article", has_text="落ち葉は燃やしてもよいですか?").last
        said.wait_for()
        assert 0 < said.bounding_box()["y"] < 900, "one sees what one said"
        write.fill("/fm")
        write.locator("xpath=ancestor::form").get_by_role("button", name="送信").click()
        page.get_by_label("質問やおたより").fill(f"{GOAT} {width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="送る", exact=True).last.click()
        page.get_by_role("button", name="閉じる", exact=True).click()
        page.get_by_role("button", name="🏠 FMリモート市役所").click()
        page.get_by_text(f"{GOAT} {width}").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert told == []
        context.close()
