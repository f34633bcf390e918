"""Voices that were recorded each into a file of its own are heard together, at the levels people want."""

import numpy as np
import pytest
import sounds

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings, Track


@pytest.fixture
def mixed(tmp_path, progress):
    """Master tracks: name, samples, rate, level."""

    def run(*tracks, **settings):
        order = MasteringOrder(
            (),
            MasteringSettings(**settings),
            sounds.some_tags(),
            tuple(
                Track(sounds.write_wav(tmp_path / f"track-{number}.wav", samples, rate), wanted)
                for number, (samples, rate, wanted) in enumerate(tracks)
            ),
        )
        made = AvMasteringSuite().master(order, to=tmp_path / "out.mp3", progress=progress)
        return made, sounds.decoded(tmp_path / "out.mp3")[0], tmp_path / "out.mp3"

    return run


def test_tracks_of_different_lengths_rates_and_channels_are_heard_together(mixed):
    made, samples, file = mixed(
        (sounds.tone(6, 500, -20), 48_000, 0.0),
        (sounds.tone(4, 1500, -20, 44_100, channels=1), 44_100, 0.0),
    )
    assert made.duration.seconds == pytest.approx(6, abs=0.001)
    assert sounds.level(samples, 500, 1, 3) == pytest.approx(sounds.level(samples, 1500, 1, 3), abs=0.5)
    assert sounds.level(samples, 1500, 4.5, 5.5) < sounds.level(samples, 500, 4.5, 5.5) - 40
    assert sounds.integrated(file) == pytest.approx(-16, abs=0.3)
    assert made.processing["tracks"] == 2


def test_a_track_is_raised_or_lowered_as_the_host_wants(mixed):
    _, samples, _ = mixed(
        (sounds.tone(5, 500, -20), 48_000, -6.0),
        (sounds.tone(5, 1500, -20), 48_000, 2.0),
    )
    assert sounds.level(samples, 1500, 1, 4) - sounds.level(samples, 500, 1, 4) == pytest.approx(8, abs=0.3)


def test_levelling_brings_tracks_to_each_other(mixed):
    loud, quiet = sounds.tone(8, 500, -20), sounds.tone(8, 1500, -29)
    _, untouched, _ = mixed((loud, 48_000, 0.0), (quiet, 48_000, 0.0))
    _, levelled, _ = mixed((loud, 48_000, 0.0), (quiet, 48_000, 0.0), levelling=True)
    before, after = (
        sounds.level(one, 500, 2, 6) - sounds.level(one, 1500, 2, 6) for one in (untouched, levelled)
    )
    assert before == pytest.approx(9, abs=0.5)
    assert abs(after) < 2


def test_a_voice_on_one_side_of_its_track_is_centred(mixed):
    made, samples, _ = mixed(
        (sounds.stereo(sounds.speech(6), np.zeros(6 * 48_000)), 48_000, 0.0),
        (sounds.tone(6, 1500, -30), 48_000, 0.0),
    )
    assert [remark.name for remark in made.remarks] == ["audio.only_left"]
    assert np.abs(samples[0] - samples[1]).max() < 0.02


def test_speech_in_tracks_is_on_target(mixed):
    host, guest = sounds.speech(10, seed=1), sounds.speech(10, peak=0.1, seed=2)
    _, _, file = mixed((host, 48_000, 0.0), (np.roll(guest, 96_000), 48_000, 6.0))
    assert sounds.integrated(file) == pytest.approx(-16, abs=0.3)
    assert sounds.true_peak(file) <= -1.0


def test_a_broken_track_is_named(tmp_path, progress):
    (tmp_path / "track-髙橋.wav").write_bytes(b"x" * 5000)
    order = MasteringOrder((), MasteringSettings(), sounds.some_tags(), (Track(tmp_path / "track-髙橋.wav"),))
    with pytest.raises(AudioError) as caught:
        AvMasteringSuite().master(order, to=tmp_path / "out.mp3", progress=progress)
    assert "track-髙橋.wav" in str(caught.value.text.values["path"])
