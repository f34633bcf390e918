"""Published Episodes -> feeds/public: feed, pages, cards, chapters, transcripts, artwork."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from cityhall_fm.production.attach import attach
from cityhall_fm.production.paint_cards import paint_cards
from cityhall_fm.production.ports.pictures import CardPainter
from cityhall_fm.production.ports.storage import BuildRecord, EpisodeArtwork, PublicFolder
from cityhall_fm.production.ports.words import FeedWriter, Renderer, Site
from cityhall_fm.show import transcript
from cityhall_fm.show.episode import Episode, EpisodeNumber, Key, Show
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.feed import FeedItem, feeds_of, in_feed
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.show.text import Text


def build_feed(
    *,
    show: Show,
    noted: Sequence[tuple[Episode, ShowNotes]],
    renderer: Renderer,
    painter: CardPainter,
    feed_writer: FeedWriter,
    folder: PublicFolder,
    examine: Callable[[Mapping[Key, bytes]], Sequence[Text]],
    record: BuildRecord | None = None,
    artworks: Mapping[EpisodeNumber, EpisodeArtwork] = MappingProxyType({}),
) -> Sequence[Key]:
    """Build everything listeners fetch, except media; tells which files changed.

    The same input gives the same bytes. `examine` sees the files before they take their places, tells what
    to warn of, and may refuse. NotReadyError names the published episodes without audio, and the lines of
    transcripts that do not fit theirs.
    """
    _all_mastered(episode for episode, _ in noted)
    _transcripts_fit(episode for episode, _ in noted)
    noted = [(_pictured(show, episode, artworks), notes) for episode, notes in noted]
    notes = {episode.number: notes for episode, notes in noted}
    episodes = in_feed(episode for episode, _ in noted)
    artwork_key, artwork = folder.artwork()
    site = Site(
        show,
        artwork_key,
        tuple((episode, notes[episode.number]) for episode in episodes),
        picture=artwork,
        covers={number: artwork.cover_key for number, artwork in artworks.items()},
    )
    items = tuple(
        FeedItem(
            episode,
            description=renderer.description(show, episode, notes[episode.number]),
            content=renderer.notes_html(show, episode, notes[episode.number]),
        )
        for episode in episodes
    )
    attached = attach(show, site.episodes, folder=folder)
    files: dict[Key, bytes] = {artwork_key: artwork, **renderer.pages(site), **attached.files}
    for episode in episodes:
        if own := artworks.get(episode.number):
            files |= {own.key: own.content, own.cover_key: own.cover}
    for feed in feeds_of(show, items, artwork_key):
        files[feed.key] = feed_writer.write(feed)
    warnings = tuple(examine(files))
    cards = paint_cards(renderer.cards(site), artworks=files, painter=painter, folder=folder)
    record = replace(record, warnings=warnings, parts=attached.parts) if record and record.origin else None
    return folder.build({**files, **cards.new}, record, kept=cards.kept)


def _pictured(show: Show, episode: Episode, artworks: Mapping[EpisodeNumber, EpisodeArtwork]) -> Episode:
    """Name an episode's own artwork where it will be; an address that its host wrote goes before it."""
    own = artworks.get(episode.number)
    if own is None or episode.feed.image:
        return episode
    return replace(episode, feed=replace(episode.feed, image=show.url(own.key)))


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


def _transcripts_fit(episodes: Iterable[Episode]) -> None:
    unfit = [
        Text.of("transcripts.of_episode", number=episode.number, problem=problem)
        for episode in episodes
        for problem in transcript.unfit(episode)
    ]
    if unfit:
        raise NotReadyError("transcripts.unfit", missing=unfit)
