"""Recordings made on the spot, and strangers' ears: decoding and meters that are not the project's."""

import wave
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import av
import numpy as np

from cityhall_fm.show.mastering import Tags

RATE = 48_000


@lru_cache(64)
def speech(seconds, rate=RATE, *, peak=0.3, seed=1):
    """Syllables of a buzzing voice with pauses between phrases: peaky and uneven, as speech is."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    voice = np.zeros_like(time)
    for harmonic in range(1, 30):
        formants = sum(np.exp(-(((harmonic * 130 - centre) / 250) ** 2)) for centre in (600, 1500, 2600))
        voice += (0.05 + formants) / harmonic**0.5 * np.sin(2 * np.pi * 130 * harmonic * time)
    loudness = np.repeat(rng.uniform(0.1, 1, len(time) * 5 // rate + 2), rate // 5)[: len(time)]
    syllables = np.abs(np.sin(np.pi * 5 * time)) * loudness * (np.sin(2 * np.pi * time / 4) > -0.7)
    sound = voice * syllables + rng.standard_normal(len(time)) * 0.01
    return _kept((sound * peak / np.abs(sound).max()).astype(np.float32))


@lru_cache(8)
def music(seconds, rate=RATE, *, peak=0.7):
    """Chords that die away, a little different on either side, with a noise on every beat."""
    rng = np.random.default_rng(2)
    time = np.arange(round(seconds * rate)) / rate
    sides = np.zeros((2, len(time)))
    for beat in range(int(seconds * 2)):
        rest = sides[:, beat * rate // 2 :]
        since = np.arange(rest.shape[1]) / rate
        for note in (1, 1.26, 1.5, 2):
            tone = np.sin(2 * np.pi * 220 * note * (1 + beat % 4 / 8) * since) * np.exp(-4 * since)
            rest += tone * rng.uniform(0.3, 1, (2, 1))
        rest += rng.standard_normal(rest.shape[1]) * np.exp(-60 * since)
    return _kept((sides * peak / np.abs(sides).max()).astype(np.float32))


def _kept(samples):
    """Guard samples that other tests will hear too."""
    samples.flags.writeable = False
    return samples


def tone(seconds, hertz, decibel, rate=RATE, *, channels=2, degrees=0.0):
    """A sine whose peak is at this level below full scale."""
    time = np.arange(round(seconds * rate)) / rate
    sine = 10 ** (decibel / 20) * np.sin(2 * np.pi * hertz * time + np.radians(degrees))
    return np.tile(sine.astype(np.float32), (channels, 1))


def stereo(left, right=None):
    return np.stack([left, left if right is None else right])


def write_wav(path, samples, rate=RATE):
    samples = np.atleast_2d(samples)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(samples))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).round().astype("<i2").T.tobytes())
    return Path(path)


def write_coded(path, samples, rate=RATE, *, codec, options=None, layout=None):
    """Write through one of FFmpeg's encoders: aac, flac, libmp3lame, libopus, pcm_f32le ..."""
    samples = np.atleast_2d(samples)
    layout = layout or ("mono" if len(samples) == 1 else "stereo")
    with av.open(str(path), "w", options=options or {}) as container:
        experimental = {"strict": "experimental"} if codec == "vorbis" else {}
        stream = container.add_stream(codec, rate=rate, layout=layout, options=experimental)
        source = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
        source.sample_rate = rate
        resampler = av.AudioResampler(stream.format.name, layout, rate, frame_size=stream.frame_size or 1024)
        for frame in [*resampler.resample(source), *resampler.resample(None)]:
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return Path(path)


def write_film(path):
    """Write a second of pictures without sound."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10, width=64, height=64, pix_fmt="yuv420p")
        for _ in range(10):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return Path(path)


def decoded(path):
    """Decode as a player does, start and end trimmed as the file's header says."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        floats = av.AudioResampler("fltp")
        frames = [planar for frame in container.decode(stream) for planar in floats.resample(frame)]
        return np.concatenate([frame.to_ndarray() for frame in frames], axis=1), stream.rate


@dataclass(frozen=True)
class Read:
    """What meters that are not ours read of a decoded file."""

    integrated: float
    true_peak: float
    channels: int


def read_by_strangers(path):
    """Take the loudness from pyloudnorm, and the true peak from FFmpeg, whose filter is not ours."""
    samples, _ = decoded(path)
    return Read(integrated(path), true_peak(path), len(samples))


def at_loudness(samples, lufs, rate=RATE):
    """Bring samples to a loudness, as pyloudnorm measures it."""
    return (samples * 10 ** ((lufs - _measured(samples, rate)) / 20)).astype(np.float32)


def integrated(path):
    return _measured(*decoded(path))


def _measured(samples, rate):
    import pyloudnorm  # noqa: PLC0415 - it brings SciPy, which tests of other things do not wait for

    return pyloudnorm.Meter(rate).integrated_loudness(samples.T.astype(np.float64))


def true_peak(path):
    """Read the true peak with FFmpeg's meter, which oversamples with another filter than ours."""
    return ebur128(path)["true_peak"]


def ebur128(path):
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        graph = av.filter.Graph()
        source = graph.add_abuffer(template=stream)
        meter = graph.add("ebur128", "metadata=1:peak=true:framelog=quiet")
        sink = graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        last, peak = {}, -100.0
        for frame in [*container.decode(stream), None]:
            graph.push(frame)
            while True:
                try:
                    last = graph.pull().metadata or last
                except (av.BlockingIOError, av.EOFError):
                    break
                peaks = [float(last[key]) for key in last if "true_peaks_ch" in key]  # as factors
                peak = max([peak, *(20 * np.log10(max(one, 1e-9)) for one in peaks)])
    return {
        "integrated": float(last["lavfi.r128.I"]),
        "range": float(last["lavfi.r128.LRA"]),
        "true_peak": peak,
    }


def level(samples, hertz, start, end, rate=RATE):
    """How strong a tone is between two seconds, in dB."""
    part = samples[0, round(start * rate) : round(end * rate)]
    time = np.arange(len(part)) / rate
    return 20 * np.log10(2 * np.abs(np.mean(part * np.exp(-2j * np.pi * hertz * time))))


def some_tags(**changes):
    values = {
        "title": "第42回 雪かきの相談",
        "album": "FMリモート市役所",
        "artist": "佐久市",
        "track": 42,
        "language": "ja",
    }
    return Tags(**(values | changes))
