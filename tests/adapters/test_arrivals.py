"""Files that arrive piece by piece, on a real disk."""

from __future__ import annotations

import hashlib
import os
import threading

import pytest

from cityhall_fm.adapters.arrivals import ArrivalFolder
from cityhall_fm.show.errors import ConflictError, InputError


@pytest.fixture
def part(tmp_path):
    return tmp_path / ".arriving-佐久😀"


def test_pieces_follow_each_other_or_are_refused(part):
    arrivals = ArrivalFolder()
    assert arrivals.size(part) == 0
    assert arrivals.append(part, b"abc", at=0) == 3
    assert arrivals.append(part, b"def", at=3) == 6
    for at in (0, 5, 7):
        with pytest.raises(ConflictError):
            arrivals.append(part, b"x", at=at)
    assert part.read_bytes() == b"abcdef"
    assert arrivals.beginning(part) == b"abcdef"
    assert arrivals.sha256(part) == hashlib.sha256(b"abcdef").hexdigest()


def test_of_several_at_once_one_is_taken(part):
    arrivals = ArrivalFolder()
    refused = []

    def send() -> None:
        try:
            arrivals.append(part, b"abc", at=0)
        except ConflictError:
            refused.append(1)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (part.read_bytes(), len(refused)) == (b"abc", 7)


def test_a_name_is_taken_at_once_and_set_aside_as_often_as_one_likes(part):
    arrivals = ArrivalFolder()
    for count in (1, 2, 3):
        arrivals.append(part, b"abc", at=0)
        here = arrivals.take(part, "recording.wav")
        assert arrivals.set_aside(here).name == f"unused-{count}-recording.wav"
    assert not part.exists()


def test_only_what_nobody_went_on_with_is_dropped(part, tmp_path):
    arrivals = ArrivalFolder()
    old, young, other = tmp_path / ".arriving-old", tmp_path / ".arriving-young", tmp_path / "episode.md"
    for path in (old, young, other, part):
        path.write_bytes(b"x")
    for path in (old, other, part):
        os.utime(path, (0, 0))
    arrivals.drop_forgotten(part)
    assert arrivals.names(part) == {part.name, young.name, other.name}


def test_a_disk_that_refuses_is_told_without_the_files_name(tmp_path):
    arrivals, nowhere = ArrivalFolder(), tmp_path / "gone" / ".arriving-x"
    for refused in (
        lambda: arrivals.append(nowhere, b"x", at=0),
        lambda: arrivals.sha256(nowhere),
        lambda: arrivals.take(nowhere, "recording.wav"),
    ):
        with pytest.raises(InputError) as told:
            refused()
        assert told.value.text.name == "files.unwritable"
        assert ".arriving" not in repr(told.value.text)
