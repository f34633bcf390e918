"""What the MP3 says of itself: ID3v2.4 with artwork and chapters (id3.org: Chapter Frame Addendum)."""

# mypy: allow-untyped-calls
# mutagen says that it is typed, and types little of itself.

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mutagen.id3 import (
    APIC,
    CHAP,
    COMM,
    CTOC,
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
    CTOCFlags,
    Encoding,
    PictureType,
)
from PIL import Image, UnidentifiedImageError

from cityhall_fm.adapters.audio.laid_chapters import local_image
from cityhall_fm.show.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cityhall_fm.show.mastering import Tags
    from cityhall_fm.show.rundown import Chapter
    from cityhall_fm.show.timecode import Timecode

ARTWORK_PIXELS: Final = 1400
_CHAPTER_PIXELS: Final = 600
_JPEG_QUALITY: Final = 85
_NO_OFFSET: Final = 0xFFFF_FFFF
_UTF8: Final = Encoding.UTF8
_URL_CHARACTERS: Final = ":/?#[]@!$&'()*+,;=%~"
_LANGUAGES: Final = {
    "ja": "jpn", "en": "eng", "fr": "fra", "de": "deu", "es": "spa",
    "it": "ita", "ko": "kor", "pt": "por", "zh": "zho",
}  # fmt: skip


def id3(tags: Tags, chapters: Sequence[Chapter], *, picture: bytes | None, duration: Timecode) -> bytes:
    """Write the tag that stands before the audio; `chapters` are timed in the finished file."""
    language = _iso_639_2(tags.language)
    id3 = ID3()
    id3.add(TIT2(encoding=_UTF8, text=tags.title))
    id3.add(TALB(encoding=_UTF8, text=tags.album))
    id3.add(TPE1(encoding=_UTF8, text=tags.artist))
    id3.add(TRCK(encoding=_UTF8, text=str(tags.track)))
    id3.add(TCON(encoding=_UTF8, text="Podcast"))
    id3.add(TLAN(encoding=_UTF8, text=language))
    if tags.recorded_on:
        id3.add(TDRC(encoding=_UTF8, text=tags.recorded_on.isoformat()))
    if tags.comment:
        id3.add(COMM(encoding=_UTF8, lang=language, desc="", text=tags.comment))
    if tags.url:
        id3.add(WOAF(url=_ascii(tags.url)))
    if picture:
        id3.add(_picture(picture))
    _add_chapters(id3, chapters, duration)
    buffer = BytesIO()
    id3.save(buffer, v2_version=4, padding=lambda _: 0)
    return buffer.getvalue()


def embedded_artwork(path: PurePath, *, pixels: int = ARTWORK_PIXELS) -> bytes:
    """Scale to what players show; embedded, every listener downloads it with every episode."""
    try:
        with Image.open(Path(path)) as image:
            picture = image.convert("RGBA")
    except FileNotFoundError as error:
        raise AudioError("audio.artwork_missing", path=path) from error
    except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError) as error:
        raise AudioError("audio.artwork_unreadable", path=path) from error
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture)
    flat.thumbnail((pixels, pixels), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    flat.save(buffer, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return buffer.getvalue()


def _add_chapters(id3: ID3, chapters: Sequence[Chapter], duration: Timecode) -> None:
    if not chapters:
        return
    times = [*(chapter.at.milliseconds for chapter in chapters), duration.milliseconds]
    names = [f"chp{index}" for index in range(len(chapters))]
    for name, chapter, (start, end) in zip(names, chapters, pairwise(times), strict=True):
        frames: list[TIT2 | WXXX | APIC] = [TIT2(encoding=_UTF8, text=chapter.title)]
        if chapter.url:
            frames.append(WXXX(encoding=_UTF8, desc="", url=_ascii(chapter.url)))
        if image := local_image(chapter):
            frames.append(_picture(embedded_artwork(image, pixels=_CHAPTER_PIXELS)))
        id3.add(
            CHAP(
                element_id=name,
                start_time=start,
                end_time=end,
                start_offset=_NO_OFFSET,
                end_offset=_NO_OFFSET,
                sub_frames=frames,
            )
        )
    flags = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    id3.add(CTOC(element_id="toc", flags=flags, child_element_ids=names, sub_frames=[]))


def _picture(jpeg: bytes) -> APIC:
    return APIC(encoding=_UTF8, mime="image/jpeg", type=PictureType.COVER_FRONT, desc="", data=jpeg)


def _ascii(url: str) -> str:
    """Percent-encode what ID3's Latin-1 addresses cannot hold."""
    return quote(url, safe=_URL_CHARACTERS)


def _iso_639_2(language: str) -> str:
    """Give the three letters that ID3 wants for "ja" or "ja-JP"."""
    first = language.lower().partition("-")[0]
    return _LANGUAGES.get(first, first if len(first) == 3 else "und")  # noqa: PLR2004
