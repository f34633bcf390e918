"""Transcripts as JSON segments: Podcasting 2.0's, and what Whisper tools write."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from json import JSONDecoder
from typing import Final

from cityhall_fm.show.clean import clean, cut, one_line
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript.cue import Cue, appended, joined
from cityhall_fm.show.transcript.draft import Draft, Gathering, Placed

_VERSION: Final = "1.0.0"  # Podcasting 2.0, transcripts: JSON
_START, _END, _BODY = ("startTime", "start"), ("endTime", "end"), ("body", "text")
"""Podcasting 2.0's name first, then that of Whisper's own JSON."""
_LATEST: Final = 10**8
"""Seconds; a time beyond is none."""
_LETTERS_A_SECOND: Final = 7
_ONE_WORD: Final = 12
_LONGEST: Final = Timecode.of_seconds(6)
_PAUSE: Final = 700
"""Milliseconds between words, after which a new cue begins."""
_MOST_LETTERS: Final = 60
_ENDINGS: Final = tuple("。.!?!?")
_SHOWN: Final = 30
_SPACE: Final = " \t\r\n"


def read_segments(text: str) -> Draft:
    """Read JSON: an object with `segments`, each with times in seconds, words and perhaps a speaker.

    Words that come one to a segment are put together. Where `endTime` is left out, the next segment ends it.
    """
    gathering = Gathering()
    text = text.removeprefix("\ufeff")
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        gathering.error("transcripts.not_json", error.lineno)
        return gathering.draft()
    except (ValueError, RecursionError):  # a number of 5,000 digits, a thousand brackets
        gathering.error("transcripts.not_json", 1)
        return gathering.draft()
    segments = document.get("segments") if isinstance(document, dict) else None
    if not isinstance(segments, list):
        gathering.error("transcripts.no_segments", 1)
        return gathering.draft()
    starts = [_milliseconds(_of(segment, _START)) for segment in segments]
    followings = [*starts, None][1:]
    for line, segment, start, following in zip(_lines(text), segments, starts, followings, strict=True):
        _read_segment(segment, line, start, following, gathering)
    draft = gathering.draft()
    return replace(draft, cues=_in_sentences(draft.cues)) if _word_by_word(draft.cues) else draft


def write_segments(cues: Iterable[Cue]) -> str:
    """Write Podcasting 2.0's JSON transcript."""
    segments = [
        {
            "startTime": cue.start.seconds,
            "endTime": cue.end.seconds,
            **({"speaker": one_line(cue.speaker)} if cue.speaker else {}),
            "body": one_line(cue.words),
        }
        for cue in cues
    ]
    return json.dumps({"version": _VERSION, "segments": segments}, ensure_ascii=False, indent=1) + "\n"


def _read_segment(
    segment: object, line: int, start: int | None, following: int | None, gathering: Gathering
) -> None:
    words = _of(segment, _BODY)
    if not isinstance(words, str):
        gathering.error("transcripts.no_words", line)
        return
    written_end = _of(segment, _END)
    spoken = 1000 * max(1, len(words) // _LETTERS_A_SECOND)
    guess = None if start is None else start + spoken
    if guess is not None and following is not None and start is not None and following > start:
        guess = min(guess, following)
    end = guess if written_end is None else _milliseconds(written_end)
    if start is None or end is None:
        written = json.dumps([_of(segment, _START), written_end], ensure_ascii=False)
        gathering.error("transcripts.unreadable", line, written=cut(one_line(written), _SHOWN))
        return
    times = gathering.times(line, start, end)
    speaker = segment.get("speaker") if isinstance(segment, dict) else None
    name = one_line(speaker) if isinstance(speaker, str) else ""
    paragraph = ""
    for part in clean(words).split("\n"):
        paragraph = joined(paragraph, one_line(part))
    if times and paragraph:
        gathering.cues.append(Placed(line, Cue(*times, paragraph, name or None)))


def _of(segment: object, names: Sequence[str]) -> object:
    if not isinstance(segment, Mapping):
        return None
    return next((segment[name] for name in names if segment.get(name) is not None), None)


def _milliseconds(written: object) -> int | None:
    """Read seconds, also where somebody put them into quotation marks."""
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        return None
    try:
        seconds = float(written)
    except (ValueError, OverflowError):
        return None
    return round(seconds * 1000) if math.isfinite(seconds) and abs(seconds) < _LATEST else None


def _lines(text: str) -> Iterator[int]:
    """Find the line on which each segment begins, which `json` does not tell."""
    line, counted = 1, 0
    for place in _places(text):
        line += text.count("\n", counted, place)
        counted = place
        yield line


def _places(text: str) -> Iterator[int]:
    """Walk through a document that is known to be right: the places of the last `segments`' members."""
    decode = JSONDecoder().raw_decode
    found: list[int] = []
    place = _past(text, 0) + 1  # the opening brace
    while text[place := _past(text, place)] != "}":
        key, place = decode(text, place)
        place = _past(text, _past(text, place) + 1)  # the colon
        if key == "segments" and text[place] == "[":
            found = []
            place = _past(text, place + 1)
            while text[place] != "]":
                found.append(place)
                _, place = decode(text, place)
                place = _past(text, place, ",")
            place += 1
        else:
            _, place = decode(text, place)
        place = _past(text, place, ",")
    return iter(found)


def _past(text: str, place: int, mark: str = "") -> int:
    """Go on past white space, and past one mark where it stands there."""
    while text[place] in _SPACE:
        place += 1
    return _past(text, place + 1) if mark and text[place] == mark else place


def _word_by_word(placed: Sequence[Placed]) -> bool:
    short = [one for one in placed if len(one.cue.words) <= _ONE_WORD and " " not in one.cue.words]
    return len(short) * 2 > len(placed)


def _in_sentences(placed: Sequence[Placed]) -> tuple[Placed, ...]:
    gathered: list[Placed] = []
    for one in placed:
        last = gathered[-1] if gathered else None
        if last and _goes_on(last.cue, one.cue):
            gathered[-1] = replace(last, cue=appended(last.cue, one.cue))
        else:
            gathered.append(one)
    return tuple(gathered)


def _goes_on(cue: Cue, following: Cue) -> bool:
    return (
        cue.speaker == following.speaker
        and not cue.words.endswith(_ENDINGS)
        and 0 <= following.start.milliseconds - cue.end.milliseconds <= _PAUSE
        and following.end <= cue.start + _LONGEST
        and len(cue.words) + len(following.words) <= _MOST_LETTERS
    )
