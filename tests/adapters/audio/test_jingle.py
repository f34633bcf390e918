"""The opening jingle stands before the programme, as loud as it, fading under its first words."""

import numpy as np
import pytest
import sounds

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.timecode import Timecode


@pytest.fixture
def opened(tmp_path, progress):
    """Master a tone after a jingle of another tone."""

    def run(*, crossfade=0.0, jingle_level=-6, channels=2):
        recording = sounds.write_wav(tmp_path / "in.wav", sounds.tone(8, 1000, -30))
        jingle = sounds.write_coded(
            tmp_path / "jingle.mp3", sounds.tone(3, 300, jingle_level, 44_100), 44_100, codec="libmp3lame"
        )
        order = MasteringOrder(
            (recording,),
            MasteringSettings(intro=jingle, intro_crossfade=crossfade, channels=channels),
            sounds.some_tags(chapters=(Chapter(Timecode.parse("0.5"), "最初の質問"),)),
        )
        made = AvMasteringSuite().master(order, to=tmp_path / "out.mp3", progress=progress)
        return made, sounds.decoded(tmp_path / "out.mp3")[0], tmp_path / "out.mp3"

    return run


@pytest.mark.parametrize("channels", [1, 2])
def test_the_jingle_comes_first_and_the_programme_follows_at_once(opened, channels):
    made, samples, file = opened(channels=channels)

    assert made.placement.programme_at.seconds == pytest.approx(3.0, abs=0.001)
    assert made.duration.seconds == pytest.approx(11.0, abs=0.001)
    assert sounds.level(samples, 300, 0.5, 2.5) > sounds.level(samples, 1000, 0.5, 2.5) + 40
    assert sounds.level(samples, 1000, 3.5, 10) > sounds.level(samples, 300, 3.5, 10) + 40
    assert sounds.integrated(file) == pytest.approx(-16, abs=0.3)


@pytest.mark.parametrize("level", [-3, -40])
def test_the_jingle_is_made_as_loud_as_the_programme(opened, level):
    _, samples, _ = opened(jingle_level=level)
    # K-weighting counts 300 Hz less than 1 kHz: by some 0.6 dB.
    assert sounds.level(samples, 300, 0.5, 2.5) == pytest.approx(
        sounds.level(samples, 1000, 4, 10) + 0.6, abs=0.5
    )


def test_the_jingles_end_fades_under_the_programmes_beginning(opened):
    made, samples, _ = opened(crossfade=1.0)

    assert made.placement.programme_at.seconds == pytest.approx(2.0, abs=0.001)
    assert made.duration.seconds == pytest.approx(10.0, abs=0.001)
    early, late = sounds.level(samples, 300, 2.0, 2.2), sounds.level(samples, 300, 2.8, 3.0)
    assert early > late + 6
    assert sounds.level(samples, 1000, 2.0, 2.2) == pytest.approx(sounds.level(samples, 1000, 5, 9), abs=0.5)


def test_chapters_move_with_the_programme(opened):
    from mutagen.id3 import ID3  # noqa: PLC0415 - only here

    _, _, file = opened()
    assert ID3(file)["CHAP:chp0"].start_time == 3500


def test_an_overlap_longer_than_the_jingle_is_the_whole_jingle(opened):
    made, _, _ = opened(crossfade=60)
    assert made.placement.programme_at == Timecode(0)
    assert made.duration.seconds == pytest.approx(8.0, abs=0.001)


def test_a_show_given_as_jingle_is_refused(tmp_path, progress):
    long = sounds.write_wav(
        tmp_path / "long.wav", np.tile(sounds.tone(1, 300, -20, 8_000, channels=1), 121), 8_000
    )
    recording = sounds.write_wav(tmp_path / "in.wav", sounds.tone(2, 1000, -30))
    order = MasteringOrder((recording,), MasteringSettings(intro=long), sounds.some_tags())
    with pytest.raises(AudioError) as caught:
        AvMasteringSuite().master(order, to=tmp_path / "out.mp3", progress=progress)
    assert caught.value.text.name == "audio.jingle_too_long"
