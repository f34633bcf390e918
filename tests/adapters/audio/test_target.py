"""Whatever was recorded, what listeners get is on target; read by meters that do not steer."""

import numpy as np
import pytest
import sounds

from cityhall_fm.show.loudness import LoudnessTarget

RECORDINGS = {
    "speech, stereo": lambda: (sounds.stereo(sounds.speech(5)), 48_000),
    "music": lambda: (sounds.music(5), 48_000),
    "mono": lambda: (sounds.speech(5), 48_000),
    "44.1 kHz": lambda: (sounds.stereo(sounds.speech(5, 44_100)), 44_100),
    "telephone, 8 kHz": lambda: (sounds.speech(5, 8_000), 8_000),
    "very quiet, -45 LUFS": lambda: (sounds.at_loudness(sounds.stereo(sounds.speech(5)), -45), 48_000),
    "clipped": lambda: (np.clip(sounds.stereo(sounds.speech(5, peak=8.0)), -1, 1), 48_000),
    "one side only": lambda: (sounds.stereo(sounds.speech(5), sounds.speech(5) * 0), 48_000),
    "one sudden bang": lambda: (_with_a_bang(sounds.stereo(sounds.speech(5, peak=0.1))), 48_000),
    "speech, then music": lambda: (
        np.concatenate([sounds.stereo(sounds.speech(5, peak=0.1)), sounds.music(5)], axis=1),
        48_000,
    ),
}


def _with_a_bang(samples):
    samples[:, 200_000:200_400] = np.random.default_rng(3).uniform(-1, 1, 400)
    return samples


MIXED_DOWN = ("speech, stereo", "mono", "clipped", "one side only")
"""What a master in mono is tried with: the others differ in what comes before their mixing."""


@pytest.mark.parametrize(
    ("recording", "channels", "bitrate"),
    [*((one, 2, 128) for one in RECORDINGS), *((one, 1, 96) for one in MIXED_DOWN)],
)
def test_every_format_is_at_the_target_and_under_the_ceiling_when_decoded(
    recording, channels, bitrate, master, tmp_path
):
    made, file = master(
        *RECORDINGS[recording](), channels=channels, bitrate=bitrate, alternates=("m4a", "opus")
    )

    for path in (file, tmp_path / "master.m4a", tmp_path / "master.opus"):
        read = sounds.read_by_strangers(path)
        assert read.channels == channels
        assert read.integrated == pytest.approx(-16.0, abs=0.3), path.name
        assert read.true_peak <= -1.0, path.name
    read = sounds.read_by_strangers(file)
    assert made.loudness.integrated == pytest.approx(read.integrated, abs=0.1)
    assert made.loudness.true_peak == pytest.approx(read.true_peak, abs=0.15)
    assert [(written.path.name, written.length_bytes) for written in made.alternates] == [
        (name, (tmp_path / name).stat().st_size) for name in ("master.m4a", "master.opus")
    ]


def test_a_mono_master_may_have_a_target_of_its_own(master):
    target = LoudnessTarget(integrated=-19.0)
    _, file = master(*RECORDINGS["music"](), channels=1, bitrate=96, target=target)
    assert sounds.read_by_strangers(file).integrated == pytest.approx(-19.0, abs=0.3)


@pytest.mark.parametrize(
    ("bitrate", "rate"),
    [(64, 44_100), (128, 44_100), (160, 48_000), (192, 48_000), (224, 32_000), (256, 48_000)],
)
def test_what_lame_takes_away_is_given_back_at_every_bit_rate(bitrate, rate, master):
    made, file = master(sounds.stereo(sounds.speech(10)), bitrate=bitrate, sample_rate=rate)

    assert sounds.decoded(file)[1] == rate
    assert made.loudness.integrated == pytest.approx(-16.0, abs=0.15)


def test_a_voice_on_the_left_only_is_placed_in_the_middle_with_a_remark(master):
    voice = sounds.speech(8)
    noise = np.random.default_rng(4).standard_normal(len(voice)).astype(np.float32) * 1e-4
    made, file = master(sounds.stereo(voice, noise))

    left, right = sounds.decoded(file)[0]
    assert np.abs(left - right).max() < 0.01
    assert sounds.integrated(file) == pytest.approx(-16.0, abs=0.3)
    assert [(remark.name, remark.values["name"]) for remark in made.remarks] == [
        ("audio.only_left", "recording.wav")
    ]


def test_a_voice_on_the_right_only_is_heard_in_a_mono_master(master):
    voice = sounds.speech(8)
    made, file = master(sounds.stereo(voice * 0, voice), channels=1)

    assert sounds.integrated(file) == pytest.approx(-16.0, abs=0.3)
    assert made.remarks[0].name == "audio.only_right"


def test_heavy_limiting_is_remarked_with_the_figure(master):
    made, _ = master(*RECORDINGS["one sudden bang"]())

    limited = [remark for remark in made.remarks if remark.name == "audio.limited"]
    assert float(limited[0].values["decibel"]) > 10


def test_a_recording_that_was_too_quiet_is_remarked_with_the_figure(master):
    made, _ = master(*RECORDINGS["very quiet, -45 LUFS"]())

    raised = [remark for remark in made.remarks if remark.name == "audio.raised"]
    assert float(raised[0].values["decibel"]) > 20


def test_an_even_recording_gets_no_remark(master):
    made, _ = master(sounds.stereo(sounds.speech(8)))
    assert made.remarks == ()
