"""Published Episodes -> feeds/public: feed, pages, chapters, transcripts, artwork."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.production.ports.words import FeedWriter, Renderer, Site
from cityhall_fm.show import chapters, transcript
from cityhall_fm.show.episode import Episode, Key, Show
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.feed import FeedItem, feeds_of, in_feed
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.show.text import Text
from cityhall_fm.texts import Catalogue


def build_feed(
    *,
    show: Show,
    noted: Sequence[tuple[Episode, ShowNotes]],
    renderer: Renderer,
    feed_writer: FeedWriter,
    folder: PublicFolder,
    examine: Callable[[Mapping[Key, bytes]], None],
) -> Sequence[Key]:
    """Build everything listeners fetch, except media; tells which files changed.

    The same input gives the same bytes. `examine` sees the files before they take their places, and may
    refuse. NotReadyError names the published episodes without audio.
    """
    _all_mastered(episode for episode, _ in noted)
    notes = {episode.number: notes for episode, notes in noted}
    episodes = in_feed(episode for episode, _ in noted)
    artwork_key, artwork = folder.artwork()
    site = Site(
        show, artwork_key, tuple((episode, notes[episode.number]) for episode in episodes), picture=artwork
    )
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
    for feed in feeds_of(show, items, artwork_key):
        files[feed.key] = feed_writer.write(feed)
    examine(files)
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
    listed = chapters.in_finished(episode, notes, opening=opening)
    linked = chapters.linked(listed, show.url(f"{episode.number}/"))
    return chapters.write(linked, chapters.Form.JSON, title=episode.title, show=show.title).encode()
