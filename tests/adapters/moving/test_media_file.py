"""What a downloaded file really is."""

from __future__ import annotations

import pytest

from cityhall_fm.adapters.media_file import AvMediaProbe
from cityhall_fm.show.errors import AudioError

from old_host import picture, sound


@pytest.mark.parametrize(
    ("ending", "media_type"), [("m4a", "audio/x-m4a"), ("mp3", "audio/mpeg"), ("opus", "audio/ogg")]
)
def test_it_is_told_by_its_content_not_by_its_name(tmp_path, ending, media_type):
    path = tmp_path / "0f3a"
    path.write_bytes(sound(ending, 2.0))
    media = AvMediaProbe().look(path)
    assert (media.ending, media.media_type) == (ending, media_type)
    assert media.duration.seconds == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!DOCTYPE html><html>" + b"x" * 4000,
        b"\x00" * 5000,
        b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\x00" * 5000,
        sound("m4a")[:300],
        "佐久の冬支度".encode() * 500,
    ],
    ids=["nothing", "a page", "zeros", "a tag alone", "a torn file", "words"],
)
def test_what_does_not_play_is_refused(tmp_path, content):
    path = tmp_path / "file.mp3"
    path.write_bytes(content)
    with pytest.raises(AudioError) as error:
        AvMediaProbe().look(path)
    assert error.value.text.name == "moving.not_audio"


def test_a_picture_is_no_audio(tmp_path):
    (tmp_path / "a.mp3").write_bytes(picture(64, "PNG"))
    with pytest.raises(AudioError):
        AvMediaProbe().look(tmp_path / "a.mp3")
