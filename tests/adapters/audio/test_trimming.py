"""Silence at both ends is cut off, long pauses are told, and every time in the recording stays right."""

import numpy as np
import pytest
import sounds
from mutagen.id3 import ID3

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings, MasteringWishes
from cityhall_fm.show.pauses import suggested
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.timecode import Timecode


def _room(seconds):
    """A quiet room, 74 dB below full scale."""
    return np.random.default_rng(5).standard_normal((2, round(seconds * 48_000))).astype(np.float32) * 2e-4


def _talk(seconds):
    return sounds.tone(seconds, 700, -20)


def _said(*parts):
    return np.concatenate(parts, axis=1)


def test_silence_at_both_ends_is_cut_off_and_told(master):
    made, file = master(_said(_room(4), _talk(6), _room(3)))

    assert made.placement.trimmed.seconds == pytest.approx(3.8, abs=0.1)
    assert made.duration.seconds == pytest.approx(6.7, abs=0.2)
    assert sounds.decoded(file)[0].shape[1] == round(made.duration.seconds * 48_000)
    assert made.processing["trimmed_start"] == 3.8
    assert made.processing["trimmed_end"] == pytest.approx(2.5, abs=0.11)


def test_digital_silence_is_cut_off_too(master):
    made, _ = master(_said(np.zeros((2, 96_000), np.float32), _talk(5)))
    assert made.placement.trimmed.seconds == pytest.approx(1.8, abs=0.1)


def test_a_jingle_and_trimming_together_keep_chapters_at_their_words(master, tmp_path):
    jingle = sounds.write_wav(tmp_path / "jingle.wav", sounds.tone(2, 300, -20))
    chapter = Chapter(Timecode.parse("5"), "灯油の話")
    made, file = master(
        _said(_room(4), _talk(6)),
        tags=sounds.some_tags(chapters=(Chapter(Timecode(0), "はじめ"), chapter)),
        intro=jingle,
    )

    assert made.placement.finished(Timecode.parse("5")).seconds == pytest.approx(3.2, abs=0.1)
    starts = [frame.start_time for frame in ID3(file).getall("CHAP")]
    assert sorted(starts) == [2000, made.placement.finished(chapter.at).milliseconds]


@pytest.mark.parametrize(
    "settings", [{"trim": False}, {"trim_threshold": -60.0}], ids=["switched off", "only what is quieter"]
)
def test_silence_stays_where_the_show_wants_it(settings, master):
    made, _ = master(_said(_room(3), _talk(5)), **settings)
    assert made.placement.trimmed == Timecode(0)
    assert made.duration.seconds == 8


def test_an_episode_may_wish_otherwise():
    wished = MasteringSettings(high_pass=80).wished(MasteringWishes(trim=False, levelling=True, bed=False))
    assert (wished.trim, wished.levelling, wished.high_pass, wished.bed) == (False, True, 80, None)


def test_a_bang_does_not_make_words_silence(master):
    quiet = _said(*[sounds.tone(1, 700, -50), sounds.tone(3, 700, -48), sounds.tone(2, 700, -50)])
    quiet[:, 100_000:100_050] = 0.9
    made, _ = master(quiet)
    assert (made.placement.trimmed, made.duration) == (Timecode(0), Timecode(6000))


def test_a_recording_without_silence_is_left_as_it_is(master):
    made, _ = master(_talk(5))
    assert (made.placement.trimmed, made.duration) == (Timecode(0), Timecode(5000))


def test_long_pauses_are_told_with_their_times(master):
    made, _ = master(_said(_talk(4), _room(3), _talk(4), _room(1), _talk(3)), long_pause=2.0)
    told = [(str(remark.values["at"]), remark.values["seconds"]) for remark in made.remarks]
    assert told == [("0:04", "3")]


def test_many_long_pauses_are_told_in_few_lines(master):
    made, _ = master(_said(*[part for _ in range(8) for part in (_talk(0.5), _room(1.5))]), long_pause=1.0)
    assert [remark.name for remark in made.remarks] == ["audio.long_pause"] * 5 + ["audio.more_pauses"]


def test_chapters_are_suggested_where_the_longest_pauses_end(tmp_path, progress):
    recording = sounds.write_wav(
        tmp_path / "recording.wav",
        _said(_talk(28), _room(2), _talk(3), _room(1), _talk(27), _room(3), _talk(2)),
    )
    order = MasteringOrder((recording,), MasteringSettings(), sounds.some_tags())

    pauses, duration = AvMasteringSuite().pauses(order, least=0.9, progress=progress)

    assert [round(pause.seconds) for pause in pauses] == [2, 1, 3]
    assert [str(pause.end) for pause in suggested(pauses, duration=duration)] == ["0:30", "1:04"]
