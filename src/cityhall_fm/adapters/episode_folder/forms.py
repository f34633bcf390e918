"""`episode.md` as a form, and as an Episode."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import AwareDatetime, Field, field_validator

from cityhall_fm.adapters.episode_folder.document import Document, line_finder
from cityhall_fm.reading import Form, LongWords, TimecodeWords, TitleWords, WebAddress, Words, fill
from cityhall_fm.show.episode import Enclosure, Episode, EpisodeKind, EpisodeNumber, Guid, Person
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.rundown import Link, Rundown, Segment


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
        planned_for=form.planned_for,
        published_at=form.published_at,
        people=tuple(Person(**person.model_dump()) for person in form.people),
        rundown=Rundown(tuple(_segment(segment) for segment in form.rundown)),
        enclosure=enclosure,
        transcript=transcript,
    )


def segment_as_written(segment: Segment) -> Mapping[str, object]:
    """Write a segment as people would."""
    written: dict[str, object] = {"title": segment.title}
    if segment.question:
        written["question"] = segment.question
    if segment.at is not None:
        written["at"] = segment.at.exact()
    if segment.length is not None:
        written["length"] = segment.length.exact()
    if segment.summary:
        written["summary"] = segment.summary
    if segment.links:
        written["links"] = [{"url": link.url, "title": link.title} for link in segment.links]
    return written


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


class _PersonForm(Form):
    name: TitleWords = Field(min_length=1, examples=["name: 課長"])
    role: Words = Field("host", examples=["role: host"])
    reading: Words | None = Field(None, examples=["reading: かちょう"])
    url: WebAddress | None = Field(None, examples=["url: https://example.jp/"])
    image: WebAddress | None = Field(None, examples=["image: https://example.jp/a.jpg"])


class _EpisodeForm(Form):
    number: int = Field(ge=1, le=9999, examples=["number: 3"])
    title: TitleWords = Field(min_length=1, examples=["title: 佐久の冬支度"])
    guid: Words = Field(min_length=1, examples=["guid: 0b6f8a52-5a0e-4c39-9d9b-0c4f9a3b1e77"])
    season: int | None = Field(None, ge=1, examples=["season: 1"])
    kind: EpisodeKind = Field(EpisodeKind.FULL, examples=["kind: full"])
    explicit: bool | None = Field(None, examples=["explicit: false"])
    summary: LongWords = Field("", examples=["summary: 灯油と冬タイヤの質問に答えます。"])
    department: Words = Field("", examples=["department: 移住どうする課"])
    planned_for: AwareDatetime | None = Field(None, examples=["2026-11-30T20:00:00+09:00"])
    published_at: AwareDatetime | None = Field(None, examples=["2026-11-30T20:00:00+09:00"])
    people: list[_PersonForm] = Field([], examples=["- {name: 課長, role: host}"])
    rundown: list[_SegmentForm] = Field([], examples=["- title: オープニング"])

    @field_validator("people", "rundown", mode="before")
    @classmethod
    def _empty(cls, value: object) -> object:
        return [] if value is None else value


def _segment(form: _SegmentForm) -> Segment:
    return Segment(
        title=form.title,
        at=form.at,
        length=form.length,
        question=QuestionId(form.question) if form.question else None,
        summary=form.summary,
        links=tuple(Link(link.url, link.title or link.url) for link in form.links),
    )
