"""A cue, moved in time, and cues gathered into paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from cityhall_fm.show.timecode import Timecode

_LONGEST_PARAGRAPH: Final = Timecode.of_seconds(30)
_PAUSE: Final = Timecode.of_seconds(4)
_WIDE: Final = "\u2e80"
"""From here on scripts are written without spaces between words."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said between two times; one paragraph, as plain text."""

    start: Timecode
    end: Timecode
    words: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Transcribed:
    """What was heard in one recording, and how long the recording is."""

    cues: tuple[Cue, ...]
    duration: Timecode


def one_after_another(heard: Iterable[Transcribed]) -> Transcribed:
    """Put what was heard in the files of one recording end to end."""
    cues: list[Cue] = []
    since = Timecode(0)
    for one in heard:
        cues += shifted(one.cues, since)
        since += one.duration
    return Transcribed(tuple(cues), since)


def together(heard: Mapping[str, Transcribed]) -> Transcribed:
    """Merge what was heard in tracks that sounded together, each cue said by whom its track is named after.

    >>> one = Transcribed((Cue(Timecode(0), Timecode(900), "こんばんは"),), Timecode(5000))
    >>> two = Transcribed((Cue(Timecode(700), Timecode(1500), "どうも"),), Timecode(6000))
    >>> whole = together({"ゲスト": two, "課長": one})
    >>> [(cue.speaker, cue.words) for cue in whole.cues], str(whole.duration)
    ([('課長', 'こんばんは'), ('ゲスト', 'どうも')], '0:06')
    """
    cues = [replace(cue, speaker=name) for name, one in heard.items() for cue in one.cues]
    cues.sort(key=lambda cue: (cue.start, cue.end))
    return Transcribed(tuple(cues), max((one.duration for one in heard.values()), default=Timecode(0)))


def shifted(cues: Iterable[Cue], by: Timecode) -> tuple[Cue, ...]:
    """Move all cues to a later time."""
    return tuple(replace(cue, start=cue.start + by, end=cue.end + by) for cue in cues)


def placed(cues: Iterable[Cue], at: Callable[[Timecode], Timecode]) -> tuple[Cue, ...]:
    """Move all cues to where a recording's times are elsewhere; what has no length there is left out."""
    moved = (replace(cue, start=at(cue.start), end=at(cue.end)) for cue in cues)
    return tuple(cue for cue in moved if cue.start < cue.end)


def paragraphs(cues: Iterable[Cue], *, longest: Timecode = _LONGEST_PARAGRAPH) -> tuple[Cue, ...]:
    """Gather for reading: what one speaker says without a long pause, in pieces of half a minute."""
    gathered: list[Cue] = []
    for cue in cues:
        last = gathered[-1] if gathered else None
        if (
            last
            and last.speaker == cue.speaker
            and cue.start <= last.end + _PAUSE
            and cue.end <= last.start + longest
        ):
            gathered[-1] = appended(last, cue)
        else:
            gathered.append(cue)
    return tuple(gathered)


def appended(cue: Cue, following: Cue) -> Cue:
    """Let a cue go on with the words of the next."""
    return replace(cue, end=max(cue.end, following.end), words=joined(cue.words, following.words))


def joined(before: str, after: str) -> str:
    """Put words one after the other, with a space where their script has one.

    >>> joined("佐久は", "寒い"), joined("Hello", "Saku"), joined("FM", "佐久")
    ('佐久は寒い', 'Hello Saku', 'FM佐久')
    """
    spaced = before and after and before[-1] < _WIDE and after[0] < _WIDE
    return f"{before} {after}" if spaced else before + after


def is_wide(letter: str) -> bool:
    """Tell whether a letter belongs to a script without spaces between words."""
    return letter >= _WIDE
