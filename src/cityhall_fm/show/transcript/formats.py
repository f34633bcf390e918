"""The forms in which a transcript goes out."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cityhall_fm.show.clean import one_line
from cityhall_fm.show.episode import EpisodeNumber, Key
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript.cue import Cue, is_wide, paragraphs
from cityhall_fm.show.transcript.lines import lines
from cityhall_fm.show.transcript.segments import write_segments
from cityhall_fm.show.transcript.webvtt import write

_SRT_LINE: Final = 32  # Podcasting 2.0, transcripts: SRT
_SRT_LINES: Final = 2  # same
_LONGEST_TO_READ: Final = Timecode.of_seconds(120)
_NOBODY: Final = "――"
"""Before the words of a voice without a name, which follows one that has a name."""


class Form(StrEnum):
    """How a transcript is written."""

    VTT = "vtt"
    SRT = "srt"
    JSON = "json"
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Published:
    """A form that the feed names, with its type; captions are meant to be shown while the audio plays."""

    form: Form
    media_type: str
    captions: bool = False


PUBLISHED: Final = (
    Published(Form.VTT, "text/vtt", captions=True),
    Published(Form.SRT, "application/x-subrip", captions=True),
    Published(Form.JSON, "application/json"),
    Published(Form.HTML, "text/html"),
)
"""Podcasting 2.0, transcripts: its four formats, the best one first."""


def transcript_key(number: EpisodeNumber, form: Form) -> Key:
    """Name the public file of a transcript.

    >>> transcript_key(EpisodeNumber(7), Form.SRT)
    '7/transcript.srt'
    """
    return Key(f"{number}/transcript.{form}")


def written(cues: Sequence[Cue], form: Form, *, title: str, language: str) -> str:
    """Write a transcript in one of the forms; title and language are HTML's."""
    match form:
        case Form.VTT:
            return write(cues)
        case Form.SRT:
            return _srt(cues)
        case Form.JSON:
            return write_segments(cues)
        case Form.HTML:
            return _html(cues, title=title, language=language)
        case Form.TEXT:
            return _text(cues)


def _srt(cues: Iterable[Cue]) -> str:
    """Write cards of two short lines; a speaker is named where they begin to speak."""
    cards: list[str] = []
    before = ""
    for cue in sorted(cues, key=lambda cue: (cue.start, cue.end)):
        words, speaker = one_line(cue.words).replace("-->", "→"), one_line(cue.speaker or "")
        if words:
            named = f"{speaker}: {words}" if speaker and speaker != before else words
            before = speaker
            for start, end, text in _cards(cue, list(lines(named, _SRT_LINE))):
                cards.append(f"{len(cards) + 1}\n{_comma(start)} --> {_comma(end)}\n{text}\n")
    return "\n".join(cards)


def _cards(cue: Cue, short: Sequence[str]) -> Iterator[tuple[Timecode, Timecode, str]]:
    """Share out a cue's time by the letters of its cards."""
    texts = ["\n".join(short[place : place + _SRT_LINES]) for place in range(0, len(short), _SRT_LINES)]
    length = cue.end.milliseconds - cue.start.milliseconds
    total, done = sum(map(len, texts)), 0
    for text in texts:
        start = cue.start + Timecode(length * done // total)
        done += len(text)
        yield start, cue.start + Timecode(length * done // total), text


def _comma(time: Timecode) -> str:
    return time.precise().replace(".", ",")


def _html(cues: Iterable[Cue], *, title: str, language: str) -> str:
    """Write Podcasting 2.0's HTML transcript: cite, time and p."""
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{html.escape(one_line(language))}">',
        f'<head><meta charset="utf-8"><title>{html.escape(one_line(title))}</title></head>',
        "<body>",
    ]
    for cue in paragraphs(cues):
        if cue.speaker:
            parts.append(f"<cite>{html.escape(one_line(cue.speaker))}:</cite>")
        parts += [f"<time>{cue.start}</time>", f"<p>{html.escape(one_line(cue.words))}</p>"]
    return "\n".join([*parts, "</body>", "</html>", ""])


def _text(cues: Iterable[Cue]) -> str:
    """Write what people read: a paragraph for each who speaks, named where another spoke before."""
    parts: list[str] = []
    before: str | None = None
    for cue in paragraphs(cues, longest=_LONGEST_TO_READ):
        speaker, words = one_line(cue.speaker or ""), one_line(cue.words)
        if speaker and speaker != before:
            words = f"{speaker}{':' if is_wide(speaker[-1]) else ': '}{words}"
        elif before and not speaker:
            words = _NOBODY + words
        parts.append(words)
        before = speaker
    return "\n\n".join(parts) + "\n" if parts else ""
