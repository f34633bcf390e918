"""The transcript: who says what, and when; WebVTT read leniently and written strictly."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from cityhall_fm.show.clean import clean, letters, one_line
from cityhall_fm.show.episode import Episode
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.show.timecode import Timecode

_ARROW: Final = re.compile(r"^\s*([\d:.,]+)\s*-{1,2}>\s*([\d:.,]+)")
_VOICE: Final = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG: Final = re.compile(r"</?[A-Za-z0-9][^<>]*>|</>")
_LONGEST_LINE: Final = 65  # Podcast Standards Project, PSP-1: transcripts
_LONGEST_PARAGRAPH: Final = Timecode.of_seconds(30)
_PAUSE: Final = Timecode.of_seconds(4)
_NEVER: Final = Timecode(10**12)
_AFTER_THESE: Final = "、。!?!?」 "
_WIDE: Final = "\u2e80"
"""From here on scripts are written without spaces between words."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said between two times; one paragraph, as plain text."""

    start: Timecode
    end: Timecode
    words: str
    speaker: str | None = None


def transcript_of(episode: Episode, notes: ShowNotes) -> tuple[Cue, ...]:
    """Read an episode's transcript as the public may: moved behind the jingle to where the audio is.

    What is said while a withdrawn question is answered is left out, since the voices name its asker.
    """
    if not episode.transcript:
        return ()
    by = episode.enclosure.programme_at if episode.enclosure else Timecode(0)
    withdrawn = tuple(_withdrawn(episode, notes))
    return tuple(
        cue
        for cue in shifted(parse(episode.transcript), by)
        if not any(cue.start < end and start < cue.end for start, end in withdrawn)
    )


def parse(webvtt: str) -> tuple[Cue, ...]:
    r"""Read the cues, in the order of their times; what is no cue, or has no words, is passed over.

    >>> cues = parse("WEBVTT\n\n1\n00:01.000 --> 00:03.5\n<v 課長>こんばんは</v>")
    >>> [(str(cue.start), str(cue.end), cue.speaker, cue.words) for cue in cues]
    [('0:01', '0:03', '課長', 'こんばんは')]
    """
    cues: list[Cue] = []
    for block in re.split(r"\n[ \t]*\n", clean(webvtt.removeprefix("\ufeff"))):
        lines = block.strip("\n").split("\n")
        timing = next((place for place, line in enumerate(lines[:2]) if _ARROW.match(line)), None)
        times = _times(lines[timing]) if timing is not None else None
        if timing is not None and times:
            cues += _spoken(*times, "\n".join(lines[timing + 1 :]))
    return tuple(sorted(cues, key=lambda cue: cue.start))


def shifted(cues: Iterable[Cue], by: Timecode) -> tuple[Cue, ...]:
    """Move all cues to a later time."""
    return tuple(replace(cue, start=cue.start + by, end=cue.end + by) for cue in cues)


def write(cues: Iterable[Cue]) -> str:
    """Write WebVTT with speakers, in lines of at most 65 letters."""
    blocks = ["WEBVTT"]
    for cue in sorted(cues, key=lambda cue: (cue.start, cue.end)):
        words = "\n".join(html.escape(line, quote=False) for line in _lines(one_line(cue.words)))
        speaker = html.escape(one_line(cue.speaker or ""), quote=False)
        voice = f"<v {speaker}>" if speaker else ""
        if words:
            blocks.append(f"{cue.start.precise()} --> {cue.end.precise()}\n{voice}{words}")
    return "\n\n".join(blocks) + "\n"


def paragraphs(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Gather for reading: what one speaker says without a long pause, in pieces of half a minute."""
    gathered: list[Cue] = []
    for cue in cues:
        last = gathered[-1] if gathered else None
        if (
            last
            and last.speaker == cue.speaker
            and cue.start <= last.end + _PAUSE
            and cue.end <= last.start + _LONGEST_PARAGRAPH
        ):
            end = max(last.end, cue.end)
            gathered[-1] = replace(last, end=end, words=_joined(last.words, cue.words))
        else:
            gathered.append(cue)
    return tuple(gathered)


def _withdrawn(episode: Episode, notes: ShowNotes) -> Iterator[tuple[Timecode, Timecode]]:
    """Find when withdrawn questions are on: a segment names one that its part no longer does."""
    starts = [part.at for part in notes.parts if part.at is not None]
    for segment, part in zip(episode.rundown.segments, notes.parts, strict=True):
        if segment.question and not part.question:
            start = part.at or Timecode(0)  # without a time it may be anywhere
            later = [at for at in starts if at > start] if part.at else []
            yield start, min(later, default=_NEVER)


def _times(line: str) -> tuple[Timecode, Timecode] | None:
    match = _ARROW.match(line)
    try:
        start, end = (Timecode.parse(text) for text in match.groups()) if match else (None, None)
    except ValueError:
        return None
    if start is None or end is None:
        return None
    return start, max(end, start + Timecode(1))


def _spoken(start: Timecode, end: Timecode, payload: str) -> Iterator[Cue]:
    """Split at the voices, since a cue may hold several."""
    speaker: str | None = None
    rest = payload
    while rest:
        voice = _VOICE.search(rest)
        words = _plain(rest[: voice.start()] if voice else rest)
        if words:
            yield Cue(start, end, words, speaker)
        if not voice:
            return
        speaker = _plain(voice[1]) or None
        rest = rest[voice.end() :]


def _plain(text: str) -> str:
    spoken = ""
    for line in _TAG.sub("", text).split("\n"):
        words = one_line(html.unescape(line))
        spoken = _joined(spoken, words) if spoken and words else spoken or words
    return spoken


def _joined(before: str, after: str) -> str:
    spaced = before[-1:] < _WIDE and after[:1] < _WIDE
    return f"{before} {after}" if spaced else before + after


def _lines(words: str) -> Iterator[str]:
    """Break long lines, after a mark or a space where there is one in the second half."""
    line = ""
    for letter in letters(words):
        if len(line) + len(letter) > _LONGEST_LINE:
            place = max(line.rfind(mark) for mark in _AFTER_THESE) + 1
            if place <= _LONGEST_LINE // 2:
                place = len(line)
            yield line[:place].strip()
            line = line[place:].lstrip()
        line += letter
    if line:
        yield line
