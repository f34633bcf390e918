"""Gentle levelling and the high-pass: off unless wanted, bounded, and told."""

import numpy as np
import pytest
import sounds


def _two_voices(apart):
    """Six seconds of one voice, six of another that is so many dB quieter."""
    one = sounds.speech(6, peak=0.4, seed=1)
    return np.concatenate([one, one * 10 ** (-apart / 20)])


def _halves(file):
    samples, rate = sounds.decoded(file)
    return [
        20 * np.log10(np.sqrt(np.mean(part**2)))
        for part in (samples[:, : 5 * rate], samples[:, 7 * rate : 12 * rate])
    ]


@pytest.mark.parametrize(("apart", "left"), [(6, 1.5), (10, 2.5)])
def test_levelling_brings_two_voices_to_each_other(apart, left, master):
    made, file = master(_two_voices(apart), levelling=True)
    loud, quiet = _halves(file)
    assert abs(loud - quiet) < left
    assert sounds.integrated(file) == pytest.approx(-16, abs=0.3)
    lowest, highest = made.processing["levelling"]
    assert -6 <= lowest < 0 < highest <= 6


def test_levelling_moves_by_six_decibel_at_most(master):
    made, file = master(_two_voices(25), levelling=True)
    loud, quiet = _halves(file)
    assert loud - quiet > 25 - 12 - 2
    assert made.processing["levelling"] == [pytest.approx(-6, abs=6), pytest.approx(6, abs=6)]


def test_without_levelling_voices_stay_as_different_as_they_were(master):
    made, file = master(_two_voices(10))
    loud, quiet = _halves(file)
    assert loud - quiet > 7  # the limiter takes a little from the loud one
    assert "levelling" not in made.processing


def test_levelling_does_not_raise_the_room_in_pauses(master):
    voice = sounds.tone(4, 1000, -20)
    hum = np.tile(sounds.tone(4, 200, -60), 1)
    _, file = master(np.concatenate([voice, hum, voice], axis=1), levelling=True)
    samples = sounds.decoded(file)[0]
    assert sounds.level(samples, 1000, 1, 3) - sounds.level(samples, 200, 5, 7) == pytest.approx(40, abs=2)


def test_the_high_pass_takes_rumble_and_leaves_the_voice(master):
    recorded = sounds.tone(6, 30, -20) + sounds.tone(6, 400, -20)
    _, before = master(recorded, name="before.mp3")
    made, after = master(recorded, name="after.mp3", high_pass=80)

    def rumble(file):
        samples = sounds.decoded(file)[0]
        return sounds.level(samples, 30, 1, 5) - sounds.level(samples, 400, 1, 5)

    assert rumble(before) == pytest.approx(0, abs=0.5)
    assert rumble(after) < -15
    assert made.processing["high_pass"] == 80


def test_nothing_is_done_that_was_not_asked_for(master):
    made, _ = master(sounds.stereo(sounds.speech(6)))
    assert set(made.processing) == {"version", "trimmed_start", "trimmed_end", "gain", "limited"}
