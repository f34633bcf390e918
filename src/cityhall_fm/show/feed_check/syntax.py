"""How values of a feed must be written: addresses, dates, languages, places, rules of recurrence."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

_DATE: Final = re.compile(  # RFC 2822, 3.3, with the names of zones that RFC 822 had
    r"(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|UT|GMT|Z|[ECMP][SD]T)"
)
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_GEO: Final = re.compile(  # RFC 5870, 3.3
    r"geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:,-?\d+(?:\.\d+)?)?(?:;crs=[A-Za-z0-9-]+)?(?:;u=\d+(?:\.\d+)?)?"
    r"(?:;[A-Za-z0-9-]+(?:=[^\s;]+)?)*"
)
_OSM: Final = re.compile(
    r"[NWR]\d+(?:#\d+)?"
)  # Podcasting 2.0, location: node, way or relation, and a version
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UUID5: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_EMAIL: Final = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")
_LONGEST_EMAIL: Final = 254  # RFC 5321, 4.5.3.1
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(?:-[A-Za-z0-9]{2,8})*")
_ISO_639_1: Final = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id "
    "ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu "
    "lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu "
    "rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr "
    "ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
_FREQUENCIES: Final = frozenset({"SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_SIGNED: Final = r"[+-]?\d{1,3}"
_RRULE_PARTS: Final = {  # RFC 5545, 3.3.10
    "UNTIL": re.compile(r"\d{8}(?:T\d{6}Z?)?|\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?"),
    "COUNT": re.compile(r"[1-9]\d*"),
    "INTERVAL": re.compile(r"[1-9]\d*"),
    "BYSECOND": re.compile(r"\d{1,2}(?:,\d{1,2})*"),
    "BYMINUTE": re.compile(r"[0-5]?\d(?:,[0-5]?\d)*"),
    "BYHOUR": re.compile(r"(?:1?\d|2[0-3])(?:,(?:1?\d|2[0-3]))*"),
    "BYDAY": re.compile(
        r"(?:[+-]?\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:[+-]?\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU))*"
    ),
    "BYMONTHDAY": re.compile(rf"{_SIGNED}(?:,{_SIGNED})*"),
    "BYYEARDAY": re.compile(rf"{_SIGNED}(?:,{_SIGNED})*"),
    "BYWEEKNO": re.compile(rf"{_SIGNED}(?:,{_SIGNED})*"),
    "BYMONTH": re.compile(r"(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2]))*"),
    "BYSETPOS": re.compile(rf"{_SIGNED}(?:,{_SIGNED})*"),
    "WKST": re.compile(r"MO|TU|WE|TH|FR|SA|SU"),
}


def is_web_address(text: str) -> bool:
    """Tell whether apps can follow it.

    >>> is_web_address("https://fm.example.jp/feed.xml"), is_web_address("fm.example.jp"), is_web_address("https://")
    (True, False, False)
    """
    if re.search(r"[\s<>\"]", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def ending(address: str) -> str:
    """Read the file's ending in an address, in lower case.

    >>> ending("https://a.jp/media/0042.MP3?key=1.wav"), ending("https://a.jp/42/")
    ('mp3', '')
    """
    try:
        name = unquote(urlsplit(address).path).rpartition("/")[2]
    except ValueError:
        return ""
    return name.rpartition(".")[2].lower() if "." in name else ""


def rfc2822(text: str) -> datetime | None:
    """Read a date as RSS writes it (RFC 2822, 3.3); None where it is another form, or no such day.

    >>> rfc2822("Mon, 30 Nov 2026 20:00:00 +0900").isoformat()
    '2026-11-30T20:00:00+09:00'
    >>> rfc2822("2026-11-30T20:00:00+09:00"), rfc2822("Tue, 30 Nov 2026 20:00:00 +0900")
    (None, None)
    """
    match = _DATE.fullmatch(text)
    if not match:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return None if match[1] and match[1] != _DAYS[moment.weekday()] else moment


def is_language(text: str) -> bool:
    """Tell whether a code's first part is a language of ISO 639; three letters are believed.

    >>> is_language("ja"), is_language("en-us"), is_language("jp"), is_language("日本語")
    (True, True, False, False)
    """
    match = _LANGUAGE.fullmatch(text)
    return bool(match and (len(match[1]) != 2 or f"{match[1].lower()} " in _ISO_639_1))  # noqa: PLR2004 - ISO 639-1


def is_geo(text: str) -> bool:
    """Tell whether it is a place in WGS 84 (RFC 5870, 3.4.2).

    >>> is_geo("geo:36.2489,138.4767"), is_geo("36.2489,138.4767"), is_geo("geo:138.4767,36.2489")
    (True, False, False)
    """
    match = _GEO.fullmatch(text)
    return bool(match and abs(float(match[1])) <= 90 and abs(float(match[2])) <= 180)  # noqa: PLR2004 - degrees


def is_osm(text: str) -> bool:
    """Tell whether it names something in OpenStreetMap.

    >>> is_osm("R4256124"), is_osm("relation/4256124")
    (True, False)
    """
    return bool(_OSM.fullmatch(text))


def is_country(text: str) -> bool:
    """Tell whether it is written as a country's code is (ISO 3166-1 alpha-2)."""
    return bool(re.fullmatch(r"[A-Za-z]{2}", text))


def is_uuid(text: str) -> bool:
    """Tell whether it is a UUID of any version (RFC 9562)."""
    return bool(_UUID.fullmatch(text.lower()))


def is_uuid5(text: str) -> bool:
    """Tell whether it is a UUID of version 5 (RFC 9562, 5.5)."""
    return bool(_UUID5.fullmatch(text.lower()))


def is_email(text: str) -> bool:
    """Tell whether it looks like an address of e-mail."""
    return len(text) <= _LONGEST_EMAIL and bool(_EMAIL.fullmatch(text))


def is_rrule(text: str) -> bool:
    """Tell whether it is a rule of recurrence (RFC 5545, 3.3.10).

    >>> is_rrule("FREQ=MONTHLY;BYDAY=1MO,3MO;BYHOUR=20;BYMINUTE=0"), is_rrule("twice a month")
    (True, False)
    >>> is_rrule("FREQ=WEEKLY;COUNT=3;UNTIL=20261231"), is_rrule("INTERVAL=2")
    (False, False)
    """
    parts = [part.partition("=") for part in text.split(";")]
    names = [name for name, _, _ in parts]
    if len(set(names)) < len(names) or {"COUNT", "UNTIL"} <= set(names):
        return False
    values = {name: value for name, _, value in parts}
    if values.pop("FREQ", "") not in _FREQUENCIES:
        return False
    return all(name in _RRULE_PARTS and _RRULE_PARTS[name].fullmatch(value) for name, value in values.items())
