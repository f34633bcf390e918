"""The show's settings, as far as its old feed tells them, and what its host should look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cityhall_fm.show.categories import Category, is_category, nearest
from cityhall_fm.show.clean import clean, cut, in_bytes, one_line
from cityhall_fm.show.episode import Guid, Show
from cityhall_fm.show.feed_fields import ShowFields
from cityhall_fm.show.moving import lenient, said
from cityhall_fm.show.moving.found import FoundFeed, Oddity
from cityhall_fm.show.text import Text

PLACE_TO_FILL_IN: Final = "https://change-me.example"
"""Stands for our own public address until the host writes it (RFC 2606: nobody can own it)."""
_MAIL_TO_FILL_IN: Final = "change-me@change-me.example"
_LONGEST_DESCRIPTION: Final = 4000  # Apple's RSS guide: bytes
_LONGEST_LINE: Final = 255  # Apple's RSS guide: letters
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MADE_MAIL: Final = re.compile(r"(?i).+@(?:.+\.)?(?:anchor\.fm|spotify\.com)")
_OLD_HOSTS: Final = re.compile(
    r"(?i)https?://(?:[^/]+\.)?(?:anchor\.fm|podcasters\.spotify\.com|creators\.spotify\.com)(?:[/:?#]|$)"
)
_KANA: Final = re.compile("[\u3041-\u30ff]")
_CLAIM: Final = re.compile(r"(?i)^\s*(?:copyright|©|\(c\)|ⓒ|&copy;)[\s:]*(?:©|\(c\))?\s*")
_LAST_RESORT: Final[Category] = ("Society & Culture", None)


@dataclass(frozen=True, slots=True)
class Settled:
    """What goes into `show.toml`, and what was odd."""

    show: Show
    oddities: tuple[Oddity, ...]


def settle(feed: FoundFeed, *, public_url: str | None) -> Settled:
    """Make the settings of the show here; what the feed lacks is filled in, and said.

    The podcast:guid is kept, or derived once from the old address (Podcasting 2.0, guid).
    """
    odd: list[Oddity] = []
    title = cut(lenient.line(feed.title), _LONGEST_LINE)
    if not title:
        title = lenient.line(feed.author or feed.bare_author) or "podcast"
        odd.append(_oddity("no_title", title=title))
    if not public_url:
        odd.append(_oddity("no_public_url", url=PLACE_TO_FILL_IN))
    public_url = (public_url or PLACE_TO_FILL_IN).rstrip("/")
    if not feed.url:
        odd.append(_oddity("no_feed_url"))
    return Settled(
        Show(
            title=title,
            description=_description(feed, title, odd),
            language=_language(feed, odd),
            link=_link(feed, public_url, odd),
            author=_author(feed, title, odd),
            owner_name=cut(lenient.line(feed.owner_name), _LONGEST_LINE),
            owner_email=_mail(feed, odd),
            guid=_guid(feed, public_url, odd),
            public_url=public_url,
            categories=_categories(feed, odd),
            explicit=bool(lenient.yes_or_no(feed.explicit)),
            kind="serial" if feed.kind.strip().lower() == "serial" else "episodic",
            copyright=cut(one_line(_CLAIM.sub("", lenient.line(feed.copyright))), _LONGEST_LINE),
            moved_from=feed.url,
            people=said.people(feed.people, feed.url),
            feed=ShowFields(
                funding=said.funding(feed.funding, feed.url),
                seasons=MappingProxyType(dict(said.seasons(feed.episodes))),
            ),
        ),
        (*odd, *_about_the_old_host(feed)),
    )


def _description(feed: FoundFeed, title: str, odd: list[Oddity]) -> str:
    words = clean(lenient.plain(feed.description)).strip()
    if not words:
        odd.append(_oddity("no_description"))
        return title
    length = in_bytes(words)
    if length > _LONGEST_DESCRIPTION:
        odd.append(_oddity("long_description", length=length, limit=_LONGEST_DESCRIPTION))
    return cut(words, _LONGEST_DESCRIPTION, in_bytes)


def _language(feed: FoundFeed, odd: list[Oddity]) -> str:
    known = lenient.language(feed.language)
    if known:
        return known
    guessed = "ja" if _KANA.search(feed.title + feed.description) else "en"
    odd.append(_oddity("no_language", written=feed.language.strip() or "–", language=guessed))
    return guessed


def _link(feed: FoundFeed, public_url: str, odd: list[Oddity]) -> str:
    link = lenient.web_address(feed.link, feed.url)
    if not link or link in {feed.url, feed.self_url}:
        odd.append(_oddity("no_link", link=public_url))
        return public_url
    if _OLD_HOSTS.match(link):
        odd.append(_oddity("link_at_old_host", link=link))
    return re.sub(r"\s", "%20", link)


def _author(feed: FoundFeed, title: str, odd: list[Oddity]) -> str:
    if feed.bare_author:
        odd.append(_oddity("bare_author"))
    for written in (feed.author, feed.bare_author, feed.owner_name):
        if author := cut(lenient.line(written), _LONGEST_LINE):
            return author
    odd.append(_oddity("no_author", author=title))
    return title


def _mail(feed: FoundFeed, odd: list[Oddity]) -> str:
    mail = one_line(feed.owner_email)
    if not _MAIL.fullmatch(mail):
        odd.append(_oddity("no_mail", mail=_MAIL_TO_FILL_IN))
        return _MAIL_TO_FILL_IN
    if _MADE_MAIL.fullmatch(mail):
        odd.append(_oddity("made_mail"))
    return mail


def _guid(feed: FoundFeed, public_url: str, odd: list[Oddity]) -> Guid:
    known = feed.guid.strip()
    if lenient.is_uuid(known):
        return Guid(known)
    if known:
        odd.append(_oddity("wrong_guid", guid=known))
    return Guid(lenient.derived_guid(feed.url or f"{public_url}/feed.xml"))


def _categories(feed: FoundFeed, odd: list[Oddity]) -> tuple[Category, ...]:
    kept: list[Category] = []
    for main, sub in feed.categories:
        category: Category | None = (main, sub)
        if not is_category(main, sub):
            category = nearest(main, sub)
            written = f"{main} > {sub}" if sub else main
            if category:
                odd.append(_oddity("near_category", written=written, category=_shown(category)))
            else:
                odd.append(_oddity("unknown_category", written=written))
        if category and category not in kept:
            kept.append(category)
    if not kept:
        odd.append(_oddity("no_category", category=_shown(_LAST_RESORT)))
    return tuple(kept) or (_LAST_RESORT,)


def _about_the_old_host(feed: FoundFeed) -> list[Oddity]:
    odd = []
    if lenient.yes_or_no(feed.locked):
        odd.append(_oddity("locked"))
    if feed.new_feed_url:
        odd.append(_oddity("moves_already", url=feed.new_feed_url.strip()))
    if not feed.image:
        odd.append(_oddity("no_artwork"))
    return odd


def _shown(category: Category) -> str:
    return " > ".join(part for part in category if part)


def _oddity(name: str, **values: object) -> Oddity:
    return Oddity(Text.of(f"moving.{name}", **values))
