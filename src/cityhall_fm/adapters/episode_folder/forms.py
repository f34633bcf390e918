"""`episode.md` as a form, and as an Episode."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final
from unicodedata import normalize

from pydantic import AfterValidator, AwareDatetime, Field, field_validator
from pydantic_core import PydanticCustomError
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, ScalarString

from cityhall_fm.adapters.episode_folder.document import Document, line_finder
from cityhall_fm.feed_forms import (
    EpisodeFeedForm,
    Group,
    PersonName,
    Role,
    ValueWords,
    episode_fields,
)
from cityhall_fm.reading import (
    Form,
    HighPass,
    LongWords,
    ScriptWords,
    TimecodeWords,
    TitleWords,
    WebAddress,
    Words,
    fill,
    high_pass_hertz,
)
from cityhall_fm.show.episode import Enclosure, Episode, EpisodeKind, EpisodeNumber, Guid, Person, Promise
from cityhall_fm.show.mastering import Bite, MasteringWishes
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.rundown import Link, Rundown, Segment
from cityhall_fm.show.timecode import Timecode


def read_episode(
    document: Document, *, path: Path, enclosure: Enclosure | None, transcript: str | None
) -> Episode:
    """Read an episode from its file; InputError with every problem."""
    form = fill(_EpisodeForm, document.front, path=path, line_of=line_finder(document.front))
    return Episode(
        number=EpisodeNumber(form.number),
        title=form.title,
        guid=Guid(form.guid),
        summary=form.summary,
        notes=document.body.strip(),
        season=form.season,
        kind=form.kind,
        explicit=form.explicit,
        department=form.department,
        topics=tuple(form.topics),
        planned_for=form.planned_for,
        published_at=form.published_at,
        people=tuple(Person(**person.model_dump()) for person in form.people),
        rundown=Rundown(tuple(_segment(segment) for segment in form.rundown)),
        enclosure=enclosure,
        transcript=transcript,
        mastering=_wishes(form.master),
        bites=tuple(Bite(bite.at, bite.length, bite.title) for bite in form.soundbites),
        feed=episode_fields(form.feed),
        promises=tuple(Promise(one.what, one.by, one.kept_on) for one in form.promises),
    )


def segment_as_written(segment: Segment) -> Mapping[str, object]:
    """Write a segment as people would."""
    written = {
        "title": segment.title,
        "question": segment.question,
        "at": None if segment.at is None else segment.at.exact(),
        "length": None if segment.length is None else segment.length.exact(),
        "summary": segment.summary,
        "links": [{"url": link.url, "title": link.title} for link in segment.links],
        "url": segment.url,
        "image": segment.image,
        "topics": list(segment.topics),
        "checked_at": segment.checked_at,
        "script": LiteralScalarString(segment.script) if "\n" in segment.script else segment.script,
    }
    return {name: value for name, value in written.items() if value or name == "title"}


def set_times(document: Document, before: Rundown, rundown: Rundown) -> None:
    """Change the times in a rundown as people wrote it, and nothing else; add the segments it lacks."""
    if not document.front.get("rundown"):
        document.front["rundown"] = CommentedSeq()
    written = document.front["rundown"]
    for known, segment, lines in zip(before.segments, rundown.segments, written, strict=False):
        if segment.at is not None and segment.at != known.at:
            _set_time(lines, segment.at.exact())
    for segment in rundown.segments[len(before.segments) :]:
        written.append(CommentedMap(segment_as_written(segment)))


def _set_time(segment: CommentedMap, at: str) -> None:
    before = segment.get("at")
    if before is None:
        segment.pop("at", None)
        segment.insert(list(segment).index("title") + 1, "at", DoubleQuotedScalarString(at))
    else:
        segment["at"] = type(before)(at) if isinstance(before, ScalarString) else at


_TopicWords = Annotated[Words, Field(min_length=1, max_length=40)]


def _picture(value: str) -> str:
    """Take the name of a picture beside `episode.md`, or an address on the web."""
    if not _PICTURE.fullmatch(value) and not _ADDRESS.fullmatch(value):
        raise PydanticCustomError("picture", "neither a picture beside the file nor a web address")
    return normalize("NFC", value)


_PICTURE: Final = re.compile(r"[^./\\\s:][^/\\:]*\.(?:jpe?g|png|webp)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://[^\s/?#]+\S*")
_PictureWords = Annotated[Words, AfterValidator(_picture)]


class _PromiseForm(Form):
    what: TitleWords = Field(min_length=1, examples=["what: 除雪の日程を、12月の回でお伝えする"])
    by: date | None = Field(None, examples=["by: 2026-12-31"])
    kept_on: date | None = Field(None, examples=["kept_on: 2026-12-15"])


class _LinkForm(Form):
    url: WebAddress = Field(examples=["https://example.jp/"])
    title: TitleWords = Field("", examples=["佐久市の移住案内"])


class _SegmentForm(Form):
    title: TitleWords = Field(min_length=1, examples=["title: オープニング"])
    at: TimecodeWords | None = Field(None, examples=['"12:34"'])
    length: TimecodeWords | None = Field(None, examples=['"3:00"'])
    question: Words | None = Field(None, pattern=r"^q-[0-9a-hj-km-np-tv-z]{8}$", examples=["q-7k2m9x4p"])
    summary: LongWords = Field("", examples=["summary: 答えの要点"])
    links: list[_LinkForm] = Field([], examples=["- {url: https://example.jp/, title: 案内}"])
    url: WebAddress | None = Field(None, examples=["url: https://example.jp/heating"])
    image: _PictureWords | None = Field(None, examples=["image: heating.jpg"])
    topics: list[_TopicWords] = Field([], max_length=12, examples=["topics: [冬, 住まい]"])
    checked_at: date | None = Field(None, examples=["checked_at: 2026-11-30"])
    script: ScriptWords = Field("", examples=["script: みなさん、こんばんは。"])


class _PersonForm(Form):
    name: PersonName = Field(examples=["name: 課長"])
    role: Role = Field("host", examples=["role: host"])
    group: Group | None = Field(None, examples=["group: cast"])
    reading: Words | None = Field(None, examples=["reading: かちょう"])
    url: WebAddress | None = Field(None, examples=["url: https://example.jp/"])
    image: WebAddress | None = Field(None, examples=["image: https://example.jp/a.jpg"])


class _MasterForm(Form):
    trim: bool | None = Field(None, examples=["trim: false"])
    trim_threshold: float | None = Field(None, ge=-60, le=-15, examples=["trim_threshold: -35"])
    high_pass: HighPass | None = Field(None, examples=["high_pass: 80"])
    levelling: bool | None = Field(None, examples=["levelling: true"])
    bed: bool | None = Field(None, examples=["bed: false"])
    levels: dict[Words, Annotated[float, Field(ge=-24, le=24)]] = Field(
        {}, examples=["levels: {課長: -2, guest: 3}"]
    )


def _bite_length(value: Timecode) -> Timecode:
    if not 15 <= value.seconds <= 120:  # noqa: PLR2004 - Podcasting 2.0, soundbite
        raise PydanticCustomError("bite_length", "between 15 and 120 seconds")
    return value


class _BiteForm(Form):
    at: TimecodeWords = Field(examples=['at: "1:02"'])
    length: Annotated[TimecodeWords, AfterValidator(_bite_length)] = Field(
        examples=['length: "0:30"（15秒から2分まで）']
    )
    title: TitleWords = Field("", examples=["title: 灯油の目安"])


class _EpisodeForm(Form):
    number: int = Field(ge=1, le=9999, examples=["number: 3"])
    title: ValueWords = Field(examples=["title: 佐久の冬支度"])
    # Not cleaned like other words: apps know the episode by it, spaces and all.
    guid: str = Field(pattern=r"\S", examples=["guid: 0b6f8a52-5a0e-4c39-9d9b-0c4f9a3b1e77"])
    season: int | None = Field(None, ge=1, examples=["season: 1"])
    kind: EpisodeKind = Field(EpisodeKind.FULL, examples=["kind: full"])
    explicit: bool | None = Field(None, examples=["explicit: false"])
    summary: LongWords = Field("", examples=["summary: 灯油と冬タイヤの質問に答えます。"])
    department: Words = Field("", examples=["department: 移住どうする課"])
    topics: list[_TopicWords] = Field([], max_length=12, examples=["topics: [冬, 住まい]"])
    planned_for: AwareDatetime | None = Field(None, examples=["2026-11-30T20:00:00+09:00"])
    published_at: AwareDatetime | None = Field(None, examples=["2026-11-30T20:00:00+09:00"])
    people: list[_PersonForm] = Field([], examples=["- {name: 課長, role: host}"])
    rundown: list[_SegmentForm] = Field([], examples=["- title: オープニング"])
    master: _MasterForm = Field(default_factory=_MasterForm, examples=["master: {levelling: true}"])
    feed: EpisodeFeedForm = Field(default_factory=EpisodeFeedForm, examples=["feed: {number_shown: 冬の号}"])
    soundbites: list[_BiteForm] = Field([], examples=['- {at: "1:02", length: "0:30", title: 灯油の目安}'])
    promises: list[_PromiseForm] = Field([], examples=["- {what: 除雪の日程をお伝えする, by: 2026-12-31}"])

    @field_validator("people", "rundown", "soundbites", "promises", mode="before")
    @classmethod
    def _empty(cls, value: object) -> object:
        return [] if value is None else value


def _wishes(form: _MasterForm) -> MasteringWishes:
    return MasteringWishes(
        trim=form.trim,
        trim_threshold=form.trim_threshold,
        high_pass=None if form.high_pass is None else high_pass_hertz(form.high_pass),
        levelling=form.levelling,
        bed=form.bed,
        levels=tuple(form.levels.items()),
    )


def _segment(form: _SegmentForm) -> Segment:
    return Segment(
        title=form.title,
        at=form.at,
        length=form.length,
        question=QuestionId(form.question) if form.question else None,
        summary=form.summary,
        links=tuple(Link(link.url, link.title or link.url) for link in form.links),
        url=form.url,
        image=form.image,
        topics=tuple(form.topics),
        checked_at=form.checked_at,
        script=form.script,
    )
