"""Published Episodes -> feeds/public: feed, pages, chapters, transcripts, artwork."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from cityhall_fm.production.ports import FeedWriter, PublicFolder, Renderer, Site
from cityhall_fm.show import transcript
from cityhall_fm.show.chapters import from_the_start
from cityhall_fm.show.clean import one_line
from cityhall_fm.show.episode import Episode, Key, Show
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.feed import Feed, FeedItem, in_feed
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.show.text import Text
from cityhall_fm.texts import Catalogue

_VERSION = "1.2.0"  # Podcasting 2.0, JSON chapters


def build_feed(
    *,
    show: Show,
    noted: Sequence[tuple[Episode, ShowNotes]],
    renderer: Renderer,
    feed_writer: FeedWriter,
    folder: PublicFolder,
) -> Sequence[Key]:
    """Build everything listeners fetch, except media; tells which files changed.

    The same input gives the same bytes. NotReadyError names the published episodes without audio.
    """
    _all_mastered(episode for episode, _ in noted)
    notes = {episode.number: notes for episode, notes in noted}
    episodes = in_feed(episode for episode, _ in noted)
    artwork_key, artwork = folder.artwork()
    site = Site(show, artwork_key, tuple((episode, notes[episode.number]) for episode in episodes))
    items = tuple(
        FeedItem(
            episode,
            description=renderer.description(show, episode, notes[episode.number]),
            content=renderer.notes_html(show, episode, notes[episode.number]),
        )
        for episode in episodes
    )
    files: dict[Key, bytes] = {artwork_key: artwork, **renderer.pages(site)}
    for episode in episodes:
        files |= _attachments(show, episode, notes[episode.number])
    files[Key("feed.xml")] = feed_writer.write(Feed(show, items, artwork_key))
    return folder.build(files)


def _all_mastered(episodes: Iterable[Episode]) -> None:
    missing = [
        str(episode.number) for episode in episodes if episode.published_at and episode.enclosure is None
    ]
    if not missing:
        return
    commands = [f"cityhall-fm master {number}" for number in missing]
    raise NotReadyError(
        "feed.unmastered",
        missing=[
            Text.of("feed.unmastered_one", number=number, command=command)
            for number, command in zip(missing, commands, strict=True)
        ],
        numbers=", ".join(missing),
        commands=", ".join(commands),
    )


def _attachments(show: Show, episode: Episode, notes: ShowNotes) -> Mapping[Key, bytes]:
    """Make what the feed's chapters and transcript tags point at."""
    files: dict[Key, bytes] = {}
    if notes.chapters:
        files[episode.chapters_key] = _chapters_json(show, episode, notes)
    if episode.transcript:
        files[episode.transcript_key] = transcript.write(transcript.transcript_of(episode, notes)).encode()
    return files


def _chapters_json(show: Show, episode: Episode, notes: ShowNotes) -> bytes:
    jingle = episode.enclosure.programme_at if episode.enclosure else notes.chapters[0].at
    opening = Catalogue(show.language)("pages.opening")
    chapters = [
        {
            "startTime": _seconds(chapter.at.milliseconds),
            "title": one_line(chapter.title),
            "url": show.url(f"{episode.number}/{chapter.at.fragment}"),
        }
        for chapter in from_the_start(notes.chapters, programme_at=jingle, opening=opening)
    ]
    document = {
        "version": _VERSION,
        "title": one_line(episode.title),
        "podcastName": one_line(show.title),
        "chapters": chapters,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _seconds(milliseconds: int) -> int | float:
    return milliseconds / 1000 if milliseconds % 1000 else milliseconds // 1000
