"""Chapters in an M4A: title, link and picture, where players of each kind look for them.

Apple's players read tracks that the sound's `tref/chap` names: timed text (3GPP TS 26.245, whose `href`
holds the link) and pictures (QuickTime File Format, "Chapter Lists"). Others read Nero's list of titles,
`chpl`. FFmpeg writes titles only, so both are written here into a file that it has finished.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cityhall_fm.adapters.audio.mp4_boxes import Place, box, changed, child, children, full_box, places
from cityhall_fm.adapters.audio.tags import percent_encoded
from cityhall_fm.adapters.audio.whole import whole_or_nothing
from cityhall_fm.show.clean import cut, in_bytes
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from typing import BinaryIO

    from cityhall_fm.show.rundown import Chapter

_PER_SECOND: Final = 1000
"""The time scale of our tracks: milliseconds."""
_NERO_PER_MILLISECOND: Final = 10_000
_NERO_MOST: Final = 255
_LONGEST_LINK: Final = 255
"""Bytes: `href` counts them in one."""
_LONGEST_TITLE: Final = 1000
_IN_MOVIE: Final = 2
"""A track that belongs to the movie and is not enabled, since nobody shall play it."""
_AT_ONCE: Final = 1 << 20
_UNDETERMINED: Final = 0x55C4
_MATRIX: Final = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000)
_TEXT: Final = b"text"
_VIDEO: Final = b"vide"


def add_chapters(
    path: Path,
    chapters: Sequence[Chapter],
    *,
    duration: Timecode,
    pictures: Sequence[bytes],
    pixels: int,
) -> None:
    """Put chapters into a finished M4A, the index first, so that players may begin before all is there.

    The first chapter begins with the sound, since players know no time that belongs to none. `pictures`
    are JPEGs of `pixels` × `pixels`, one per chapter, or none at all.
    """
    chapters = [
        replace(chapter, at=chapter.at if number else Timecode(0)) for number, chapter in enumerate(chapters)
    ]
    with whole_or_nothing(path) as (partial,), path.open("rb") as file, partial.open("wb") as out:
        found = list(places(file))
        before = [one for one in found if one.name not in (b"moov", b"mdat", b"free")]
        sound = next(one for one in found if one.name == b"mdat")
        moov = _content(file, next(one for one in found if one.name == b"moov"))
        tracks = _tracks(chapters, duration, pictures, pixels) if chapters else ()
        head = sum(one.length for one in before)
        # Twice, since the length of the index decides where everything it names lies.
        length = len(box(b"moov", _with(moov, chapters, tracks, sound_moves=0, samples_at=0)))
        samples_at = head + length + sound.length + 8
        index = _with(moov, chapters, tracks, sound_moves=head + length - sound.start, samples_at=samples_at)
        for one in before:
            _copy(file, out, one)
        out.write(box(b"moov", index))
        _copy(file, out, sound)
        out.write(box(b"mdat", *(sample for track in tracks for sample in track.stored)))


@dataclass(frozen=True, slots=True)
class _Track:
    """A track of chapters: what is stored, and which of it is shown from each time on."""

    kind: bytes
    description: bytes
    media_header: bytes
    stored: tuple[bytes, ...]
    shown: tuple[int, ...]
    times: tuple[int, ...]
    """Milliseconds: where each begins, and where the last ends."""
    pixels: int = 0


def _tracks(
    chapters: Sequence[Chapter], duration: Timecode, pictures: Sequence[bytes], pixels: int
) -> tuple[_Track, ...]:
    times = (*(chapter.at.milliseconds for chapter in chapters), duration.milliseconds)
    words = tuple(_sample(chapter) for chapter in chapters)
    text = _Track(_TEXT, _timed_text(), _text_header(), words, tuple(range(len(words))), times)
    if not pictures:
        return (text,)
    stored = tuple(dict.fromkeys(pictures))  # one that several chapters show is stored once
    shown = tuple(stored.index(picture) for picture in pictures)
    header = full_box(b"vmhd", bytes(8), flags=1)
    return text, _Track(_VIDEO, _jpeg(pixels), header, stored, shown, times, pixels)


def _sample(chapter: Chapter) -> bytes:
    """Write a title and its link as timed text (TS 26.245, 5.17): the link spans the whole title."""
    words = cut(chapter.title, _LONGEST_TITLE, in_bytes)
    title = words.encode()
    url = percent_encoded(chapter.url or "").encode()
    link = b""
    if url and len(url) <= _LONGEST_LINK:
        link = box(b"href", struct.pack(">HHB", 0, len(words), len(url)), url, bytes(1))
    return struct.pack(">H", len(title)) + title + link


def _with(
    moov: bytes, chapters: Sequence[Chapter], tracks: Sequence[_Track], *, sound_moves: int, samples_at: int
) -> bytes:
    """Write the index with the chapters, for a sound that moved by so many bytes."""
    movie = child(moov, b"mvhd")
    scale, first_id = struct.unpack_from(">I", movie, 12)[0], struct.unpack_from(">I", movie, 96)[0]
    names = b"".join(struct.pack(">I", first_id + number) for number in range(len(tracks)))
    parts = []
    for name, content in children(moov):
        if name == b"mvhd":
            parts.append(box(name, content[:96], struct.pack(">I", first_id + len(tracks))))
        elif name == b"trak":
            moved = changed(
                content, (b"mdia", b"minf", b"stbl", b"stco"), lambda old: _moved(old, sound_moves)
            )
            parts.append(box(name, moved, box(b"tref", box(b"chap", names)) if tracks else b""))
        elif name != b"udta":
            parts.append(box(name, content))
    for number, track in enumerate(tracks):
        parts.append(_trak(track, first_id + number, scale, samples_at))
        samples_at += sum(map(len, track.stored))
    known = next((content for name, content in children(moov) if name == b"udta"), b"")
    nero = _nero(chapters) if chapters else b""
    return b"".join([*parts, box(b"udta", nero, known) if nero or known else b""])


def _moved(stco: bytes, by: int) -> bytes:
    count = struct.unpack_from(">I", stco, 4)[0]
    offsets = struct.unpack_from(f">{count}I", stco, 8)
    return stco[:8] + struct.pack(f">{count}I", *(offset + by for offset in offsets))


def _nero(chapters: Sequence[Chapter]) -> bytes:
    """Write Nero's list: times in 100 ns, titles of 255 bytes."""
    listed = [
        struct.pack(">QB", chapter.at.milliseconds * _NERO_PER_MILLISECOND, len(title)) + title
        for chapter in chapters[:_NERO_MOST]
        for title in (cut(chapter.title, _NERO_MOST, in_bytes).encode(),)
    ]
    return box(b"chpl", struct.pack(">IIB", 0x0100_0000, 0, len(listed)), *listed)


def _trak(track: _Track, number: int, movie_scale: int, samples_at: int) -> bytes:
    length = track.times[-1]
    side = track.pixels << 16
    header = full_box(
        b"tkhd",
        struct.pack(">IIII", 0, 0, number, 0),
        struct.pack(">IQHHHH", length * movie_scale // _PER_SECOND, 0, 0, 0, 0, 0),
        _MATRIX,
        struct.pack(">II", side, side),
        flags=_IN_MOVIE,
    )
    media = box(
        b"mdia",
        full_box(b"mdhd", struct.pack(">IIIIHH", 0, 0, _PER_SECOND, length, _UNDETERMINED, 0)),
        full_box(b"hdlr", struct.pack(">I4s12s", 0, track.kind, b""), b"Chapters\0"),
        box(
            b"minf",
            track.media_header,
            box(b"dinf", full_box(b"dref", struct.pack(">I", 1), full_box(b"url ", flags=1))),
            _samples(track, samples_at),
        ),
    )
    return box(b"trak", header, media)


def _samples(track: _Track, samples_at: int) -> bytes:
    """Write which bytes are shown when; every sample is a chunk, so that two may share their bytes."""
    count = len(track.shown)
    starts = [samples_at]
    for stored in track.stored:
        starts.append(starts[-1] + len(stored))
    # One entry each, also where two are equally long: AVFoundation takes joined ones for one chapter.
    lasting = [struct.pack(">II", 1, end - start) for start, end in pairwise(track.times)]
    sizes = [struct.pack(">I", len(track.stored[which])) for which in track.shown]
    offsets = [struct.pack(">I", starts[which]) for which in track.shown]
    counted = struct.pack(">I", count)
    return box(
        b"stbl",
        full_box(b"stsd", struct.pack(">I", 1), track.description),
        full_box(b"stts", counted, *lasting),
        full_box(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
        full_box(b"stsz", struct.pack(">I", 0), counted, *sizes),
        full_box(b"stco", counted, *offsets),
    )


def _timed_text() -> bytes:
    """Describe timed text (TS 26.245, 5.16): one font, never drawn."""
    style = struct.pack(">HHHBBI", 0, 0, 1, 0, 12, 0xFFFF_FFFF)
    fonts = box(b"ftab", struct.pack(">HHB", 1, 1, 5), b"Serif")
    return box(b"tx3g", bytes(6), struct.pack(">HIbbI4h", 1, 0, 0, -1, 0, 0, 0, 0, 0), style, fonts)


def _text_header() -> bytes:
    """Write QuickTime's header of a text track, which Apple's players want."""
    general = full_box(b"gmin", struct.pack(">HHHHHH", 0x40, 0x8000, 0x8000, 0x8000, 0, 0))
    return box(b"gmhd", general, box(_TEXT, _MATRIX))


def _jpeg(pixels: int) -> bytes:
    resolution = 72 << 16
    return box(
        b"jpeg",
        bytes(6),
        struct.pack(">H16xHHIIIH32sHh", 1, pixels, pixels, resolution, resolution, 0, 1, b"", 24, -1),
    )


def _content(file: BinaryIO, place: Place) -> bytes:
    file.seek(place.start + 8)
    return file.read(place.length - 8)


def _copy(file: BinaryIO, out: BinaryIO, place: Place) -> None:
    file.seek(place.start)
    out.writelines(_pieces(file, place.length))


def _pieces(file: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0 and (piece := file.read(min(length, _AT_ONCE))):
        yield piece
        length -= len(piece)
