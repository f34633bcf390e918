"""Pictures of chapters -> media: what the host put beside `episode.md`, where apps can fetch it."""

from __future__ import annotations

from dataclasses import replace

from cityhall_fm.production.ports.audio import MasteringSuite
from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.show.episode import Enclosure, Episode, Key, MediaFile
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.show.rundown import is_file
from cityhall_fm.show.text import Text


def publish_pictures(
    episode: Episode,
    notes: ShowNotes,
    enclosure: Enclosure,
    *,
    anew: bool,
    suite: MasteringSuite,
    shelf: EpisodeShelf,
    folder: PublicFolder,
) -> Enclosure:
    """Give the chapters' pictures that are files in the episode's folder lasting names among the media.

    Pictures that no chapter shows are forgotten, among them those of withdrawn questions. One that is
    there stays, unless the master was made `anew`, which it is when a picture changed. NotReadyError where
    a picture is gone, AudioError where it is none.
    """
    there = {} if anew else {name: file for name, file in enclosure.pictures if folder.has(file)}
    wanted = dict.fromkeys(name for chapter in notes.chapters if is_file(name := chapter.image))
    pictures = tuple(
        (name, there.get(name) or _published(episode, name, suite=suite, shelf=shelf, folder=folder))
        for name in wanted
    )
    if pictures != enclosure.pictures:
        enclosure = replace(enclosure, pictures=pictures)
        shelf.keep_enclosure(episode.number, enclosure)
    return enclosure


def _published(
    episode: Episode, name: str, *, suite: MasteringSuite, shelf: EpisodeShelf, folder: PublicFolder
) -> MediaFile:
    source = shelf.picture(episode.number, name)
    if source is None:
        missing = Text.of("episodes.no_picture", name=name, label=episode.label)
        raise NotReadyError("episodes.not_ready", number=episode.number, count=1, missing=[missing])
    unnamed = folder.path(Key(f"media/{episode.label}-picture.jpg"))
    written = suite.picture(source, to=unnamed)
    key = Key(f"media/{episode.label}-{written.sha256[:12]}.jpg")
    unnamed.replace(folder.path(key))
    return MediaFile(key, written.length_bytes, written.media_type, written.sha256)
