"""WebVTT and SRT, which differ in little: read together, leniently; WebVTT written strictly."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from cityhall_fm.show.clean import clean, cut, one_line
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript.cue import Cue, joined
from cityhall_fm.show.transcript.draft import Draft, Gathering, Placed
from cityhall_fm.show.transcript.lines import lines

_ARROW: Final = re.compile(r"^\s*(-?[\d:.,]+)\s*(?:-{1,2}>|[–—]>|→)\s*(-?[\d:.,]+)")
_BROKEN_ARROW: Final = re.compile(r"^\s*-?\d[\d:.,]*\s*-{1,2}>|-->")
_VOICE: Final = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG: Final = re.compile(r"</?[A-Za-z0-9][^<>]*>|</>")
_NO_CUE: Final = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)")  # WebVTT, section 4.1
_LONGEST_LINE: Final = 65  # Podcast Standards Project, PSP-1: transcripts
_SHOWN: Final = 30

_Line: TypeAlias = tuple[int, str]


def read_webvtt(text: str) -> Draft:
    """Read the cues of a WebVTT or SRT file in the order in which they stand there."""
    gathering = Gathering()
    for block in _blocks(clean(text.removeprefix("\ufeff"))):
        if not _NO_CUE.match(block[0][1]):
            _read_block(block, gathering)
    return gathering.draft()


def write(cues: Iterable[Cue]) -> str:
    """Write WebVTT with speakers, in lines of at most 65 letters."""
    blocks = ["WEBVTT"]
    for cue in sorted(cues, key=lambda cue: (cue.start, cue.end)):
        words = "\n".join(
            html.escape(line, quote=False) for line in lines(one_line(cue.words), _LONGEST_LINE)
        )
        speaker = html.escape(one_line(cue.speaker or ""), quote=False)
        voice = f"<v {speaker}>" if speaker else ""
        if words:
            blocks.append(f"{cue.start.precise()} --> {cue.end.precise()}\n{voice}{words}")
    return "\n\n".join(blocks) + "\n"


def _blocks(text: str) -> Iterator[Sequence[_Line]]:
    """Split at empty lines, with each line's number."""
    block: list[_Line] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip(" \t"):
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _read_block(block: Sequence[_Line], gathering: Gathering) -> None:
    """Read a cue, or several where the empty lines between them were lost."""
    timings = [place for place, (_, line) in enumerate(block) if _ARROW.match(line)]
    broken = [place for place, (_, line) in enumerate(block) if _BROKEN_ARROW.search(line)]
    for place in sorted(set(broken) - set(timings)):
        number, line = block[place]
        gathering.error("transcripts.unreadable", number, written=cut(one_line(line), _SHOWN))
    first = min([*timings, *broken], default=len(block) + 1)
    _warn_of_words_without_times(block[: max(0, first - 1)], gathering)  # one line before names the cue
    for place, following in pairwise([*timings, len(block)]):
        number, line = block[place]
        last = following
        if following < len(block) and following - 1 > place and block[following - 1][1].strip().isdigit():
            last = following - 1  # SRT numbers its cues
        times = _times(line, number, gathering)
        if times:
            payload = "\n".join(line for _, line in block[place + 1 : last])
            gathering.cues += [Placed(number, cue) for cue in _spoken(*times, payload)]


def _warn_of_words_without_times(lines_before: Sequence[_Line], gathering: Gathering) -> None:
    words = [(number, line) for number, line in lines_before if not line.strip().isdigit()]
    if words and not (words[0][0] == 1 and words[0][1].startswith("WEBVTT")):
        number, line = words[0]
        gathering.warn("transcripts.untimed", number, words=cut(one_line(line), _SHOWN))


def _times(line: str, number: int, gathering: Gathering) -> tuple[Timecode, Timecode] | None:
    match = _ARROW.match(line)
    try:
        start, end = map(_milliseconds, match.groups()) if match else (-1, -1)
    except ValueError:
        gathering.error("transcripts.unreadable", number, written=cut(one_line(line), _SHOWN))
        return None
    return gathering.times(number, start, end)


def _milliseconds(written: str) -> int:
    milliseconds = Timecode.parse(written.removeprefix("-")).milliseconds
    return -milliseconds if written.startswith("-") else milliseconds


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
        spoken = joined(spoken, one_line(html.unescape(line)))
    return spoken
