"""What a radio station is sent: a WAV at its own loudness, from the same programme."""

import struct
import wave

import numpy as np
import pytest
import sounds

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.adapters.audio.wav import Wav
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings


@pytest.fixture
def sent(tmp_path, progress):
    def run(samples, *, bits=24, **settings):
        recording = sounds.write_wav(tmp_path / "recording.wav", samples)
        chosen = MasteringSettings(**settings)
        order = MasteringOrder((recording,), chosen, sounds.some_tags())
        to = tmp_path / "0042-fm.wav"
        suite = AvMasteringSuite()
        return suite.for_station(order, to=to, target=chosen.station, bits=bits, progress=progress), to

    return run


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_station_gets_pcm_at_its_loudness(bits, channels, sent):
    made, file = sent(sounds.stereo(sounds.speech(8)), bits=bits, channels=channels)

    with wave.open(str(file)) as read:
        assert (read.getframerate(), read.getsampwidth(), read.getnchannels()) == (
            48_000,
            bits // 8,
            channels,
        )
        assert read.getnframes() == 8 * 48_000
    assert sounds.integrated(file) == pytest.approx(-24, abs=0.5)
    assert sounds.true_peak(file) <= -1.0
    assert made.loudness.integrated == pytest.approx(sounds.integrated(file), abs=0.1)


def test_the_station_hears_the_jingle_too(sent, tmp_path):
    jingle = sounds.write_wav(tmp_path / "jingle.wav", sounds.tone(2, 300, -20))
    made, _ = sent(sounds.tone(5, 1000, -20), intro=jingle)
    assert made.duration.seconds == 7


def test_peaks_are_held_for_the_station_too(sent):
    samples = sounds.stereo(sounds.speech(8, peak=0.02))
    samples[:, 200_000:200_050] = 0.9
    _, file = sent(samples)
    assert sounds.true_peak(file) <= -1.0
    assert sounds.integrated(file) == pytest.approx(-24, abs=0.5)


def test_silence_is_an_error_and_leaves_nothing(sent, tmp_path):
    with pytest.raises(AudioError):
        sent(np.zeros((2, 96_000)))
    assert not (tmp_path / "0042-fm.wav").exists()


def test_what_outgrows_four_gigabytes_says_so_in_its_header(tmp_path):
    wav = Wav(tmp_path / "long.wav", rate=48_000, channels=2, bits=24)
    wav.put(np.zeros((2, 480), np.float32))
    wav._length = 6 * 2**32
    header = wav._header(6 * 2**32 + 72)
    wav.close()

    assert (header[:4], header[4:8], header[8:12]) == (b"RF64", b"\xff" * 4, b"WAVE")
    assert header[12:16] == b"ds64"
    riff, data, frames = struct.unpack("<QQQ", header[20:44])
    assert (riff, data, frames) == (6 * 2**32 + 72, 6 * 2**32, 2**32)
    assert header[-8:] == b"data" + b"\xff" * 4
