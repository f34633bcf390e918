"""The waveform that players draw: lowest and highest sample of every 20 ms, in 8 bits.

The layout is version 2 of audiowaveform's JSON, which web players read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from cityhall_fm.adapters.audio.decode import Samples

PIECES_PER_SECOND: Final = 50
_AT_ONCE: Final = 10_000


class Waveform:
    """Takes blocks as they come; two bytes per 20 ms."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._piece = rate // PIECES_PER_SECOND
        self._pairs = bytearray()
        self._rest: Samples | None = None

    def feed(self, block: Samples) -> None:
        """Take samples, whose channels are drawn as one."""
        if self._rest is not None and self._rest.size:
            block = np.concatenate([self._rest, block], axis=1)
        whole = block.shape[1] // self._piece * self._piece
        self._note(block[:, :whole])
        self._rest = block[:, whole:].copy()

    def json(self) -> bytes:
        """Close the waveform and write it; call once, after the last block."""
        if self._rest is not None and self._rest.size:
            self._note(np.pad(self._rest, ((0, 0), (0, self._piece - self._rest.shape[1]))))
            self._rest = None
        pairs = np.frombuffer(self._pairs, np.int8)
        head = {
            "version": 2,
            "channels": 1,
            "sample_rate": self._rate,
            "samples_per_pixel": self._piece,
            "bits": 8,
            "length": len(pairs) // 2,
        }
        # Some thousand at a time: as Python's numbers, three hours would take a hundred megabytes.
        written = [
            ",".join(map(str, pairs[start : start + _AT_ONCE].tolist())).encode()
            for start in range(0, len(pairs), _AT_ONCE)
        ]
        return b"".join([json.dumps(head)[:-1].encode(), b', "data": [', b",".join(written), b"]}\n"])

    def _note(self, whole: Samples) -> None:
        pieces = whole.reshape(len(whole), -1, self._piece)
        pairs = np.stack([pieces.min(axis=2).min(axis=0), pieces.max(axis=2).max(axis=0)], axis=1)
        self._pairs += np.clip(np.rint(pairs * 127), -128, 127).astype(np.int8).tobytes()
