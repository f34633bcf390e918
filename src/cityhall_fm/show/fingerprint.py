"""A fingerprint of plain values: equal values have the same on every machine, others do not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache


def fingerprint(*values: object) -> str:
    """Fingerprint values and all that they hold (SHA-256); TypeError for what is no plain value.

    Nothing is left out in silence: what compares as equal is equal here, and nothing else is.

    >>> fingerprint("佐久", 1) == fingerprint("佐久", 1) != fingerprint("佐久1")
    True
    """
    found = hashlib.sha256()
    for piece in _pieces(values):
        # Each with its length, so that no two sequences of pieces look alike.
        found.update(b"%d:" % len(piece))
        found.update(piece)
    return found.hexdigest()


def _pieces(value: object) -> Iterator[bytes]:
    if isinstance(value, Enum) or value is None or isinstance(value, int | float | date):
        yield f"{type(value).__name__} {value!r}".encode()
    elif isinstance(value, str):
        yield b"str"
        yield value.encode("utf-8", "surrogatepass")
    elif isinstance(value, bytes):
        yield b"bytes"
        yield value
    else:
        yield from _of_many(value)


def _of_many(value: object) -> Iterator[bytes]:
    """Take a collection apart, its length first."""
    if isinstance(value, tuple | list):
        yield b"[%d" % len(value)
        for one in value:
            yield from _pieces(one)
    elif isinstance(value, Mapping):
        yield b"{%d" % len(value)
        for name in sorted(value):
            yield from _pieces(name)
            yield from _pieces(value[name])
    elif isinstance(value, frozenset):
        yield b"<%d" % len(value)
        yield from sorted(fingerprint(one).encode() for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        yield type(value).__name__.encode()
        for name in _compared(type(value)):
            yield from _pieces(getattr(value, name))
    else:
        raise TypeError(f"{type(value).__name__} is no plain value")


@cache
def _compared(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.compare)
