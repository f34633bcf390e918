"""A made-up show as a folder with its database, as the commands find it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from cityhall_fm.adapters.database import open_database
from cityhall_fm.adapters.episode_folder.document import Document, as_written, write_document
from cityhall_fm.adapters.episode_folder.enclosure_file import enclosure_as_written
from cityhall_fm.adapters.episode_folder.forms import segment_as_written
from cityhall_fm.show.library import Noted
from memories import memory_of

from made_up import a_whole_show, asked_in

_SETTINGS = Path(__file__).parents[1] / "feeds" / "show.toml"


def a_show_folder(folder: Path, episodes: Iterable[Noted] = ()) -> Path:
    """Write settings, small artwork, episodes (three, unless given) and the questions that they answer."""
    noted = list(episodes) or list(a_whole_show(3, minutes=1).episodes)
    (folder / "feeds").mkdir(parents=True)
    shutil.copy(_SETTINGS, folder / "feeds")
    Image.new("RGB", (1400, 1400), "#1f5f5b").save(folder / "feeds" / "artwork.png")
    database = open_database(memory_of(folder))
    try:
        for one in noted:
            _write(folder / "episodes", one)
            questions = asked_in(one[0].number)
            database.inbox.store([], questions)
    finally:
        database.close()
    return folder


def _write(shelf: Path, noted: Noted) -> None:
    episode, _ = noted
    assert episode.published_at
    assert episode.enclosure
    front = CommentedMap(number=int(episode.number), title=episode.title, guid=str(episode.guid))
    front["season"] = episode.season
    front["summary"] = episode.summary
    front["department"] = episode.department
    front["topics"] = CommentedSeq(episode.topics)
    front["published_at"] = as_written(episode.published_at)
    front["people"] = CommentedSeq(
        CommentedMap(name=person.name, role=person.role, reading=person.reading) for person in episode.people
    )
    segments = (CommentedMap(segment_as_written(segment)) for segment in episode.rundown.segments)
    front["rundown"] = CommentedSeq(segments)
    folder = shelf / f"{episode.label}-made-up"
    folder.mkdir(parents=True)
    write_document(folder / "episode.md", Document(front, "今回は冬支度の話です。\n"))
    (folder / "enclosure.json").write_text(enclosure_as_written(episode.enclosure), "utf-8")
    if episode.transcript:
        (folder / "transcript.vtt").write_text(episode.transcript, "utf-8")
