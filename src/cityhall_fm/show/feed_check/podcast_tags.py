"""Podcasting 2.0's tags: their attributes, their lists, their limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

from cityhall_fm.show.feed_check import file_tags, values
from cityhall_fm.show.feed_check.finding import PODCASTING, PRACTICE, PSP, THE_SHOW, Finding, Place
from cityhall_fm.show.feed_check.parsed import Element, ParsedFeed
from cityhall_fm.show.feed_check.syntax import (
    is_country,
    is_email,
    is_geo,
    is_osm,
    is_rrule,
    is_uuid,
    is_uuid5,
)
from cityhall_fm.show.feed_check.vocabulary import (
    LICENCES,
    LOCATION_RELS,
    MEDIA,
    PROTOCOLS,
    ROLES,
)

_LONGEST_TXT: Final = 4000
_LONGEST_NAME: Final = 32
_ONCE: Final = tuple(
    f"podcast:{name}"
    for name in (
        "guid", "locked", "medium", "license", "podroll", "updateFrequency", "season", "episode", "chapters",
    )
)  # fmt: skip
_DECIMAL: Final = re.compile(r"\d{1,9}(?:\.\d+)?")


def podcast_rules(feed: ParsedFeed) -> Iterator[Finding]:
    """Check every podcast tag of the show and its episodes."""
    if feed.channel:
        for name in ("podcast:guid", "podcast:locked"):
            if feed.channel.first(name) is None:
                yield THE_SHOW.warning("missing", name, PSP)
        yield from _all(THE_SHOW, feed.channel)
    for item in feed.items:
        yield from _all(Place.of(item), item)


def _all(place: Place, parent: Element) -> Iterator[Finding]:
    yield from values.once(place, parent, _ONCE, PODCASTING)
    for element in parent.children:
        if element.name.startswith("podcast:"):
            rule = _RULES.get(element.name.removeprefix("podcast:"))
            if rule:
                yield from rule(place, element)


def _guid(place: Place, element: Element) -> Iterator[Finding]:
    words = element.text.strip()
    if not is_uuid5(words):  # one of another version that came from another host is kept for ever
        tell = place.warning if is_uuid(words) else place.error
        yield tell("not_uuid5", element, PODCASTING, value=values.shown(words))


def _locked(place: Place, element: Element) -> Iterator[Finding]:
    yield from values.one_of(place, element, element.text.strip(), ("yes", "no"), PODCASTING)
    owner = element.attribute("owner")
    if not owner:
        yield place.warning("no_attribute", element, PSP, attribute="owner")
    elif not is_email(owner):
        yield place.error("not_an_email", element, PODCASTING, value=values.shown(owner))


def _medium(place: Place, element: Element) -> Iterator[Finding]:
    yield from values.one_of(place, element, element.text.strip(), MEDIA, PODCASTING)


def _person(place: Place, element: Element) -> Iterator[Finding]:
    yield from values.named(place, element)
    role, group = element.attribute("role").lower(), element.attribute("group").lower()
    roles = {role for roles in ROLES.values() for role in roles}
    if role:
        yield from values.one_of(place, element, role, roles, PODCASTING, strict=False)
    if group:
        yield from values.one_of(place, element, group, ROLES, PODCASTING, strict=False)
    if role in roles and group in ROLES and role not in ROLES[group]:
        yield place.warning("role_of_another_group", element, PODCASTING, role=role, group=group)
    for attribute in ("href", "img"):
        yield from values.address(
            place, element, element.attribute(attribute), PODCASTING, attribute=attribute
        )


def _location(place: Place, element: Element) -> Iterator[Finding]:
    yield from values.named(place, element)
    for attribute, right, name in (("geo", is_geo, "not_geo"), ("osm", is_osm, "not_osm")):
        written = element.attribute(attribute)
        if written and not right(written):
            yield place.error(name, element, PODCASTING, value=values.shown(written))
    country = element.attribute("country")
    if country and not is_country(country):
        yield place.error("not_a_country", element, PODCASTING, value=values.shown(country))
    if rel := element.attribute("rel"):
        yield from values.one_of(place, element, rel, LOCATION_RELS, PODCASTING)


def _funding(place: Place, element: Element) -> Iterator[Finding]:
    yield from values.named(place, element)
    yield from values.linked(place, element, "url")


def _txt(place: Place, element: Element) -> Iterator[Finding]:
    yield from values.named(place, element, most=_LONGEST_TXT)
    yield from values.letters(place, f"{element.name}@purpose", element.attribute("purpose"), 128, PODCASTING)


def _podroll(place: Place, element: Element) -> Iterator[Finding]:
    items = element.all("podcast:remoteItem")
    if not items:
        yield place.error("empty", element, PODCASTING)
    for item in items:
        yield from values.required(place, item, ("feedGuid",))
        yield from values.address(place, item, item.attribute("feedUrl"), PODCASTING, attribute="feedUrl")


def _update_frequency(place: Place, element: Element) -> Iterator[Finding]:
    yield from values.named(place, element)
    rrule, start = element.attribute("rrule"), element.attribute("dtstart")
    if rrule and not is_rrule(rrule):
        yield place.error("not_an_rrule", element, PODCASTING, value=values.shown(rrule))
    if "COUNT=" in rrule and not start:
        yield place.error("no_attribute", element, PODCASTING, attribute="dtstart")
    if start and not _is_iso_date(start):
        yield place.error("not_an_iso_date", element, PODCASTING, value=values.shown(start))
    complete = element.attribute("complete")
    if complete not in {"", "true", "false"}:
        yield place.error("true_or_false", element, PODCASTING, value=values.shown(complete))


def _season(place: Place, element: Element) -> Iterator[Finding]:
    yield from values.number(place, element, element.text.strip(), PODCASTING)
    yield from values.letters(place, f"{element.name}@name", element.attribute("name"), 128, PODCASTING)


def _episode(place: Place, element: Element) -> Iterator[Finding]:
    if not _DECIMAL.fullmatch(element.text.strip()):
        value = values.shown(element.text)
        yield place.error("not_a_number", element, PODCASTING, value=value, least=0, attribute="")
    yield from values.letters(
        place, f"{element.name}@display", element.attribute("display"), _LONGEST_NAME, PODCASTING
    )


def _license(place: Place, element: Element) -> Iterator[Finding]:
    yield from values.named(place, element)
    url = element.attribute("url")
    yield from values.address(place, element, url, PODCASTING, attribute="url")
    if not url and element.text.strip().lower() not in LICENCES:
        yield place.warning("licence_unknown", element, PODCASTING, value=values.shown(element.text))


def _social(place: Place, element: Element) -> Iterator[Finding]:
    protocol = element.attribute("protocol")
    yield from values.required(
        place, element, ("protocol",) if protocol == "disabled" else ("protocol", "uri")
    )
    if protocol:
        yield from values.one_of(place, element, protocol, PROTOCOLS, PODCASTING, strict=False)
    if priority := element.attribute("priority"):
        yield from values.number(place, element, priority, PODCASTING, attribute="priority", least=0)


def _content_link(place: Place, element: Element) -> Iterator[Finding]:
    yield from values.named(place, element)
    yield from values.linked(place, element, "href")


def _unsaid(place: Place, element: Element) -> Iterator[Finding]:
    """`podcast:images` was withdrawn."""
    yield place.warning("withdrawn", element, PRACTICE, instead="podcast:image")


def _is_iso_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


_Rule = Callable[[Place, Element], Iterator[Finding]]
_RULES: Final[Mapping[str, _Rule]] = {
    "alternateEnclosure": file_tags.alternate_enclosure,
    "chapters": file_tags.chapters,
    "contentLink": _content_link,
    "episode": _episode,
    "funding": _funding,
    "guid": _guid,
    "image": file_tags.image,
    "images": _unsaid,
    "license": _license,
    "location": _location,
    "locked": _locked,
    "medium": _medium,
    "person": _person,
    "podroll": _podroll,
    "season": _season,
    "socialInteract": _social,
    "soundbite": file_tags.soundbite,
    "trailer": file_tags.trailer,
    "transcript": file_tags.transcript,
    "txt": _txt,
    "updateFrequency": _update_frequency,
}
