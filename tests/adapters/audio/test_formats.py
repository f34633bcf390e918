"""Whatever a recorder or a call writes is taken, at its own length, and comes out on target."""

import numpy as np
import pytest
import sounds

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.adapters.audio.decode import blocks
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings

FORMATS = {
    "WAV, 8 bit": ("a.wav", "pcm_u8", 44_100, None),
    "WAV, 16 bit": ("a.wav", "pcm_s16le", 22_050, None),
    "WAV, 24 bit": ("a.wav", "pcm_s24le", 96_000, None),
    "WAV, 32 bit": ("a.wav", "pcm_s32le", 32_000, None),
    "WAV, float": ("a.wav", "pcm_f32le", 48_000, None),
    "RF64": ("a.wav", "pcm_s16le", 48_000, {"rf64": "always"}),
    "AIFF": ("a.aiff", "pcm_s16be", 44_100, None),
    "FLAC": ("a.flac", "flac", 96_000, None),
    "MP3": ("a.mp3", "libmp3lame", 22_050, None),
    "M4A": ("a.m4a", "aac", 44_100, None),
    "Opus": ("a.opus", "libopus", 48_000, None),
    "Vorbis": ("a.ogg", "vorbis", 44_100, None),
}


@pytest.mark.parametrize("form", FORMATS)
def test_every_usual_format_is_read_whole(form, tmp_path):
    name, codec, rate, options = FORMATS[form]
    samples = sounds.stereo(sounds.speech(4, rate))
    recording = sounds.write_coded(tmp_path / name, samples, rate, codec=codec, options=options)

    read = np.concatenate(list(blocks(recording, rate=48_000)), axis=1)

    assert read.shape[1] / 48_000 == pytest.approx(4.0, abs=0.05)
    assert np.sqrt(np.mean(read**2)) == pytest.approx(np.sqrt(np.mean(samples**2)), rel=0.1)


@pytest.mark.parametrize("form", ["WAV, 24 bit", "FLAC", "MP3", "M4A", "Opus"])
def test_every_usual_format_comes_out_on_target(form, tmp_path, progress):
    name, codec, rate, options = FORMATS[form]
    samples = sounds.stereo(sounds.speech(6, rate))
    recording = sounds.write_coded(tmp_path / name, samples, rate, codec=codec, options=options)
    order = MasteringOrder((recording,), MasteringSettings(), sounds.some_tags())

    made = AvMasteringSuite().master(order, to=tmp_path / "master.mp3", progress=progress)

    assert made.duration.seconds == pytest.approx(6.0, abs=0.05)
    assert sounds.integrated(tmp_path / "master.mp3") == pytest.approx(-16, abs=0.3)


@pytest.mark.parametrize("layout", ["5.1", "5.1(side)"])
def test_surround_is_mixed_down_as_bs_775_wants_it(layout, tmp_path):
    hertz = {"left": 300, "right": 400, "centre": 500, "lfe": 60, "left surround": 700, "right surround": 800}
    samples = np.concatenate([sounds.tone(3, one, -20, channels=1) for one in hertz.values()])
    recording = sounds.write_coded(tmp_path / "a.wav", samples, codec="pcm_s16le", layout=layout)

    read = np.concatenate(list(blocks(recording, rate=48_000)), axis=1)

    assert len(read) == 2
    own = sounds.level(read, hertz["left"], 0.5, 2.5)
    heard = {name: sounds.level(read, one, 0.5, 2.5) - own for name, one in hertz.items()}
    assert heard["centre"] == pytest.approx(-3, abs=0.1)
    assert heard["left surround"] == pytest.approx(-3, abs=0.1)
    assert max(heard["right"], heard["right surround"], heard["lfe"]) < -50


@pytest.mark.parametrize("channels", [2, 1])
def test_surround_comes_out_on_target(channels, tmp_path, progress):
    silent = np.zeros(5 * 48_000, np.float32)
    voice = sounds.speech(5)
    samples = np.stack([voice * 0.1, voice * 0.1, voice, voice, silent, silent])
    recording = sounds.write_coded(tmp_path / "a.flac", samples, codec="flac", layout="5.1")
    order = MasteringOrder((recording,), MasteringSettings(channels=channels), sounds.some_tags())
    AvMasteringSuite().master(order, to=tmp_path / "master.mp3", progress=progress)
    assert sounds.integrated(tmp_path / "master.mp3") == pytest.approx(-16, abs=0.3)


def test_eight_channels_are_measured_and_mixed(tmp_path, master):
    voice = sounds.speech(4)
    recording = sounds.write_wav(tmp_path / "poly.wav", np.stack([voice, voice, *[voice * 0] * 6]))
    whole = sounds.write_wav(tmp_path / "stereo.wav", sounds.stereo(voice))

    measured, alone = (AvMasteringSuite().measure(path) for path in (recording, whole))
    _, file = master(recording)

    assert measured.integrated == pytest.approx(alone.integrated, abs=0.01)
    assert measured.true_peak == pytest.approx(alone.true_peak, abs=0.01)
    assert sounds.integrated(file) == pytest.approx(-16, abs=0.3)
