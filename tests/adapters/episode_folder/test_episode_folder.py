from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from unicodedata import normalize

import pytest

from cityhall_fm.adapters.episode_folder import EpisodeFolder
from cityhall_fm.show.episode import EpisodeNumber, Guid
from cityhall_fm.show.errors import InputError, UnknownError
from cityhall_fm.show.rundown import Link, Rundown, Segment
from cityhall_fm.show.timecode import Timecode

from builders import JST, an_enclosure

SEVEN = EpisodeNumber(7)
WRITTEN = """\
---
# この行は人が書いた覚え書き
number: 7
title: 佐久の冬支度 ☃️   # 仮題
guid: 0b6f8a52-5a0e-4c39-9d9b-0c4f9a3b1e77
summary: 灯油と冬タイヤの質問に答えます。
planned_for: 2026-11-30T20:00:00+09:00
people:
  - {name: 髙橋はな, role: host, reading: たかはしはな}
rundown:
  - title: オープニング
    at: "0:00"
  - title: 灯油代は月にいくら?
    at: 0:14.2
    links:
      - {url: https://example.jp/, title: 案内}
  - title: エンディング
    at: 62.5
---

## 今日の**おたより**

- ありがとうございました
"""


def a_shelf(folder: Path, text: str = WRITTEN) -> EpisodeFolder:
    path = folder / "0007-fuyu" / "episode.md"
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return EpisodeFolder(folder)


def test_an_episode_is_read_as_people_wrote_it(tmp_path):
    episode = a_shelf(tmp_path).episode(SEVEN)
    assert episode.title == "佐久の冬支度 ☃️"
    assert episode.planned_for == datetime(2026, 11, 30, 20, tzinfo=JST)
    assert episode.people[0].name == "髙橋はな"
    assert [str(segment.at) for segment in episode.rundown.segments] == ["0:00", "0:14", "1:02"]
    assert episode.rundown.segments[1].links == (Link("https://example.jp/", "案内"),)
    assert episode.notes.startswith("## 今日の")


def test_slotting_a_question_keeps_every_other_character(tmp_path):
    shelf = a_shelf(tmp_path)
    shelf.slot(SEVEN, Segment("灯油代は月にいくら?", question="q-7k2m9x4p"), at_position=2)
    after = (tmp_path / "0007-fuyu" / "episode.md").read_text("utf-8")
    assert after.replace("    question: q-7k2m9x4p\n", "") == WRITTEN


def test_taking_a_question_out_leaves_what_people_wrote_character_by_character(tmp_path):
    shelf = a_shelf(tmp_path)
    own = shelf.episode(SEVEN).rundown.segments[1]
    found = (*own.links, Link("https://example.jp/toyu", "灯油"))
    shelf.slot(SEVEN, Segment("髙橋さんの質問", question="q-7k2m9x4p", links=found), at_position=2)
    shelf.slot(SEVEN, Segment("雪かき❄️", question="q-8k2m9x4p"), at_position=None)
    shelf.take_out(SEVEN, "q-8k2m9x4p", was=None)
    episode = shelf.take_out(SEVEN, "q-7k2m9x4p", was=own)
    assert episode.rundown.segments[1] == own
    after = (tmp_path / "0007-fuyu" / "episode.md").read_text("utf-8")
    as_block = "      - url: https://example.jp/\n        title: 案内\n"
    assert after.replace(as_block, "      - {url: https://example.jp/, title: 案内}\n") == WRITTEN


def test_taking_out_what_is_not_there_changes_nothing(tmp_path):
    shelf = a_shelf(tmp_path)
    shelf.take_out(SEVEN, "q-7k2m9x4p", was=None)
    assert (tmp_path / "0007-fuyu" / "episode.md").read_text("utf-8") == WRITTEN


def test_a_segment_without_a_position_comes_last(tmp_path):
    shelf = a_shelf(tmp_path)
    episode = shelf.slot(
        SEVEN,
        Segment("雪かきのこつ", at=Timecode.parse("1:05.25"), links=(Link("https://example.jp/yuki", "雪"),)),
        at_position=None,
    )
    last = episode.rundown.segments[-1]
    assert (last.title, last.at.exact(), last.links[0].title) == ("雪かきのこつ", "1:05.25", "雪")


def test_a_position_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnknownError) as error:
        a_shelf(tmp_path).slot(SEVEN, Segment("x"), at_position=9)
    assert error.value.text.name == "episodes.no_segment"


def test_setting_times_changes_only_these_and_keeps_how_they_are_written(tmp_path):
    shelf = a_shelf(tmp_path, WRITTEN.replace("    at: 62.5\n", ""))
    times = (Timecode.parse("0:03"), Timecode.parse("0:20.45"), Timecode.parse("1:02:03"))
    titles = ("オープニング", "灯油代は月にいくら?", "エンディング")
    segments = tuple(Segment(title, at=at) for title, at in zip(titles, times, strict=True))
    shelf.set_times(SEVEN, Rundown(segments))
    after = (tmp_path / "0007-fuyu" / "episode.md").read_text("utf-8")
    assert after == (
        WRITTEN.replace('at: "0:00"', 'at: "0:03"')
        .replace("at: 0:14.2", "at: 0:20.45")
        .replace("at: 62.5", 'at: "1:02:03"')
    )


def test_times_of_a_segment_that_has_none_leave_it_as_it_is(tmp_path):
    shelf = a_shelf(tmp_path)
    shelf.set_times(SEVEN, Rundown((Segment("オープニング"), Segment("灯油", at=Timecode.parse("0:14.2")))))
    assert (tmp_path / "0007-fuyu" / "episode.md").read_text("utf-8") == WRITTEN


def test_a_chapters_link_and_image_are_read_and_checked(tmp_path):
    linked = WRITTEN.replace(
        "    at: 62.5\n", "    at: 62.5\n    url: https://example.jp/a\n    image: https://example.jp/a.png\n"
    )
    last = a_shelf(tmp_path, linked).episode(SEVEN).rundown.segments[-1]
    assert (last.url, last.image) == ("https://example.jp/a", "https://example.jp/a.png")
    (tmp_path / "0007-fuyu" / "episode.md").write_text(linked.replace("image: https://", "image: "), "utf-8")
    with pytest.raises(InputError) as error:
        EpisodeFolder(tmp_path).episodes()
    assert [(one.field, one.line, one.text.name) for one in error.value.problems] == [
        ("rundown.3.image", 20, "files.picture")
    ]


@pytest.mark.parametrize("name", ["雪.jpg", "a b.PNG", "灯油 (1).webp", "が.jpeg"])
def test_a_chapters_image_may_be_a_file_of_the_folder(name, tmp_path):
    shelf = a_shelf(tmp_path, WRITTEN.replace("    at: 62.5\n", f"    at: 62.5\n    image: {name}\n"))
    assert shelf.episode(SEVEN).rundown.segments[-1].image == name
    assert shelf.picture(SEVEN, name) is None
    path = tmp_path / "0007-fuyu" / normalize("NFD", name)  # as macOS writes it
    path.write_bytes(b"x")
    assert shelf.picture(SEVEN, name) == path


@pytest.mark.parametrize(
    "name", ["../a.jpg", "/etc/a.jpg", ".a.jpg", "a/b.jpg", "a\\\\b.jpg", "c:a.jpg", "a.gif", "a.jpg/", "jpg"]
)
def test_no_other_file_is_taken_for_a_chapters_image(name, tmp_path):
    shelf = a_shelf(tmp_path, WRITTEN.replace("    at: 62.5\n", f'    at: 62.5\n    image: "{name}"\n'))
    with pytest.raises(InputError) as error:
        shelf.episode(SEVEN)
    assert [one.text.name for one in error.value.problems] == ["files.picture"]


def test_publishing_stamps_the_date_and_keeps_the_rest(tmp_path):
    shelf = a_shelf(tmp_path)
    at = datetime(2026, 11, 30, 20, 0, 1, tzinfo=JST)
    shelf.mark_published(SEVEN, at)
    after = (tmp_path / "0007-fuyu" / "episode.md").read_text("utf-8")
    assert after.replace("published_at: 2026-11-30T20:00:01+09:00\n", "") == WRITTEN
    assert shelf.episode(SEVEN).published_at == at


def test_the_date_of_a_release_that_broke_off_is_written_anew_or_taken_away(tmp_path):
    shelf = a_shelf(tmp_path)
    file = tmp_path / "0007-fuyu" / "episode.md"
    at = datetime(2026, 11, 30, 20, 0, 1, tzinfo=JST)
    shelf.mark_published(SEVEN, at)
    once = file.read_text("utf-8")
    shelf.mark_published(SEVEN, at.replace(hour=21))
    assert file.read_text("utf-8") == once.replace("20:00:01", "21:00:01")
    shelf.mark_published(SEVEN, None)
    assert file.read_text("utf-8") == WRITTEN
    shelf.mark_published(SEVEN, None)
    assert file.read_text("utf-8") == WRITTEN


def test_an_enclosure_is_kept_and_read_back(tmp_path):
    shelf = a_shelf(tmp_path)
    shelf.keep_enclosure(SEVEN, an_enclosure())
    assert shelf.episode(SEVEN).enclosure == an_enclosure()


def test_a_new_episode_takes_the_next_number_and_an_ascii_folder(tmp_path):
    shelf = a_shelf(tmp_path)
    made = shelf.create(title="髙橋さんの Snow 日記", guid=Guid("g"), planned_for=None)
    assert made.number == 8
    assert made.title == "髙橋さんの Snow 日記"
    assert (tmp_path / "0008-snow" / "episode.md").exists()


def test_recordings_come_in_the_order_of_their_names(tmp_path):
    shelf = a_shelf(tmp_path)
    for name in ("recording-2.wav", "recording-1.FLAC", "recording.txt", "notes.wav"):
        (tmp_path / "0007-fuyu" / name).touch()
    assert [path.name for path in shelf.recordings(SEVEN)] == ["recording-1.FLAC", "recording-2.wav"]


def test_an_unknown_episode_is_told_with_those_that_are_there(tmp_path):
    with pytest.raises(UnknownError) as error:
        a_shelf(tmp_path).episode(EpisodeNumber(70))
    assert error.value.text.values["known"] == "7"


def test_every_problem_of_a_file_is_told_at_once_with_its_line(tmp_path):
    broken = (
        WRITTEN.replace("number: 7", "number: seven")
        .replace("summary:", "sumary:")
        .replace("at: 0:14.2", "at: 0:99")
        .replace("url: https://example.jp/", "url: example.jp")
        .replace("planned_for: 2026-11-30T20:00:00+09:00", "planned_for: 2026-11-30T20:00")
    )
    with pytest.raises(InputError) as error:
        a_shelf(tmp_path, broken).episodes()
    problems = {problem.field: (problem.line, problem.text.name) for problem in error.value.problems}
    assert problems == {
        "number": (3, "files.wrong"),
        "sumary": (6, "files.unknown_near"),
        "planned_for": (7, "files.without_offset"),
        "rundown.2.at": (14, "files.timecode"),
        "rundown.2.links.1.url": (16, "files.web_address"),
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "files.no_front_matter"),
        ("# はじめ\n", "files.no_front_matter"),
        ("---\nnumber: 7\n", "files.no_front_matter"),
        ("---\n- 7\n---\n", "files.no_front_matter"),
        ("---\ntitle: [佐久\n---\n", "files.yaml"),
        ("---\ntitle: a\ntitle: b\n---\n", "files.yaml"),
        ("---\ntitle: a\x07b\n---\n", "files.yaml"),
    ],
)
def test_a_broken_file_is_told_in_two_lines(tmp_path, text, name):
    with pytest.raises(InputError) as error:
        a_shelf(tmp_path, text).episodes()
    assert error.value.text.name == name


def test_a_file_in_another_encoding_is_told(tmp_path):
    shelf = a_shelf(tmp_path)
    (tmp_path / "0007-fuyu" / "episode.md").write_bytes(WRITTEN.encode("shift_jis", "ignore"))
    with pytest.raises(InputError) as error:
        shelf.episodes()
    assert error.value.text.name == "files.not_utf8"


def test_two_folders_of_one_number_are_told(tmp_path):
    shelf = a_shelf(tmp_path)
    twin = tmp_path / "0008-other" / "episode.md"
    twin.parent.mkdir()
    twin.write_text(WRITTEN, "utf-8")
    with pytest.raises(InputError) as error:
        shelf.episodes()
    assert error.value.text.name == "files.duplicate_number"


@pytest.mark.parametrize("text", ["{", "[]", '{"key": "media/x.mp3"}'])
def test_a_broken_enclosure_file_is_told_with_the_command_that_mends_it(tmp_path, text):
    shelf = a_shelf(tmp_path)
    (tmp_path / "0007-fuyu" / "enclosure.json").write_text(text, "utf-8")
    with pytest.raises(InputError) as error:
        shelf.episode(SEVEN)
    assert error.value.text.name == "files.enclosure"
    assert error.value.text.values["number"] == 7


def test_topics_and_the_day_an_answer_was_checked_are_read_and_checked(tmp_path):
    text = WRITTEN.replace("summary: 灯油と", "topics: [冬, 子育て]\nsummary: 灯油と").replace(
        "    at: 0:14.2\n", "    at: 0:14.2\n    topics: [住まい]\n    checked_at: 2026-11-20\n"
    )
    episode = a_shelf(tmp_path, text).episode(SEVEN)
    assert episode.topics == ("冬", "子育て")
    assert episode.rundown.segments[1].topics == ("住まい",)
    assert episode.rundown.segments[1].checked_at == date(2026, 11, 20)


@pytest.mark.parametrize("topics", [f"[{'長' * 41}]", '[""]', f"[{', '.join('abcdefghijklm')}]", "冬"])
def test_a_topic_is_short_and_there_are_few(tmp_path, topics):
    text = WRITTEN.replace("summary: 灯油と", f"topics: {topics}\nsummary: 灯油と")
    with pytest.raises(InputError) as told:
        a_shelf(tmp_path, text).episode(SEVEN)
    (problem,) = told.value.problems
    assert problem.field.startswith("topics")
    assert problem.line == 6


def test_slotting_keeps_topics_and_the_day_of_the_check(tmp_path):
    shelf = a_shelf(tmp_path)
    segment = Segment("雪かき", topics=("冬",), checked_at=date(2026, 11, 20))
    assert shelf.slot(SEVEN, segment, at_position=None).rundown.segments[-1] == segment
