"""Boxes of MP4 files (ISO 14496-12), as far as chapters need them: named bytes within named bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_HEADER: Final = 8
_LONG_HEADER: Final = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box lies in a file: first byte, and length with its header."""

    name: bytes
    start: int
    length: int


def box(name: bytes, *parts: bytes) -> bytes:
    """Write a box.

    >>> list(box(b"free", b"ab"))[:4], box(b"free", b"ab")[4:]
    ([0, 0, 0, 10], b'freeab')
    """
    content = b"".join(parts)
    return struct.pack(">I4s", _HEADER + len(content), name) + content


def full_box(name: bytes, *parts: bytes, flags: int = 0) -> bytes:
    """Write a box of version 0 with flags."""
    return box(name, struct.pack(">I", flags), *parts)


def children(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Read the boxes within a box: name and content of each."""
    at = 0
    while at + _HEADER <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if length < _HEADER:
            return
        yield name, content[at + _HEADER : at + length]
        at += length


def child(content: bytes, *path: bytes) -> bytes:
    """Read the first box on a path; KeyError where there is none."""
    for name in path:
        found = next((inside for known, inside in children(content) if known == name), None)
        if found is None:
            raise KeyError(name)
        content = found
    return content


def changed(content: bytes, path: Sequence[bytes], change: Callable[[bytes], bytes]) -> bytes:
    """Give a box's content with the boxes on a path changed, and everything else as it was."""
    first, *rest = path
    return _joined(
        (name, (changed(inside, rest, change) if rest else change(inside)) if name == first else inside)
        for name, inside in children(content)
    )


def places(file: BinaryIO) -> Iterator[Place]:
    """Walk the outermost boxes of a file."""
    end = file.seek(0, 2)
    at = 0
    while at + _HEADER <= end:
        file.seek(at)
        header = file.read(_LONG_HEADER)
        length, name = struct.unpack_from(">I4s", header)
        if length == 1:  # the real length follows the name
            length = struct.unpack_from(">Q", header, _HEADER)[0]
        elif length == 0:  # up to the end
            length = end - at
        if length < _HEADER:
            return
        yield Place(name, at, length)
        at += length


def _joined(boxes: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join(box(name, inside) for name, inside in boxes)
