"""After recording, as hosts do it: files come on a bad line, are mastered, their chapters put right."""

from __future__ import annotations

import hashlib
import html
import io
import re
import shutil
import struct
import time
import urllib.request
import wave
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest

from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.roles import Role
from cityhall_fm.show.timecode import Timecode

THREE = EpisodeNumber(3)


def tone(seconds: float = 2.0, rate: int = 16_000) -> bytes:
    """Record a tone, as a recorder writes it."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = 9000 * np.sin(np.arange(round(seconds * rate)) / 20)
        file.writeframes(samples.round().astype("<i2").tobytes())
    return content.getvalue()


WAV = tone()


def put(
    host,
    name: str,
    content: bytes,
    *,
    at: int = 0,
    of: int | None = None,
    use="recording",
    file="file-1",
    **headers,
):
    path = f"/episodes/3/recordings/{quote(name, safe='')}?use={use}&file={file}"
    sent = {
        "origin": host.address,
        "x-csrf": host.csrf(),
        "accept": "application/json",
        "content-type": "application/octet-stream",
        "content-range": f"bytes {at}-{at + len(content) - 1}/{len(content) if of is None else of}",
    } | headers
    return host.send("PUT", path, content, sent)


def standing(host, name: str, *, file="file-1"):
    answer = host.send("HEAD", f"/episodes/3/recordings/{quote(name, safe='')}?file={file}", None, {})
    return int(answer.headers.get("upload-offset", -1))


def names(opened) -> list[str]:
    (folder,) = (opened.folder / "episodes").glob("0003-*")
    return sorted(path.name for path in folder.iterdir())


def test_a_recording_arrives_in_pieces_and_gets_its_place(opened):
    host = opened.visitor()
    assert standing(host, "佐久.wav") == 0
    for at in range(0, len(WAV), 10_000):
        assert standing(host, "佐久.wav") == at
        answer = put(host, "佐久.wav", WAV[at : at + 10_000], at=at, of=len(WAV), use="track")
        assert answer.status == (201 if at + 10_000 >= len(WAV) else 200)
    assert answer.json["name"] == "track-佐久.wav"
    assert answer.json["sha256"] == hashlib.sha256(WAV).hexdigest()
    (path,) = (opened.folder / "episodes").glob("0003-*/track-佐久.wav")
    assert path.read_bytes() == WAV
    assert not [name for name in names(opened) if name.startswith(".")]
    assert "佐久" in host.get("/episodes/3/sound").words
    log = host.get("/acts").words
    assert "第3回に録音を加えました" in log
    assert "佐久.wav" not in log
    # The last answer may have been lost: who asks hears that all is there, and sends nothing twice.
    again = host.send("HEAD", "/episodes/3/recordings/%E4%BD%90%E4%B9%85.wav?file=file-1", None, {})
    assert again.headers["upload-complete"] == "?1"


def test_a_file_goes_on_after_the_studio_began_anew(open_studio):
    opened = open_studio(collecting=False)
    host = opened.visitor()
    assert put(host, "a.wav", WAV[:5000], of=len(WAV)).status == 200
    (part,) = (opened.folder / "episodes").glob("0003-*/.arriving-*")
    assert part.stat().st_size == 5000
    opened = open_studio(collecting=False)
    host = opened.visitor()
    assert standing(host, "a.wav") == 5000
    assert put(host, "a.wav", WAV[5000:], at=5000, of=len(WAV)).json["name"] == "recording_02.wav"


def test_pieces_out_of_turn_are_not_taken_and_the_sender_learns_where_it_is(opened):
    host = opened.visitor()
    put(host, "a.wav", WAV[:5000], of=len(WAV))
    for at in (0, 4999, 5001, 9000):
        assert put(host, "a.wav", WAV[at : at + 100], at=at, of=len(WAV)).status == 409
    assert standing(host, "a.wav") == 5000
    assert put(host, "a.wav", WAV[5000:] + b"x", at=5000, of=len(WAV)).status == 409
    assert standing(host, "a.wav") == 5000
    wrong = {"content-range": "bytes 5000-5001/9"}
    assert put(host, "a.wav", WAV[5000:6000], at=5000, **wrong).status == 422
    assert put(host, "a.wav", b"x", **{"content-range": "bytes=0-0/1"}).status == 422


@pytest.mark.parametrize(
    "name",
    ["../../x.wav", "..%2fx.wav", "episode.md", "x.exe", ".htaccess.wav", "a\nb.wav", "enclosure.json"],
)
def test_names_that_would_do_harm_leave_nothing(opened, name):
    before = names(opened)
    assert put(opened.visitor(), name, WAV).status in (404, 422)
    assert names(opened) == before


def test_what_is_no_sound_is_refused_with_its_first_piece_or_its_last(opened):
    host, before = opened.visitor(), names(opened)
    page = put(host, "a.wav", b"<!doctype html>" * 100, of=10**6)
    assert (page.status, "聴ける音がありません" in page.json["error"]) == (422, True)
    assert put(host, "b.wav", WAV[:40], file="file-2").status == 422
    assert put(host, "c.wav", WAV, file="file-3", **{"x-sha256": "0" * 64}).status == 422
    assert names(opened) == before


def test_too_much_is_refused_before_it_is_sent(opened):
    host = opened.visitor()  # 4 GB, unless feeds/show.toml says otherwise
    huge = put(host, "a.wav", WAV[:100], of=5 * 10**9)
    assert (huge.status, "大きすぎます" in huge.json["error"]) == (422, True)
    assert standing(host, "a.wav") == 0


def test_only_hosts_bring_recordings_and_only_from_the_studios_page(opened):
    editor = opened.visitor(Role.EDITOR, person="U0EDIT")
    assert put(editor, "a.wav", WAV).status == 403
    assert put(opened.visitor(), "a.wav", WAV, **{"x-csrf": "0" * 64}).status == 403
    assert put(opened.visitor(), "a.wav", WAV, origin="https://example.com").status == 403


def test_a_recording_that_is_not_used_is_kept_aside(opened):
    host = opened.visitor()
    before = names(opened)
    assert host.post("/episodes/3/set-aside", name="recording.opus").status == 303
    assert "unused-1-recording.opus" in names(opened)
    assert "まだ録音がありません" in host.get("/episodes/3/sound").words
    assert host.post("/episodes/3/set-aside", name="../0001/episode.md").status == 404
    assert len(names(opened)) == len(before)


def master(host, opened) -> None:
    assert host.post("/episodes/3/master").status == 303
    until(lambda: not opened.room.jobs.job("master-3").running, 60)
    assert opened.room.jobs.job("master-3").error is None


def until(true, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    assert true()


def test_mastering_is_told_in_words_and_can_be_listened_to_from_any_second(opened):
    host = opened.visitor()
    master(host, opened)
    words = host.get("/episodes/3/sound").words
    assert "放送の音量にそろえました" in words
    assert "dB" not in words
    ranged = {"range": "bytes=100-199"}
    request = urllib.request.Request(f"{opened.address}/episodes/3/finished", headers=ranged)  # noqa: S310 - loopback
    request.add_header("cookie", f"studio={host.cookies['studio']}")
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - loopback
        assert (response.status, len(response.read())) == (206, 100)
    assert host.get("/episodes/3/peaks").json["version"] == 2
    assert host.get("/episodes/1/finished").status == 409
    stranger = type(host)(opened.address)
    assert stranger.get("/episodes/3/finished").status == 401


def test_in_a_browser_a_dropped_recording_arrives_across_a_lost_network(opened, page_of):
    page = page_of(opened)
    page.goto(f"{opened.address}/episodes/3/sound")
    big = tone(180)
    page.context.set_offline(True)
    page.set_input_files("#file", files=[{"name": "髙橋.wav", "mimeType": "audio/wav", "buffer": big}])
    page.wait_for_selector("#uploads >> text=つながるのを待っています")
    page.context.set_offline(False)
    until(lambda: "recording_02.wav" in names(opened), 30)
    page.wait_for_selector(".files >> text=recording_02.wav")
    (path,) = (opened.folder / "episodes").glob("0003-*/recording_02.wav")
    assert path.read_bytes() == big


# Chapters and soundbites on the wave


def times(opened) -> list[str | None]:
    segments = opened.companion.shelf.episode(THREE).rundown.segments
    return [segment.at.exact() if segment.at is not None else None for segment in segments]


def fields(answer, form: str) -> dict[str, str]:
    """Read a form as a browser fills it in."""
    part = re.search(rf'<form[^>]*action="{re.escape(form)}".*?</form>', answer.text, re.DOTALL)[0]
    inputs = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", part)]
    return {one["name"]: html.unescape(one.get("value", "")) for one in inputs if one["name"] != "csrf"}


@pytest.fixture(scope="module")
def master_copy(tmp_path_factory):
    """What mastering made the first time; the same recording gives the same bytes."""
    return tmp_path_factory.mktemp("master")


@pytest.fixture
def mastered(opened, master_copy):
    host = opened.visitor()
    (folder,) = (opened.folder / "episodes").glob("0003-*")
    public = opened.folder / "feeds" / "public"
    if not (master_copy / "media").exists():
        master(host, opened)
        shutil.copytree(public / "media", master_copy / "media")
        shutil.copy(folder / "enclosure.json", master_copy)
    else:
        shutil.copytree(master_copy / "media", public / "media")
        shutil.copy(master_copy / "enclosure.json", folder)
    return opened, host


def test_chapters_are_kept_in_the_recordings_times_and_nothing_is_written_over(mastered):
    opened, host = mastered
    placement = opened.companion.shelf.episode(THREE).enclosure.placement
    form = fields(host.get("/episodes/3/sound"), "/episodes/3/times")
    moved = form | {"at-3": "1:20.5"}
    assert host.post("/episodes/3/times", **moved).status == 303
    assert times(opened) == ["0:00", "0:20.4", placement.recorded(Timecode.parse("1:20.5")).exact(), "1:41.4"]
    # Somebody else's page still shows the chapter where it was.
    assert host.post("/episodes/3/times", **(form | {"at-3": "1:30"})).status == 409
    assert host.post("/episodes/3/times", **(form | {"at-4": "bald"})).status == 422
    # What they did not touch does not stand in the way of what they did.
    assert host.post("/episodes/3/times", **(form | {"at-4": ""})).status == 303
    assert times(opened)[3] is None


def test_one_time_that_was_heard_shifts_all(mastered):
    opened, host = mastered
    jingle = opened.companion.shelf.episode(THREE).enclosure.placement.programme_at
    page = host.get("/episodes/3/sound")
    form = fields(page, "/episodes/3/shift")
    seen = fields(page, "/episodes/3/times")["seen-2"]
    really = jingle.seconds + 22.4
    assert host.post("/episodes/3/shift", id=form["id"], seen=seen, really=f"{really:.3f}").status == 303
    shifted = times(opened)
    assert (shifted[0] != "0:00", len({one for one in shifted if one})) == (True, 4)
    # Pressed twice, it is one shift.
    seen = fields(host.get("/episodes/3/sound"), "/episodes/3/times")["seen-2"]
    host.post("/episodes/3/shift", id=form["id"], seen=seen, really="1:00")
    assert times(opened) == shifted


def test_soundbites_are_picked_and_taken_out(mastered):
    opened, host = mastered
    assert host.post("/episodes/3/bites", start="0:30", end="0:31", title="").status == 422
    assert (
        host.post("/episodes/3/bites", start="0:30", end="1:00", title="髙橋さんの😀灯油: 目安").status == 303
    )
    (bite,) = opened.companion.shelf.episode(THREE).bites
    assert (bite.length.exact(), bite.title) == ("0:30", "髙橋さんの😀灯油: 目安")
    page = host.get("/episodes/3/sound")
    assert "0:30 – 1:00" in page.words
    host.post("/episodes/3/bites/drop", name=fields(page, "/episodes/3/bites/drop")["name"])
    assert opened.companion.shelf.episode(THREE).bites == ()


def test_the_wave_reads_and_writes_times_as_the_studio_does(browser):
    context = browser.new_context()
    page = context.new_page()
    script = Path("src/cityhall_fm/studio/static/timecode.js").read_text("utf-8")
    page.evaluate(f"{script}; window.timecode = timecode")
    times = [Timecode(at) for at in (0, 1, 100, 59_999, 60_000, 754_900, 3_599_999, 3_600_000, 36_061_050)]
    assert page.evaluate("all => all.map(timecode.format)", [at.milliseconds for at in times]) == [
        at.exact() for at in times
    ]
    written = [*(at.exact() for at in times), "90", "1:02,5", " 0:03.8 "]
    assert page.evaluate("all => all.map(timecode.parse)", written) == [
        Timecode.parse(one).milliseconds for one in written
    ]
    assert page.evaluate("['', 'x', '-1', '1:2:3:4'].map(timecode.parse)") == [None] * 4
    context.close()


def test_a_chapter_is_dragged_on_the_wave_moved_by_keys_and_kept(mastered, page_of):
    opened, _ = mastered
    page = page_of(opened)
    page.goto(f"{opened.address}/episodes/3/sound")
    handle = page.locator(".handle[data-handle='3']")
    page.locator(".wave").scroll_into_view_if_needed()
    box, wave = handle.bounding_box(), page.locator(".wave").bounding_box()
    duration = int(page.locator("#wave").get_attribute("data-duration"))
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(wave["x"] + wave["width"] / 2, box["y"] + 60, steps=4)
    page.mouse.up()
    assert int(handle.get_attribute("aria-valuenow")) == pytest.approx(duration / 2, abs=400)
    middle = int(handle.get_attribute("aria-valuenow"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert int(handle.get_attribute("aria-valuenow")) == middle + 1100
    assert page.evaluate("document.getElementById('sound').currentTime") == pytest.approx(
        middle / 1000, abs=3
    )
    page.click("#times button.button:not(.small)")
    page.wait_for_selector("text=チャプターを保存しました")
    placement = opened.companion.shelf.episode(THREE).enclosure.placement
    at = opened.companion.shelf.episode(THREE).rundown.segments[2].at
    assert placement.finished(at).milliseconds == middle + 1100


def test_mastering_is_followed_live_in_a_browser(opened, page_of):
    page = page_of(opened)
    page.goto(f"{opened.address}/episodes/3/sound")
    page.click("text=放送の音に整える")
    page.wait_for_selector("#master-progress")
    page.evaluate(
        "window.seen = new Set();"
        "setInterval(() => seen.add(document.getElementById('master-progress')?.value), 50)"
    )
    page.wait_for_selector("text=放送の音量にそろえました", timeout=60_000)
    assert len({share for share in page.evaluate("[...seen]") if share}) > 1
    page.wait_for_selector(".handle >> nth=3")


def test_a_long_silence_is_told_with_a_way_to_hear_it(opened):
    host = opened.visitor()
    host.post("/episodes/3/set-aside", name="recording.opus")
    silence = bytes(16_000 * 2 * 8)
    content = tone(9) + silence + tone(9)[44:]
    content = content[:40] + struct.pack("<I", len(content) - 44) + content[44:]
    assert put(host, "a.wav", content).status == 201
    master(host, opened)
    page = host.get("/episodes/3/sound")
    assert "約8秒の無音があります" in page.words
    placement = opened.companion.shelf.episode(THREE).enclosure.placement
    (jump,) = re.findall(r'data-jump="(\d+)"', page.text)
    assert int(jump) == pytest.approx(placement.finished(Timecode.parse("9")).milliseconds, abs=400)
