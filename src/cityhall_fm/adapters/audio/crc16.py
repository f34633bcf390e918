"""CRC-16 (ARC), as LAME's header wants it, over megabytes: many lanes at a time, joined at the end."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POLYNOMIAL: Final = 0xA001
_LANES: Final = 1024
_SHORT: Final = 4 * _LANES


def crc16(data: bytes, crc: int = 0) -> int:
    """Continue `crc` over the data.

    >>> hex(crc16(b"123456789"))
    '0xbb3d'
    >>> crc16(bytes(range(256)) * 50) == crc16(bytes(range(256)) * 25, crc16(bytes(range(256)) * 25))
    True
    """
    if len(data) < _SHORT:
        table = _table().tolist()
        for byte in data:
            crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
        return crc
    length = len(data) // _LANES
    lanes = np.frombuffer(data, np.uint8, _LANES * length).reshape(_LANES, length).T
    states = np.zeros(_LANES, np.uint16)
    for column in np.ascontiguousarray(lanes):
        states = _table()[(states ^ column) & 0xFF] ^ (states >> 8)
    low, high = _skip(length)
    for state in states.tolist():  # CRC is linear: what came before passes over zeros, then both are added
        crc = low[crc & 0xFF] ^ high[crc >> 8] ^ state
    return crc16(data[_LANES * length :], crc)


@cache
def _table() -> NDArray[np.uint16]:
    table = np.arange(256, dtype=np.uint16)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ _POLYNOMIAL, table >> 1).astype(np.uint16)
    return table


@cache
def _skip(length: int) -> tuple[list[int], list[int]]:
    """Tabulate what a CRC becomes after `length` bytes of zero, for its low and its high byte."""
    states = np.concatenate([np.arange(256), np.arange(256) << 8]).astype(np.uint16)
    for _ in range(length):
        states = _table()[states & 0xFF] ^ (states >> 8)
    return states[:256].tolist(), states[256:].tolist()
