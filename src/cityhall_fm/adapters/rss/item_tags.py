"""An episode's tags that feedgen lacks or gets wrong."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Final

from cityhall_fm.adapters.rss.show_tags import licence, locations, person, remarks
from cityhall_fm.adapters.rss.tags import (
    CONTENT,
    ITUNES,
    PODCAST,
    cdata,
    date,
    known,
    name,
    tag,
    true_or_false,
    value,
)
from cityhall_fm.show.clean import cut, one_line
from cityhall_fm.show.episode import Enclosure, Episode, Show
from cityhall_fm.show.feed import Feed, FeedItem
from cityhall_fm.show.transcript import PUBLISHED, transcript_key

if TYPE_CHECKING:
    from cityhall_fm.adapters.rss.tags import Node

_LONGEST_DISPLAY: Final = 32  # Podcasting 2.0, episode: letters


def item_tags(feed: Feed, item: FeedItem, node: Node) -> None:
    """Add to an item of a feed."""
    show, episode = feed.show, item.episode
    if episode.published_at:
        tag(node, "pubDate", date(episode.published_at, show.timezone))
    tag(node, "description").text = cdata(item.description)
    tag(node, f"{CONTENT}encoded").text = cdata(item.content)
    _of_apple(node, show, episode)
    _of_podcasting(node, feed, episode)


def _of_apple(node: Node, show: Show, episode: Episode) -> None:
    explicit = show.explicit if episode.explicit is None else episode.explicit
    tag(node, f"{ITUNES}explicit", true_or_false(explicit))
    if episode.enclosure:
        tag(node, f"{ITUNES}duration", str(episode.enclosure.duration.whole_seconds))
    if episode.season is not None and episode.season > 0:
        tag(node, f"{ITUNES}season", str(episode.season))
    if episode.number > 0:
        tag(node, f"{ITUNES}episode", str(episode.number))
    tag(node, f"{ITUNES}episodeType", episode.kind.value)
    if episode.feed.image:
        tag(node, f"{ITUNES}image", href=value(episode.feed.image))
    if episode.feed.blocked:
        tag(node, f"{ITUNES}block", "Yes")


def _of_podcasting(node: Node, feed: Feed, episode: Episode) -> None:
    show, fields = feed.show, episode.feed
    season_name = show.feed.seasons.get(episode.season) if episode.season else None
    if season_name:
        tag(node, f"{PODCAST}season", str(episode.season), name=name(season_name))
    if fields.number_shown:
        display = cut(one_line(fields.number_shown), _LONGEST_DISPLAY)
        tag(node, f"{PODCAST}episode", str(episode.number), display=display)
    if episode.has_chapters:
        chapters = show.url(episode.chapters_key)
        tag(node, f"{PODCAST}chapters", url=chapters, type="application/json+chapters")
    if episode.transcript:
        _transcripts(node, show, episode)
    if episode.enclosure:
        _alternates(node, feed, episode.enclosure)
        _soundbites(node, episode, episode.enclosure)
    for someone in episode.people:  # Podcasting 2.0: an episode's list replaces the show's
        person(node, someone)
    locations(node, fields.locations)
    licence(node, fields.licence)
    for place, talk in enumerate(fields.discussions, 1):
        attributes = known(protocol=talk.protocol, uri=talk.url, accountId=talk.account, priority=place)
        tag(node, f"{PODCAST}socialInteract", **attributes)
    for link in fields.elsewhere:
        tag(node, f"{PODCAST}contentLink", name(link.title), href=value(link.url))
    remarks(node, fields.remarks)


def _transcripts(parent: Node, show: Show, episode: Episode) -> None:
    """Name each of its formats; Podcasting 2.0: captions are those that carry times to be shown by."""
    language = value(show.language)
    for published in PUBLISHED:
        captions = {"rel": "captions"} if published.captions else {}
        url = show.url(transcript_key(episode.number, published.form))
        tag(parent, f"{PODCAST}transcript", url=url, type=published.media_type, language=language, **captions)


def _alternates(parent: Node, feed: Feed, enclosure: Enclosure) -> None:
    """Name the other formats, each with its hash (Podcasting 2.0, alternateEnclosure; W3C, SRI)."""
    given = feed.audio(enclosure)
    for file in (*enclosure.media[:1], *enclosure.alternates) if enclosure.alternates else ():
        if file.key == given.key:
            continue
        rate = {"bitrate": str(file.bitrate * 1000)} if file.bitrate else {}
        length = str(file.length_bytes)
        alternate = tag(parent, f"{PODCAST}alternateEnclosure", type=file.media_type, length=length, **rate)
        tag(alternate, f"{PODCAST}source", uri=feed.show.url(file.key))
        digest = b64encode(bytes.fromhex(file.sha256)).decode()
        tag(alternate, f"{PODCAST}integrity", type="sri", value=f"sha256-{digest}")


def _soundbites(parent: Node, episode: Episode, enclosure: Enclosure) -> None:
    """Name what is worth hearing by itself, in the finished audio's times (Podcasting 2.0, soundbite)."""
    for bite, _ in enclosure.clips:
        start = f"{episode.finished(bite.at).seconds:.3f}"
        length = f"{bite.length.seconds:.3f}"
        tag(parent, f"{PODCAST}soundbite", name(bite.title) or None, startTime=start, duration=length)
