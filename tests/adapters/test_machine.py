"""The computer that the tests run on."""

from __future__ import annotations

import pytest

from cityhall_fm.adapters.machine import ThisMachine
from cityhall_fm.show.errors import InputError


def test_every_codec_that_audio_needs_comes_with_the_dependencies():
    assert list(ThisMachine().missing_codecs()) == []


def test_a_disk_has_room_and_a_folder_that_is_not_there_has_none_to_tell(tmp_path):
    assert ThisMachine().free_bytes(tmp_path) > 0
    with pytest.raises(InputError):
        ThisMachine().free_bytes(tmp_path / "ない")


def test_a_probe_is_there_only_as_long_as_it_is_needed():
    with ThisMachine().probe_file("佐久".encode()) as path:
        assert path.read_text("utf-8") == "佐久"
    assert not path.exists()
