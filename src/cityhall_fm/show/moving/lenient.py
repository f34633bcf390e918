"""Values of real feeds, read as generously as podcast apps read them; None for what nobody can read."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin, urlsplit
from uuid import UUID, uuid5

from cityhall_fm.show.clean import one_line
from cityhall_fm.show.feed_check.syntax import is_language
from cityhall_fm.show.timecode import Timecode

_DURATION: Final = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6})(?:[.,]\d*)?", re.ASCII)
_NAMESPACE: Final = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # Podcasting 2.0, guid
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8})*)")
_MARKUP: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_BLOCKS: Final = re.compile(r"(?i)<br\s*/?>|</(?:p|div|li|h\d|ul|ol|blockquote)>")


def moment(written: str) -> datetime | None:
    """Read a date: RFC 2822 as RSS asks, or ISO 8601; one without a zone is taken as UTC.

    >>> moment("Tue, 17 Jun 2025 09:29:22 GMT") == moment("2025-06-17T18:29:22+09:00")
    True
    >>> moment("先週の火曜")
    """
    found: datetime | None
    try:
        found = parsedate_to_datetime(written.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        try:
            found = datetime.fromisoformat(written.strip())
        except ValueError:
            return None
    try:
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return found.replace(microsecond=0)


def duration(written: str) -> Timecode | None:
    """Read `HH:MM:SS`, `MM:SS` or seconds; nothing lasts zero seconds.

    >>> [str(duration(one)) for one in ("00:04:00", "240", "75:30", "1:02:03.5", "0", "長い")]
    ['4:00', '4:00', '1:15:30', '1:02:03', 'None', 'None']
    """
    match = _DURATION.fullmatch(written.strip())
    if not match:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    return Timecode.of_seconds(total) if total else None


def whole(written: str, most: int = 9999) -> int | None:
    """Read a number from 1.

    >>> whole(" 12 "), whole("0"), whole("第3回"), whole("99999")
    (12, None, None, None)
    """
    digits = written.strip()
    if not re.fullmatch(r"\d{1,9}", digits, re.ASCII):
        return None
    return int(digits) if 1 <= int(digits) <= most else None


def yes_or_no(written: str) -> bool | None:
    """Read itunes:explicit in its forms, old and new.

    >>> [yes_or_no(one) for one in ("true", "Yes", "explicit", "clean", "no", "")]
    [True, True, True, False, False, None]
    """
    word = written.strip().lower()
    if word in {"true", "yes", "explicit", "1"}:
        return True
    return False if word in {"false", "no", "clean", "0"} else None


def language(written: str) -> str | None:
    """Read a language in the form that Apple takes.

    >>> language("JA"), language("ja_JP"), language("日本語"), language("ao")
    ('ja', 'ja-JP', None, None)
    """
    match = _LANGUAGE.fullmatch(written.strip())
    found = match[1].lower() + match[2].replace("_", "-") if match else ""
    return found if is_language(found) else None


def line(written: str) -> str:
    r"""Read a title or a name: in one line, and rid of entities that were written twice.

    >>> line(" Q&amp;A \n 佐久&nbsp;の冬")
    'Q&A 佐久\xa0の冬'
    """
    return one_line(html.unescape(written))


def plain(written: str) -> str:
    r"""Read words that may be HTML as plain text; a paragraph is a line.

    >>> plain("<p>移住の<b>質問</b>に&nbsp;答えます。</p><p>月2回</p>")
    '移住の質問に\xa0答えます。\n月2回'
    >>> plain("1 < 2 & 3")
    '1 < 2 & 3'
    """
    if not is_html(written):
        return html.unescape(written).strip()
    words = html.unescape(_MARKUP.sub("", _BLOCKS.sub("\n", re.sub(r"\s+", " ", written))))
    return "\n".join(kept for one in words.split("\n") if (kept := one.strip(" ")))


def is_html(written: str) -> bool:
    """Tell HTML from words that merely have a sign in them."""
    return bool(_MARKUP.search(written))


def web_address(written: str, base: str = "") -> str | None:
    """Complete an address where it is relative; a whole one stays as it is, byte for byte.

    >>> web_address("/art/a.jpg", "https://old.example/rss")
    'https://old.example/art/a.jpg'
    >>> web_address("https://a.example/play/https%3A%2F%2Fb.example%2Fx.m4a", "https://old.example/rss")
    'https://a.example/play/https%3A%2F%2Fb.example%2Fx.m4a'
    >>> web_address("a.jpg"), web_address("javascript:alert(1)", "https://old.example/")
    (None, None)
    """
    address = written.strip()
    try:
        if address and not re.match(r"(?i)https?://", address):
            address = urljoin(base, address)
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme.lower() in {"http", "https"} and parts.netloc else None


def picture_ending(beginning: bytes) -> str | None:
    """Tell a picture's ending by its first bytes; None for a format that podcasts do not use.

    >>> picture_ending(bytes.fromhex("89504e470d0a1a0a")), picture_ending(b"<!DOCTYPE html>")
    ('png', None)
    """
    signatures = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "webp"
    return next((ending for start, ending in signatures.items() if beginning.startswith(start)), None)


def derived_guid(feed_url: str) -> str:
    """Derive podcast:guid from a feed's address, as Podcasting 2.0 asks: without scheme and last slashes.

    >>> derived_guid("https://podnews.net/rss/")
    '9b024349-ccf0-5f69-a609-6b82873eab3c'
    """
    return str(uuid5(_NAMESPACE, re.sub(r"^[A-Za-z][A-Za-z0-9+.\-]*://", "", feed_url.strip()).rstrip("/")))


def is_uuid(written: str) -> bool:
    """Tell whether it has the form of a podcast:guid."""
    return bool(re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", written))
