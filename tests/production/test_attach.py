from __future__ import annotations

from dataclasses import replace

from cityhall_fm.production.attach import attach
from cityhall_fm.show.episode import Episode, Key
from cityhall_fm.show.notes import show_notes

from builders import a_published_episode, a_show
from fakes.public_folder import FakePublicFolder

TRANSCRIPT = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v 課長>佐久からこんばんは🎙"
SHOW = a_show()


class Kept(FakePublicFolder):
    """A folder that remembers what a build left."""

    def __init__(self, parts, contents, root):
        super().__init__(contents, root=root)
        self._parts = parts

    def remembered(self):
        return self._parts


def noted(*episodes: Episode):
    return [(episode, show_notes(episode, {}, withdrawn_title="おたより")) for episode in episodes]


ONE, TWO = (a_published_episode(number, transcript=TRANSCRIPT) for number in (1, 2))


def test_what_was_made_from_the_same_is_taken_as_it_lies_there(tmp_path):
    first = attach(SHOW, noted(ONE, TWO), folder=FakePublicFolder())
    left = Kept(first.parts, dict.fromkeys(first.files, b"as it lies there"), tmp_path)
    corrected = replace(TWO, transcript=TRANSCRIPT.replace("佐久", "髙橋"))
    again = attach(SHOW, noted(ONE, corrected), folder=left)
    assert again.files.keys() == first.files.keys()
    assert {key for key, content in again.files.items() if content == b"as it lies there"} == {
        key for key in first.files if key.startswith("1/")
    }
    assert "髙橋" in again.files[Key("2/transcript.vtt")].decode()


def test_what_was_touched_or_made_for_another_show_is_made_again(tmp_path):
    first = attach(SHOW, noted(ONE), folder=FakePublicFolder())
    gone = {key: b"" for key in first.files if not key.endswith(".srt")}
    assert attach(SHOW, noted(ONE), folder=Kept(first.parts, gone, tmp_path)).files == first.files
    left = Kept(first.parts, dict.fromkeys(first.files, b""), tmp_path)
    renamed = replace(SHOW, title="となりのラジオ")
    assert (
        attach(renamed, noted(ONE), folder=left).files
        == attach(renamed, noted(ONE), folder=FakePublicFolder()).files
    )
