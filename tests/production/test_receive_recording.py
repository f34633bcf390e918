"""A recording on its way: whatever breaks, what has arrived counts, and nothing half is taken for whole."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from cityhall_fm.adapters.arrivals import ArrivalFolder
from cityhall_fm.adapters.episode_folder import EpisodeFolder
from cityhall_fm.production.receive_recording import Coming, receive, received, set_aside
from cityhall_fm.show.episode import EpisodeNumber, Guid
from cityhall_fm.show.errors import AudioError, ConflictError, InputError, UnknownError
from cityhall_fm.show.recording_files import Use
from thorough import examples

from fakes.suite import FakeSuite

ONE = EpisodeNumber(1)
SOUND = b"RIFF\0\0\0\0WAVEfmt " + bytes(range(256)) * 4


class Deaf(FakeSuite):
    """Hears nothing in any file."""

    def length(self, path):
        raise AudioError("audio.not_audio", path=path.name)


class Full(ArrivalFolder):
    """A disk with hardly any room."""

    def free_bytes(self, part: Path) -> int:  # noqa: ARG002 - as the port has it
        return 500_000_100


@pytest.fixture
def shelf(tmp_path):
    shelf = EpisodeFolder(tmp_path)
    shelf.create(title="佐久", guid=Guid("g"), planned_for=None)
    return shelf


def bring(shelf, content=SOUND, *, at=0, length=None, name="髙橋😀.wav", arrivals=None, suite=None, **more):
    coming = Coming("id-1", name, more.pop("use", Use.TRACK), length or len(SOUND))
    arrivals = arrivals or ArrivalFolder()
    return receive(
        ONE,
        coming,
        content,
        at=at,
        shelf=shelf,
        arrivals=arrivals,
        suite=suite or FakeSuite(),
        **{"most_bytes": 10**6} | more,
    )


def files(shelf) -> list[str]:
    return sorted(path.name for path in shelf.place(ONE, "x").parent.iterdir())


def test_the_last_piece_makes_it_a_track_with_its_hash(shelf):
    assert bring(shelf, SOUND[:100]).path is None
    done = bring(shelf, SOUND[100:], at=100, sha256=hashlib.sha256(SOUND).hexdigest().upper())
    assert (done.path.name, done.sha256) == ("track-髙橋😀.wav", hashlib.sha256(SOUND).hexdigest())
    assert shelf.tracks(ONE) == {"髙橋😀": done.path}
    assert files(shelf) == ["episode.md", "track-髙橋😀.wav"]


@settings(max_examples=examples(25), deadline=None)
@given(some.lists(some.integers(1, len(SOUND) - 1), max_size=6))
def test_it_can_break_off_and_go_on_anywhere(tmp_path_factory, cuts):
    shelf = EpisodeFolder(tmp_path_factory.mktemp("show"))
    shelf.create(title="佐久", guid=Guid("g"), planned_for=None)
    for cut in sorted({*cuts, len(SOUND)}):
        at = received(ONE, "id-1", shelf=shelf, arrivals=ArrivalFolder())
        with pytest.raises(ConflictError):
            bring(shelf, SOUND[at + 1 : cut + 1] or b"x", at=at + 1, length=len(SOUND) + 9)
        done = bring(shelf, SOUND[at:cut], at=at)
    assert done.path.read_bytes() == SOUND


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"name": "../x.wav"}, "studio_sound.bad_name"),
        ({"name": "x.txt"}, "studio_sound.bad_ending"),
        ({"name": "x.flac"}, "studio_sound.not_sound"),
        ({"suite": Deaf()}, "studio_sound.not_sound"),
        ({"sha256": "0" * 64}, "studio_sound.damaged"),
        ({"most_bytes": 100}, "studio_sound.too_large"),
        ({"arrivals": Full()}, "studio_sound.no_room"),
    ],
)
def test_what_is_refused_leaves_nothing(shelf, more, error):
    with pytest.raises(InputError) as told:
        bring(shelf, **more)
    assert told.value.text.name == error
    assert files(shelf) == ["episode.md"]


def test_another_recording_does_not_take_the_place_of_the_first(shelf):
    names = [bring(shelf, use=Use.RECORDING).path.name for _ in range(3)]
    assert names == ["recording.wav", "recording_02.wav", "recording_03.wav"]
    assert [path.name for path in shelf.recordings(ONE)] == names


def test_set_aside_it_is_kept_under_another_name_again_and_again(shelf):
    for count in (1, 2):
        bring(shelf, use=Use.RECORDING)
        name = set_aside(ONE, "recording.wav", shelf=shelf, arrivals=ArrivalFolder())
        assert name == f"unused-{count}-recording.wav"
    assert shelf.recordings(ONE) == []
    with pytest.raises(UnknownError):
        set_aside(ONE, "episode.md", shelf=shelf, arrivals=ArrivalFolder())


def test_what_nobody_went_on_with_for_a_week_is_dropped(shelf):
    import os  # noqa: PLC0415 - for its utime only

    bring(shelf, SOUND[:10], length=99)
    os.utime(shelf.place(ONE, ".arriving-id-1"), (0, 0))
    receive(
        ONE, Coming("id-2", "b.wav", Use.TRACK, 999), SOUND[:20], at=0, shelf=shelf,
        arrivals=ArrivalFolder(), suite=FakeSuite(), most_bytes=10**6,
    )  # fmt: skip
    assert files(shelf) == [".arriving-id-2", "episode.md"]
