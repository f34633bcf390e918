"""Whatever was recorded, what listeners get is on target; read by meters that do not steer."""

import numpy as np
import pytest
import sounds

from cityhall_fm.show.loudness import LoudnessTarget

RECORDINGS = {
    "speech, stereo": lambda: (sounds.stereo(sounds.speech(12)), 48_000),
    "music": lambda: (sounds.music(12), 48_000),
    "mono": lambda: (sounds.speech(12), 48_000),
    "44.1 kHz": lambda: (sounds.stereo(sounds.speech(12, 44_100)), 44_100),
    "telephone, 8 kHz": lambda: (sounds.speech(12, 8_000), 8_000),
    "very quiet": lambda: (sounds.stereo(sounds.speech(12, peak=0.03)), 48_000),
    "clipped": lambda: (np.clip(sounds.stereo(sounds.speech(12, peak=8.0)), -1, 1), 48_000),
    "one sudden bang": lambda: (_with_a_bang(sounds.stereo(sounds.speech(12, peak=0.1))), 48_000),
    "speech, then music": lambda: (
        np.concatenate([sounds.stereo(sounds.speech(8, peak=0.1)), sounds.music(8)], axis=1),
        48_000,
    ),
}


def _with_a_bang(samples):
    samples[:, 200_000:200_400] = np.random.default_rng(3).uniform(-1, 1, 400)
    return samples


@pytest.mark.parametrize("recording", RECORDINGS)
def test_the_decoded_master_is_at_the_target_and_under_the_ceiling(recording, master):
    made, file = master(*RECORDINGS[recording]())

    assert sounds.integrated(file) == pytest.approx(-16.0, abs=0.3)
    assert sounds.true_peak(file) <= -1.0
    assert made.loudness.integrated == pytest.approx(sounds.integrated(file), abs=0.1)
    assert made.loudness.true_peak == pytest.approx(sounds.true_peak(file), abs=0.15)


@pytest.mark.parametrize("recording", ["speech, stereo", "music", "mono"])
def test_a_mono_master_is_at_its_own_target(recording, master):
    target = LoudnessTarget(integrated=-19.0)
    _, file = master(*RECORDINGS[recording](), channels=1, bitrate=96, target=target)

    samples, _ = sounds.decoded(file)
    assert len(samples) == 1
    assert sounds.integrated(file) == pytest.approx(-19.0, abs=0.3)
    assert sounds.true_peak(file) <= -1.0


@pytest.mark.parametrize(
    ("bitrate", "rate"),
    [(64, 44_100), (128, 44_100), (160, 48_000), (192, 48_000), (224, 32_000), (256, 48_000)],
)
def test_what_lame_takes_away_is_given_back_at_every_bit_rate(bitrate, rate, master):
    made, file = master(sounds.stereo(sounds.speech(10)), bitrate=bitrate, sample_rate=rate)

    assert sounds.decoded(file)[1] == rate
    assert made.loudness.integrated == pytest.approx(-16.0, abs=0.15)


def test_a_voice_on_the_left_only_is_placed_in_the_middle_with_a_remark(master):
    voice = sounds.speech(12)
    noise = np.random.default_rng(4).standard_normal(len(voice)).astype(np.float32) * 1e-4
    made, file = master(sounds.stereo(voice, noise))

    left, right = sounds.decoded(file)[0]
    assert np.abs(left - right).max() < 0.01
    assert sounds.integrated(file) == pytest.approx(-16.0, abs=0.3)
    assert [(remark.name, remark.values["name"]) for remark in made.remarks] == [
        ("audio.only_left", "recording.wav")
    ]


def test_a_voice_on_the_right_only_is_heard_in_a_mono_master(master):
    voice = sounds.speech(12)
    made, file = master(sounds.stereo(voice * 0, voice), channels=1)

    assert sounds.integrated(file) == pytest.approx(-16.0, abs=0.3)
    assert made.remarks[0].name == "audio.only_right"


def test_heavy_limiting_is_remarked_with_the_figure(master):
    made, _ = master(*RECORDINGS["one sudden bang"]())

    limited = [remark for remark in made.remarks if remark.name == "audio.limited"]
    assert float(limited[0].values["decibel"]) > 10


def test_a_recording_that_was_too_quiet_is_remarked_with_the_figure(master):
    made, _ = master(*RECORDINGS["very quiet"]())

    raised = [remark for remark in made.remarks if remark.name == "audio.raised"]
    assert float(raised[0].values["decibel"]) > 20


def test_an_even_recording_gets_no_remark(master):
    made, _ = master(sounds.stereo(sounds.speech(12)))
    assert made.remarks == ()
