"""FeedWriter over feedgen, with one extension of ours for what Apple and Podcasting 2.0 ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from cityhall_fm.show.clean import clean, cut, in_bytes, one_line
from cityhall_fm.show.episode import Episode, Person, Show
from cityhall_fm.show.feed import Feed, FeedItem

_NAMESPACES: Final = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_CONTENT: Final = "{http://purl.org/rss/1.0/modules/content/}"
_ITUNES: Final = f"{{{_NAMESPACES['itunes']}}}"
_PODCAST: Final = f"{{{_NAMESPACES['podcast']}}}"
_GENERATOR: Final = "Remote City Hall on FM"
_LONGEST: Final = 255  # Apple's RSS guide: values in letters
_LONGEST_PERSON: Final = 128  # Podcasting 2.0, person
_LONGEST_DESCRIPTION: Final = 4000  # Apple's RSS guide: in bytes

_Node: TypeAlias = Any


class RssFeedWriter:
    """Writes the same bytes for the same feed: no clock, no locale; hostile text is cleaned on the way."""

    def write(self, feed: Feed) -> bytes:
        """Write `feed.xml`: RSS 2.0 in UTF-8."""
        from feedgen.feed import FeedGenerator  # noqa: PLC0415  47 ms that most commands need not wait for

        show = feed.show
        rss = FeedGenerator()
        # feedgen would stamp "now" here, and its date format switches the locale of the whole process
        rss._FeedGenerator__rss_lastBuildDate = None  # noqa: SLF001
        rss.register_extension("cityhall", _OurTags, _OurTags)
        title = _value(show.title) or show.public_url
        rss.title(title)
        rss.link(href=_value(show.link), rel="alternate")
        rss.description(title)  # until our tags put the real one there, as CDATA
        rss.language(_value(show.language))
        rss.generator(_GENERATOR)
        if show.copyright:
            rss.copyright(_value(show.copyright))
        rss.cityhall.add = partial(_show_tags, feed)
        for item in feed.items:
            _add_item(rss, show, item)
        document: bytes = rss.rss_str(pretty=True)
        return document


class _OurTags:
    """Adds to the channel, or to an item, what feedgen lacks or gets wrong."""

    add: Callable[[_Node], None]

    def extend_ns(self) -> Mapping[str, str]:
        return _NAMESPACES

    def extend_rss(self, node: _Node) -> _Node:
        self.add(node)
        return node


def _add_item(rss: Any, show: Show, item: FeedItem) -> None:  # noqa: ANN401  feedgen has no types
    episode = item.episode
    entry = rss.add_entry(order="append")
    entry.title(_value(episode.title) or str(episode.number))
    entry.link(href=_page(show, episode))
    entry.guid(clean(episode.guid), permalink=False)
    if episode.enclosure:
        url = show.url(episode.enclosure.key)
        entry.enclosure(url, str(episode.enclosure.length_bytes), episode.enclosure.media_type)
    entry.cityhall.add = partial(_episode_tags, show, item)


def _show_tags(feed: Feed, rss: _Node) -> None:
    show, channel = feed.show, rss[0]
    description = channel.find("description")
    description.text = _cdata(_within_limit(show.description) or description.text)
    if feed.updated_at:
        _tag(channel, "lastBuildDate", _date(feed.updated_at, show))
    _tag(channel, f"{_ATOM}link", href=show.url("feed.xml"), rel="self", type="application/rss+xml")
    _tag(channel, f"{_ITUNES}author", _value(show.author))
    owner = _tag(channel, f"{_ITUNES}owner")
    _tag(owner, f"{_ITUNES}name", _value(show.owner_name or show.author))
    _tag(owner, f"{_ITUNES}email", _value(show.owner_email))
    _tag(channel, f"{_ITUNES}image", href=show.url(feed.artwork))
    for category, subcategory in show.categories:
        outer = _tag(channel, f"{_ITUNES}category", text=_value(category))
        if subcategory:
            _tag(outer, f"{_ITUNES}category", text=_value(subcategory))
    _tag(channel, f"{_ITUNES}explicit", _true_or_false(show.explicit))
    _tag(channel, f"{_ITUNES}type", _value(show.kind))
    _tag(channel, f"{_PODCAST}guid", clean(show.guid))
    _tag(channel, f"{_PODCAST}locked", "yes" if show.locked else "no", owner=_value(show.owner_email))
    _tag(channel, f"{_PODCAST}medium", "podcast")
    for person in show.people:
        _person(channel, person)


def _episode_tags(show: Show, item: FeedItem, node: _Node) -> None:
    episode = item.episode
    if episode.published_at:
        _tag(node, "pubDate", _date(episode.published_at, show))
    _tag(node, "description").text = _cdata(clean(item.description))
    _tag(node, f"{_CONTENT}encoded").text = _cdata(clean(item.content))
    explicit = show.explicit if episode.explicit is None else episode.explicit
    _tag(node, f"{_ITUNES}explicit", _true_or_false(explicit))
    if episode.enclosure:
        _tag(node, f"{_ITUNES}duration", str(episode.enclosure.duration.whole_seconds))
    if episode.season is not None and episode.season > 0:
        _tag(node, f"{_ITUNES}season", str(episode.season))
    if episode.number > 0:
        _tag(node, f"{_ITUNES}episode", str(episode.number))
    _tag(node, f"{_ITUNES}episodeType", episode.kind.value)
    if episode.has_chapters:
        _tag(
            node, f"{_PODCAST}chapters", url=show.url(episode.chapters_key), type="application/json+chapters"
        )
    if episode.transcript:
        _tag(
            node,
            f"{_PODCAST}transcript",
            url=show.url(episode.transcript_key),
            type="text/vtt",
            language=_value(show.language),
            rel="captions",
        )
    for person in episode.people:  # Podcasting 2.0: an episode's list replaces the show's
        _person(node, person)


def _person(parent: _Node, person: Person) -> None:
    name = cut(one_line(person.name), _LONGEST_PERSON)
    links = {"href": person.url, "img": person.image}
    known = {key: clean(value) for key, value in links.items() if value}
    _tag(parent, f"{_PODCAST}person", name, role=_value(person.role), **known)


def _page(show: Show, episode: Episode) -> str:
    return show.url(f"{episode.number}/")


def _tag(parent: _Node, name: str, text: str | None = None, /, **attributes: str) -> _Node:
    from feedgen.util import xml_elem  # noqa: PLC0415  as above

    node = xml_elem(name, parent, **attributes)
    node.text = text
    return node


def _cdata(html: str) -> Any:  # noqa: ANN401  lxml has no types
    from feedgen.entry import CDATA  # noqa: PLC0415  as above

    return CDATA(html)  # lxml splits a "]]>" over two sections


def _value(text: str) -> str:
    return cut(one_line(text), _LONGEST)


def _within_limit(description: str) -> str:
    return cut(clean(description).strip(), _LONGEST_DESCRIPTION, in_bytes)


def _true_or_false(explicit: bool) -> str:  # noqa: FBT001
    return "true" if explicit else "false"


def _date(moment: datetime, show: Show) -> str:
    return format_datetime(moment.astimezone(ZoneInfo(show.timezone)))  # RFC 2822, in English everywhere
