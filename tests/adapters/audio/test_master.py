"""What the finished file is: its length, its tags, its chapters; made whole or not at all."""

import hashlib
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import sounds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutagen.id3 import ID3
from mutagen.mp3 import MP3, BitrateMode
from PIL import Image

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.timecode import Timecode
from thorough import examples

SPEECH = sounds.stereo(sounds.speech(8))
CHAPTERS = (
    Chapter(Timecode.parse("0"), "はじめに"),
    Chapter(Timecode.parse("4.25"), "雪かきは誰に頼めますか", "https://fm.example.jp/42/#雪かき"),
    Chapter(Timecode.parse("2"), "今日の質問", "https://fm.example.jp/42/"),
)


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (44_100, 2), (44_100, 1), (24_000, 1)])
def test_players_hear_exactly_the_recordings_length(rate, channels, master):
    frames = 8 * rate + 37
    made, file = master(
        sounds.speech(9, rate)[:frames], rate, sample_rate=rate, channels=channels, bitrate=64
    )

    samples, _ = sounds.decoded(file)
    assert samples.shape == (channels, frames)
    assert made.duration == Timecode.of_seconds(frames / rate)
    assert MP3(file).info.length == pytest.approx(frames / rate, abs=1e-4)


def test_players_hear_the_recording_without_a_shift(master):
    recorded = sounds.music(2)
    _, file = master(recorded)

    played = sounds.decoded(file)[0]
    spectra = [np.fft.rfft(one[0], 2 * one.shape[1]) for one in (played, recorded)]
    assert int(np.fft.irfft(spectra[0] * spectra[1].conj()).argmax()) == 0


def test_the_file_says_that_it_is_constant_and_by_lame(master):
    _, file = master(SPEECH, bitrate=96)
    info = MP3(file).info
    assert (info.bitrate, info.bitrate_mode, info.sample_rate) == (96_000, BitrateMode.CBR, 48_000)
    assert info.encoder_info.startswith("LAME 3.100")


def test_the_answer_describes_the_file(master):
    made, file = master(SPEECH)
    assert made.length_bytes == file.stat().st_size
    assert made.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert made.placement.programme_at == Timecode(0)


def test_the_same_order_gives_the_same_bytes(master):
    first, one = master(SPEECH, name="one.mp3", tags=sounds.some_tags(chapters=CHAPTERS))
    again, other = master(SPEECH, name="other.mp3", tags=sounds.some_tags(chapters=CHAPTERS))
    assert first == again
    assert one.read_bytes() == other.read_bytes()


def test_the_recording_is_not_touched(master, tmp_path):
    recording = sounds.write_wav(tmp_path / "mine.wav", SPEECH)
    before = recording.read_bytes(), recording.stat().st_mtime_ns
    master(recording)
    assert (recording.read_bytes(), recording.stat().st_mtime_ns) == before


def test_japanese_tags_are_read_back(master, tmp_path):
    Image.new("RGBA", (2000, 1000), (200, 30, 30, 128)).save(tmp_path / "artwork.png")
    tags = sounds.some_tags(
        recorded_on=date(2026, 11, 20),
        comment="今日は雪かきの話です。",
        url="https://fm.example.jp/第42回",
        artwork=tmp_path / "artwork.png",
    )
    _, file = master(SPEECH, tags=tags)

    read = ID3(file)
    assert {name: str(read[name]) for name in ("TIT2", "TALB", "TPE1", "TRCK", "TDRC", "TCON", "TLAN")} == {
        "TIT2": "第42回 雪かきの相談",
        "TALB": "FMリモート市役所",
        "TPE1": "佐久市",
        "TRCK": "42",
        "TDRC": "2026-11-20",
        "TCON": "Podcast",
        "TLAN": "jpn",
    }
    assert str(read["COMM::jpn"]) == "今日は雪かきの話です。"
    assert read["WOAF"].url == "https://fm.example.jp/%E7%AC%AC42%E5%9B%9E"
    picture = read["APIC:"]
    (tmp_path / "out.jpg").write_bytes(picture.data)
    with Image.open(tmp_path / "out.jpg") as image:
        assert (picture.mime, image.format, image.size) == ("image/jpeg", "JPEG", (1400, 700))


def test_chapters_are_read_back_in_order_with_their_ends(master):
    _, file = master(SPEECH, tags=sounds.some_tags(chapters=CHAPTERS))

    read = ID3(file)
    toc = read["CTOC:toc"]
    chapters = [read[f"CHAP:{name}"] for name in toc.child_element_ids]
    assert [(c.start_time, c.end_time, str(c.sub_frames["TIT2"])) for c in chapters] == [
        (0, 2000, "はじめに"),
        (2000, 4250, "今日の質問"),
        (4250, 8000, "雪かきは誰に頼めますか"),
    ]
    assert chapters[1].sub_frames["WXXX:"].url == "https://fm.example.jp/42/"
    assert "WXXX:" not in chapters[0].sub_frames


def test_a_chapter_after_the_end_is_left_out_with_a_remark(master):
    late = Chapter(Timecode.parse("1:00:00"), "遅すぎる")
    made, file = master(SPEECH, tags=sounds.some_tags(chapters=(*CHAPTERS, late)))
    assert [remark.name for remark in made.remarks] == ["audio.chapter_after_end"]
    assert len(ID3(file).getall("CHAP")) == 3


def test_a_chapters_picture_is_embedded_where_it_is_a_file_here(master, tmp_path):
    Image.new("RGB", (900, 900), (10, 90, 40)).save(tmp_path / "yuki.png")
    chapters = (
        Chapter(Timecode.parse("1"), "雪", image=str(tmp_path / "yuki.png")),
        Chapter(Timecode.parse("4"), "灯油", image="https://example.jp/touyu.jpg"),
    )
    made, file = master(SPEECH, tags=sounds.some_tags(chapters=chapters))

    first, second = (ID3(file)[f"CHAP:chp{index}"] for index in (0, 1))
    with Image.open(BytesIO(first.sub_frames["APIC:"].data)) as image:
        assert image.size == (600, 600)
    assert "APIC:" not in second.sub_frames
    assert [(remark.name, remark.values["count"]) for remark in made.remarks] == [
        ("audio.chapter_images_elsewhere", 1)
    ]


def test_a_chapter_without_a_link_links_to_its_second(master):
    tags = sounds.some_tags(chapters=CHAPTERS, url="https://fm.example.jp/42/")
    _, file = master(SPEECH, tags=tags)
    links = {str(c.sub_frames["TIT2"]): c.sub_frames["WXXX:"].url for c in ID3(file).getall("CHAP")}
    assert links["はじめに"] == "https://fm.example.jp/42/#t=0"
    assert links["今日の質問"] == "https://fm.example.jp/42/"


def test_several_recordings_follow_each_other(tmp_path, progress):
    parts = [
        sounds.write_wav(tmp_path / "1.wav", SPEECH),
        sounds.write_wav(tmp_path / "2.wav", sounds.music(5)),
    ]
    order = MasteringOrder(tuple(parts), MasteringSettings(), sounds.some_tags())

    made = AvMasteringSuite().master(order, to=tmp_path / "out.mp3", progress=progress)

    assert made.duration == Timecode.parse("13")
    assert sounds.integrated(tmp_path / "out.mp3") == pytest.approx(-16, abs=0.3)


def test_progress_tells_both_parts_and_arrives(master, progress):
    master(SPEECH)
    assert progress.steps == ["audio.listening", "audio.encoding"]
    assert progress.advances[-1] == (pytest.approx(8.0), pytest.approx(8.0))


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError("disk full"), MemoryError])
def test_nothing_is_left_behind_when_the_job_is_interrupted(interruption, tmp_path):
    class Interrupting:
        def step(self, text):
            self.encoding = text.name == "audio.encoding"

        def advance(self, done, total):
            if self.encoding and done > total / 2:
                raise interruption

    recording = sounds.write_wav(tmp_path / "in.wav", SPEECH)
    (tmp_path / "out.mp3").write_bytes(b"the master of last week")
    order = MasteringOrder((recording,), MasteringSettings(), sounds.some_tags())

    with pytest.raises((KeyboardInterrupt, AudioError, MemoryError)):
        AvMasteringSuite().master(order, to=tmp_path / "out.mp3", progress=Interrupting())

    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.wav", "out.mp3"]
    assert (tmp_path / "out.mp3").read_bytes() == b"the master of last week"


def test_a_folder_that_is_not_there_is_said(tmp_path, progress):
    recording = sounds.write_wav(tmp_path / "in.wav", SPEECH)
    order = MasteringOrder((recording,), MasteringSettings(), sounds.some_tags())
    with pytest.raises(AudioError) as caught:
        AvMasteringSuite().master(order, to=tmp_path / "no" / "out.mp3", progress=progress)
    assert caught.value.text.name == "audio.not_written"


def _recipe(tmp_path, samples=SPEECH, *, name="in.wav", tags=None, **changes):
    recording = sounds.write_wav(tmp_path / name, samples)
    order = MasteringOrder((recording,), MasteringSettings(**changes), tags or sounds.some_tags())
    return AvMasteringSuite().recipe(order)


def test_a_recipe_changes_with_what_goes_into_it_and_not_with_names(tmp_path):
    same = {_recipe(tmp_path), _recipe(tmp_path, name="moved.wav")}
    assert len(same) == 1
    others = {
        _recipe(tmp_path, SPEECH * 0.9),
        _recipe(tmp_path, bitrate=96),
        _recipe(tmp_path, tags=sounds.some_tags(title="別の題")),
        _recipe(tmp_path, tags=sounds.some_tags(chapters=CHAPTERS)),
        _recipe(tmp_path, intro=sounds.write_wav(tmp_path / "jingle.wav", SPEECH)),
    }
    assert len(others) == 5
    assert not same & others


def test_a_recipe_without_its_recording_is_an_error(tmp_path):
    order = MasteringOrder((Path(tmp_path / "gone.wav"),), MasteringSettings(), sounds.some_tags())
    with pytest.raises(AudioError) as caught:
        AvMasteringSuite().recipe(order)
    assert caught.value.text.name == "audio.missing"


@settings(
    max_examples=examples(6), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(frames=st.integers(24_000, 60_000))
def test_any_length_is_kept_to_the_frame(frames, master):
    _, file = master(sounds.stereo(sounds.speech(2)[:frames]))
    assert sounds.decoded(file)[0].shape[1] == frames
