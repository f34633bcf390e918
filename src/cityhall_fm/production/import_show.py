"""A podcast at another host -> a show folder here: settings, episodes under their guids, and all media."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cityhall_fm.production.ports.moving import Media, Movers
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.show.clean import in_bytes
from cityhall_fm.show.episode import IMPORTED, Enclosure, Episode, EpisodeNumber, Key, Show
from cityhall_fm.show.errors import AudioError, InputError, NotReadyError, ServiceError, WebError
from cityhall_fm.show.moving import lenient, said
from cityhall_fm.show.moving.episodes import Moving, notes_of, plan_episodes
from cityhall_fm.show.moving.found import FoundEpisode, FoundFeed, Oddity
from cityhall_fm.show.moving.settings import settle
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import checked, read, write

OLD_FEED: Final = "feeds/old-feed.xml"
_MOST_MEDIA: Final = 4 * 10**9
_MOST_PICTURE: Final = 50 * 10**6
_MOST_WORDS: Final = 16 * 10**6
"""Bytes of chapters or of a transcript."""
_LONGEST_DESCRIPTION: Final = 4000  # Apple's RSS guide: bytes
_SAME_LENGTH: Final = 5.0
"""Seconds by which a host's rounding may differ from the file."""
_TYPES: Final = {
    "m4a": ("audio/x-m4a", "audio/m4a", "audio/mp4", "audio/aac", "audio/x-aac"),
    "mp3": ("audio/mpeg", "audio/mp3", "audio/mpeg3", "audio/x-mp3", "audio/x-mpeg"),
    "mp4": ("video/mp4", "video/x-m4v"),
}
"""What hosts write for each, right or nearly so."""
_PLAYED_BY_ALL: Final = frozenset({"m4a", "mp3", "mp4"})  # Apple's RSS guide


@dataclass(slots=True)
class Imported:
    """What a move came to."""

    show: Show
    furnished: bool
    """Whether `show.toml` was written; otherwise there was one, and only episodes came."""
    brought: list[EpisodeNumber] = field(default_factory=list)
    kept: int = 0
    """Episodes that were here already with their audio."""
    skipped: int = 0
    length_bytes: int = 0
    oddities: list[Oddity] = field(default_factory=list)
    failed: list[Oddity] = field(default_factory=list)
    """Episodes that are not here yet; another run brings them."""


def import_show(
    source: str,
    *,
    movers: Movers,
    existing: tuple[Show, Path] | None,
    public_url: str | None,
    progress: Progress,
) -> Imported:
    """Move the podcast whose feed is at `source`; run again, it brings what is still missing.

    `existing` is the show that is here already, with its artwork: its settings stay as they are. What is
    wrong with one episode's media stops only that one. Raises WebError or InputError where the feed itself
    cannot be had, and NotReadyError where the old address leads here already.
    """
    progress.step(Text.of("moving.reading_feed"))
    feed, document = movers.find(source)
    if existing and feed.self_url.strip() == existing[0].url("feed.xml"):
        raise NotReadyError("moving.leads_here", kept=OLD_FEED)
    movers.home.keep(OLD_FEED, document)
    settled = settle(feed, public_url=public_url)
    imported = Imported(settled.show, furnished=existing is None, oddities=list(feed.oddities))
    if existing:
        imported.show, artwork = existing
        imported.oddities += _against(existing[0], settled.show)
        _picture(feed.image, artwork, movers, imported, progress)
    else:
        imported.oddities += settled.oddities
        artwork = movers.home.path("feeds/artwork.jpg")
        artwork = _picture(feed.image, artwork, movers, imported, progress, ending=True) or artwork
        movers.home.furnish(settled.show, artwork=artwork.name)
    _bring_all(feed, movers, movers.folder(artwork), imported, progress)
    imported.oddities += _artwork_problems(movers.folder(artwork))
    movers.home.tidy()
    return imported


def _against(existing: Show, settled: Show) -> list[Oddity]:
    odd = []
    if existing.guid != settled.guid:
        odd.append(Oddity(Text.of("moving.other_guid", here=existing.guid, there=settled.guid)))
    if settled.moved_from and not existing.moved_from:
        odd.append(Oddity(Text.of("moving.write_moved_from", url=settled.moved_from)))
    return odd


def _bring_all(
    feed: FoundFeed, movers: Movers, folder: PublicFolder, imported: Imported, progress: Progress
) -> None:
    plan = plan_episodes(feed, here=movers.shelf.episodes(), timezone=imported.show.timezone)
    imported.oddities += plan.oddities
    imported.skipped = plan.skipped
    for place, moving in enumerate(plan.moving, 1):
        title, number = moving.episode.title, moving.episode.number
        if moving.here and _is_whole(moving.episode, movers, folder):
            imported.kept += 1
            if moving.episode.enclosure and moving.episode.enclosure.imported:
                _transcript(moving, moving.episode.enclosure, feed, movers, imported)
            continue
        progress.step(Text.of("moving.bringing", place=place, count=len(plan.moving), title=title))
        try:
            length = _bring(moving, feed, movers, folder, imported, progress)
        except ServiceError as error:
            imported.failed.append(Oddity(error.text, title))
            continue
        imported.brought.append(number)
        imported.length_bytes += length


def _is_whole(episode: Episode, movers: Movers, folder: PublicFolder) -> bool:
    """Tell whether an episode needs nothing more; one that was recorded here is its host's."""
    if movers.shelf.recordings(episode.number):
        return True
    enclosure = episode.enclosure
    return enclosure is not None and (not enclosure.imported or folder.holds(enclosure))


def _bring(
    moving: Moving,
    feed: FoundFeed,
    movers: Movers,
    folder: PublicFolder,
    imported: Imported,
    progress: Progress,
) -> int:
    """Bring one episode, its folder only once its audio is there and plays; gives the audio's bytes."""
    number, shelf = moving.episode.number, movers.shelf
    original = shelf.original(number) if moving.here else None
    file = original or _downloaded(moving.found, feed, movers, progress)
    try:
        media = movers.probe.look(file)
    except AudioError:
        if original is None:
            file.unlink()
        raise
    if not moving.here:
        episode = _with_notes(moving, feed, movers, imported)
        shelf.add(_with_chapters(episode, moving.found, feed, movers, imported))
    original = original or shelf.bring(number, file, f"imported.{media.ending}")
    enclosure = _enclosure(moving, original, media, imported)
    folder.adopt(original, enclosure.key)
    shelf.keep_enclosure(number, enclosure)
    _transcript(moving, enclosure, feed, movers, imported)
    if moving.found.image and moving.found.image != feed.image:
        waiting = movers.home.waiting(moving.found.image)
        if picture := _picture(moving.found.image, waiting, movers, imported, progress, ending=True):
            _own_artwork(moving.episode, picture, movers, folder, imported)
    return enclosure.length_bytes


def _downloaded(found: FoundEpisode, feed: FoundFeed, movers: Movers, progress: Progress) -> Path:
    waiting = movers.home.waiting(found.guid)
    if not waiting.exists():
        address = lenient.web_address(found.enclosure_url, feed.url) or found.enclosure_url
        movers.web.download(address, to=waiting, most_bytes=_MOST_MEDIA, progress=progress)
    return waiting


def _with_notes(moving: Moving, feed: FoundFeed, movers: Movers, imported: Imported) -> Episode:
    found, title = moving.found, moving.episode.title
    written = notes_of(found)
    base = next((one for one in (found.link, feed.link, feed.url) if lenient.web_address(one)), "")
    notes, pictures = movers.notes(written, base=base)
    if pictures:
        imported.oddities.append(Oddity(Text.of("moving.pictures_left_out", count=pictures), title))
    length = in_bytes(written)
    if length > _LONGEST_DESCRIPTION:
        text = Text.of("moving.long_notes", length=length, limit=_LONGEST_DESCRIPTION)
        imported.oddities.append(Oddity(text, title))
    return replace(moving.episode, notes=notes)


def _with_chapters(
    episode: Episode, found: FoundEpisode, feed: FoundFeed, movers: Movers, imported: Imported
) -> Episode:
    """Make the chapters of a JSON document the rundown, where the feed itself names none."""
    address = lenient.web_address(found.chapters_url, feed.url)
    if episode.rundown.segments or not address:
        return episode
    try:
        document = movers.web.fetch(address, most_bytes=_MOST_WORDS).content.decode("utf-8-sig", "replace")
    except WebError as error:
        imported.oddities.append(Oddity(error.text, episode.title))
        return episode
    rundown = said.rundown(document)
    if not rundown.segments:
        imported.oddities.append(Oddity(Text.of("moving.no_chapters", url=address), episode.title))
    return replace(episode, rundown=rundown)


def _transcript(
    moving: Moving, enclosure: Enclosure, feed: FoundFeed, movers: Movers, imported: Imported
) -> None:
    """Bring the first transcript that can be had and fits the audio; what cannot, is told."""
    episode = moving.episode
    if episode.transcript is not None:
        return
    for address in said.transcripts(moving.found.transcripts, feed.url):
        try:
            content = movers.web.fetch(address, most_bytes=_MOST_WORDS).content
        except WebError as error:
            imported.oddities.append(Oddity(error.text, episode.title))
            continue
        draft = read(content.decode("utf-8-sig", "replace"))
        draft = checked(draft, begins=Timecode(0), ends=enclosure.duration)
        if not draft.errors:
            cues = sorted((line.cue for line in draft.cues), key=lambda cue: cue.start)
            movers.shelf.keep_transcript(episode.number, write(cues))
            return
        text = Text.of("moving.transcript_unfit", url=address, reason=draft.errors[0].text)
        imported.oddities.append(Oddity(text, episode.title))


def _enclosure(moving: Moving, file: Path, media: Media, imported: Imported) -> Enclosure:
    found, episode = moving.found, moving.episode
    with file.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        length = content.tell()

    def odd(name: str, **values: object) -> None:
        imported.oddities.append(Oddity(Text.of(f"moving.{name}", **values), episode.title))

    told = lenient.whole(found.enclosure_length, most=_MOST_MEDIA)
    if told and told != length:
        odd("length_differs", told=told, length=length)
    if found.enclosure_type and found.enclosure_type.strip().lower() not in _TYPES.get(media.ending, ()):
        odd("type_differs", told=found.enclosure_type.strip(), media_type=media.media_type)
    if media.ending not in _PLAYED_BY_ALL:
        odd("not_for_all", media_type=media.media_type)
    duration = lenient.duration(found.duration)
    if duration and abs(duration.seconds - media.duration.seconds) > _SAME_LENGTH:
        odd("duration_differs", told=duration, duration=media.duration)
        duration = None
    return Enclosure(
        key=Key(f"media/{episode.label}-{sha256[:12]}.{media.ending}"),
        length_bytes=length,
        media_type=media.media_type,
        sha256=sha256,
        duration=duration or media.duration,
        loudness=None,
        programme_at=Timecode(0),
        recipe=IMPORTED,
    )


def _picture(
    address: str, to: Path, movers: Movers, imported: Imported, progress: Progress, *, ending: bool = False
) -> Path | None:
    """Download a picture unless it is there, with the ending of what it is; None where that fails."""
    if not address or to.exists():
        return to if to.exists() else None
    waiting = movers.home.waiting(address).with_suffix(".picture")
    try:
        movers.web.download(
            lenient.web_address(address, imported.show.moved_from) or address,
            to=waiting,
            most_bytes=_MOST_PICTURE,
            progress=progress,
        )
    except WebError as error:
        imported.oddities.append(Oddity(error.text))
        return None
    with waiting.open("rb") as content:
        kind = lenient.picture_ending(content.read(16))
    if kind is None:
        waiting.unlink()
        imported.oddities.append(Oddity(Text.of("moving.no_picture", url=address)))
        return None
    return waiting.replace(to.with_suffix(f".{kind}") if ending else to)


def _own_artwork(
    episode: Episode, picture: Path, movers: Movers, folder: PublicFolder, imported: Imported
) -> None:
    """Keep an episode's picture; one that a build would refuse is told, and kept under another name."""
    try:
        folder.artworks({episode.number: picture})
    except InputError as error:
        imported.oddities += [Oddity(problem.text, episode.title) for problem in error.problems]
        movers.shelf.bring(episode.number, picture, f"imported-artwork{picture.suffix}")
    else:
        movers.shelf.bring(episode.number, picture, f"artwork{picture.suffix}")


def _artwork_problems(folder: PublicFolder) -> list[Oddity]:
    """Tell now what the first build would refuse about the artwork."""
    try:
        folder.artwork()
    except InputError as error:
        return [Oddity(problem.text) for problem in error.problems] or [Oddity(error.text)]
    return []
