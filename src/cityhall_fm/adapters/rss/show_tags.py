"""The show's tags that feedgen lacks or gets wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityhall_fm.adapters.rss.tags import (
    ATOM,
    ITUNES,
    PODCAST,
    cdata,
    date,
    known,
    name,
    tag,
    true_or_false,
    value,
    within_limit,
)
from cityhall_fm.show.clean import clean, cut
from cityhall_fm.show.episode import Person, Show
from cityhall_fm.show.feed import Feed
from cityhall_fm.show.feed_fields import Licence, Location, Remark, Rhythm, Trailer
from cityhall_fm.show.publication import FEED_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cityhall_fm.adapters.rss.tags import Node

_LONGEST_TXT = 4000  # Podcasting 2.0, txt: letters


def show_tags(feed: Feed, rss: Node) -> None:
    """Add to the channel of a feed."""
    show, channel = feed.show, rss[0]
    description = channel.find("description")
    if description is not None:
        description.text = cdata(within_limit(show.description) or description.text or "")
    if feed.updated_at:
        tag(channel, "lastBuildDate", date(feed.updated_at, show.timezone))
    _atom_links(channel, feed)
    _of_apple(channel, feed)
    _of_podcasting(channel, feed)


def person(parent: Node, someone: Person) -> None:
    """Name somebody of the show or of an episode."""
    links = known(href=someone.url, img=someone.image)
    role = known(role=someone.role, group=someone.group)
    tag(parent, f"{PODCAST}person", name(someone.name), **role, **links)


def locations(parent: Node, places: Iterable[Location]) -> None:
    """Name places, of the show or of an episode."""
    for place in places:
        attributes = known(rel=place.rel, geo=place.geo, osm=place.osm, country=place.country)
        tag(parent, f"{PODCAST}location", name(place.name), **attributes)


def licence(parent: Node, of: Licence | None) -> None:
    """Name the licence of the show or of an episode."""
    if of:
        tag(parent, f"{PODCAST}license", name(of.name), **known(url=of.url))


def remarks(parent: Node, texts: Iterable[Remark]) -> None:
    """Add text for other services."""
    for remark in texts:
        words = cut(clean(remark.text).strip(), _LONGEST_TXT)
        tag(parent, f"{PODCAST}txt", words, **known(purpose=remark.purpose))


def _atom_links(channel: Node, feed: Feed) -> None:
    show = feed.show
    tag(channel, f"{ATOM}link", href=show.url(feed.key), rel="self", type="application/rss+xml")
    if show.feed.hub:
        tag(channel, f"{ATOM}link", href=value(show.feed.hub), rel="hub")
    for rel, key in feed.pages:
        tag(channel, f"{ATOM}link", href=show.url(key), rel=rel, type="application/rss+xml")


def _of_apple(channel: Node, feed: Feed) -> None:
    show = feed.show
    tag(channel, f"{ITUNES}author", value(show.author))
    owner = tag(channel, f"{ITUNES}owner")
    tag(owner, f"{ITUNES}name", value(show.owner_name or show.author))
    tag(owner, f"{ITUNES}email", value(show.owner_email))
    tag(channel, f"{ITUNES}image", href=show.url(feed.artwork))
    for category, subcategory in show.categories:
        outer = tag(channel, f"{ITUNES}category", text=value(category))
        if subcategory:
            tag(outer, f"{ITUNES}category", text=value(subcategory))
    tag(channel, f"{ITUNES}explicit", true_or_false(show.explicit))
    tag(channel, f"{ITUNES}type", value(show.kind))
    if show.moved_from and not feed.format:  # Apple, "Change the RSS feed URL": it names the new feed
        tag(channel, f"{ITUNES}new-feed-url", show.url(FEED_KEY))
    if show.feed.complete:
        tag(channel, f"{ITUNES}complete", "Yes")
    if show.feed.blocked or feed.format:  # one show is listed once
        tag(channel, f"{ITUNES}block", "Yes")


def _of_podcasting(channel: Node, feed: Feed) -> None:
    show, fields = feed.show, feed.show.feed
    tag(channel, f"{PODCAST}guid", clean(feed.guid))
    tag(channel, f"{PODCAST}locked", "yes" if show.locked else "no", owner=value(show.owner_email))
    tag(channel, f"{PODCAST}medium", "podcast")
    for someone in show.people:
        person(channel, someone)
    licence(channel, fields.licence)
    locations(channel, fields.locations)
    for funding in fields.funding:
        tag(channel, f"{PODCAST}funding", name(funding.title), url=value(funding.url))
    for trailer in fields.trailers:
        _trailer(channel, trailer, show)
    if fields.rhythm:
        _rhythm(channel, fields.rhythm, complete=fields.complete)
    if fields.podroll:
        podroll = tag(channel, f"{PODCAST}podroll")
        for one in fields.podroll:
            tag(podroll, f"{PODCAST}remoteItem", **known(feedGuid=one.guid, feedUrl=one.url, title=one.title))
    for picture in fields.pictures:
        ratio = known(aspect_ratio=picture.ratio, width=picture.width, purpose=picture.purpose)
        tag(channel, f"{PODCAST}image", **known(href=picture.url, alt=picture.alt), **ratio)
    remarks(channel, fields.remarks)


def _trailer(channel: Node, trailer: Trailer, show: Show) -> None:
    more = known(length=trailer.length_bytes, type=trailer.media_type, season=trailer.season)
    published = date(trailer.published_at, show.timezone)
    tag(channel, f"{PODCAST}trailer", name(trailer.title), url=value(trailer.url), pubdate=published, **more)


def _rhythm(channel: Node, rhythm: Rhythm, *, complete: bool) -> None:
    start = rhythm.starts_at.isoformat() if rhythm.starts_at else ""
    attributes = known(rrule=rhythm.rrule, dtstart=start, complete="true" if complete else "")
    tag(channel, f"{PODCAST}updateFrequency", name(rhythm.words), **attributes)
