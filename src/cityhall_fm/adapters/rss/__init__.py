"""FeedWriter over feedgen, with one extension of ours for what Apple and Podcasting 2.0 ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from feedgen.feed import FeedGenerator

from cityhall_fm.adapters.rss.item_tags import item_tags
from cityhall_fm.adapters.rss.show_tags import show_tags
from cityhall_fm.adapters.rss.tags import NAMESPACES, value
from cityhall_fm.show.clean import clean
from cityhall_fm.show.feed import Feed, FeedItem

if TYPE_CHECKING:
    from cityhall_fm.adapters.rss.tags import Node

_GENERATOR: Final = "Remote City Hall on FM"


class RssFeedWriter:
    """Writes the same bytes for the same feed: no clock, no locale; hostile text is cleaned on the way."""

    def write(self, feed: Feed) -> bytes:
        """Write a feed, or a page of one: RSS 2.0 in UTF-8."""
        show = feed.show
        rss = FeedGenerator()
        # feedgen would stamp "now" here, and its date format switches the locale of the whole process
        rss._FeedGenerator__rss_lastBuildDate = None  # noqa: SLF001
        rss.register_extension("cityhall", _OurTags, _OurTags)
        title = value(show.title) or show.public_url
        rss.title(title)
        rss.link(href=value(show.link), rel="alternate")
        rss.description(title)  # until our tags put the real one there, as CDATA
        rss.language(value(show.language))
        rss.generator(_GENERATOR)
        if show.copyright:
            rss.copyright(value(show.copyright))
        rss.cityhall.add = partial(show_tags, feed)
        for item in feed.items:
            _add_item(rss, feed, item)
        document: bytes = rss.rss_str(pretty=True)
        return document


class _OurTags:
    """Adds to the channel, or to an item, what feedgen lacks or gets wrong."""

    add: Callable[[Node], None]

    def extend_ns(self) -> Mapping[str, str]:
        return NAMESPACES

    def extend_rss(self, node: Node) -> Node:
        self.add(node)
        return node


def _add_item(rss: Any, feed: Feed, item: FeedItem) -> None:  # noqa: ANN401 - feedgen has no types
    episode = item.episode
    entry = rss.add_entry(order="append")
    entry.title(value(episode.title) or str(episode.number))
    entry.link(href=feed.show.url(f"{episode.number}/"))
    entry.guid(clean(episode.guid), permalink=False)
    if episode.enclosure:
        audio = feed.audio(episode.enclosure)
        entry.enclosure(feed.show.url(audio.key), str(audio.length_bytes), audio.media_type)
    entry.cityhall.add = partial(item_tags, feed, item)
