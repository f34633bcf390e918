"""Names of files that somebody brings, most of them harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cityhall_fm.show.errors import InputError
from cityhall_fm.show.recording_files import Use, ending_of, place_of, sounds_like


@pytest.mark.parametrize(
    "name",
    ["../../x.wav", "..\\x.wav", "/etc/x.wav", ".wav", ".hidden.wav", "a\0b.wav", "a\nb.wav", "a\u202eb.wav",
     "C:x.wav", "x.exe", "x", "", "x.wav/", " .wav", "x.wav.sh"],
)  # fmt: skip
def test_names_that_would_do_harm_are_refused(name):
    with pytest.raises(InputError):
        place_of(name, Use.TRACK, taken=[])


@pytest.mark.parametrize(
    ("name", "use", "place"),
    [
        ("佐久.wav", Use.RECORDING, "recording.wav"),
        ("佐久.wav", Use.TRACK, "track-佐久.wav"),
        ("track-髙橋😀.FLAC", Use.TRACK, "track-髙橋😀.flac"),
        (unicodedata.normalize("NFD", "ガイド.m4a"), Use.TRACK, "track-ガイド.m4a"),
        ("録" * 100 + ".mp3", Use.TRACK, "track-" + "録" * 60 + ".mp3"),
    ],
)
def test_every_recorders_names_find_a_place(name, use, place):
    assert place_of(name, use, taken=["episode.md"]) == place


def test_parts_keep_their_order_and_nothing_is_written_over():
    taken: list[str] = []
    for _ in range(12):
        taken.append(place_of("ZOOM.WAV", Use.RECORDING, taken=taken))
    assert taken == sorted(set(taken))
    assert place_of("佐久.mp3", Use.TRACK, taken=["track-佐久.wav"]) == "track-佐久_02.mp3"


@given(some.text(max_size=30), some.sampled_from(Use), some.lists(some.text(max_size=20), max_size=3))
def test_whatever_the_name_the_place_is_a_plain_name_of_a_sound(name, use, taken):
    try:
        place = place_of(f"{name}.wav", use, taken=taken)
    except InputError:
        return
    assert place.startswith(("recording", "track-"))
    assert place.endswith(".wav")
    assert place not in taken
    assert not {"/", "\\", "\0"} & set(place)
    assert ending_of(place) == ".wav"


@pytest.mark.parametrize(
    ("beginning", "ending"),
    [
        (b"RIFF\0\0\0\0WAVEfmt ", ".wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64", ".wav"),
        (b"FORM\0\0\0\0AIFC", ".aif"),
        (b"fLaC", ".flac"),
        (b"ID3\x04", ".flac"),
        (b"OggS", ".opus"),
        (b"\0\0\0\x20ftypM4A ", ".m4a"),
        (b"ID3\x04", ".mp3"),
        (b"\xff\xfb\x90", ".mp3"),
        (b"\xff\xf1P", ".aac"),
        (b"caff\0\x01", ".caf"),
    ],
)
def test_sound_is_known_by_its_first_bytes(beginning, ending):
    assert sounds_like(beginning, ending)


@given(some.binary(max_size=20))
def test_a_page_or_a_program_is_no_wave(junk):
    assert not sounds_like(b"MZ" + junk, ".wav")
    assert not sounds_like(b"<!doctype html>" + junk, ".mp3")
    assert not sounds_like(junk, ".exe")
