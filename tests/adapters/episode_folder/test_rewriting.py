"""`episode.md` is changed as a person would change it: remarks, quotes and order stay."""

from __future__ import annotations

import re
import tempfile
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.adapters.episode_folder import EpisodeFolder
from cityhall_fm.production.ports.episodes import Rewritten
from cityhall_fm.show.arranging import (
    Add,
    Clash,
    Describe,
    Move,
    Remove,
    Rewrite,
    arranged,
    field_seen,
    seen,
)
from cityhall_fm.show.episode import EpisodeNumber, Person
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.rundown import Link, Segment
from cityhall_fm.show.timecode import Timecode
from thorough import examples

from builders import JST

SEVEN = EpisodeNumber(7)
WRITTEN = """\
---
# この行は人が書いた覚え書き
number: 7
title: '佐久の冬支度 ☃️'   # 仮題
guid: 0b6f8a52-5a0e-4c39-9d9b-0c4f9a3b1e77
summary: 灯油と冬タイヤの質問に答えます。
people:
  # 出演の順
  - {name: 髙橋はな, role: host, reading: たかはしはな}
rundown:
  # 進行表のきまり
  - title: オープニング   # 曲から入る
    at: "0:00"

  # 灯油は十一月中に
  # 値段は言わない
  - title: "灯油代は月にいくら?"
    at: 0:14.2
    links:
      - {url: https://example.jp/, title: 案内}  # 市のページ
    script: |
      三人家族のお宅です。
      # これは原稿です
      では、どうぞ。
  # 終わりの曲
  - title: エンディング
    at: 62.5
# 公開のあとで
feed: {number_shown: 冬の号}
---

今日の**おたより**
"""
REMARKS = re.findall(r"# .*", WRITTEN)


def a_shelf(folder: Path, text: str = WRITTEN) -> EpisodeFolder:
    path = folder / "0007-fuyu" / "episode.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return EpisodeFolder(folder)


def change(shelf, one):
    def rule(episode):
        made = arranged(episode, one)
        return None if isinstance(made, Clash) else Rewritten(made.episode, made.places)

    shelf.rewrite(SEVEN, rule)
    return shelf.episode(SEVEN)


def text_of(folder):
    return (folder / "0007-fuyu" / "episode.md").read_text("utf-8")


def test_a_segment_moves_with_its_lines_and_the_remarks_above_it(tmp_path):
    shelf = a_shelf(tmp_path)
    first, second, _ = seen(shelf.episode(SEVEN).rundown)
    change(shelf, Move(second, before=first))
    rundown = text_of(tmp_path).partition("rundown:\n")[2].partition("# 公開")[0]
    assert rundown == (
        "  # 進行表のきまり\n"
        "\n  # 灯油は十一月中に\n  # 値段は言わない\n"
        '  - title: "灯油代は月にいくら?"\n    at: 0:14.2\n    links:\n'
        "      - {url: https://example.jp/, title: 案内}  # 市のページ\n"
        "    script: |\n      三人家族のお宅です。\n      # これは原稿です\n      では、どうぞ。\n"
        '  - title: オープニング   # 曲から入る\n    at: "0:00"\n'
        "  # 終わりの曲\n  - title: エンディング\n    at: 62.5\n"
    )


def test_what_is_said_of_an_episode_changes_and_nothing_else(tmp_path):
    shelf = a_shelf(tmp_path)
    before = shelf.episode(SEVEN)
    at = datetime(2026, 12, 15, 20, tzinfo=JST)
    guest = Person("Élodie 🍎", "guest")
    wanted = {
        "title": "冬: 支度", "season": 2, "planned_for": at, "notes": "雪です。\n\n---\n",
        "people": (*before.people, guest), "topics": ("冬", "住まい"),
    }  # fmt: skip
    after = change(shelf, Describe({name: (field_seen(before, name), of) for name, of in wanted.items()}))
    assert (after.title, after.season, after.planned_for) == ("冬: 支度", 2, at)
    assert (after.people, after.topics) == ((*before.people, guest), ("冬", "住まい"))
    assert after.notes == "雪です。\n\n---"
    assert after.rundown == before.rundown
    assert [one for one in REMARKS if one not in text_of(tmp_path)] == []
    assert "reading: たかはしはな}" in text_of(tmp_path)


def test_remarks_above_a_segment_that_is_taken_out_stay(tmp_path):
    shelf = a_shelf(tmp_path)
    after = change(shelf, Remove(seen(shelf.episode(SEVEN).rundown)[1]))
    assert [segment.title for segment in after.rundown.segments] == ["オープニング", "エンディング"]
    for remark in ("# 灯油は十一月中に", "# 値段は言わない", "# 終わりの曲", "# 公開のあとで"):
        assert remark in text_of(tmp_path)


def test_a_rewritten_segment_keeps_its_remarks_also_those_of_a_field_that_goes(tmp_path):
    shelf = a_shelf(tmp_path)
    second = shelf.episode(SEVEN).rundown.segments[1]
    wanted = replace(second, links=(), script="", summary="12:34\n「雪」: #1", length=Timecode(90_000))
    after = change(shelf, Rewrite(seen(shelf.episode(SEVEN).rundown)[1], wanted))
    assert after.rundown.segments[1] == wanted
    gone = {"# これは原稿です"}  # this one was text, not a remark
    assert [one for one in REMARKS if one not in text_of(tmp_path) and one not in gone] == []


@pytest.mark.parametrize(
    "rundown",
    [
        "rundown: []\n",
        "rundown:\n",
        "",
        'rundown: [{title: a, at: "0:00"}, {title: b}]\n',
        "rundown:\n- title: a\n  # 中\n- title: b\n# 後\n",
        "rundown:\n  -\n    title: a\n  -   title: b\n",
        "rundown:\n  - &one {title: a}\n  - *one\n",
    ],
)
def test_a_rundown_written_in_another_way_is_changed_too(tmp_path, rundown):
    shelf = a_shelf(tmp_path, f"---\nnumber: 7\ntitle: t\nguid: g\n{rundown}---\n")
    before = shelf.episode(SEVEN).rundown.segments
    after = change(shelf, Add(Segment("髙橋🍎", script="a\n\n# b")))
    assert after.rundown.segments == (*before, Segment("髙橋🍎", script="a\n\n# b"))
    after = change(shelf, Move(seen(after.rundown)[-1], before=seen(after.rundown)[0]))
    assert [one.title for one in after.rundown.segments] == ["髙橋🍎", *(one.title for one in before)]
    for _ in range(len(after.rundown.segments)):
        after = change(shelf, Remove(seen(after.rundown)[0]))
    assert after.rundown.segments == ()
    assert "後" not in rundown or "# 後" in text_of(tmp_path)


def test_a_value_that_the_file_may_not_hold_changes_nothing(tmp_path):
    shelf = a_shelf(tmp_path)
    with pytest.raises(InputError):
        change(shelf, Add(Segment("")))
    assert text_of(tmp_path) == WRITTEN


def test_what_an_editor_saves_in_between_is_kept(tmp_path):
    shelf = a_shelf(tmp_path)
    asked = []

    def rule(episode):
        asked.append(episode.title)
        if len(asked) == 1:  # somebody saves between our reading and our writing
            path = tmp_path / "0007-fuyu" / "episode.md"
            path.write_text(WRITTEN.replace("佐久の冬支度 ☃️", "編集中の題"), "utf-8")
        made = arranged(episode, Add(Segment("追加")))
        return Rewritten(made.episode, made.places)

    shelf.rewrite(SEVEN, rule)
    after = shelf.episode(SEVEN)
    assert asked == ["佐久の冬支度 ☃️", "編集中の題"]
    assert (after.title, after.rundown.segments[-1].title) == ("編集中の題", "追加")


def test_many_at_once_lose_nothing(tmp_path):
    a_shelf(tmp_path)

    def work(who):
        shelf = EpisodeFolder(tmp_path)
        for number in range(5):
            change(shelf, Add(Segment(f"{who}-{number}")))

    threads = [threading.Thread(target=work, args=(who,)) for who in "abc"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    titles = [one.title for one in EpisodeFolder(tmp_path).episode(SEVEN).rundown.segments]
    assert set(titles[3:]) == {f"{who}-{number}" for who in "abc" for number in range(5)}
    assert len(titles) == 18


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"])
    | st.sampled_from("#:-'\"|>&*!%@`{}[],?\n髙🍎"),
    max_size=40,
).map(str.strip)
TITLE_WORDS = WORDS.map(lambda text: re.sub(r"\s+", " ", text).strip() or "題").filter(str.strip)
SEGMENTS = st.builds(
    Segment,
    title=TITLE_WORDS,
    summary=WORDS,
    script=WORDS,
    length=st.none() | st.integers(0, 3_600_000).map(Timecode),
    at=st.none() | st.integers(0, 3_600_000).map(Timecode),
    links=st.lists(TITLE_WORDS.map(lambda title: Link("https://example.jp/a?b=c#d", title)), max_size=2).map(
        tuple
    ),
)


@settings(max_examples=examples(8), deadline=None)
@given(data=st.data())
def test_whatever_is_written_is_read_again_and_no_remark_is_lost(data):
    with tempfile.TemporaryDirectory() as folder:
        shelf = a_shelf(Path(folder))
        expected = shelf.episode(SEVEN)
        for _ in range(data.draw(st.integers(1, 4))):
            known = seen(expected.rundown)
            one = data.draw(st.sampled_from(known)) if known else None
            changes = [Add(data.draw(SEGMENTS), one)]
            if one:
                changes += [Remove(one), Move(one, known[0]), Rewrite(one, data.draw(SEGMENTS))]
            drawn = data.draw(st.sampled_from(changes))
            expected = arranged(expected, drawn).episode
            after = change(shelf, drawn)
            assert after == expected
        kept = text_of(Path(folder))
        above = [one for one in REMARKS if one not in ("# 曲から入る", "# 市のページ", "# これは原稿です")]
        assert [one for one in above if one not in kept] == []
