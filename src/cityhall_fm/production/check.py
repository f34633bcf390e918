"""Episode -> everything that is missing before it can go out, at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.show.episode import Episode
from cityhall_fm.show.errors import NotReadyError, UnknownError
from cityhall_fm.show.rundown import is_file
from cityhall_fm.show.text import Text
from cityhall_fm.show.transcript import parse, unfit


def check(
    episode: Episode, *, shelf: EpisodeShelf, inbox: Inbox, transcript_required: bool = False
) -> Sequence[Text]:
    """Tell what would better be there; the episode may go out without it.

    Raises NotReadyError that names each missing thing with the command, or the line, that mends it.
    """
    missing = [
        *_words(episode),
        *_times(episode),
        *_recording(episode, shelf),
        *_pictures(episode, shelf),
        *_questions(episode, inbox),
        *unfit(episode),
        *(_transcript(episode) if transcript_required else ()),
    ]
    if missing:
        raise NotReadyError("episodes.not_ready", number=episode.number, count=len(missing), missing=missing)
    return _transcript(episode)


def _words(episode: Episode) -> Sequence[Text]:
    missing = []
    if not episode.summary:
        missing.append(Text.of("episodes.no_summary"))
    if not episode.rundown.segments:
        missing.append(Text.of("episodes.no_segments", number=episode.number))
    return missing


def _times(episode: Episode) -> Sequence[Text]:
    untimed = [Text.of("episodes.untimed", title=segment.title) for segment in episode.rundown.untimed]
    timed = [segment for segment in episode.rundown.segments if segment.at is not None]
    unordered = [
        Text.of("episodes.unordered", title=later.title)
        for earlier, later in pairwise(timed)
        if earlier.at is not None and later.at is not None and later.at <= earlier.at
    ]
    return [*untimed, *unordered]


def _recording(episode: Episode, shelf: EpisodeShelf) -> Sequence[Text]:
    if episode.enclosure or shelf.recordings(episode.number) or shelf.tracks(episode.number):
        return []
    return [Text.of("episodes.no_recording", label=episode.label)]


def _pictures(episode: Episode, shelf: EpisodeShelf) -> Sequence[Text]:
    return [
        Text.of("episodes.no_picture", name=name, label=episode.label)
        for segment in episode.rundown.segments
        if is_file(name := segment.image) and shelf.picture(episode.number, name) is None
    ]


def _transcript(episode: Episode) -> Sequence[Text]:
    """Ask for the text alternative of the audio: JIS X 8341-3:2016, 1.2.1, level A."""
    if episode.transcript and parse(episode.transcript):
        return ()
    return (Text.of("episodes.no_transcript", label=episode.label),)


def _questions(episode: Episode, inbox: Inbox) -> Sequence[Text]:
    missing = []
    for id_ in episode.rundown.questions:
        try:
            question = inbox.question(id_)
        except UnknownError:
            missing.append(Text.of("episodes.unknown_question", question=id_))
            continue
        if not question.usable:
            missing.append(Text.of("episodes.question_withdrawn", question=id_))
    return missing
