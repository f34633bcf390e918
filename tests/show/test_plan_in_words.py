"""A plan as a producer reads it: every step, how large, and why; grouped where there are many."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cityhall_fm.show.heralding import Heralding
from cityhall_fm.show.kept_feed import kept_feed
from cityhall_fm.show.keys import Key
from cityhall_fm.show.plan_in_words import gone_in_words, rest_in_words, uploads_in_words
from cityhall_fm.show.publication import Manifest, plan_publication, public_file
from cityhall_fm.texts import Catalogue

from builders import NOON

LIVE = kept_feed("a" * 64, NOON - timedelta(days=3))
OLD = kept_feed("b" * 64, NOON - timedelta(days=200))
PREVIOUS = kept_feed("c" * 64, NOON - timedelta(days=10))


def a_file(key, sha256="00", length_bytes=2_000):
    return public_file(Key(key), sha256=sha256, length_bytes=length_bytes)


def planned(wanted, stored=(), **unwanted):
    files = {file.key: file.fingerprint for file in stored}
    return plan_publication(wanted, Manifest(files, unwanted.get("unwanted", {})), NOON)


def told(lines):
    return [Catalogue("en").word(line) for line in lines]


def rest(plan, **changes):
    given = {
        "kept": [LIVE],
        "live": LIVE.sha256,
        "now": NOON,
        "forget_before": None,
        "changes": True,
        "public_url": "https://fm.example.jp",
        "to_hear": None,
        "heralding": Heralding(),
    }
    return told(rest_in_words(plan, **{**given, **changes}))


def test_many_small_files_of_a_folder_are_one_line_and_media_are_told_one_by_one():
    shards = [a_file(f"search/words-{number:02}.json") for number in range(64)]
    media = [a_file(f"media/000{number}-0123456789ab.mp3", length_bytes=20_000_000) for number in range(7)]

    lines = told(uploads_in_words(planned([*shards, *media, a_file("7/index.html"), a_file("feed.xml")])))

    assert len(lines) == 7 + 3
    assert "new      media/0000-0123456789ab.mp3 (20000.0 kB)" in lines
    assert "new      64 files in search/ (128.0 kB together)" in lines
    assert lines[-1] == "new      feed.xml (2.0 kB)"


def test_changed_and_new_files_of_a_folder_are_told_apart():
    stored = [a_file(f"cards/{number}.jpg") for number in range(6)]
    wanted = [a_file(f"cards/{number}.jpg", "01") for number in range(12)]

    lines = told(uploads_in_words(planned(wanted, stored)))

    assert lines == [
        "changed  6 files in cards/ (12.0 kB together)",
        "new      6 files in cards/ (12.0 kB together)",
    ]


def test_what_goes_is_told_with_its_size_its_day_and_why():
    gone = [a_file(key) for key in ("qa/q-1/index.html", "media/0001-a.mp3", "2/transcript.vtt", "player.js")]
    plan = planned([a_file("feed.xml")], gone, unwanted={"player.js": NOON - timedelta(days=8)})

    lines = told(gone_in_words(plan))

    assert [line.split()[:2] for line in lines] == [
        ["remove", "qa/q-1/index.html"],
        ["delete", "player.js"],
        ["later", "2/transcript.vtt"],
        ["later", "media/0001-a.mp3"],
    ]
    assert all("(2.0 kB" in line for line in lines)
    assert "at once, since a name may be on it" in lines[0]
    assert f"unused since {(NOON - timedelta(days=8)).date()}" in lines[1]
    assert "open pages" in lines[2]
    assert str((NOON + timedelta(days=7)).date()) in lines[2]
    assert "feeds of the last months" in lines[3]
    assert str((NOON + timedelta(days=183)).date()) in lines[3]


def test_what_stays_is_a_sum_for_each_kind():
    files = [a_file("feed.xml"), *(a_file(f"media/{number}.mp3", length_bytes=10**7) for number in range(3))]

    lines = rest(planned(files, files), changes=False)

    assert lines == ["keep     media: 3 (30.00 MB, same content)", "keep     feed: 1 (0.00 MB, same content)"]


def test_a_new_feed_is_kept_heard_and_told_of():
    plan = planned([a_file("feed.xml", "d" * 64), a_file("media/0002-a.mp3")])
    heralding = Heralding("https://hub.example", (("podping", "--key", "himitsu"),), (("purge", "himitsu"),))

    lines = rest(plan, to_hear=1, heralding=heralding)

    assert [line.split()[0] for line in lines] == ["copy", "replace", "listen", "tell", "run", "run"]
    assert "at https://fm.example.jp (feed and 1 new media" in lines[2]
    assert not any("himitsu" in line for line in lines)


def test_kept_feeds_that_no_longer_come_back_are_told():
    plan = planned([a_file("feed.xml")], [a_file("feed.xml")])
    withdrawal = NOON - timedelta(days=1)

    lines = rest(plan, kept=[OLD, PREVIOUS, LIVE], forget_before=withdrawal, changes=False)

    assert [line.split("(")[-1] for line in lines[1:]] == [
        "older than 183 days: it no longer comes back)",
        "a question in it may have been withdrawn since)",
    ]
    assert rest(plan, kept=[PREVIOUS, LIVE], changes=False) == lines[:1]


def test_a_feed_that_is_kept_already_is_not_copied_again():
    plan = planned([a_file("feed.xml", PREVIOUS.sha256)])
    assert not [line for line in rest(plan, kept=[PREVIOUS]) if line.startswith("copy")]
    assert [line for line in rest(plan, kept=[replace(PREVIOUS, sha256="e" * 64)]) if line.startswith("copy")]
