"""`check-feed` as anybody runs it, with no show around."""

from __future__ import annotations

import json

import pytest

from commands import cityhall_fm

from good_feed import GOOD_FEED, broken


def test_a_good_feed_is_said_to_be_good(tmp_path):
    (tmp_path / "フィード.xml").write_text(GOOD_FEED, "utf-8")
    run = cityhall_fm("check-feed", "フィード.xml", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "フィード.xml: 2 episode(s). 0 error(s), 0 warning(s).\n"


def test_errors_are_told_under_their_episode_and_end_with_1(tmp_path):
    feed = broken("<itunes:explicit>false", "<itunes:explicit>yes").replace(' length="1000"', "")
    (tmp_path / "feed.xml").write_text(feed, "utf-8")
    run = cityhall_fm("check-feed", "feed.xml", cwd=tmp_path, CITYHALL_FM_LANGUAGE="ja")
    assert run.returncode == 1
    assert run.stdout.splitlines() == [
        "番組",
        "  ✗ itunes:explicit: 「yes」は使えません。true か false にしてください。 〔Apple Podcasts RSS〕",
        "「佐久の冬支度」",
        "  ✗ enclosure@length: 属性 length がありません。加えてください。 〔RSS 2.0〕",
        "feed.xml: エピソード2本。エラー2件、注意0件。",
    ]
    assert run.stderr.splitlines() == [
        "feed.xml: エラーが2件あります。",
        "上の ✗ を直して、もう一度点検してください。",
    ]


def test_warnings_alone_end_with_0_and_json_tells_all(tmp_path):
    (tmp_path / "feed.xml").write_text(broken("<title>佐久の", "<title>#2 佐久の"), "utf-8")
    run = cityhall_fm("check-feed", "--json", "feed.xml", cwd=tmp_path)
    assert run.returncode == 0
    told = json.loads(run.stdout)
    assert (told["episodes"], told["errors"], told["warnings"]) == (2, 0, 1)
    assert told["findings"] == [
        {
            "severity": "warning",
            "what": "number_in_title",
            "tag": "title",
            "title": "#2 佐久の冬支度",
            "guid": "guid-2",
            "line": 31,
            "words": "The title begins with the number. Put that into itunes:episode only.",
            "rule": "Apple Podcasts RSS",
        }
    ]


@pytest.mark.parametrize("arguments", [[], ["a.xml", "--moved", "b.xml", "c.xml"]])
def test_either_a_feed_or_a_move_is_named(arguments, tmp_path):
    run = cityhall_fm("check-feed", *arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert "--moved OLD NEW" in run.stderr


def test_what_is_not_there_is_told_in_two_lines(tmp_path):
    for source in ("nothing.xml", "http://127.0.0.1:9/feed.xml"):
        run = cityhall_fm("check-feed", source, cwd=tmp_path)
        assert run.returncode == 1
        assert len(run.stderr.splitlines()) == 2
