"""A level that changes slowly: one factor every 100 ms, straight lines between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cityhall_fm.adapters.audio.meter import CELLS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cityhall_fm.adapters.audio.decode import Samples

NODES_PER_SECOND: Final = 10
_CELLS: Final = CELLS_PER_SECOND // NODES_PER_SECOND


class Curve:
    """Give the factors, the first for the very beginning; behind the last, it goes on."""

    def __init__(self, factors: Samples) -> None:
        self.factors = np.asarray(factors, np.float32)

    @classmethod
    def flat(cls, decibel: float) -> Curve:
        return cls(np.array([10 ** (decibel / 20)], np.float32))

    @property
    def does_nothing(self) -> bool:
        return bool((self.factors == 1).all())

    def __mul__(self, other: Curve) -> Curve:
        length = max(len(self.factors), len(other.factors))
        return Curve(_lengthened(self.factors, length) * _lengthened(other.factors, length))

    def cells(self, count: int) -> Samples:
        """Give the factor in the middle of each of the first cells of 10 ms."""
        nodes = _lengthened(self.factors, -(-count // _CELLS) + 1)
        middle = (np.arange(_CELLS, dtype=np.float32) + np.float32(0.5)) / np.float32(_CELLS)
        between = nodes[:-1, None] + (nodes[1:] - nodes[:-1])[:, None] * middle
        return between.reshape(-1)[:count]

    def over(self, blocks: Iterable[Samples], rate: int) -> Iterator[Samples]:
        """Multiply a stream, from its first sample on."""
        if self.does_nothing:
            yield from blocks
            return
        at = 0
        for block in blocks:
            yield block * self.piece(at, block.shape[1], rate)
            at += block.shape[1]

    def piece(self, at: int, length: int, rate: int) -> Samples:
        """Give the factors of `length` samples from sample `at` on."""
        if len(self.factors) == 1:
            return np.full(length, self.factors[0])
        step = rate // NODES_PER_SECOND
        first, last = at // step, (at + length) // step + 2
        nodes = _lengthened(self.factors[first:last], last - first, otherwise=self.factors[-1])
        positions = np.arange(at - first * step, at - first * step + length) / step
        return np.interp(positions, np.arange(len(nodes)), nodes).astype(np.float32)


def _lengthened(factors: Samples, length: int, *, otherwise: np.float32 | None = None) -> Samples:
    missing = length - len(factors)
    if missing <= 0:
        return factors[:length]
    last = factors[-1] if len(factors) else otherwise
    return np.concatenate([factors, np.full(missing, last, np.float32)])
