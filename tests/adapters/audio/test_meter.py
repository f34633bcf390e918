"""The meter passes the cases of EBU Tech 3341 and 3342 that can be synthesised."""

import numpy as np
import pytest
import sounds

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.adapters.audio.meter import Meter, weights
from cityhall_fm.show.errors import AudioError


def _measured(samples, rate=48_000, *, block=100_003, channels=()):
    meter = Meter(rate, weights=weights(channels))
    for start in range(0, samples.shape[1], block):
        meter.feed(samples[:, start : start + block])
    return meter.loudness()


def _steps(*steps):
    return np.concatenate([sounds.tone(seconds, 1000, level) for seconds, level in steps], axis=1)


@pytest.mark.parametrize(
    ("case", "steps", "expected"),
    [
        ("3341-1", [(20, -23)], -23.0),
        ("3341-2", [(20, -33)], -33.0),
        ("3341-3", [(10, -36), (60, -23), (10, -36)], -23.0),
        ("3341-4", [(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23.0),
        ("3341-5", [(20, -26), (20.1, -20), (20, -26)], -23.0),
    ],
)
def test_integrated_loudness_of_tech_3341(case, steps, expected):
    assert _measured(_steps(*steps)).integrated == pytest.approx(expected, abs=0.1), case


_CASE_6 = (-28, -28, -24, -30, -30)
"""dBFS of left, right, centre, and both surrounds."""


def test_the_channels_of_surround_count_as_in_tech_3341_case_6():
    channels = [sounds.tone(20, 1000, level, channels=1) for level in _CASE_6]
    names = ("FL", "FR", "FC", "SL", "SR")
    assert _measured(np.concatenate(channels), channels=names).integrated == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("layout", ["5.0", "5.0(side)", "5.1"])
def test_a_surround_file_is_measured_by_its_channels_without_the_lfe(layout, tmp_path):
    levels = [*_CASE_6[:3], *([-3] if layout == "5.1" else []), *_CASE_6[3:]]
    samples = np.concatenate([sounds.tone(5, 1000, level, channels=1) for level in levels])
    file = sounds.write_coded(tmp_path / "a.wav", samples, codec="pcm_s16le", layout=layout)
    assert AvMasteringSuite().measure(file).integrated == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(
    ("case", "steps", "which"),
    [
        ("3341-9", [(1.34, -20), (1.66, -30)] * 5, "short-term"),
        ("3341-12", [(0.18, -20), (0.22, -30)] * 25, "momentary"),
    ],
)
def test_momentary_and_short_term_loudness_of_tech_3341(case, steps, which):
    meter = Meter(48_000)
    meter.feed(_steps(*steps))
    momentary, short_term = meter.highest()
    measured = {"momentary": momentary, "short-term": short_term}[which]
    assert measured == pytest.approx(-23.0, abs=0.1), case


@pytest.mark.parametrize("piece", range(20))
@pytest.mark.parametrize(
    ("case", "level"), [("3341-10", lambda _: -23), ("3341-11", lambda piece: -38 + piece)]
)
def test_the_highest_short_term_loudness_of_tech_3341_wherever_it_begins(case, level, piece):
    meter = Meter(48_000)
    silence = np.zeros((2, round(piece * 0.15 * 48_000)), np.float32)
    tone = sounds.tone(3, 1000, level(piece))
    meter.feed(np.concatenate([silence, tone, np.zeros((2, 48_000), np.float32)], axis=1))
    assert meter.highest()[1] == pytest.approx(level(piece), abs=0.1), case


@pytest.mark.parametrize(
    ("case", "divisor", "degrees", "factor", "expected"),
    [
        ("3341-15", 4, 0.0, 0.5, -6.0),
        ("3341-16", 4, 45.0, 0.5, -6.0),
        ("3341-17", 6, 60.0, 0.5, -6.0),
        ("3341-18", 8, 67.5, 0.5, -6.0),
        ("3341-19", 4, 45.0, 1.41, 3.0),
    ],
)
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_true_peak_of_tech_3341(case, divisor, degrees, factor, expected, rate):
    level = 20 * np.log10(factor)
    signal = sounds.tone(2, rate / divisor, level, rate, degrees=degrees)
    # As in the document, which fades its tones: a tone that begins at once rings above its own level.
    signal *= np.minimum(1, np.minimum(np.arange(2 * rate), np.arange(2 * rate)[::-1]) / (rate / 10))
    measured = _measured(signal.astype(np.float32), rate).true_peak
    assert expected - 0.4 <= measured <= expected + 0.2, case


@pytest.mark.parametrize(
    ("case", "levels", "expected"),
    [
        ("3342-1", (-20, -30), 10),
        ("3342-2", (-20, -15), 5),
        ("3342-3", (-40, -20), 20),
        ("3342-4", (-50, -35, -20, -35, -50), 15),
    ],
)
def test_loudness_range_of_tech_3342(case, levels, expected):
    measured = _measured(_steps(*((20, level) for level in levels)))
    assert measured.loudness_range == pytest.approx(expected, abs=1), case


@pytest.mark.parametrize("rate", [16_000, 32_000, 44_100, 48_000, 96_000])
def test_the_filters_fit_every_sample_rate(rate):
    measured = _measured(sounds.tone(5, 997, -20, rate, channels=1), rate)
    assert measured.integrated == pytest.approx(-23.0, abs=0.05)


def test_the_size_of_the_blocks_changes_nothing():
    samples = sounds.music(6)
    whole, pieces = (_measured(samples, block=block) for block in (10**9, 4_801))
    assert whole.integrated == pytest.approx(pieces.integrated, abs=1e-4)
    assert whole.true_peak == pytest.approx(pieces.true_peak, abs=1e-6)


def test_a_peak_in_the_last_samples_is_found():
    samples = sounds.tone(2, 1000, -40)
    samples[1, -3] = 0.9
    assert _measured(samples).true_peak == pytest.approx(-0.9, abs=0.4)


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_a_file_is_measured_as_strangers_measure_it(rate, tmp_path):
    file = sounds.write_wav(tmp_path / "music.wav", sounds.music(15, rate), rate)

    measured = AvMasteringSuite().measure(file)

    stranger = sounds.ebur128(file)
    assert measured.integrated == pytest.approx(sounds.integrated(file), abs=0.1)
    assert measured.integrated == pytest.approx(stranger["integrated"], abs=0.1)
    assert measured.loudness_range == pytest.approx(stranger["range"], abs=0.2)
    assert measured.true_peak == pytest.approx(stranger["true_peak"], abs=0.15)


def test_silence_has_no_loudness(tmp_path):
    file = sounds.write_wav(tmp_path / "silence.wav", np.zeros((2, 96_000)))
    with pytest.raises(AudioError) as caught:
        AvMasteringSuite().measure(file)
    assert caught.value.text.name == "audio.silent"
