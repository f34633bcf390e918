"""Master -> clips: what the host marked as worth hearing by itself, each a small MP3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cityhall_fm.production.ports.audio import MasteringSuite
from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.show.episode import Enclosure, Episode, Key, MediaFile, Show
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.mastering import Bite, MasteringSettings, Tags
from cityhall_fm.show.text import Text


@dataclass(frozen=True, slots=True)
class Cut:
    """The enclosure with its clips, and what the host should know."""

    enclosure: Enclosure
    remarks: tuple[Text, ...] = ()


def cut_bites(
    episode: Episode,
    *,
    show: Show,
    settings: MasteringSettings,
    suite: MasteringSuite,
    shelf: EpisodeShelf,
    folder: PublicFolder,
    progress: Progress,
) -> Cut:
    """Cut the soundbites of a mastered episode that are not there yet; NotReadyError without a master.

    Those no longer marked are forgotten. One that lies behind the end is left out with a remark.
    """
    enclosure = episode.enclosure
    if enclosure is None:
        raise NotReadyError("audio.no_master_here", number=episode.number)
    there = {bite: file for bite, file in enclosure.clips if folder.has(file)}
    wanted = [bite for bite in episode.bites if _inside(enclosure, bite)]
    late = tuple(set(episode.bites) - set(wanted))
    if any(bite not in there for bite in wanted):
        progress.step(Text.of("audio.cutting"))
    clips = tuple(
        (
            bite,
            there.get(bite) or _published(episode, enclosure, bite, show, settings, suite, folder, progress),
        )
        for bite in wanted
    )
    if clips != enclosure.clips:
        enclosure = replace(enclosure, clips=clips)
        shelf.keep_enclosure(episode.number, enclosure)
    return Cut(enclosure, tuple(_late(late, enclosure)))


def cut_clip(
    episode: Episode,
    bite: Bite,
    *,
    show: Show,
    settings: MasteringSettings,
    suite: MasteringSuite,
    shelf: EpisodeShelf,
    folder: PublicFolder,
    progress: Progress,
) -> Path:
    """Cut one clip by hand, beside the episode; NotReadyError where the master is not here."""
    enclosure = episode.enclosure
    if enclosure is None or not folder.holds(enclosure):
        raise NotReadyError("audio.no_master_here", number=episode.number)
    name = f"clip-{str(bite.at).replace(':', '.')}.mp3"
    to = shelf.place(episode.number, name)
    progress.step(Text.of("audio.cutting"))
    suite.clip(
        folder.path(enclosure.key),
        at=enclosure.placement.finished(bite.at),
        length=bite.length,
        settings=settings,
        tags=_tags(episode, bite, show),
        to=to,
        progress=progress,
    )
    return to


def _published(
    episode: Episode,
    enclosure: Enclosure,
    bite: Bite,
    show: Show,
    settings: MasteringSettings,
    suite: MasteringSuite,
    folder: PublicFolder,
    progress: Progress,
) -> MediaFile:
    unnamed = folder.path(Key(f"media/{episode.label}-bite.mp3"))
    written = suite.clip(
        folder.path(enclosure.key),
        at=enclosure.placement.finished(bite.at),
        length=bite.length,
        settings=settings,
        tags=_tags(episode, bite, show),
        to=unnamed,
        progress=progress,
    )
    key = Key(f"media/{episode.label}-bite-{written.sha256[:12]}.mp3")
    unnamed.replace(folder.path(key))
    return MediaFile(key, written.length_bytes, written.media_type, written.sha256, written.bitrate)


def _inside(enclosure: Enclosure, bite: Bite) -> bool:
    start = enclosure.placement.finished(bite.at)
    return start.milliseconds + bite.length.milliseconds <= enclosure.duration.milliseconds


def _late(bites: tuple[Bite, ...], enclosure: Enclosure) -> Iterator[Text]:
    for bite in bites:
        yield Text.of("audio.bite_after_end", title=bite.title, at=bite.at, end=enclosure.duration)


def _tags(episode: Episode, bite: Bite, show: Show) -> Tags:
    return Tags(
        title=bite.title or episode.title,
        album=show.title,
        artist=show.author,
        track=episode.number,
        language=show.language,
        url=show.url(f"{episode.number}/{episode.finished(bite.at).fragment}"),
    )
