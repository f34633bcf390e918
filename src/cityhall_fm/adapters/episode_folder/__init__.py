"""The episode folders: `episode.md` by people, `enclosure.json` by mastering, recordings beside them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar
from unicodedata import normalize

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from cityhall_fm.adapters.episode_folder.alone import alone
from cityhall_fm.adapters.episode_folder.arrival import arrived
from cityhall_fm.adapters.episode_folder.document import (
    Document,
    as_written,
    parse_document,
    read_document,
    write_document,
    write_whole,
)
from cityhall_fm.adapters.episode_folder.enclosure_file import enclosure_as_written, read_enclosure
from cityhall_fm.adapters.episode_folder.forms import read_episode, segment_as_written, set_times
from cityhall_fm.adapters.episode_folder.rewriting import replaced, rewritten
from cityhall_fm.production.ports.episodes import Rewritten
from cityhall_fm.reading import read_bytes, read_text
from cityhall_fm.show.episode import Enclosure, Episode, EpisodeNumber, Guid
from cityhall_fm.show.errors import InputError, UnknownError
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.rundown import Rundown, Segment

_SOUND: Final = frozenset(
    {".aac", ".aif", ".aiff", ".caf", ".flac", ".m4a", ".mp3", ".mp4", ".oga", ".ogg", ".opus", ".wav"}
)
_TRACK: Final = "track-"
_TRANSCRIPT: Final = "transcript.vtt"
_ARTWORK: Final = "artwork.*"
_PICTURES: Final = frozenset({".jpeg", ".jpg", ".png"})
"""The endings of artwork and of chapters' pictures."""
_DECIDING: Final = frozenset({"episode.md", "enclosure.json", _TRANSCRIPT})
"""With its pictures, all that an episode is made from."""

_Made = TypeVar("_Made")
_Given = ParamSpec("_Given")


def _changing(
    method: Callable[Concatenate[EpisodeFolder, EpisodeNumber, _Given], _Made],
) -> Callable[Concatenate[EpisodeFolder, EpisodeNumber, _Given], _Made]:
    """Let a method that reads an episode's file and writes it back do so alone."""

    @wraps(method)
    def made(
        shelf: EpisodeFolder, number: EpisodeNumber, /, *given: _Given.args, **named: _Given.kwargs
    ) -> _Made:
        with alone(shelf.place(number, "x").parent):
            return method(shelf, number, *given, **named)

    return made


class EpisodeFolder:
    """The shelf of a show: `episodes/0042-slug/`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Path, tuple[tuple[str | None, ...], Episode]] = {}

    def episodes(self) -> Sequence[Episode]:
        found: dict[int, tuple[Episode, Path]] = {}
        for path in sorted(self._folder.glob("*/episode.md")):
            episode = self._read(path)
            if episode.number in found:
                other = found[episode.number][1].parent.name
                raise InputError("files.duplicate_number", path=path, number=episode.number, other=other)
            found[episode.number] = (episode, path)
        return tuple(found[number][0] for number in sorted(found))

    def fingerprint(self) -> str:
        found = hashlib.sha256()
        for path in sorted(self._folder.glob("*/*")):
            if path.name in _DECIDING or path.suffix.lower() in _PICTURES:
                content = hashlib.sha256(read_bytes(path)).hexdigest()
                found.update(f"{path.relative_to(self._folder).as_posix()}\0{content}\n".encode())
        return found.hexdigest()

    def episode(self, number: EpisodeNumber) -> Episode:
        return self._read(self._path(number))

    def recordings(self, number: EpisodeNumber) -> Sequence[Path]:
        return sorted(
            path
            for path in self._path(number).parent.glob("recording*")
            if path.suffix.lower() in _SOUND and path.is_file()
        )

    def place(self, number: EpisodeNumber, name: str) -> Path:
        return self._path(number).with_name(name)

    def artwork(self, number: EpisodeNumber) -> Path | None:
        found = sorted(self._path(number).parent.glob(_ARTWORK))
        return next((path for path in found if path.suffix.lower() in _PICTURES and path.is_file()), None)

    def tracks(self, number: EpisodeNumber) -> Mapping[str, Path]:
        found = sorted(self._path(number).parent.glob(f"{_TRACK}*"))
        return {
            normalize("NFC", path.stem).removeprefix(_TRACK): path  # macOS takes letters apart
            for path in found
            if path.suffix.lower() in _SOUND and path.is_file()
        }

    def picture(self, number: EpisodeNumber, name: str) -> Path | None:
        folder = self._path(number).parent
        found = next((path for path in folder.iterdir() if normalize("NFC", path.name) == name), None)
        return found if found and found.is_file() else None

    def create(self, *, title: str, guid: Guid, planned_for: datetime | None) -> Episode:
        number = max((episode.number for episode in self.episodes()), default=0) + 1
        path = self._folder / f"{number:04}-{_slug(title)}" / "episode.md"
        front = CommentedMap(number=number, title=title, guid=guid, summary="")
        if planned_for:
            front["planned_for"] = as_written(planned_for)
        front["rundown"] = CommentedSeq()
        write_document(path, Document(front, "\n"))
        return self._read(path)

    @_changing
    def slot(self, number: EpisodeNumber, segment: Segment, *, at_position: int | None) -> Episode:
        path = self._path(number)
        document = read_document(path)
        rundown = document.front.setdefault("rundown", CommentedSeq())
        written = segment_as_written(segment)
        if at_position is None:
            rundown.append(CommentedMap(written))
        elif 1 <= at_position <= len(rundown):
            rundown[at_position - 1].update(written)
        else:
            raise UnknownError("episodes.no_segment", number=number, position=at_position, last=len(rundown))
        write_document(path, document)
        return self._read(path)

    @_changing
    def take_out(self, number: EpisodeNumber, question: QuestionId, *, was: Segment | None) -> Episode:
        path = self._path(number)
        document = read_document(path)
        rundown = document.front.get("rundown") or CommentedSeq()
        for segment in [one for one in rundown if str(one.get("question", "")).strip() == question]:
            if was is None:
                rundown.remove(segment)
                continue
            del segment["question"]
            written = segment_as_written(was)
            for field in ("title", "links"):
                if field not in written:
                    segment.pop(field, None)
                elif segment.get(field) != written[field]:
                    segment[field] = written[field]
        write_document(path, document)
        return self._read(path)

    @_changing
    def set_times(self, number: EpisodeNumber, rundown: Rundown) -> Episode:
        path = self._path(number)
        before = self._read(path).rundown
        document = read_document(path)
        set_times(document, before, rundown)
        write_document(path, document)
        return self._read(path)

    @_changing
    def rewrite(self, number: EpisodeNumber, rule: Callable[[Episode], Rewritten | None]) -> Episode:
        path = self._path(number)
        while True:
            text = read_text(path)
            before = self._as_read(parse_document(text, path), path)
            change = rule(before)
            if change is None:
                return before
            front, body = rewritten(parse_document(text, path), before, change.episode, change.places)
            whole = f"---\n{front}---\n{body}"
            after = self._as_read(parse_document(whole, path), path)
            if after.rundown != change.episode.rundown:
                front = replaced(parse_document(text, path), before, change.episode, change.places)
                whole = f"---\n{front}---\n{body}"
                self._as_read(parse_document(whole, path), path)
            # An editor knows of no lock: what it saved meanwhile is read, and the rule asked again.
            if read_text(path) == text:
                write_whole(path, whole)
                return before

    def keep_enclosure(self, number: EpisodeNumber, enclosure: Enclosure) -> None:
        write_whole(self._path(number).with_name("enclosure.json"), enclosure_as_written(enclosure))

    def keep_transcript(self, number: EpisodeNumber, webvtt: str) -> None:
        write_whole(self._path(number).with_name(_TRANSCRIPT), webvtt)

    @_changing
    def mark_published(self, number: EpisodeNumber, at: datetime | None) -> None:
        path = self._path(number)
        document = read_document(path)
        keys = list(document.front)
        if at is None:
            document.front.pop("published_at", None)
        elif "published_at" in keys:
            document.front["published_at"] = as_written(at)
        else:
            place = keys.index("planned_for") + 1 if "planned_for" in keys else len(keys)
            document.front.insert(place, "published_at", as_written(at))
        write_document(path, document)

    def add(self, episode: Episode) -> None:
        path = self._folder / f"{episode.label}-{_slug(episode.title)}" / "episode.md"
        write_document(path, arrived(episode))

    def original(self, number: EpisodeNumber) -> Path | None:
        files = sorted(self._path(number).parent.glob("imported.*"))
        return next((path for path in files if path.suffix.lower() in _SOUND), None)

    def bring(self, number: EpisodeNumber, file: Path, name: str) -> Path:
        place = self._path(number).with_name(name)
        try:
            return file.replace(place)
        except OSError as error:
            raise InputError("files.unwritable", path=place, reason=error.strerror or "") from error

    def _read(self, path: Path) -> Episode:
        """Read an episode; what was read before, and is still the same to the letter, is not read again."""
        transcript = path.with_name(_TRANSCRIPT)
        enclosure = path.with_name("enclosure.json")
        texts = tuple(read_text(file) if file.exists() else None for file in (path, enclosure, transcript))
        known = self._known.get(path)
        if known and known[0] == texts:
            return known[1]
        episode = self._as_read(parse_document(texts[0] or read_text(path), path), path)
        self._known[path] = (texts, episode)
        return episode

    def _as_read(self, document: Document, path: Path) -> Episode:
        number = int(match[0]) if (match := re.match(r"\d+", path.parent.name)) else 0
        transcript = path.with_name(_TRANSCRIPT)
        return read_episode(
            document,
            path=path,
            enclosure=read_enclosure(path.with_name("enclosure.json"), number),
            transcript=read_text(transcript) if transcript.exists() else None,
        )

    def _path(self, number: EpisodeNumber) -> Path:
        for path in sorted(self._folder.glob("*/episode.md")):
            if re.match(rf"0*{number}(?!\d)", path.parent.name):
                return path
        numbers = (re.match(r"\d+", path.parent.name) for path in sorted(self._folder.glob("*/episode.md")))
        known = ", ".join(str(int(number[0])) for number in numbers if number)
        raise UnknownError("episodes.unknown", number=number, known=known or "—")


def _slug(title: str) -> str:
    """ASCII only, since keys and URLs are; a Japanese title leaves the number to speak for itself."""
    return (
        re.sub(r"[^a-z0-9]+", "-", title.lower().encode("ascii", "ignore").decode()).strip("-")[:40]
        or "episode"
    )
