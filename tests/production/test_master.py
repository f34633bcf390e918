"""Mastering an episode: once, under lasting names, from what people put beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cityhall_fm.adapters.public_folder import BuiltFolder
from cityhall_fm.production.cut_clips import cut_bites, cut_clip
from cityhall_fm.production.master import master, master_for_station, suggest_chapters
from cityhall_fm.production.publish_pictures import publish_pictures
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.mastering import Bite, MasteringSettings, MasteringWishes
from cityhall_fm.show.notes import Part, ShowNotes, show_notes
from cityhall_fm.show.pauses import Pause
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode

from builders import a_show, an_episode
from fakes.progress import FakeProgress
from fakes.shelf import FakeShelf
from fakes.suite import FakeSuite

BITE = Bite(Timecode.parse("0:20"), Timecode.parse("0:30"), "灯油の目安")


class _Shelf(FakeShelf):
    """A shelf with one episode that was recorded in tracks, or nothing."""

    def __init__(self, episode, tracks, **kwargs):
        super().__init__(episode, **kwargs)
        self._tracks = tracks

    def tracks(self, number):
        return self._tracks if number in self._episodes else {}


@pytest.fixture
def folder(tmp_path):
    return BuiltFolder(tmp_path, artwork=tmp_path / "artwork.png")


def _mastered(episode, folder, *, suite=None, shelf=None, **settings):
    shelf = shelf or FakeShelf(episode)
    made = master(
        episode,
        show_notes(episode, {}, withdrawn_title="取り下げ"),
        show=a_show(),
        settings=MasteringSettings(**settings),
        artwork=Path("artwork.png"),
        suite=suite or FakeSuite(),
        shelf=shelf,
        folder=folder,
        progress=FakeProgress(),
    )
    return made, shelf.episode(episode.number)


def test_every_file_gets_a_lasting_name_and_is_kept_in_the_enclosure(folder):
    made, episode = _mastered(an_episode(7), folder, alternates=("m4a", "opus"))

    enclosure = made.enclosure
    assert episode.enclosure == enclosure
    assert [file.media_type for file in enclosure.media] == [
        "audio/mpeg",
        "audio/m4a",
        "audio/opus",
        "application/json",
    ]
    for file in enclosure.media:
        assert file.key.startswith(f"media/0007-{file.sha256[:12]}.")
        assert folder.has(file)
    assert (enclosure.programme_at, enclosure.trimmed) == (Timecode(3000), Timecode(5000))
    assert enclosure.processing == {"gain": 3.0}


def test_nothing_is_made_twice(folder):
    suite = FakeSuite()
    _, episode = _mastered(an_episode(7), folder, suite=suite)
    again, _ = _mastered(episode, folder, suite=suite)
    assert (again.anew, len(suite.orders)) == (False, 1)


def test_a_missing_alternate_is_made_again(folder):
    suite = FakeSuite()
    made, episode = _mastered(an_episode(7), folder, suite=suite, alternates=("opus",))
    folder.path(made.enclosure.alternates[0].key).unlink()
    again, _ = _mastered(episode, folder, suite=suite, alternates=("opus",))
    assert again.anew
    assert folder.has(again.enclosure.alternates[0])


def test_an_episodes_own_wishes_come_before_the_shows(folder):
    suite = FakeSuite()
    _mastered(an_episode(7, mastering=MasteringWishes(levelling=True)), folder, suite=suite, high_pass=80)
    assert (suite.orders[0].settings.levelling, suite.orders[0].settings.high_pass) == (True, 80)


def test_tracks_are_heard_at_the_levels_that_the_host_wrote(folder):
    episode = an_episode(7, mastering=MasteringWishes(levels=(("課長", -2.0),)))
    tracks = {"guest": Path("track-guest.wav"), "課長": Path("track-課長.wav")}
    shelf, suite = _Shelf(episode, tracks, silent=[7]), FakeSuite()
    _mastered(episode, folder, suite=suite, shelf=shelf)
    assert [(str(track.path), track.level) for track in suite.orders[0].tracks] == [
        ("track-guest.wav", 0.0),
        ("track-課長.wav", -2.0),
    ]


@pytest.mark.parametrize(
    ("silent", "tracks", "levels", "names"),
    [
        ([7], {}, (), ["episodes.no_recording"]),
        ([], {"guest": Path("track-guest.wav")}, (), ["audio.recording_and_tracks"]),
        ([7], {"guest": Path("track-guest.wav")}, (("課長", 1.0),), ["audio.no_such_track"]),
    ],
)
def test_what_is_unclear_is_asked_before_anything_is_made(folder, silent, tracks, levels, names):
    episode = an_episode(7, mastering=MasteringWishes(levels=levels))
    shelf, suite = _Shelf(episode, tracks, silent=silent), FakeSuite()
    with pytest.raises(NotReadyError) as caught:
        _mastered(episode, folder, suite=suite, shelf=shelf)
    assert [text.name for text in caught.value.missing] == names
    assert suite.orders == []


def _cut(episode, folder, suite, shelf):
    return cut_bites(
        episode,
        show=a_show(),
        settings=MasteringSettings(),
        suite=suite,
        shelf=shelf,
        folder=folder,
        progress=FakeProgress(),
    )


def test_bites_are_cut_once_at_their_place_in_the_finished_audio(folder):
    suite, shelf = FakeSuite(), FakeShelf(an_episode(7, bites=(BITE,)))
    _, episode = _mastered(shelf.episode(7), folder, suite=suite, shelf=shelf)

    cut = _cut(episode, folder, suite, shelf)
    again = _cut(shelf.episode(7), folder, suite, shelf)

    assert [(str(at), str(length)) for at, length in suite.clips] == [("0:18", "0:30")]
    (bite, file), *others = cut.enclosure.clips
    assert (bite, others, again.enclosure) == (BITE, [], cut.enclosure)
    assert file.key == f"media/0007-bite-{file.sha256[:12]}.mp3"
    assert folder.has(file)


def test_a_bite_that_is_no_longer_marked_is_forgotten(folder):
    suite, shelf = FakeSuite(), FakeShelf(an_episode(7, bites=(BITE,)))
    _, episode = _mastered(shelf.episode(7), folder, suite=suite, shelf=shelf)
    _cut(episode, folder, suite, shelf)
    without = _cut(replace(shelf.episode(7), bites=()), folder, suite, shelf)
    assert without.enclosure.clips == ()


def test_a_bite_behind_the_end_is_left_out_with_a_remark(folder):
    late = Bite(Timecode.parse("1:58"), Timecode.parse("0:30"), "遅い")
    suite, shelf = FakeSuite(), FakeShelf(an_episode(7, bites=(late,)))
    _, episode = _mastered(shelf.episode(7), folder, suite=suite, shelf=shelf)
    cut = _cut(episode, folder, suite, shelf)
    assert [remark.name for remark in cut.remarks] == ["audio.bite_after_end"]
    assert suite.clips == []


def test_a_clip_by_hand_wants_the_master_first(folder):
    episode = an_episode(7)
    with pytest.raises(NotReadyError) as caught:
        cut_clip(
            episode,
            BITE,
            show=a_show(),
            settings=MasteringSettings(),
            suite=FakeSuite(),
            shelf=FakeShelf(episode),
            folder=folder,
            progress=FakeProgress(),
        )
    assert caught.value.text.name == "audio.no_master_here"


SNOW = Segment("雪", at=Timecode(1000), image="雪.jpg")
WEB = Segment("灯油", at=Timecode(9000), image="https://example.jp/a.jpg")


def _pictured(episode, made, suite, shelf, folder, *, notes=None):
    return publish_pictures(
        episode,
        notes or show_notes(episode, {}, withdrawn_title="取り下げ"),
        made.enclosure,
        anew=made.anew,
        suite=suite,
        shelf=shelf,
        folder=folder,
    )


def test_pictures_of_the_folder_are_embedded_and_published_once_each(folder):
    rundown = Rundown((SNOW, WEB, replace(SNOW, at=Timecode(20_000))))
    suite, shelf = FakeSuite(), FakeShelf(an_episode(7, rundown=rundown))
    made, episode = _mastered(shelf.episode(7), folder, suite=suite, shelf=shelf)

    enclosure = _pictured(episode, made, suite, shelf, folder)
    again = _pictured(shelf.episode(7), replace(made, anew=False, enclosure=enclosure), suite, shelf, folder)

    assert [chapter.image for chapter in suite.orders[0].tags.chapters] == [
        "0007/雪.jpg",
        "https://example.jp/a.jpg",
        "0007/雪.jpg",
    ]
    assert suite.pictures == ["雪.jpg"]
    assert again == enclosure == shelf.episode(7).enclosure
    ((name, file),) = enclosure.pictures
    assert (name, file.key) == ("雪.jpg", f"media/0007-{file.sha256[:12]}.jpg")
    assert folder.has(file)
    assert file in enclosure.media
    assert folder.holds(enclosure)


def test_a_picture_that_no_chapter_shows_any_more_is_forgotten(folder):
    suite, shelf = FakeSuite(), FakeShelf(an_episode(7, rundown=Rundown((SNOW, WEB))))
    made, episode = _mastered(shelf.episode(7), folder, suite=suite, shelf=shelf)
    enclosure = _pictured(episode, made, suite, shelf, folder)
    withdrawn = ShowNotes((Part("おたより", Timecode(1000)),))
    made = replace(made, anew=False, enclosure=enclosure)
    assert _pictured(shelf.episode(7), made, suite, shelf, folder, notes=withdrawn).pictures == ()


def test_a_picture_that_is_gone_is_told(folder):
    suite, shelf = FakeSuite(), FakeShelf(an_episode(7, rundown=Rundown((replace(SNOW, image="gone.png"),))))
    made, episode = _mastered(shelf.episode(7), folder, suite=suite, shelf=shelf)
    with pytest.raises(NotReadyError) as caught:
        _pictured(episode, made, suite, shelf, folder)
    assert [missing.name for missing in caught.value.missing] == ["episodes.no_picture"]


def test_a_station_gets_its_file_beside_the_episode():
    episode, suite = an_episode(7), FakeSuite()
    written = master_for_station(
        episode,
        settings=MasteringSettings(),
        suite=suite,
        shelf=FakeShelf(episode),
        progress=FakeProgress(),
    )
    assert str(written.path) == "0007/0007-fm.wav"
    assert written.loudness.integrated == -24.0


def test_suggestions_are_the_pauses_worth_one():
    pauses = tuple(Pause(Timecode(at), Timecode(at + 1500)) for at in (10_000, 12_000, 60_000))
    episode = an_episode(7)
    found = suggest_chapters(
        episode,
        settings=MasteringSettings(),
        suite=FakeSuite(pauses=pauses),
        shelf=FakeShelf(episode),
        progress=FakeProgress(),
    )
    assert [str(pause.end) for pause in found] == ["0:11", "1:01"]
