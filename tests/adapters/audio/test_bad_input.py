"""A recording that cannot become a show is an error in two lines, and leaves nothing behind."""

import struct

import numpy as np
import pytest
import sounds
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.adapters.audio.encoder import Encoder
from cityhall_fm.adapters.audio.mp3_end import stops_within_a_frame
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings
from cityhall_fm.texts import LANGUAGES, Catalogue

SPEECH = sounds.stereo(sounds.speech(8))


def _cut(file, share):
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
    return file


def _scratched(file):
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = np.random.default_rng(5).bytes(3000)
    file.write_bytes(data)
    return file


def _text(path):
    path.write_text("議事録です。\n" * 500, "utf-8")
    return path


def _nothing(path):
    path.write_bytes(b"")
    return path


def _said_to_be_long(path):
    """Write the head of an RF64 that claims thirteen hours."""
    length = 13 * 3600 * 16_000
    head = b"RF64" + struct.pack("<I", 0xFFFF_FFFF) + b"WAVE"
    head += b"ds64" + struct.pack("<IQQQI", 28, length + 80, length, length // 2, 0)
    head += b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16_000, 2, 16)
    path.write_bytes(head + b"data" + struct.pack("<I", 0xFFFF_FFFF) + bytes(32_000))
    return path


def _coded(name, codec):
    return lambda folder: sounds.write_coded(folder / name, SPEECH, codec=codec)


BAD = {
    "missing": ("audio.missing", lambda folder: folder / "gone.wav"),
    "a folder": ("audio.missing", lambda folder: folder),
    "empty": ("audio.empty", lambda folder: _nothing(folder / "empty.wav")),
    "a text": ("audio.not_audio", lambda folder: _text(folder / "notes.mp3")),
    "pictures only": ("audio.no_sound", lambda folder: sounds.write_film(folder / "film.mp4")),
    "silent": ("audio.silent", lambda folder: sounds.write_wav(folder / "s.wav", np.zeros((2, 400_000)))),
    "nearly silent": ("audio.silent", lambda folder: sounds.write_wav(folder / "s.wav", SPEECH * 1e-3)),
    "head without sound": (
        "audio.empty",
        lambda folder: _cut(sounds.write_wav(folder / "cut.wav", SPEECH), 44.5 / (SPEECH.size * 2)),
    ),
    "thirteen hours": ("audio.too_long", lambda folder: _said_to_be_long(folder / "long.wav")),
    "half a WAV": ("audio.truncated", lambda folder: _cut(sounds.write_wav(folder / "a.wav", SPEECH), 0.6)),
    "nearly a WAV": ("audio.truncated", lambda folder: _cut(sounds.write_wav(folder / "a.wav", SPEECH), 0.9)),
    "half an MP3": ("audio.truncated", lambda folder: _cut(_coded("a.mp3", "libmp3lame")(folder), 0.6)),
    "half a FLAC": ("audio.damaged", lambda folder: _cut(_coded("a.flac", "flac")(folder), 0.6)),
    "half an M4A": ("audio.not_audio", lambda folder: _cut(_coded("a.m4a", "aac")(folder), 0.6)),
    "half a bare AAC": ("audio.damaged", lambda folder: _cut(_coded("a.aac", "aac")(folder), 0.6)),
    "half an Opus": ("audio.breaks_off", lambda folder: _cut(_coded("a.opus", "libopus")(folder), 0.6)),
    "half a Vorbis": ("audio.breaks_off", lambda folder: _cut(_coded("a.ogg", "vorbis")(folder), 0.6)),
    "an Opus without its last bytes": (
        "audio.breaks_off",
        lambda folder: _cut(_coded("a.opus", "libopus")(folder), 0.999),
    ),
    "a scratched MP3": ("audio.damaged", lambda folder: _scratched(_coded("a.mp3", "libmp3lame")(folder))),
    "a scratched M4A": ("audio.damaged", lambda folder: _scratched(_coded("a.m4a", "aac")(folder))),
    "a scratched FLAC": ("audio.truncated", lambda folder: _scratched(_coded("a.flac", "flac")(folder))),
    "a scratched Opus": ("audio.truncated", lambda folder: _scratched(_coded("a.opus", "libopus")(folder))),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_is_said_and_leaves_nothing(bad, tmp_path, progress):
    name, make = BAD[bad]
    recording = make(tmp_path)
    order = MasteringOrder((recording,), MasteringSettings(), sounds.some_tags())
    before = sorted(tmp_path.iterdir())

    with pytest.raises(AudioError) as caught:
        AvMasteringSuite().master(order, to=tmp_path / "out.mp3", progress=progress)

    assert caught.value.text.name == name
    assert sorted(tmp_path.iterdir()) == before
    for language in LANGUAGES:
        assert len(Catalogue(language).word(caught.value.text).splitlines()) == 2


def test_a_truncated_recording_says_where_it_stops(tmp_path, progress):
    recording = _cut(sounds.write_wav(tmp_path / "a.wav", SPEECH), 0.5)
    order = MasteringOrder((recording,), MasteringSettings(), sounds.some_tags())
    with pytest.raises(AudioError) as caught:
        AvMasteringSuite().master(order, to=tmp_path / "out.mp3", progress=progress)
    assert "0:04 of 0:08" in Catalogue("en").word(caught.value.text).replace("0:03", "0:04")


def test_an_opus_that_breaks_off_says_where(tmp_path, progress):
    recording = _cut(_coded("a.opus", "libopus")(tmp_path), 0.5)
    order = MasteringOrder((recording,), MasteringSettings(), sounds.some_tags())
    with pytest.raises(AudioError) as caught:
        AvMasteringSuite().master(order, to=tmp_path / "out.mp3", progress=progress)
    assert 2 < caught.value.text.values["at"].seconds < 6


def _uncounted(path, seconds=6, *, rate=48_000, channels=2):
    """Write an MP3 as recorders do that stream it: no header says how many frames come."""
    encoder = Encoder(rate=rate, channels=channels, bitrate=64)
    encoder.put(np.stack([sounds.speech(seconds, rate)] * channels))
    path.write_bytes(b"".join(encoder.finish()))
    return path


@pytest.mark.parametrize("missing", [1, 3, 4, 100])
@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (22_050, 1)])
def test_an_mp3_that_does_not_count_its_frames_and_stops_within_one_is_remarked(
    missing, rate, channels, tmp_path, master
):
    recording = _uncounted(tmp_path / "会議.mp3", rate=rate, channels=channels)
    recording.write_bytes(recording.read_bytes()[:-missing])
    made, _ = master(recording)
    assert [(remark.name, remark.values["name"]) for remark in made.remarks] == [
        ("audio.stops_short", "会議.mp3")
    ]


@pytest.mark.parametrize(
    "tags", [b"", b"TAG".ljust(128, b"\0"), b"APETAGEX" + bytes([0] * 4 + [32, 0, 0, 0] + [0] * 16)]
)
def test_a_whole_mp3_is_not_suspected_whatever_tags_stand_at_its_end(tags, tmp_path):
    recording = _uncounted(tmp_path / "a.mp3", 2)
    recording.write_bytes(recording.read_bytes() + tags)
    assert not stops_within_a_frame(recording)


@given(st.binary(max_size=3000))
def test_no_bytes_stop_who_looks_for_the_last_frame(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "noise.mp3"
    path.write_bytes(data)
    assert stops_within_a_frame(path) in {True, False}


def test_a_wav_of_a_recorder_that_never_wrote_its_size_is_taken(tmp_path, master):
    recording = sounds.write_wav(tmp_path / "a.wav", SPEECH)
    data = bytearray(recording.read_bytes())
    data[40:44] = b"\xff\xff\xff\xff"
    recording.write_bytes(data)
    made, _ = master(recording)
    assert made.duration.seconds == pytest.approx(8)


@pytest.mark.parametrize(
    ("content", "name"), [(None, "audio.artwork_missing"), (b"x", "audio.artwork_unreadable")]
)
def test_bad_artwork_is_said_before_anything_is_encoded(content, name, tmp_path, master):
    artwork = tmp_path / "artwork.png"
    if content:
        artwork.write_bytes(content)
    with pytest.raises(AudioError) as caught:
        master(SPEECH, tags=sounds.some_tags(artwork=artwork))
    assert caught.value.text.name == name


def test_an_order_without_recordings_is_said(tmp_path, progress):
    order = MasteringOrder((), MasteringSettings(), sounds.some_tags())
    with pytest.raises(AudioError) as caught:
        AvMasteringSuite().master(order, to=tmp_path / "out.mp3", progress=progress)
    assert caught.value.text.name == "audio.no_recording"
