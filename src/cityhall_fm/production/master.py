"""Recording -> Master: at the loudness target, tagged, and described in `enclosure.json`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cityhall_fm.production.ports import EpisodeShelf, MasteringSuite, Progress, PublicFolder
from cityhall_fm.show.episode import Enclosure, Episode, Key, Show
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings, Tags
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.text import Text


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
    recordings = shelf.recordings(episode.number)
    if not recordings:
        raise NotReadyError(
            "episodes.not_ready",
            number=episode.number,
            count=1,
            missing=[Text.of("episodes.no_recording", label=episode.label)],
        )
    order = MasteringOrder(tuple(recordings), settings, _tags(episode, notes, show=show, artwork=artwork))
    recipe = suite.recipe(order)
    if episode.enclosure and episode.enclosure.recipe == recipe and folder.holds(episode.enclosure):
        return Made(episode.enclosure, anew=False)

    unnamed = folder.path(Key(f"media/{episode.label}-{recipe[:12]}.mp3"))
    mastered = suite.master(order, to=unnamed, progress=progress)
    # Apps keep media for ever, so new audio needs a new name; the hash of its bytes is one.
    key = Key(f"media/{episode.label}-{mastered.sha256[:12]}.mp3")
    unnamed.replace(folder.path(key))
    enclosure = Enclosure(
        key=key,
        length_bytes=mastered.length_bytes,
        media_type="audio/mpeg",
        sha256=mastered.sha256,
        duration=mastered.duration,
        loudness=mastered.loudness,
        programme_at=mastered.programme_at,
        recipe=recipe,
    )
    shelf.keep_enclosure(episode.number, enclosure)
    return Made(enclosure, anew=True, remarks=mastered.remarks)


def _tags(episode: Episode, notes: ShowNotes, *, show: Show, artwork: Path) -> Tags:
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
        chapters=_chapters_in_recording(episode, notes),
    )


def _chapters_in_recording(episode: Episode, notes: ShowNotes) -> tuple[Chapter, ...]:
    """Titles as the public sees them, times as the recording has them."""
    return tuple(
        Chapter(segment.at, part.title)
        for segment, part in zip(episode.rundown.segments, notes.parts, strict=True)
        if segment.at is not None
    )
