"""Whether an Ogg file goes on to its end: the last page of a whole one says that it is the last."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_MARK: Final = b"OggS"
_HEADER: Final = 27
_LARGEST_PAGE: Final = _HEADER + 255 + 255 * 255
_END_OF_STREAM: Final = 0x04
_KNOWN_FLAGS: Final = 0x07


def breaks_off(path: Path) -> bool:
    """Tell whether the end-of-stream flag is missing, or its page is cut (RFC 3533, section 6)."""
    with path.open("rb") as file:
        length = file.seek(0, 2)
        file.seek(max(0, length - 2 * _LARGEST_PAGE))
        end = file.read()
    at = end.rfind(_MARK)
    while at >= 0:
        if _is_page(end, at):
            return not end[at + 5] & _END_OF_STREAM or at + _page_length(end, at) > len(end)
        at = end.rfind(_MARK, 0, at)  # those four letters may also occur within the sound
    return True


def _is_page(data: bytes, at: int) -> bool:
    """Check version and flags, and that the page ends where the next begins, or the file."""
    if at + _HEADER > len(data):
        return False
    following = at + _page_length(data, at)
    return (
        data[at + 4] == 0
        and data[at + 5] <= _KNOWN_FLAGS
        and (following >= len(data) or data[following : following + 4] == _MARK)
    )


def _page_length(data: bytes, at: int) -> int:
    segments = data[at + 26]
    table = data[at + _HEADER : at + _HEADER + segments]
    return _HEADER + segments + sum(table)
