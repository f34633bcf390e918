"""What mastering did to a recording, in words of people who record, not of engineers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from cityhall_fm.show.text import Text

_SAME: Final = 1.0
_MUCH: Final = 6.0
_VERY_MUCH: Final = 12.0
_LIMITED: Final = 3.0
_HEAVILY: Final = 6.0
"""All of them dB: below 1 hardly anybody hears a difference, 10 sounds twice as loud."""


def in_words(processing: Mapping[str, object]) -> Sequence[Text]:
    """Tell what was done to a recording's level, from the figures that mastering left.

    >>> [text.name for text in in_words({"gain": 7.2, "limited": 1.0})]
    ['studio_sound.level_done', 'studio_sound.raised_much']
    """
    gain, limited = _figure(processing, "gain"), _figure(processing, "limited")
    if gain is None:
        return ()
    told = [Text.of("studio_sound.level_done"), Text.of(f"studio_sound.{_change(gain)}")]
    if limited is not None and limited > _LIMITED:
        told.append(Text.of("studio_sound.limited_heavily" if limited > _HEAVILY else "studio_sound.limited"))
    return tuple(told)


def _change(gain: float) -> str:
    size = abs(gain)
    if size < _SAME:
        return "level_same"
    way = "raised" if gain > 0 else "lowered"
    return f"{way}_{'little' if size < _MUCH else 'much' if size < _VERY_MUCH else 'very_much'}"


def _figure(processing: Mapping[str, object], name: str) -> float | None:
    value = processing.get(name)
    return float(value) if isinstance(value, int | float) else None
