"""What people write about one episode's sound: wishes, tracks and their levels, soundbites."""

from __future__ import annotations

import json

import pytest

from cityhall_fm.adapters.episode_folder import EpisodeFolder
from cityhall_fm.show.episode import EpisodeNumber, Key, MediaFile
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.mastering import Bite, MasteringWishes
from cityhall_fm.show.timecode import Timecode

from builders import an_enclosure

SEVEN = EpisodeNumber(7)
FRONT = """\
---
number: 7
title: 佐久の冬支度
guid: 00000000-0000-4000-8000-000000000007
{more}---
"""


def _shelf(tmp_path, more=""):
    folder = tmp_path / "0007-fuyu"
    folder.mkdir()
    (folder / "episode.md").write_text(FRONT.format(more=more), "utf-8")
    return EpisodeFolder(tmp_path)


def test_an_episode_says_where_it_shall_sound_otherwise(tmp_path):
    shelf = _shelf(
        tmp_path,
        "master:\n  trim: false\n  high_pass: true\n  levelling: true\n  levels: {課長: -2, guest: 3.5}\n",
    )
    assert shelf.episode(SEVEN).mastering == MasteringWishes(
        trim=False, high_pass=80, levelling=True, levels=(("課長", -2.0), ("guest", 3.5))
    )


def test_an_episode_that_says_nothing_leaves_it_to_the_show(tmp_path):
    assert _shelf(tmp_path).episode(SEVEN).mastering == MasteringWishes()


def test_soundbites_are_read(tmp_path):
    shelf = _shelf(tmp_path, 'soundbites:\n  - {at: "1:02", length: "0:30", title: 灯油の目安📻}\n')
    assert shelf.episode(SEVEN).bites == (Bite(Timecode(62_000), Timecode(30_000), "灯油の目安📻"),)


@pytest.mark.parametrize(
    "more",
    [
        'soundbites:\n  - {at: "1:02", length: "0:14"}\n',
        'soundbites:\n  - {at: "1:02", length: "2:01"}\n',
        "soundbites:\n  - {at: あとで, length: 30}\n",
        "master: {levels: {課長: 99}}\n",
        "master: {high_pass: 4000}\n",
        "master: {levling: true}\n",
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, more):
    with pytest.raises(InputError) as caught:
        _shelf(tmp_path, more).episode(SEVEN)
    (problem,) = caught.value.problems
    assert problem.line in {5, 6}


def test_tracks_are_found_by_the_names_of_their_voices(tmp_path):
    shelf = _shelf(tmp_path)
    folder = tmp_path / "0007-fuyu"
    decomposed = "track-か\N{COMBINING KATAKANA-HIRAGANA VOICED SOUND MARK}.flac"  # as macOS names files
    for name in ("track-課長.wav", decomposed, "track-notes.txt", "trackless.wav", "recording.txt"):
        (folder / name).write_bytes(b"x")
    assert {name: path.name for name, path in shelf.tracks(SEVEN).items()} == {
        "が": decomposed,
        "課長": "track-課長.wav",
    }
    assert shelf.recordings(SEVEN) == []


def test_everything_that_mastering_left_is_read_back(tmp_path):
    shelf = _shelf(tmp_path)
    file = MediaFile(Key("media/0007-0123456789ab.opus"), 900, "audio/ogg", "cd" * 32, 96)
    enclosure = an_enclosure(
        trimmed=Timecode(4200),
        processing={"high_pass": 80, "levelling": [-2.4, 0.8]},
        alternates=(file,),
        clips=((Bite(Timecode(62_000), Timecode(30_000), "灯油"), file),),
        waveform=MediaFile(Key("media/0007-aaaaaaaaaaaa.json"), 12, "application/json", "ef" * 32),
        pictures=(("雪.jpg", MediaFile(Key("media/0007-bbbbbbbbbbbb.jpg"), 8, "image/jpeg", "ab" * 32)),),
    )
    shelf.keep_enclosure(SEVEN, enclosure)
    assert shelf.episode(SEVEN).enclosure == enclosure


def test_an_enclosure_of_an_older_version_is_read(tmp_path):
    shelf = _shelf(tmp_path)
    shelf.keep_enclosure(SEVEN, an_enclosure())
    path = tmp_path / "0007-fuyu" / "enclosure.json"
    written = json.loads(path.read_text("utf-8"))
    for name in ("trimmed", "processing", "alternates", "clips", "waveform"):
        del written[name]
    path.write_text(json.dumps(written), "utf-8")
    assert shelf.episode(SEVEN).enclosure == an_enclosure()
