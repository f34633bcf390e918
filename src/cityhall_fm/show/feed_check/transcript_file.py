"""A transcript's file, strictly: what players refuse is an error, what they show wrongly a warning."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from cityhall_fm.show.feed_check.finding import PODCASTING, PSP, Finding, Place
from cityhall_fm.show.feed_check.parsed import Element

_LONGEST_LINE: Final = 65  # Podcast Standards Project, PSP-1: transcripts
_VTT_TIME: Final = r"((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})"
_SRT_TIME: Final = r"(\d{2,}:[0-5]\d:[0-5]\d,\d{3})"
_VTT: Final = re.compile(rf"{_VTT_TIME}[ \t]+-->[ \t]+{_VTT_TIME}(?:[ \t].*)?")  # WebVTT, section 4.1
_SRT: Final = re.compile(rf"{_SRT_TIME} --> {_SRT_TIME}\s*")
_HEADER: Final = re.compile(r"\ufeff?WEBVTT(?:[ \t].*)?")
_TAGS: Final = re.compile(r"<[^>]*>")


def transcript_rules(place: Place, tag: Element, content: bytes) -> Iterator[Finding]:
    """Check a transcript by its type; each sort of problem is told once, with its first line."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        yield place.error("transcript_not_utf8", tag, PODCASTING)
        return
    match tag.attribute("type"):
        case "text/vtt":
            if not _HEADER.fullmatch(text.split("\n", 1)[0].rstrip("\r")):
                yield place.error("vtt_header", tag, PODCASTING)
            yield from _cues(place, tag, text, _VTT)
        case "application/x-subrip" | "application/srt" | "text/srt":
            yield from _cues(place, tag, text, _SRT)
        case "application/json":
            yield from _segments(place, tag, text)
        case "text/html" | "text/plain" if not _TAGS.sub("", text).strip():
            yield place.warning("transcript_empty", tag, PODCASTING)


def _cues(place: Place, tag: Element, text: str, timing: re.Pattern[str]) -> Iterator[Finding]:
    told: set[str] = set()
    count, before, within = 0, 0.0, False
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if "-->" in line:
            within = True
            match = timing.fullmatch(line)
            if not match:
                yield from _once(told, place, tag, "cue_time", number, error=True)
                continue
            start, end = _seconds(match[1]), _seconds(match[2])
            count += 1
            if end <= start:
                yield from _once(told, place, tag, "cue_reversed", number, error=False)
            if start < before:
                yield from _once(told, place, tag, "cue_order", number, error=False)
            before = start
        elif not line.strip():
            within = False
        elif within and len(_TAGS.sub("", line)) > _LONGEST_LINE:
            yield from _once(told, place, tag, "cue_line_long", number, error=False)
    if not count and not told:
        yield place.warning("transcript_empty", tag, PODCASTING)


def _once(
    told: set[str], place: Place, tag: Element, name: str, line: int, *, error: bool
) -> Iterator[Finding]:
    if name not in told:
        told.add(name)
        if error:
            yield place.error(name, tag, PODCASTING, at=line)
        elif name == "cue_line_long":
            yield place.warning(name, tag, PSP, at=line, limit=_LONGEST_LINE)
        else:
            yield place.warning(name, tag, PODCASTING, at=line)


def _segments(place: Place, tag: Element, text: str) -> Iterator[Finding]:
    try:
        document = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        yield place.error("json_broken", tag, PODCASTING)
        return
    segments = document.get("segments") if isinstance(document, dict) else None
    if not isinstance(segments, list):
        yield place.error("json_without", tag, PODCASTING, key="segments")
        return
    if not segments:
        yield place.warning("transcript_empty", tag, PODCASTING)
    for number, segment in enumerate(segments, 1):
        right = isinstance(segment, dict) and isinstance(segment.get("body"), str)
        if not right or not isinstance(segment.get("startTime"), int | float):
            yield place.error("segment_wrong", tag, PODCASTING, number=number)
            return


def _seconds(time: str) -> float:
    seconds = 0.0
    for part in time.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
