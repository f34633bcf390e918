"""`cityhall-fm master` and what can be done around it, in a process of its own."""

from __future__ import annotations

import json
import signal
import time
import wave

import av
from mutagen.id3 import ID3
from PIL import Image

from commands import cityhall_fm, start_cityhall_fm


def _told(show, *arguments):
    run = cityhall_fm("--show", show, "master", *arguments)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_a_master_is_made_once_with_everything_beside_it(show):
    path = show / "feeds" / "show.toml"
    wanted = path.read_text("utf-8").replace("alternates = []", 'alternates = ["opus"]')
    path.write_text(wanted, "utf-8")
    episode = next(show.glob("episodes/0001-*/episode.md"))
    bites = 'soundbites:\n  - {at: "0:20", length: "0:15", title: 聞きどころ}\nrundown:\n'
    episode.write_text(episode.read_text("utf-8").replace("rundown:\n", bites), "utf-8")

    first = json.loads(_told(show, 1, "--json"))
    again = json.loads(_told(show, 1, "--json"))

    assert (first.pop("made"), again.pop("made")) == (True, False)
    assert first == again
    assert abs(first["integrated"] + 16) <= 0.3
    assert first["true_peak"] <= -1
    endings = sorted(path.name.rpartition(".")[2] for path in (show / "feeds/public/media").iterdir())
    assert endings == ["json", "mp3", "mp3", "opus"]


def test_ctrl_c_leaves_the_show_as_it_was(show):
    before = sorted(path.relative_to(show) for path in show.rglob("*") if path.is_file())
    media = show / "feeds" / "public" / "media"
    process = start_cityhall_fm("--show", show, "master", 1)
    while not list(media.glob(".*.part")):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Traceback" not in errors
    left = {path.relative_to(show) for path in show.rglob("*") if path.is_file()} - set(before)
    assert {path for path in left if "sqlite" not in path.name} == set()


def test_a_chapters_picture_is_in_the_files_and_where_apps_fetch_it(show):
    path = show / "feeds" / "show.toml"
    path.write_text(path.read_text("utf-8").replace("alternates = []", 'alternates = ["m4a"]'), "utf-8")
    episode = next(show.glob("episodes/0001-*/episode.md"))
    words = episode.read_text("utf-8")
    second = words.index("  - title:", words.index("  - title:") + 1)
    words = words[:second].rstrip("\n") + "\n    image: 佐久平の駅.png\n" + words[second:]
    episode.write_text(words, "utf-8")
    lacking = cityhall_fm("--show", show, "episode", "check", 1)
    Image.new("RGB", (900, 600), (20, 80, 200)).save(episode.with_name("佐久平の駅.png"))

    first, again = (json.loads(_told(show, 1, "--json")) for _ in range(2))
    printed = cityhall_fm("--show", show, "episode", "chapters", 1, "--format", "json").stdout

    assert lacking.returncode == 1
    assert "佐久平の駅.png" in lacking.stderr
    assert (first["made"], again["made"]) == (True, False)
    pictures = list((show / "feeds/public/media").glob("0001-*.jpg"))
    chapters = json.loads(printed)["chapters"]
    assert [chapter["img"].rpartition("/")[2] for chapter in chapters if "img" in chapter] == [
        pictures[0].name
    ]
    mp3 = ID3(first["path"])
    assert sum(bool(one.sub_frames.getall("APIC")) for one in mp3.getall("CHAP")) == 1
    with av.open(next(iter(first["alternates"]))) as m4a:
        assert len(m4a.streams.video) == 2  # the chapters' pictures, and the cover
        titles = [one["metadata"]["title"] for one in m4a.chapters()]
    assert (
        titles
        == [chapter["title"] for chapter in chapters]
        == [str(one.sub_frames["TIT2"]) for one in mp3.getall("CHAP")]
    )


def test_chapters_are_suggested_where_the_segments_really_begin(show):
    found = json.loads(_told(show, 1, "--suggest-chapters", "--json"))
    # as people timed the example: 0:18.8, 1:01.5, 1:38.9
    assert [
        round(float(one["at"].partition(":")[0]) * 60 + float(one["at"].partition(":")[2])) for one in found
    ] == [
        19,
        62,
        99,
    ]
    assert "0:18" in _told(show, 1, "--suggest-chapters")


def test_a_station_gets_a_wav_beside_the_episode(show):
    told = json.loads(_told(show, 1, "--for", "fm", "--json"))
    assert abs(told["integrated"] + 24) <= 0.5
    with wave.open(told["path"]) as file:
        assert (file.getframerate(), file.getsampwidth()) == (48_000, 3)
    assert not (show / "feeds" / "public" / "media").exists()


def test_a_clip_by_hand_lies_beside_the_episode(show):
    early = cityhall_fm("--show", show, "master", 1, "--clip", "0:20", "0:10")
    assert (early.returncode, len(early.stderr.splitlines())) == (1, 2)
    _told(show, 1)
    assert "clip-0.20.mp3" in _told(show, 1, "--clip", "0:20", "0:10")
    assert next(show.glob("episodes/0001-*/clip-0.20.mp3")).stat().st_size > 100_000


def test_wrong_usage_is_told(show):
    for arguments in (("--for", "tv"), ("--clip", "soon", "0:10"), ("--clip", "0:10", "9:00")):
        assert cityhall_fm("--show", show, "master", 1, *arguments).returncode == 2
    assert cityhall_fm("--show", show, "master", 1, "--for", "fm", "--suggest-chapters").returncode == 2
