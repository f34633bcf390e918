"""M4A and Opus beside the MP3: as long as it, and saying the same of themselves."""

from datetime import date

import pytest
import sounds
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from PIL import Image

from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.timecode import Timecode

CHAPTERS = (
    Chapter(Timecode.parse("0"), "はじめに"),
    Chapter(Timecode.parse("4.25"), "雪かきは誰に頼めますか📻", "https://fm.example.jp/42/#t=4"),
)


@pytest.mark.parametrize(("channels", "rate"), [(1, 48_000), (2, 44_100)])
def test_every_format_is_as_long_as_the_programme(channels, rate, master, tmp_path):
    frames = 5 * rate + 37
    master(
        sounds.speech(6, rate)[:frames],
        rate,
        channels=channels,
        sample_rate=rate,
        bitrate=64,
        alternates=("m4a", "opus"),
    )
    m4a, _ = sounds.decoded(tmp_path / "master.m4a")
    opus, _ = sounds.decoded(tmp_path / "master.opus")
    assert len(m4a) == len(opus) == channels
    assert m4a.shape[1] / rate == pytest.approx(frames / rate, abs=0.03)
    assert opus.shape[1] / 48_000 == pytest.approx(frames / rate, abs=0.03)


@pytest.fixture
def tagged(master, tmp_path):
    Image.new("RGB", (1500, 1500), (20, 80, 120)).save(tmp_path / "artwork.png")
    tags = sounds.some_tags(
        chapters=CHAPTERS,
        recorded_on=date(2026, 11, 20),
        comment="今日は雪かきの話です。",
        artwork=tmp_path / "artwork.png",
    )
    master(sounds.stereo(sounds.speech(8)), tags=tags, alternates=("m4a", "opus"))
    return tmp_path


def test_japanese_tags_and_artwork_are_read_back(tagged):
    m4a, opus = MP4(tagged / "master.m4a"), OggOpus(tagged / "master.opus")
    assert (m4a["\xa9nam"], m4a["\xa9alb"], m4a["\xa9ART"], m4a["trkn"]) == (
        ["第42回 雪かきの相談"],
        ["FMリモート市役所"],
        ["佐久市"],
        [(42, 0)],
    )
    assert bytes(m4a["covr"][0])[:2] == b"\xff\xd8"
    assert (opus["title"], opus["album"], opus["comment"]) == (
        ["第42回 雪かきの相談"],
        ["FMリモート市役所"],
        ["今日は雪かきの話です。"],
    )
    assert opus["CHAPTER001URL"] == ["https://fm.example.jp/42/#t=4"]
    assert len(opus["metadata_block_picture"][0]) > 1000


def test_the_same_order_gives_the_same_bytes_in_every_format(master, tmp_path):
    def made(name):
        master(sounds.stereo(sounds.speech(5)), name=name, alternates=("m4a", "opus"))
        stem = name.partition(".")[0]
        return [(tmp_path / f"{stem}.{kind}").read_bytes() for kind in ("m4a", "opus")]

    assert made("one.mp3") == made("other.mp3")


def test_one_listening_serves_all_formats(master, progress):
    master(sounds.stereo(sounds.speech(6)), alternates=("m4a", "opus"))
    assert progress.steps.count("audio.listening") == 1
