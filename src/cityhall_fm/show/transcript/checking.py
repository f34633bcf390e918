"""A transcript's times beside the audio that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cityhall_fm.show.episode import Episode
from cityhall_fm.show.errors import Problem
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript.draft import Draft, Placed
from cityhall_fm.show.transcript.reading import read

_LATE: Final = Timecode.of_seconds(1)
"""By so much a last cue may outlast the audio; programs round."""
_OVERLAP: Final = Timecode.of_seconds(0.2)
_LONG_PAUSE: Final = Timecode.of_seconds(60)
_MOST_TOLD: Final = 5


def checked(draft: Draft, *, begins: Timecode, ends: Timecode | None) -> Draft:
    """Compare a draft's times with the audio, in which words lie between `begins` and `ends`, where known.

    Errors: no cue at all, a cue that begins after the end. Warnings: a cue within the jingle, one that
    outlasts the audio (and is cut), one out of order, two at once, a minute without words.
    """
    errors, warnings = list(draft.errors), list(draft.warnings)
    kept: list[Placed] = []
    for one in draft.cues:
        start, end = one.cue.start, one.cue.end
        if ends is not None and start >= ends:
            errors.append(_problem("beyond", one, start=start, ends=ends))
        elif end <= begins:
            warnings.append(_problem("in_jingle", one, start=start, begins=begins))
        else:
            if ends is not None and end > ends + _LATE:
                warnings.append(_problem("outlasts", one, end=end, ends=ends))
            last = end if ends is None else min(end, ends)
            kept.append(replace(one, cue=replace(one.cue, end=last)))
    if not kept and not errors:
        errors.append(Problem("", Text.of("transcripts.nothing")))
    warnings += [*_out_of_order(kept), *_at_once(kept), *_silences(kept, begins, ends)]
    return Draft(tuple(kept), _by_line(errors), _by_line(warnings))


def unfit(episode: Episode) -> tuple[Text, ...]:
    """Tell what keeps an episode's transcript from going out, line by line, whoever wrote it.

    That is what would stop its import: words after the end of the audio, impossible times. Nothing is
    compared before the audio is mastered, and nothing told where there is no transcript or no word in it.
    """
    draft = read(episode.transcript or "")
    if not draft.cues:
        return ()
    audio = episode.enclosure
    ends = audio.placement.recorded(audio.duration) if audio else None
    errors = checked(draft, begins=Timecode(0), ends=ends).errors
    told = [Text.of("transcripts.line", line=one.line, problem=one.text) for one in errors[:_MOST_TOLD]]
    more = len(errors) - _MOST_TOLD
    return (*told, Text.of("transcripts.more", count=more)) if more > 0 else tuple(told)


def _out_of_order(cues: list[Placed]) -> Iterator[Problem]:
    latest = Timecode(0)
    for one in cues:
        if one.cue.start < latest:
            yield _problem("unordered", one, start=one.cue.start)
        latest = max(latest, one.cue.start)


def _at_once(cues: list[Placed]) -> Iterator[Problem]:
    """Find cues that begin while another is on; the voices within one cue have its times in common."""
    before: Placed | None = None
    for one in _by_time(cues):
        if before and one.line != before.line and one.cue.start + _OVERLAP < before.cue.end:
            yield _problem("at_once", one, start=one.cue.start, other=before.line)
        if not before or one.cue.end > before.cue.end:
            before = one


def _silences(cues: list[Placed], begins: Timecode, ends: Timecode | None) -> Iterator[Problem]:
    since = begins
    for one in _by_time(cues):
        if one.cue.start > since + _LONG_PAUSE:
            yield _problem("silence", one, since=since, until=one.cue.start)
        since = max(since, one.cue.end)
    if cues and ends is not None and ends > since + _LONG_PAUSE:
        yield Problem("", Text.of("transcripts.silence", since=since, until=ends))


def _by_time(cues: list[Placed]) -> list[Placed]:
    return sorted(cues, key=lambda one: one.cue.start)


def _by_line(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.line or 10**9))


def _problem(name: str, placed: Placed, **values: object) -> Problem:
    return Problem("", Text.of(f"transcripts.{name}", **values), placed.line)
