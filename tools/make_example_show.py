"""Make the example show's recordings, transcripts, jingle and artwork anew.

    pip install pyopenjtalk-plus av pillow numpy     # and Debian's fonts-noto-cjk for the artwork
    python tools/make_example_show.py [recordings] [jingle] [artwork]

The words are in make_example_show.toml beside this file. Open JTalk speaks them sentence by sentence, so
the script knows to the millisecond what is said when: it writes the transcripts, and sets every `at:` in
the episodes' front matter. Licences: episodes/LICENSES.md.
Made with pyopenjtalk-plus 0.4.1.post10 and PyAV 18.1; other versions may give other bytes and times.
"""

from __future__ import annotations

import math
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import av
import numpy as np
import pyopenjtalk
from PIL import Image, ImageDraw, ImageFont

HERE: Final = Path(__file__).parent
SHOW: Final = HERE.parent
RATE: Final = 48_000

Samples = np.ndarray[tuple[int], np.dtype[np.float64]]
Point = tuple[float, float]

# ── Recordings and transcripts ────────────────────────────────────────────────────────────────

OPENING_PAUSE: Final = 0.6
BETWEEN_SENTENCES: Final = 0.36
BETWEEN_SPEAKERS: Final = 0.55
BETWEEN_SEGMENTS: Final = 1.0
CLOSING_PAUSE: Final = 1.2
BEFORE_SPEECH: Final = 0.1
"""A segment is marked this much before its first word, so that a jump cuts no sound."""
ROOM_TONE: Final = 10 ** (-66 / 20)
VOICE_LICENCE: Final = 'HTS Voice "Mei", Nagoya Institute of Technology, CC BY 3.0'
HIGHEST_PEAK: Final = 0.97
SPOKEN_AT: Final = 0.08
"""The level at which every voice is laid down before the whole is brought to its loudness."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of the transcript."""

    start: float
    end: float
    speaker: str
    words: str


def make_recordings() -> None:
    """Speak all episodes; write recording.opus, transcript.vtt and the times in episode.md."""
    script = tomllib.loads((HERE / "make_example_show.toml").read_text("utf-8"))
    for number, episode in enumerate(script["episode"], 1):
        folder = SHOW / "episodes" / episode["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        samples, cues, times = _speak(episode["segment"], script["voices"])
        samples = _at_loudness(samples + _room_tone(len(samples), seed=number), episode["loudness"])
        title = f"FMリモート市役所 第{number}回 {episode['title']}"
        _write_opus(samples, folder / "recording.opus", title=title)
        (folder / "transcript.vtt").write_text(_webvtt(cues), "utf-8")
        _set_times(folder / "episode.md", times)
        at = ", ".join(_timecode(time) for time in times)
        _say(f"{episode['folder']}: {len(samples) / RATE:.1f} s; segments at {at}")


def _speak(
    segments: list[dict[str, list[list[str]]]], voices: dict
) -> tuple[Samples, list[Cue], list[float]]:
    parts, cues, times = [_silence(OPENING_PAUSE)], [], [0.0]
    now, last = OPENING_PAUSE, ""
    for number, segment in enumerate(segments):
        if number:
            at = math.ceil((now + BETWEEN_SEGMENTS - BEFORE_SPEECH) * 10) / 10
            parts.append(_silence(at + BEFORE_SPEECH - now))
            now = at + BEFORE_SPEECH
            times.append(at)
        for index, line in enumerate(segment["lines"]):
            voice, words = line[0], line[1]
            if index:
                pause = BETWEEN_SENTENCES if voice == last else BETWEEN_SPEAKERS
                parts.append(_silence(pause))
                now += pause
            spoken = _sentence(
                line[-1], **{key: voices[voice][key] for key in ("half_tones", "size", "speed")}
            )
            parts.append(spoken)
            cues.append(Cue(now, now + len(spoken) / RATE, voices[voice].get("speaker", voice), words))
            now, last = now + len(spoken) / RATE, voice
    parts.append(_silence(CLOSING_PAUSE))
    return np.concatenate(parts), cues, times


def _sentence(text: str, *, half_tones: float, size: float, speed: float) -> Samples:
    """Speak one sentence with Mei's voice; a larger size lowers formants and pitch, at the same pace."""
    samples, rate = pyopenjtalk.tts(text, speed=speed * size, half_tone=half_tones, iu_pronunciation="Yuu")
    if rate != RATE:
        raise SystemExit(f"Open JTalk speaks at {rate} Hz, not {RATE}")
    samples = _trimmed(_resampled(samples / 32768, size))
    loud = samples[np.abs(samples) > 0.1 * np.abs(samples).max()]
    samples = samples * (SPOKEN_AT / np.sqrt(np.mean(loud**2)))
    edge = np.linspace(0, 1, RATE // 100)
    samples[: len(edge)] *= edge
    samples[-len(edge) :] *= edge[::-1]
    return samples


def _resampled(samples: Samples, factor: float) -> Samples:
    spectrum = np.fft.rfft(samples)
    length = round(len(samples) * factor)
    wanted = np.zeros(length // 2 + 1, complex)
    kept = min(len(spectrum), len(wanted))
    wanted[:kept] = spectrum[:kept]
    return np.fft.irfft(wanted, length) * factor


def _trimmed(samples: Samples) -> Samples:
    """Cut the silence that Open JTalk leaves at both ends, but not a soft consonant."""
    heard = np.flatnonzero(np.abs(samples) > 0.004 * np.abs(samples).max())
    margin = RATE // 33
    return samples[max(heard[0] - margin, 0) : heard[-1] + 2 * margin].copy()


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE))


def _room_tone(length: int, *, seed: int) -> Samples:
    """Breathe a little: noise that falls by 6 dB per octave, as quiet as a good room."""
    frequencies = np.fft.rfftfreq(length, 1 / RATE)
    noise = np.random.default_rng(seed).standard_normal(length)
    shaped = np.fft.irfft(np.fft.rfft(noise) / np.maximum(frequencies, 80), length)
    return shaped * (ROOM_TONE / np.sqrt(np.mean(shaped**2)))


def _at_loudness(samples: Samples, wanted: float) -> Samples:
    samples = samples * 10 ** ((wanted - _loudness(samples)) / 20)
    return samples * min(1.0, HIGHEST_PEAK / np.abs(samples).max())


def _loudness(samples: Samples) -> float:
    """Measure the integrated loudness in LUFS, with FFmpeg's EBU R 128 meter."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="mono", time_base=f"1/{RATE}")
    meter, sink = graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    measured = -math.inf
    for frame in _frames(samples.astype(np.float32)[np.newaxis], "flt", "mono"):
        source.push(frame)
        while True:
            try:
                measured = float(sink.pull().metadata["lavfi.r128.I"])
            except (av.BlockingIOError, KeyError):
                break
    return measured


def _write_opus(samples: Samples, path: Path, *, title: str) -> None:
    with av.open(str(path), "w", format="ogg", options={"fflags": "+bitexact"}) as file:
        file.metadata.update(title=title, artist="FMリモート市役所", license=VOICE_LICENCE)
        stream = file.add_stream(
            "libopus", RATE, layout="mono", bit_rate=36_000, options={"application": "voip"}
        )
        quantised = np.round(samples * 32767).astype(np.int16)[np.newaxis]
        for frame in _frames(quantised, "s16", "mono"):
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def _frames(interleaved: np.ndarray, sample_format: str, layout: str) -> Iterator[av.AudioFrame]:
    step, channels = 960, 2 if layout == "stereo" else 1
    for start in range(0, interleaved.shape[1], step * channels):
        block = np.ascontiguousarray(interleaved[:, start : start + step * channels])
        frame = av.AudioFrame.from_ndarray(block, format=sample_format, layout=layout)
        frame.sample_rate, frame.pts = RATE, start // channels
        yield frame


def _webvtt(cues: list[Cue]) -> str:
    blocks = [f"{_clock(cue.start)} --> {_clock(cue.end)}\n<v {cue.speaker}>{cue.words}</v>" for cue in cues]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def _clock(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{milliseconds:03}"


def _timecode(seconds: float) -> str:
    whole, tenth = divmod(round(seconds * 10), 10)
    return f"{whole // 60}:{whole % 60:02}" + (f".{tenth}" if tenth else "")


def _set_times(episode: Path, times: list[float]) -> None:
    """Put the times, in their order, into the `at:` lines of the rundown."""
    if not episode.exists():
        return
    new = iter(times)
    text = re.sub(
        r'(?m)^( +at: )".*"$', lambda at: f'{at[1]}"{_timecode(next(new))}"', episode.read_text("utf-8")
    )
    if next(new, None) is not None:
        raise SystemExit(f"{episode}: fewer segments than in the script")
    episode.write_text(text, "utf-8")


# ── Jingle ────────────────────────────────────────────────────────────────────────────────────

JINGLE_LENGTH: Final = 4.8
MELODY: Final = ((0.0, 74), (0.3, 79), (0.6, 83), (0.9, 86), (1.35, 83), (1.65, 81), (1.95, 83), (2.4, 79))
"""Seconds and MIDI notes, G major: up like a mountain, and home again."""
CHORDS: Final = ((0.0, (43, 55, 62, 71)), (1.35, (48, 55, 64, 67)), (2.4, (43, 55, 62, 71)))


def make_jingle() -> None:
    """Play a small tune on a struck bar over a soft pad, and fade it out."""
    time = np.arange(round(JINGLE_LENGTH * RATE)) / RATE
    pad = np.zeros_like(time)
    for at, notes in CHORDS:
        for note in notes:
            pad += _padded(time - at, _hertz(note), until=1.6 if at < CHORDS[-1][0] else JINGLE_LENGTH)
    left, right = pad.copy(), pad.copy()
    for number, (at, note) in enumerate(MELODY):
        tone = _struck(time - at, _hertz(note))
        pan = 0.5 + 0.18 * math.sin(number)
        left += tone * (1 - pan) * 2
        right += tone * pan * 2
    fade = np.clip((JINGLE_LENGTH - 0.02 - time) / 1.8, 0, 1) ** 1.5
    stereo = np.stack([left, right]) * fade
    stereo *= 0.5 / np.abs(stereo).max()
    with av.open(str(SHOW / "feeds" / "jingle.flac"), "w", options={"fflags": "+bitexact"}) as file:
        file.metadata.update(title="FMリモート市役所 ジングル")
        options = {"compression_level": "12"}
        stream = file.add_stream("flac", RATE, layout="stereo", format="s16", options=options)
        interleaved = np.round(stereo.T.reshape(1, -1) * 32767).astype(np.int16)
        for frame in _frames(interleaved, "s16", "stereo"):
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    _say(f"jingle.flac: {JINGLE_LENGTH} s")


def _hertz(note: int) -> float:
    return 440 * 2 ** ((note - 69) / 12)


def _struck(time: Samples, hertz: float) -> Samples:
    """Strike a wooden bar: its second partial lies two octaves above the first, and dies sooner."""
    after = np.maximum(time, 0)
    attack = np.clip(after / 0.004, 0, 1)
    body = np.sin(2 * np.pi * hertz * after) * np.exp(-after * 2.6)
    ring = 0.16 * np.sin(2 * np.pi * 4 * hertz * after) * np.exp(-after * 11)
    return 0.5 * attack * (body + ring)


def _padded(time: Samples, hertz: float, *, until: float) -> Samples:
    after = np.maximum(time, 0)
    swell = np.clip(after / 0.25, 0, 1) * np.clip((until - after) / 0.5, 0, 1)
    return 0.07 * swell * (np.sin(2 * np.pi * hertz * after) + 0.25 * np.sin(4 * np.pi * hertz * after))


# ── Artwork ───────────────────────────────────────────────────────────────────────────────────

SIDE: Final = 1500
SHARP: Final = 3
"""Drawn this much larger and then reduced, for smooth edges."""
FONT: Final = "NotoSansCJK-Bold.ttc"

NIGHT, DUSK, GLOW = "#12304F", "#1D4A70", "#2B6288"
ASAMA, SHADE, SNOW = "#6F9DB8", "#557F9E", "#F3F7F8"
STEAM = "#8FB3CB"
SNOW_LINE = 1252
RIDGE, FIELD = "#23506A", "#163A4A"
CREAM, CORAL, STAR = "#FFF7E6", "#E2552F", "#FFD98A"


def make_artwork() -> None:
    """Draw the show's picture: the words FM in a speech bubble, a radio mast, Mt. Asama at nightfall."""
    picture = Image.new("RGB", (SIDE * SHARP, SIDE * SHARP), NIGHT)
    draw = ImageDraw.Draw(picture)
    _sky(draw)
    _mountain(draw)
    _mast(draw)
    _title(draw)
    picture = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    # A palette of 128 colours, written as RGB again: flat areas stay flat, and the file small
    picture = picture.quantize(128, dither=Image.Dither.NONE).convert("RGB")
    picture.save(SHOW / "feeds" / "artwork.png", optimize=True)
    _say(f"artwork.png: {SIDE} px")


def _sky(draw: ImageDraw.ImageDraw) -> None:
    for height, colour in ((1085, DUSK), (1225, GLOW)):
        edge = [(x, height - 34 * math.sin(x / 480 + height)) for x in range(0, SIDE + 1, 10)]
        _shape(draw, [(0, SIDE), *edge, (SIDE, SIDE)], colour)
    for x, y, size in ((1010, 130, 15), (1130, 290, 22), (1265, 160, 30), (1390, 330, 15), (1385, 85, 14)):
        _star(draw, x, y, size)


def _mountain(draw: ImageDraw.ImageDraw) -> None:
    """Mt. Asama as the city sees it: broad, gentle, a shoulder on the left, a little steam."""
    for x, y, radius in ((524, 1168, 13), (548, 1156, 17), (580, 1147, 20), (613, 1144, 16), (640, 1147, 10)):
        _disc(draw, x, y, radius, STEAM)
    shoulder = [(x, 1440 - 205 * math.exp(-(((x - 150) / 205) ** 2))) for x in range(-60, 620, 10)]
    _shape(draw, shoulder, SHADE)
    left = [(x, 1460 - 285 * ((x + 180) / 630) ** 1.5) for x in range(-180, 451, 10)]
    right = [(x, 1460 - 285 * ((1420 - x) / 840) ** 1.5) for x in range(580, 1421, 10)]
    crater = [(470, 1181), (512, 1186), (556, 1180)]
    outline = [*left, *crater, *right]
    _shape(draw, outline, ASAMA)
    _shape(draw, [(556, 1180), *right, (800, 1460), (690, 1340), (640, 1255)], SHADE)
    snow = [point for point in outline if point[1] < SNOW_LINE]
    edge = [(668, 1268), (634, 1238), (606, 1288), (574, 1240), (548, 1312), (516, 1244)]
    edge += [(484, 1286), (454, 1238), (424, 1272), (398, 1240), (366, 1266)]
    _shape(draw, [*snow, *edge], SNOW)
    ridge = [(x, 1396 - 22 * math.sin(x / 155) - 13 * math.sin(x / 61 + 1)) for x in range(0, SIDE + 1, 10)]
    _shape(draw, [(0, SIDE), *ridge, (SIDE, SIDE)], RIDGE)
    field = [(x, 1446 + 12 * math.sin(x / 240 + 2)) for x in range(0, SIDE + 1, 10)]
    _shape(draw, [(0, SIDE), *field, (SIDE, SIDE)], FIELD)


def _mast(draw: ImageDraw.ImageDraw) -> None:
    x, top, foot, spread = 1275, 975, 1455, 92
    for side in (-1, 1):
        _line(draw, [(x, top), (x + side * spread, foot)], CREAM, 17)
    levels = (0.27, 0.48, 0.73, 1.0)
    for upper, lower in pairwise(levels):
        y1, y2 = top + (foot - top) * upper, top + (foot - top) * lower
        w1, w2 = spread * upper, spread * lower
        _line(draw, [(x - w1, y1), (x + w1, y1)], CREAM, 12)
        _line(draw, [(x - w1, y1), (x + w2, y2)], CREAM, 9)
        _line(draw, [(x + w1, y1), (x - w2, y2)], CREAM, 9)
    _disc(draw, x, top - 12, 34, CORAL)
    for radius in (88, 148):
        for middle in (0, 180):
            _arc(draw, (x, top - 12), radius, angles=(middle - 42, middle + 42), colour=STAR, width=20)


def _title(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle(_scaled((95, 70, 880, 400)), 110 * SHARP, fill=CORAL)
    _shape(draw, [(205, 370), (365, 390), (165, 474)], CORAL)
    _words(draw, (160, 235), "FM", 310, CREAM)
    for radius in (62, 122, 182):
        _arc(draw, (618, 235), radius, angles=(-44, 44), colour=CREAM, width=30)
    _words(draw, (54, 635), "リモート", 330, CREAM)
    _words(draw, (98, 948), "市役所", 304, CREAM)


def _words(draw: ImageDraw.ImageDraw, left_middle: Point, words: str, size: int, colour: str) -> None:
    """Set words by their ink: it begins at the left, and its middle is on the line."""
    font = ImageFont.truetype(FONT, size * SHARP, index=0)
    x0, y0, _, y1 = draw.textbbox((0, 0), words, font=font, anchor="ls")
    x, y = left_middle[0] * SHARP - x0, left_middle[1] * SHARP - (y0 + y1) / 2
    draw.text((x, y), words, fill=colour, font=font, anchor="ls", stroke_width=2 * SHARP, stroke_fill=colour)


def _star(draw: ImageDraw.ImageDraw, x: float, y: float, size: float) -> None:
    points = []
    for corner in range(8):
        reach = size if corner % 2 == 0 else size * 0.32
        angle = math.pi * corner / 4
        points.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
    _shape(draw, points, STAR)


def _shape(draw: ImageDraw.ImageDraw, points: list[Point], colour: str) -> None:
    draw.polygon([(x * SHARP, y * SHARP) for x, y in points], fill=colour)


def _line(draw: ImageDraw.ImageDraw, points: list[Point], colour: str, width: int) -> None:
    draw.line([(x * SHARP, y * SHARP) for x, y in points], fill=colour, width=width * SHARP)


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: str) -> None:
    draw.ellipse(_scaled((x - radius, y - radius, x + radius, y + radius)), fill=colour)


def _arc(
    draw: ImageDraw.ImageDraw, middle: Point, radius: float, *, angles: Point, colour: str, width: int
) -> None:
    """Draw an arc with round ends; `radius` is that of its middle line."""
    x, y = middle
    outer = radius + width / 2
    draw.arc(_scaled((x - outer, y - outer, x + outer, y + outer)), *angles, fill=colour, width=width * SHARP)
    for angle in angles:
        turn = math.radians(angle)
        _disc(draw, x + radius * math.cos(turn), y + radius * math.sin(turn), width / 2, colour)


def _scaled(box: tuple[float, float, float, float]) -> tuple[float, ...]:
    return tuple(value * SHARP for value in box)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


PARTS: Final[dict[str, Callable[[], None]]] = {
    "recordings": make_recordings,
    "jingle": make_jingle,
    "artwork": make_artwork,
}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        if part not in PARTS:
            raise SystemExit(f"{part}: no such part; choose from {', '.join(PARTS)}")
        PARTS[part]()
