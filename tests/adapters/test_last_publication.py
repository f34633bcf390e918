"""What a folder remembers of its last publication holds only while nothing that decides it changes."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from cityhall_fm.adapters.database import open_database
from cityhall_fm.adapters.last_publication import LastPublication
from cityhall_fm.production.already_public import Remembered
from cityhall_fm.show.episode import EpisodeNumber, Key
from cityhall_fm.show.kept_feed import LiveFeed, kept_feed
from cityhall_fm.show.publication import public_file
from cityhall_fm.show.question import Status
from cityhall_fm.show.schedule import Date, State

from builders import NOON, a_question

MEDIA = (public_file(Key("media/0001-0123456789ab.mp3"), sha256="ab" * 32, length_bytes=9, here=False),)
TOLD = Remembered(
    "s3://saku/fm",
    MEDIA,
    endpoint="https://s3.example.jp",
    conditions="unquoted",
    until=NOON + timedelta(days=99),
)


@pytest.fixture
def show(tmp_path):
    """A show folder with an episode, a page and a memory, as far as a publication looks at them."""
    for name, content in {
        "feeds/show.toml": 'title = "佐久"',
        "feeds/public/index.html": "<p>髙橋🏔</p>",
        "feeds/public/1/index.html": "<p>1</p>",
        "feeds/public/media/0001-0123456789ab.mp3": "ID3",
        "episodes/0001-saku/episode.md": "---\nnumber: 1\n---\n",
        "episodes/0001-saku/enclosure.json": "{}",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    database = open_database(tmp_path / "feeds/memory.sqlite3")
    database.inbox.store([], [a_question()])
    database.close()
    return tmp_path


def last(show):
    return LastPublication(show, show / "feeds/memory.sqlite3")


@pytest.fixture
def kept(show):
    last(show).keep(TOLD)
    return show


def test_what_was_kept_is_remembered(kept):
    assert last(kept).remembered() == TOLD


def test_a_folder_that_published_nothing_remembers_nothing(show):
    assert last(show).remembered() is None


def appended(name):
    def change(show):
        with (show / name).open("a", encoding="utf-8") as file:
            file.write(" ")

    return change


def told_to_the_database(tell):
    def change(show):
        database = open_database(show / "feeds/memory.sqlite3")
        tell(database)
        database.close()

    return change


def another_episode(show):
    (show / "episodes/0002-saku").mkdir()
    (show / "episodes/0002-saku/episode.md").write_text("---\nnumber: 2\n---\n", "utf-8")


CHANGES = {
    "the settings": appended("feeds/show.toml"),
    "an episode": appended("episodes/0001-saku/episode.md"),
    "its audio": appended("episodes/0001-saku/enclosure.json"),
    "another episode": another_episode,
    "a date": told_to_the_database(
        lambda of: of.dates.note(Date(EpisodeNumber(2), NOON, State.WAITING), at=NOON)
    ),
    "a question's status": told_to_the_database(
        lambda of: of.inbox.set_status(a_question().id, Status.WITHDRAWN, at=NOON)
    ),
    "a feed that is kept": told_to_the_database(
        lambda of: of.feeds.intend("s3://saku/fm", kept_feed("ab" * 32, NOON))
    ),
    "the feed that is public": told_to_the_database(
        lambda of: of.feeds.confirm("s3://saku/fm", LiveFeed("ab" * 32, "e"), at=NOON)
    ),
    "no database": lambda show: (show / "feeds/memory.sqlite3").unlink(),
    "a torn record": lambda show: (show / "feeds/.published.json").write_text('{"shape": 1, "fi'),
    "a record of another shape": lambda show: (show / "feeds/.published.json").write_text('{"shape": 99}'),
    "a record that is a list": lambda show: (show / "feeds/.published.json").write_text("[]"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_decides_it_is_changed_it_is_forgotten(kept, change):
    change(kept)

    assert last(kept).remembered() is None


def test_files_are_told_with_their_hashes_and_read_once(kept, monkeypatch):
    again = last(kept)
    again.remembered()
    read = []
    monkeypatch.setattr("hashlib.file_digest", lambda file, _: read.append(file.name))

    told = {file.key: file.fingerprint.length_bytes for file in again.here()}

    assert read == []
    assert told == {"1/index.html": 8, "index.html": 17, "media/0001-0123456789ab.mp3": 3}


def test_a_file_that_was_touched_is_read_again(kept):
    page = kept / "feeds/public/1/index.html"
    before = {file.key: file for file in last(kept).here()}
    page.write_text("<p>2</p>", "utf-8")  # as long as before, and with the time of before
    os.utime(page, ns=(page.stat().st_atime_ns, 1))
    again = last(kept)
    again.remembered()

    after = {file.key: file for file in again.here()}

    assert [key for key in after if after[key] != before[key]] == ["1/index.html"]


def test_the_same_files_under_new_dates_are_read_once_more_and_no_more(kept):
    for path in (kept / "feeds/public").rglob("*.html"):
        os.utime(path, (0, 0))
    renewed = last(kept)
    told = renewed.remembered()
    renewed.here()
    renewed.renew(told)

    again = last(kept)
    again.remembered()
    again.here()

    assert again._is_renewed is False


def test_reading_leaves_no_trace_beside_the_database(kept):
    before = sorted(path.name for path in (kept / "feeds").iterdir())

    last(kept).remembered()

    assert sorted(path.name for path in (kept / "feeds").iterdir()) == before


def test_a_database_that_somebody_has_open_is_read_as_it_is_now(kept):
    with closing(sqlite3.connect(kept / "feeds/memory.sqlite3")) as other:
        other.execute("UPDATE consents SET given_at = given_at")
        other.commit()
        assert last(kept).remembered() == TOLD
        other.execute("INSERT INTO moves (question, status, at) VALUES ('q-1', 'withdrawn', '2026')")
        other.commit()
        assert last(kept).remembered() is None


def test_what_a_killed_build_left_is_no_file(kept):
    (kept / "feeds/public/.new-x").mkdir()
    (kept / "feeds/public/.new-x/0").write_text("half")

    assert not [file.key for file in last(kept).here() if "new" in file.key]


def test_no_name_and_no_word_of_a_question_is_in_the_record(kept):
    written = json.loads((kept / "feeds/.published.json").read_text("utf-8"))

    assert set(written) == {"shape", "made_of", "memory", "files", *TOLD.__slots__}
    assert "佐久" not in json.dumps(written, ensure_ascii=False)


def test_what_is_about_to_be_sent_is_noted_where_the_archive_of_feeds_looks(kept):
    number = last(kept).begin_sending("s3://saku/fm", ["index.html", "7/佐久.vtt"])

    database = open_database(kept / "feeds/memory.sqlite3")
    assert database.feeds.begun("s3://saku/fm") == {number: {"index.html", "7/佐久.vtt"}}
    assert last(kept).remembered() is None  # whoever was killed now must look at everything
    last(kept).end_sending("elsewhere", [number])
    assert [*database.feeds.begun("s3://saku/fm")] == [number]
    last(kept).end_sending("s3://saku/fm", [number])
    assert database.feeds.begun("s3://saku/fm") == {}
    database.close()
    assert last(kept).remembered() == TOLD


def test_where_the_memory_cannot_be_written_nothing_is_noted_by_the_way(tmp_path):
    (tmp_path / "memory.sqlite3").write_bytes(b"no database")
    last = LastPublication(tmp_path, tmp_path / "memory.sqlite3")

    assert last.begin_sending("s3://saku/fm", ["index.html"]) is None
    last.end_sending("s3://saku/fm", [1])
