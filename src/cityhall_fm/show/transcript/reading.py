"""Which of the formats a file has, and who speaks where names stand before the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from cityhall_fm.show.transcript.cue import Cue
from cityhall_fm.show.transcript.draft import Draft, Placed
from cityhall_fm.show.transcript.segments import read_segments
from cityhall_fm.show.transcript.webvtt import read_webvtt

_NAME: Final = r"[^\s\d\[\]【】::。、!?!?「」][^\[\]【】::。、!?!?「」\n]{0,23}?"
_NAMED: Final = re.compile(rf"【({_NAME})】\s*(?=\S)|\[?({_NAME})\]?\s*[::](?!//)\s*(?=\S)")
"""「課長:」, "Sarah:", "[Sarah]:" or 【課長】 before the words."""
_MOST_WORDS: Final = 4


def parse(webvtt: str) -> tuple[Cue, ...]:
    r"""Read the cues, in the order of their times; what is no cue, or has no words, is passed over.

    >>> cues = parse("WEBVTT\n\n1\n00:01.000 --> 00:03.5\n<v 課長>こんばんは</v>")
    >>> [(str(cue.start), str(cue.end), cue.speaker, cue.words) for cue in cues]
    [('0:01', '0:03', '課長', 'こんばんは')]
    """
    return _in_order(read_webvtt(webvtt).cues)


def read(text: str) -> Draft:
    r"""Read a transcript that somebody brings: WebVTT, SRT or JSON, known by what it holds.

    Speakers are WebVTT's voices, JSON's `speaker`, or names before the words (Podcasting 2.0,
    transcripts: SRT). A file that names them only where they change is understood so.

    >>> draft = read("1\n00:00:01,000 --> 00:00:02,000\n課長: こんばんは\n\n"
    ...              "2\n00:00:02,000 --> 00:00:03,000\n佐久です")
    >>> [(placed.line, placed.cue.speaker, placed.cue.words) for placed in draft.cues]
    [(2, '課長', 'こんばんは'), (6, '課長', '佐久です')]
    """
    beginning = text.lstrip("\ufeff \t\r\n")[:1]
    draft = read_segments(text) if beginning in {"{", "["} else read_webvtt(text)
    return replace(draft, cues=_carried(_named(draft.cues)))


def _in_order(placed: Iterable[Placed]) -> tuple[Cue, ...]:
    return tuple(sorted((one.cue for one in placed), key=lambda cue: cue.start))


def _named(placed: Sequence[Placed]) -> Sequence[Placed]:
    """Take names from before the words, where the file has no other names and begins with one."""
    if not placed or any(one.cue.speaker for one in placed) or not _split(placed[0].cue)[0]:
        return placed
    cues = []
    for one in placed:
        name, words = _split(one.cue)
        cues.append(replace(one, cue=replace(one.cue, speaker=name, words=words)) if name else one)
    return cues


def _split(cue: Cue) -> tuple[str | None, str]:
    match = _NAMED.match(cue.words)
    name = (match[1] or match[2]).strip() if match else ""
    if not match or not name or len(name.split()) > _MOST_WORDS:
        return None, cue.words
    return name, cue.words[match.end() :]


def _carried(placed: Sequence[Placed]) -> tuple[Placed, ...]:
    """Let a speaker go on where a file names speakers only when they change: never the same one twice."""
    names = [one.cue.speaker for one in placed if one.cue.speaker]
    if any(name == following for name, following in pairwise(names)):
        return tuple(placed)
    carried: list[Placed] = []
    speaker: str | None = None
    for one in placed:
        speaker = one.cue.speaker or speaker
        carried.append(replace(one, cue=replace(one.cue, speaker=speaker)))
    return tuple(carried)
