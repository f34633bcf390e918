"""What the MP3 says of itself: ID3v2.3 with artwork and chapters (id3.org: Chapter Frame Addendum).

Not 2.4, where FFmpeg and all that is made with it misread what is longer than 127 bytes within a chapter:
its picture, and then every chapter after it.
"""

# mypy: allow-untyped-calls
# mutagen says that it is typed, and types little of itself.

from __future__ import annotations

import struct
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mutagen.id3 import (
    APIC,
    COMM,
    ID3,
    TALB,
    TCON,
    TDRC,
    TIT2,
    TLAN,
    TPE1,
    TRCK,
    WOAF,
    WXXX,
    Encoding,
    Frame,
    PictureType,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cityhall_fm.show.mastering import Tags
    from cityhall_fm.show.rundown import Chapter
    from cityhall_fm.show.timecode import Timecode

_NO_OFFSET: Final = 0xFFFF_FFFF
_HEAD: Final = 10
_MOST_LISTED: Final = 255
_TOP_LEVEL_AND_ORDERED: Final = 3
_UTF16: Final = Encoding.UTF16
"""The only one of 2.3 that holds Japanese."""
_URL_CHARACTERS: Final = ":/?#[]@!$&'()*+,;=%~"
_LANGUAGES: Final = {
    "ja": "jpn", "en": "eng", "fr": "fra", "de": "deu", "es": "spa",
    "it": "ita", "ko": "kor", "pt": "por", "zh": "zho",
}  # fmt: skip


def id3(
    tags: Tags,
    chapters: Sequence[Chapter],
    *,
    picture: bytes | None,
    duration: Timecode,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Write the tag that stands before the audio; `chapters` are timed in the finished file.

    `picture` is the artwork, `pictures` are the chapters' by what these call them; all JPEG.
    """
    language = _iso_639_2(tags.language)
    said: list[Frame] = [
        TIT2(encoding=_UTF16, text=tags.title),
        TALB(encoding=_UTF16, text=tags.album),
        TPE1(encoding=_UTF16, text=tags.artist),
        TRCK(encoding=_UTF16, text=str(tags.track)),
        TCON(encoding=_UTF16, text="Podcast"),
        TLAN(encoding=_UTF16, text=language),
    ]
    if tags.recorded_on:
        said.append(TDRC(encoding=_UTF16, text=tags.recorded_on.isoformat()))
    if tags.comment:
        said.append(COMM(encoding=_UTF16, lang=language, desc="", text=tags.comment))
    if tags.url:
        said.append(WOAF(url=percent_encoded(tags.url)))
    frames = _written(*said) + _chapters(chapters, duration, pictures or {})
    if picture:
        frames += _written(_picture(picture))
    return b"ID3" + bytes([3, 0, 0, *_in_sevens(len(frames))]) + frames


def percent_encoded(url: str) -> str:
    """Percent-encode what ID3's Latin-1 addresses, and Apple's readers, cannot hold."""
    return quote(url, safe=_URL_CHARACTERS)


def _chapters(chapters: Sequence[Chapter], duration: Timecode, pictures: Mapping[str, bytes]) -> bytes:
    """Write the table and the chapters, in their order, which mutagen would change."""
    if not chapters:
        return b""
    times = [*(chapter.at.milliseconds for chapter in chapters), duration.milliseconds]
    names = [f"chp{index}\0".encode() for index in range(len(chapters))]
    listed = names[:_MOST_LISTED]
    written = [_frame(b"CTOC", b"toc\0", bytes([_TOP_LEVEL_AND_ORDERED, len(listed)]), *listed)]
    for name, chapter, (start, end) in zip(names, chapters, pairwise(times), strict=True):
        inside = _written(TIT2(encoding=_UTF16, text=chapter.title))
        if chapter.url:
            inside += _written(WXXX(encoding=_UTF16, desc="", url=percent_encoded(chapter.url)))
        if image := pictures.get(chapter.image or ""):
            inside += _written(_picture(image))
        place = struct.pack(">IIII", start, end, _NO_OFFSET, _NO_OFFSET)
        written.append(_frame(b"CHAP", name, place, inside))
    return b"".join(written)


def _written(*frames: Frame) -> bytes:
    """Have mutagen write frames, most important first, and leave out the head of the tag."""
    id3 = ID3()
    for frame in frames:
        id3.add(frame)
    id3.update_to_v23()
    buffer = BytesIO()
    id3.save(buffer, v2_version=3, padding=lambda _: 0)
    return buffer.getvalue()[_HEAD:]


def _frame(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">4sIH", name, len(content), 0) + content


def _in_sevens(length: int) -> bytes:
    return bytes(length >> shift & 0x7F for shift in (21, 14, 7, 0))


def _picture(jpeg: bytes) -> APIC:
    return APIC(encoding=_UTF16, mime="image/jpeg", type=PictureType.COVER_FRONT, desc="", data=jpeg)


def _iso_639_2(language: str) -> str:
    """Give the three letters that ID3 wants for "ja" or "ja-JP"."""
    first = language.lower().partition("-")[0]
    return _LANGUAGES.get(first, first if len(first) == 3 else "und")  # noqa: PLR2004
