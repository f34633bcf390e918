"""What the feed's chapters and transcript tags point at; made again only where an episode changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cityhall_fm.defaults import edition
from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.show import chapters, transcript
from cityhall_fm.show.episode import Episode, Key, Show
from cityhall_fm.show.fingerprint import fingerprint
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.texts import Catalogue


@dataclass(frozen=True, slots=True)
class Attached:
    """The files, and a fingerprint of what each episode's were made from."""

    files: Mapping[Key, bytes]
    parts: Mapping[str, str]


def attach(show: Show, noted: Sequence[tuple[Episode, ShowNotes]], *, folder: PublicFolder) -> Attached:
    """Make chapters and transcripts, or take them from the last build where it made them from the same."""
    before, untouched = folder.remembered(), frozenset(folder.untouched())
    program = edition()
    files: dict[Key, bytes] = {}
    parts: dict[str, str] = {}
    for episode, notes in noted:
        part = fingerprint(program, show, episode, notes)
        keys = _keys(episode, notes)
        parts[episode.label] = part
        if before.get(episode.label) == part and untouched.issuperset(keys):
            files |= {key: folder.path(key).read_bytes() for key in keys}
        else:
            files |= _made(show, episode, notes)
    return Attached(files, parts)


def _keys(episode: Episode, notes: ShowNotes) -> list[Key]:
    forms = [published.form for published in transcript.PUBLISHED] if episode.transcript else []
    own = [transcript.transcript_key(episode.number, form) for form in forms]
    return [*([episode.chapters_key] if notes.chapters else []), *own]


def _made(show: Show, episode: Episode, notes: ShowNotes) -> Mapping[Key, bytes]:
    files: dict[Key, bytes] = {}
    if notes.chapters:
        files[episode.chapters_key] = _chapters_json(show, episode, notes)
    if episode.transcript:
        files |= _transcripts(show, episode, notes)
    return files


def _transcripts(show: Show, episode: Episode, notes: ShowNotes) -> Mapping[Key, bytes]:
    cues = transcript.transcript_of(episode, notes)
    return {
        transcript.transcript_key(episode.number, published.form): transcript.written(
            cues, published.form, title=episode.title, language=show.language
        ).encode()
        for published in transcript.PUBLISHED
    }


def _chapters_json(show: Show, episode: Episode, notes: ShowNotes) -> bytes:
    opening = Catalogue(show.language)("pages.opening")
    listed = chapters.in_finished(episode, notes, opening=opening, url=show.url)
    linked = chapters.linked(listed, show.url(f"{episode.number}/"))
    return chapters.write(linked, chapters.Form.JSON, title=episode.title, show=show.title).encode()
