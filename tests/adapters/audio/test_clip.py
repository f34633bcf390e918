"""A soundbite is cut out of the finished file, at the same loudness, with soft edges."""

import numpy as np
import pytest
import sounds
from mutagen.id3 import ID3

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.mastering import MasteringSettings
from cityhall_fm.show.timecode import Timecode


@pytest.fixture
def clipped(master, tmp_path, progress):
    def run(at, length, samples):
        _, source = master(samples)
        return AvMasteringSuite().clip(
            source,
            at=Timecode.parse(at),
            length=Timecode.parse(length),
            settings=MasteringSettings(),
            tags=sounds.some_tags(title="灯油の目安"),
            to=tmp_path / "clip.mp3",
            progress=progress,
        ), tmp_path / "clip.mp3"

    return run


def test_a_clip_is_that_part_of_the_programme(clipped):
    two = np.concatenate([sounds.tone(4, 500, -20), sounds.tone(6, 1500, -20)], axis=1)
    written, file = clipped("5", "3", two)

    samples, rate = sounds.decoded(file)
    assert samples.shape[1] == 3 * rate
    spectrum = np.abs(np.fft.rfft(samples[0]))
    assert int(spectrum.argmax()) == pytest.approx(1500 * 3, abs=3)
    assert np.abs(samples[:, -200:]).max() < 0.05 * np.abs(samples).max()
    assert (written.length_bytes, written.bitrate) == (file.stat().st_size, 128)


def test_a_clip_is_on_target_by_itself_and_named(clipped):
    _, file = clipped("2", "6", sounds.stereo(sounds.speech(10)))
    assert sounds.integrated(file) == pytest.approx(-16, abs=0.3)
    assert sounds.true_peak(file) <= -1.0
    assert str(ID3(file)["TIT2"]) == "灯油の目安"


def test_a_clip_behind_the_end_is_said(clipped, tmp_path):
    with pytest.raises(AudioError) as caught:
        clipped("1:00", "15", sounds.stereo(sounds.speech(5)))
    assert caught.value.text.name == "audio.clip_outside"
    assert not (tmp_path / "clip.mp3").exists()
