"""What people write for the feed in `show.toml` and `episode.md`: forms with the limits of its tags."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field
from pydantic_core import PydanticCustomError

from cityhall_fm.reading import Form, WebAddress, Words
from cityhall_fm.show.categories import is_category, nearest
from cityhall_fm.show.feed_check.syntax import ending, is_country, is_geo, is_language, is_osm, is_rrule
from cityhall_fm.show.feed_check.vocabulary import ENCLOSURES, LICENCES, PICTURES, PROTOCOLS, ROLES
from cityhall_fm.show.feed_fields import (
    Discussion,
    EpisodeFields,
    FeedPicture,
    Licence,
    Location,
    Recommended,
    Remark,
    Rhythm,
    ShowFields,
    Trailer,
)
from cityhall_fm.show.rundown import Link
from cityhall_fm.show.text import Text


def _letters(most: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        if len(value) > most:
            raise PydanticCustomError("letters", "too long", {"limit": most, "length": len(value)})
        return value

    return check


def _that(right: Callable[[str], bool]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not right(value):
            raise PydanticCustomError("written_otherwise", "written in another way")
        return value

    return check


def _category(value: str) -> str:
    main, _, sub = (part.strip() for part in value.partition(">"))
    if not is_category(main, sub or None):
        near = nearest(main, sub or None)
        advice = Text.of("files.category_list")
        if near:
            advice = Text.of("files.category_near", near=" > ".join(part for part in near if part))
        raise PydanticCustomError("category", "not on the list", {"written": value, "near": advice})
    return value


_Short = Annotated[Words, Field(min_length=1), AfterValidator(_letters(128))]
"""Podcasting 2.0: what a tag shows has at most 128 letters."""
_Label = Annotated[Words, AfterValidator(_letters(32))]
ValueWords = Annotated[Words, Field(min_length=1), AfterValidator(_letters(255))]
"""Apple's RSS guide: values have at most 255 letters."""
PersonName = _Short
LanguageCode = Annotated[Words, AfterValidator(_that(is_language))]
Category = Annotated[Words, AfterValidator(_category)]
Role = Annotated[Words, AfterValidator(_letters(128))]
Group = Annotated[Words, AfterValidator(_that(lambda value: value.lower() in ROLES))]
_Picture = Annotated[WebAddress, AfterValidator(_that(lambda value: ending(value) in PICTURES))]


class _LocationForm(Form):
    name: _Short = Field(examples=['name = "長野県佐久市"'])
    geo: Annotated[Words, AfterValidator(_that(is_geo))] = Field(
        "", examples=['geo = "geo:36.2489,138.4767"']
    )
    osm: Annotated[Words, AfterValidator(_that(is_osm))] = Field("", examples=['osm = "R4256124"'])
    country: Annotated[Words, AfterValidator(_that(is_country))] = Field("", examples=['country = "JP"'])
    rel: Literal["subject", "creator"] = Field("subject", examples=['rel = "subject"'])


class _LicenceForm(Form):
    name: _Short = Field(examples=['name = "cc-by-4.0"'])
    url: WebAddress | None = Field(None, examples=['url = "https://example.jp/licence"'])


class _FundingForm(Form):
    url: WebAddress = Field(examples=['url = "https://example.jp/furusato"'])
    text: _Short = Field(examples=['text = "ふるさと納税で応援する"'])


class _TrailerForm(Form):
    title: _Short = Field(examples=['title = "番組の予告"'])
    url: WebAddress = Field(examples=['url = "https://example.jp/trailer.mp3"'])
    published_at: AwareDatetime = Field(examples=["published_at = 2026-11-01T20:00:00+09:00"])
    length_bytes: int | None = Field(None, ge=1, examples=["length_bytes = 1234567"])
    season: int | None = Field(None, ge=1, examples=["season = 1"])


class _RhythmForm(Form):
    text: _Short = Field(examples=['text = "月に2回、20時"'])
    rrule: Annotated[Words, AfterValidator(_that(is_rrule))] = Field(
        "", examples=['rrule = "FREQ=MONTHLY;BYDAY=1MO,3MO;BYHOUR=20;BYMINUTE=0"']
    )
    starts_at: AwareDatetime | None = Field(None, examples=["starts_at = 2026-12-07T20:00:00+09:00"])


class _RecommendedForm(Form):
    guid: Words = Field(
        pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
        examples=['guid = "29cdca4a-32d8-56ba-b48b-09a011c5daa9"'],
    )
    url: WebAddress | None = Field(None, examples=['url = "https://example.com/feed.xml"'])
    title: Annotated[Words, AfterValidator(_letters(255))] = Field(
        "", examples=['title = "となり町のラジオ"']
    )


class _PictureForm(Form):
    url: _Picture = Field(examples=['url = "https://example.jp/wide.jpg"'])
    alt: ValueWords = Field(examples=['alt = "雪の浅間山と佐久平"'])
    ratio: Words = Field("", pattern=r"^(\d{1,5}/\d{1,5})?$", examples=['ratio = "16/9"'])
    width: int | None = Field(None, ge=1, le=20_000, examples=["width = 1200"])
    purpose: Role = Field("", examples=['purpose = "social"'])


class _RemarkForm(Form):
    text: Annotated[Words, Field(min_length=1), AfterValidator(_letters(4000))] = Field(
        examples=['text = "S6lpp-7ZCn8"']
    )
    purpose: Role = Field("", examples=['purpose = "applepodcastsverify"'])


class _DiscussionForm(Form):
    protocol: Annotated[Words, AfterValidator(_that(PROTOCOLS.__contains__))] = Field(
        "activitypub", examples=["protocol: activitypub"]
    )
    url: WebAddress = Field(examples=["url: https://social.example.jp/@fm/1"])
    account: Role = Field("", examples=["account: '@fm@social.example.jp'"])


class _ElsewhereForm(Form):
    url: WebAddress = Field(examples=["url: https://www.youtube.com/watch?v=1a2b3c"])
    title: _Short = Field(examples=["title: 動画で見る"])


class ShowFeedForm(Form):
    """`[feed]` of `show.toml`; all of it may be left out."""

    locations: list[_LocationForm] = Field([], examples=['[[feed.locations]] と name = "長野県佐久市"'])
    funding: list[_FundingForm] = Field([], examples=["[[feed.funding]] と url、text"])
    licence: _LicenceForm | None = Field(None, examples=['licence = { name = "cc-by-4.0" }'])
    trailers: list[_TrailerForm] = Field([], examples=["[[feed.trailers]] と title、url、published_at"])
    rhythm: _RhythmForm | None = Field(None, examples=['rhythm = { text = "月に2回、20時" }'])
    podroll: list[_RecommendedForm] = Field([], examples=["[[feed.podroll]] と guid"])
    pictures: list[_PictureForm] = Field([], examples=["[[feed.pictures]] と url、alt"])
    txt: list[_RemarkForm] = Field([], examples=["[[feed.txt]] と text"])
    seasons: dict[Annotated[int, Field(ge=1)], _Short] = Field(
        {}, examples=['seasons = { 1 = "はじまりの冬" }']
    )
    hub: WebAddress | None = Field(None, examples=['hub = "https://pubsubhubbub.appspot.com/"'])
    complete: bool = Field(default=False, examples=["complete = false"])
    block: bool = Field(default=False, examples=["block = false"])
    page_size: int | None = Field(None, ge=10, le=10_000, examples=["page_size = 200"])
    formats: list[Literal["m4a", "opus"]] = Field([], examples=['formats = ["opus"]'])


class EpisodeFeedForm(Form):
    """`feed` of `episode.md`; all of it may be left out."""

    locations: list[_LocationForm] = Field([], examples=["locations: [{name: 長野県佐久市}]"])
    licence: _LicenceForm | None = Field(None, examples=["licence: {name: cc-by-4.0}"])
    number_shown: _Label = Field("", examples=["number_shown: 冬の号"])
    elsewhere: list[_ElsewhereForm] = Field([], examples=["elsewhere: [{url: …, title: 動画で見る}]"])
    discussions: list[_DiscussionForm] = Field([], examples=["discussions: [{url: …}]"])
    txt: list[_RemarkForm] = Field([], examples=["txt: [{text: …}]"])
    image: _Picture | None = Field(None, examples=["image: https://example.jp/winter.jpg"])
    block: bool = Field(default=False, examples=["block: false"])


def show_fields(form: ShowFeedForm) -> ShowFields:
    """Read what a show says in the feed alone."""
    return ShowFields(
        locations=_locations(form.locations),
        funding=tuple(Link(funding.url, funding.text) for funding in form.funding),
        licence=_licence(form.licence),
        trailers=tuple(_trailer(trailer) for trailer in form.trailers),
        rhythm=Rhythm(form.rhythm.text, form.rhythm.rrule, form.rhythm.starts_at) if form.rhythm else None,
        podroll=tuple(Recommended(one.guid, one.url or "", one.title) for one in form.podroll),
        pictures=tuple(FeedPicture(**picture.model_dump()) for picture in form.pictures),
        remarks=_remarks(form.txt),
        seasons=MappingProxyType(dict(sorted(form.seasons.items()))),
        hub=form.hub or "",
        complete=form.complete,
        blocked=form.block,
        page_size=form.page_size,
        formats=tuple(dict.fromkeys(form.formats)),
    )


def episode_fields(form: EpisodeFeedForm) -> EpisodeFields:
    """Read what an episode says in the feed alone."""
    return EpisodeFields(
        locations=_locations(form.locations),
        licence=_licence(form.licence),
        number_shown=form.number_shown,
        elsewhere=tuple(Link(link.url, link.title) for link in form.elsewhere),
        discussions=tuple(Discussion(one.protocol, one.url, one.account) for one in form.discussions),
        remarks=_remarks(form.txt),
        image=form.image or "",
        blocked=form.block,
    )


def _locations(forms: list[_LocationForm]) -> tuple[Location, ...]:
    return tuple(Location(**form.model_dump()) for form in forms)


def _licence(form: _LicenceForm | None) -> Licence | None:
    if form is None:
        return None
    known = form.name.lower() in LICENCES
    return Licence(form.name.lower() if known else form.name, form.url or "")


def _trailer(form: _TrailerForm) -> Trailer:
    kind = ENCLOSURES.get(ending(form.url), ("",))[0]
    return Trailer(form.title, form.url, form.published_at, form.length_bytes, kind, form.season)


def _remarks(forms: list[_RemarkForm]) -> tuple[Remark, ...]:
    return tuple(Remark(form.text, form.purpose) for form in forms)
