"""Recording -> Master: at the loudness target, tagged, and described in `enclosure.json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cityhall_fm.production.ports.audio import MasteringSuite
from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.show.episode import Enclosure, Episode, Key, MediaFile, Show
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.mastering import (
    MasteringOrder,
    MasteringSettings,
    StationMaster,
    Tags,
    Track,
    Written,
)
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.show.pauses import Pause, suggested
from cityhall_fm.show.rundown import Chapter, is_file
from cityhall_fm.show.text import Text
from cityhall_fm.texts import Catalogue

_BREATH_SECONDS: Final = 0.9
"""A pause that is longer than a breath, after which something new may begin."""


@dataclass(frozen=True, slots=True)
class Made:
    """The enclosure, whether it was made just now, and what the host should know."""

    enclosure: Enclosure
    anew: bool
    remarks: tuple[Text, ...] = ()


def master(
    episode: Episode,
    notes: ShowNotes,
    *,
    show: Show,
    settings: MasteringSettings,
    artwork: Path,
    suite: MasteringSuite,
    shelf: EpisodeShelf,
    folder: PublicFolder,
    progress: Progress,
) -> Made:
    """Master an episode's recording unless that very master is there.

    Raises NotReadyError without a recording and AudioError where the recording will not do.
    """
    recorded = shelf.recordings(episode.number) or shelf.tracks(episode.number)
    if not recorded and episode.enclosure and episode.enclosure.imported:
        return Made(_put_back(episode, episode.enclosure, shelf=shelf, folder=folder), anew=False)
    order = _order(episode, settings, shelf, _tags(episode, notes, show=show, artwork=artwork, shelf=shelf))
    recipe = suite.recipe(order)
    if episode.enclosure and episode.enclosure.recipe == recipe and folder.holds(episode.enclosure):
        return Made(episode.enclosure, anew=False)

    unnamed = folder.path(Key(f"media/{episode.label}-{recipe[:12]}.mp3"))
    mastered = suite.master(order, to=unnamed, progress=progress)
    # Apps keep media for ever, so new audio needs a new name; the hash of its bytes is one.
    key = Key(f"media/{episode.label}-{mastered.sha256[:12]}.mp3")
    unnamed.replace(folder.path(key))
    waveform = _named(episode, mastered.waveform, folder) if mastered.waveform else None
    enclosure = Enclosure(
        key=key,
        length_bytes=mastered.length_bytes,
        media_type="audio/mpeg",
        sha256=mastered.sha256,
        duration=mastered.duration,
        loudness=mastered.loudness,
        programme_at=mastered.placement.programme_at,
        trimmed=mastered.placement.trimmed,
        recipe=recipe,
        processing=mastered.processing or {},
        alternates=tuple(_named(episode, written, folder) for written in mastered.alternates),
        waveform=waveform,
    )
    shelf.keep_enclosure(episode.number, enclosure)
    return Made(enclosure, anew=True, remarks=mastered.remarks)


def master_for_station(
    episode: Episode,
    *,
    settings: MasteringSettings,
    suite: MasteringSuite,
    shelf: EpisodeShelf,
    progress: Progress,
) -> StationMaster:
    """Write an episode's programme for a radio station: a WAV beside the episode, at the station's level."""
    return suite.for_station(
        _order(episode, settings, shelf, _untagged(episode)),
        to=shelf.place(episode.number, f"{episode.label}-fm.wav"),
        target=settings.station,
        bits=settings.station_bits,
        progress=progress,
    )


def suggest_chapters(
    episode: Episode,
    *,
    settings: MasteringSettings,
    suite: MasteringSuite,
    shelf: EpisodeShelf,
    progress: Progress,
) -> Sequence[Pause]:
    """Find where a new part of the recording probably begins: at the end of each of these pauses."""
    order = _order(episode, settings, shelf, _untagged(episode))
    pauses, duration = suite.pauses(order, least=_BREATH_SECONDS, progress=progress)
    return suggested(pauses, duration=duration)


def _order(episode: Episode, settings: MasteringSettings, shelf: EpisodeShelf, tags: Tags) -> MasteringOrder:
    """Gather what is to be mastered; NotReadyError where nothing is, or it is not clear what."""
    recordings, tracks = shelf.recordings(episode.number), shelf.tracks(episode.number)
    missing = []
    if not recordings and not tracks:
        missing.append(Text.of("episodes.no_recording", label=episode.label))
    if recordings and tracks:
        missing.append(Text.of("audio.recording_and_tracks", count=len(tracks)))
    unknown = [name for name, _ in episode.mastering.levels if name not in tracks]
    missing += [Text.of("audio.no_such_track", name=name) for name in unknown]
    if missing:
        raise NotReadyError("episodes.not_ready", number=episode.number, count=len(missing), missing=missing)
    levels = dict(episode.mastering.levels)
    return MasteringOrder(
        tuple(recordings),
        settings.wished(episode.mastering),
        tags,
        tuple(Track(path, levels.get(name, 0.0)) for name, path in tracks.items()),
    )


def _named(episode: Episode, written: Written, folder: PublicFolder) -> MediaFile:
    """Give a file its lasting name, the hash of its bytes within."""
    path = Path(written.path)
    key = Key(f"media/{episode.label}-{written.sha256[:12]}{path.suffix}")
    path.replace(folder.path(key))
    return MediaFile(key, written.length_bytes, written.media_type, written.sha256, written.bitrate)


def _untagged(episode: Episode) -> Tags:
    return Tags(episode.title, "", "", episode.number, "")


def _put_back(
    episode: Episode, enclosure: Enclosure, *, shelf: EpisodeShelf, folder: PublicFolder
) -> Enclosure:
    """Take audio that came finished from another host as it is; there is nothing to make it from."""
    original = shelf.original(episode.number)
    if not folder.holds(enclosure):
        if original is None:
            missing = Text.of("moving.original_gone", number=episode.number, label=episode.label)
            raise NotReadyError("episodes.not_ready", number=episode.number, count=1, missing=[missing])
        folder.adopt(original, enclosure.key)
    return enclosure


def _tags(episode: Episode, notes: ShowNotes, *, show: Show, artwork: Path, shelf: EpisodeShelf) -> Tags:
    return Tags(
        title=episode.title,
        album=show.title,
        artist=show.author,
        track=episode.number,
        language=show.language,
        # Not the date of publication: the tags would change, and with them the bytes, once it is stamped.
        recorded_on=episode.planned_for.date() if episode.planned_for else None,
        comment=episode.summary,
        url=show.url(f"{episode.number}/"),
        artwork=artwork,
        chapters=_chapters_in_recording(episode, notes, shelf),
        opening=Catalogue(show.language)("pages.opening"),
    )


def _chapters_in_recording(episode: Episode, notes: ShowNotes, shelf: EpisodeShelf) -> tuple[Chapter, ...]:
    """Titles as the public sees them, times as the recording has them, pictures where they lie."""

    def found(image: str | None) -> str | None:
        if not is_file(image):
            return image
        return str(shelf.picture(episode.number, image) or shelf.place(episode.number, image))

    return tuple(
        Chapter(segment.at, part.title, part.url, found(part.image))
        for segment, part in zip(episode.rundown.segments, notes.parts, strict=True)
        if segment.at is not None
    )
