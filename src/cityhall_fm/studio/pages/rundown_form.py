"""What the forms of the rundown page bring: segments, and what is said of an episode."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from cityhall_fm.show.airtime import planned_length
from cityhall_fm.show.arranging import Seen
from cityhall_fm.show.clean import clean, one_line
from cityhall_fm.show.episode import Episode, Person
from cityhall_fm.show.errors import NotReadyError, UnknownError
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.rundown import Link, Segment
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.studio.visit import Visit

SHOWN: Final = ("title", "length", "summary", "script", "links", "topics")
"""What the form of a segment shows; all else stays as it is in the file."""


def seen_in(visit: Visit, name: str) -> Seen:
    """Read which segment a form is about, as the person saw it; UnknownError for what we never wrote."""
    try:
        return Seen.read(visit.form.get(name, ""))
    except ValueError:
        raise UnknownError("studio_rundown.no_segment") from None


def segment_in(visit: Visit, known: Segment | None = None) -> Segment:
    """Read a segment from a form; what the form does not show stays as in `known`.

    Raises NotReadyError for a title that is missing, and for a length or a link that is none.
    """
    form = visit.form
    title = one_line(form.get("title", ""))
    if not title:
        raise NotReadyError("studio_rundown.title_needed")
    segment = known or Segment(title, question=_question(form.get("question", "")))
    changes: dict[str, object] = {"title": title}
    if "length" in form:
        changes["length"] = _length(form["length"])
    if "summary" in form:
        changes["summary"] = _text(form["summary"])
    if "script" in form:
        changes["script"] = _text(form["script"])
    if "links" in form:
        changes["links"] = tuple(_links(form["links"]))
    if "topics" in form:
        changes["topics"] = _topics(form["topics"])
    return replace(segment, **changes)  # type: ignore[arg-type]  # fields of Segment, as they are typed


def described_in(visit: Visit, episode: Episode, zone: ZoneInfo) -> Mapping[str, object]:
    """Read what is said of an episode; NotReadyError for what is no title, season or date."""
    form = visit.form
    title = one_line(form.get("title", ""))
    if not title:
        raise NotReadyError("studio_rundown.title_needed")
    return {
        "title": title,
        "summary": _text(form.get("summary", "")),
        "notes": _text(form.get("notes", "")),
        "season": _season(form.get("season", "")),
        "department": one_line(form.get("department", "")),
        "topics": _topics(form.get("topics", "")),
        "planned_for": _moment(form.get("planned_for", ""), zone),
        "people": tuple(_people(visit, episode)),
    }


def _question(written: str) -> QuestionId | None:
    return QuestionId(written) if written else None


def _length(written: str) -> Timecode | None:
    try:
        return planned_length(written)
    except ValueError:
        raise NotReadyError("studio_rundown.length_wrong", written=written[:40]) from None


def _links(written: str) -> Sequence[Link]:
    found = []
    for line in _text(written).split("\n"):
        url, _, title = line.strip().partition(" ")
        if url and not re.match(r"https?://[^\s/]", url):
            raise NotReadyError("studio_rundown.link_wrong", written=url[:60])
        if url:
            found.append(Link(url, title.strip() or url))
    return found


def _topics(written: str) -> tuple[str, ...]:
    topics = (one_line(one) for one in re.split(r"[,、，\n]", clean(written)))
    return tuple(dict.fromkeys(one for one in topics if one))


def _text(written: str) -> str:
    return clean(written).strip()


def _season(written: str) -> int | None:
    if not written.strip():
        return None
    if not written.strip().isdecimal() or int(written) < 1:
        raise NotReadyError("studio_rundown.season_wrong", written=written[:40])
    return int(written)


def _moment(written: str, zone: ZoneInfo) -> datetime | None:
    if not written.strip():
        return None
    try:
        return datetime.fromisoformat(written.strip()).replace(tzinfo=zone)
    except ValueError:
        raise NotReadyError("studio_rundown.date_wrong", written=written[:40]) from None


def _people(visit: Visit, episode: Episode) -> Sequence[Person]:
    known = {person.name: person for person in episode.people}
    rows = zip(*(visit.lists.get(f"person_{part}", ()) for part in ("name", "role", "reading")), strict=False)
    people = []
    for written, role, reading in rows:
        name = one_line(written)
        if name:
            person = known.get(name, Person(name))
            people.append(replace(person, role=role or "host", reading=one_line(reading) or None))
    return people
