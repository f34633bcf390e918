"""The parts hold what they promise, each for itself."""

import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest
import sounds
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.adapters.audio.crc16 import crc16
from cityhall_fm.adapters.audio.encoder import Encoder
from cityhall_fm.adapters.audio.limiter import Limiter, gain_for
from cityhall_fm.adapters.audio.meter import CellMeter, Meter
from cityhall_fm.adapters.audio.proof import Proof
from cityhall_fm.adapters.audio.read_ahead import ahead
from cityhall_fm.adapters.audio.touch_up import touch_up
from thorough import examples


def _slow_crc(data):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


@given(data=st.binary(max_size=300), pieces=st.integers(1, 400))
def test_the_checksum_of_pieces_is_that_of_the_whole(data, pieces):
    data *= pieces
    cut = len(data) // 3
    assert crc16(data[cut:], crc16(data[:cut])) == crc16(data)


def test_the_checksum_is_the_one_of_the_book():
    data = np.random.default_rng(6).bytes(20_001)
    assert crc16(b"123456789") == 0xBB3D
    assert crc16(data) == _slow_crc(data)


def _limited(samples, *, gain, ceiling, block, rate=48_000):
    limiter = Limiter(rate, len(samples), gain=gain, ceiling=ceiling)
    pieces = [limiter.feed(samples[:, start : start + block]) for start in range(0, samples.shape[1], block)]
    return np.concatenate([*pieces, limiter.finish()], axis=1)


@settings(max_examples=examples(12), deadline=None)
@given(seed=st.integers(0, 999), gain=st.floats(-6, 24), block=st.sampled_from([480, 7_001, 96_000]))
def test_limited_sound_stays_under_the_ceiling_and_keeps_its_length(seed, gain, block):
    samples = sounds.stereo(sounds.speech(2, peak=0.9, seed=seed))
    limited = _limited(samples, gain=gain, ceiling=-2.0, block=block)

    meter = Meter(48_000)
    meter.feed(limited)
    assert limited.shape == samples.shape
    assert meter.loudness().true_peak <= -1.9


def test_limiting_does_not_depend_on_the_blocks():
    samples = sounds.music(3)
    one, other = (_limited(samples, gain=12, ceiling=-2, block=block) for block in (5_000, 10**6))
    assert np.abs(one - other).max() < 1e-6


def test_what_needs_no_limiting_passes_unchanged():
    samples = sounds.music(2, peak=0.4)
    assert np.array_equal(_limited(samples, gain=0.0, ceiling=-2.0, block=9_999), samples)


@pytest.mark.parametrize("target", [-23.0, -16.0, -12.0])
def test_the_planned_gain_leads_to_the_target_after_limiting(target):
    samples = sounds.stereo(sounds.speech(10))
    cells = CellMeter(48_000, 2)
    cells.feed(samples)
    gain = gain_for(*cells.finish(), target=target, ceiling=-2.0)

    meter = Meter(48_000)
    meter.feed(_limited(samples, gain=gain, ceiling=-2.0, block=96_000))
    assert meter.loudness().integrated == pytest.approx(target, abs=0.1)


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (44_100, 2), (44_100, 1), (24_000, 1)])
def test_peaks_in_a_finished_mp3_are_turned_down_where_they_are(rate, channels, tmp_path):
    samples = np.tile(sounds.tone(3, 440, -20, rate, channels=1), (channels, 1))
    samples[:, rate : rate + 200] = np.random.default_rng(7).uniform(-1, 1, 200)
    with closing(Encoder(rate=rate, channels=channels, bitrate=64)) as encoder:
        encoder.put(samples)
        mp3 = bytearray(b"".join(encoder.finish()))
    before, limit = _heard(mp3, samples.shape[1], rate), 0.25
    proof = _proof(mp3, samples.shape[1], rate, limit)

    with (tmp_path / "out.mp3").open("w+b") as file:
        file.write(b"id3" + mp3)
        highest = touch_up(file, 3, proof.over, limit=limit)
        file.seek(3)
        after = file.read()

    assert before > limit >= highest
    assert _heard(after, samples.shape[1], rate) <= limit * 1.001
    changed = [index for index, (one, other) in enumerate(zip(mp3, after, strict=True)) if one != other]
    assert 0 < len(changed) < 60
    assert max(changed) - min(changed) < len(mp3) / 10


def _proof(mp3, samples, rate, limit=np.inf):
    proof = Proof(rate=rate, samples=samples, limit=limit)
    proof.feed(bytes(mp3))
    proof.loudness()
    return proof


def _heard(mp3, samples, rate):
    return _proof(mp3, samples, rate)._meter.true_peak


def test_an_error_of_the_reading_thread_arrives():
    def failing():
        yield np.zeros((1, 4), np.float32)
        raise ValueError(4)

    blocks = ahead(failing())
    next(blocks)
    with pytest.raises(ValueError, match="4"):
        next(blocks)


def test_the_package_is_cheap_to_import():
    heavy = {"av", "numpy", "pydub", "PIL", "lameenc", "mutagen"}
    code = f"import sys, cityhall_fm.adapters.audio; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "set()"
