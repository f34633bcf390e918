"""The music bed plays under the programme from start to end, and steps back while somebody speaks."""

import numpy as np
import pytest
import sounds

from cityhall_fm.show.errors import AudioError


@pytest.fixture
def bedded(tmp_path, master):
    """Master four seconds of a voice, four of a pause and four of a voice over a tone."""

    def run(**settings):
        bed = sounds.write_wav(tmp_path / "bed.wav", sounds.tone(1.5, 300, -3))
        voice, room = sounds.tone(4, 1000, -20), np.zeros((2, 4 * 48_000), np.float32)
        made, file = master(np.concatenate([voice, room, voice], axis=1), bed=bed, **settings)
        return made, sounds.decoded(file)[0], file

    return run


def test_the_bed_steps_back_under_the_voice_and_comes_up_in_the_pause(bedded):
    _, samples, file = bedded(bed_level=-12.0, bed_duck=10.0)

    spoken, pause = sounds.level(samples, 300, 2, 3.4), sounds.level(samples, 300, 5.5, 7.3)
    assert pause - spoken == pytest.approx(10, abs=0.7)
    # K-weighting counts 300 Hz 0.6 dB less than 1 kHz; the voice is measured gated, without the pause.
    assert pause - sounds.level(samples, 1000, 1, 3) == pytest.approx(-12 + 0.6, abs=1.0)
    assert sounds.integrated(file) == pytest.approx(-16, abs=0.3)


def test_the_bed_goes_over_and_over_without_a_hole(bedded):
    _, samples, _ = bedded(bed_level=-6.0, bed_duck=0.0)
    levels = [sounds.level(samples, 300, at, at + 0.2) for at in np.arange(1.2, 8.8, 0.2)]
    assert max(levels) - min(levels) < 1.5


def test_the_bed_fades_out_at_the_end(bedded):
    _, samples, _ = bedded(bed_level=-12.0)
    assert sounds.level(samples, 300, 11.8, 12) < sounds.level(samples, 300, 6, 7) - 10


def test_what_was_done_is_told(bedded):
    made, _, _ = bedded(bed_level=-12.0, bed_duck=10.0)
    assert made.processing["bed"] == {"level": -12.0, "duck": 10.0}


def test_a_silent_bed_is_refused(tmp_path, master):
    bed = sounds.write_wav(tmp_path / "bed.wav", np.zeros((2, 96_000)))
    with pytest.raises(AudioError) as caught:
        master(sounds.tone(3, 1000, -20), bed=bed)
    assert caught.value.text.name == "audio.bed_too_short"
