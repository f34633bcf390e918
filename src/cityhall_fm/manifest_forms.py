"""What may stand in `feeds/show.toml`, field by field, with an example of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from cityhall_fm.feed_forms import (
    Category,
    Group,
    LanguageCode,
    PersonName,
    Role,
    ShowFeedForm,
    ValueWords,
)
from cityhall_fm.reading import (
    Form,
    HighPass,
    LongWords,
    ScriptWords,
    TimecodeWords,
    TimeZoneName,
    TitleWords,
    WebAddress,
    Words,
)
from cityhall_fm.show.accessibility import CRITERIA
from cityhall_fm.show.subscribing import SERVICES
from cityhall_fm.texts import Catalogue


def _criterion(value: str) -> str:
    if value not in CRITERIA:
        raise PydanticCustomError("criterion", "not one of the 38 of level AA")
    return value


_Criterion = Annotated[Words, AfterValidator(_criterion)]


def _target_form(value: str) -> str:
    if not value or ("://" in value and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.\-]+(/[!-~]*)?", value)):
        raise PydanticCustomError("target", "neither a bucket nor a folder")
    return value.rstrip("/")


def _without_slash(value: str) -> str:
    return value.rstrip("/")


class _PersonForm(Form):
    name: PersonName = Field(examples=["髙橋はな"])
    role: Role = Field("host", examples=["host"])
    group: Group | None = Field(None, examples=["cast"])
    reading: Words | None = Field(None, examples=["たかはしはな"])
    url: WebAddress | None = Field(None, examples=["https://example.jp/"])
    image: WebAddress | None = Field(None, examples=["https://example.jp/hana.jpg"])


class _OwnerForm(Form):
    name: TitleWords = Field("", examples=["リモート市役所"])
    email: Words = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", examples=["fm@example.jp"])


class _CornerForm(Form):
    title: TitleWords = Field(min_length=1, examples=["オープニング"])
    length: TimecodeWords | None = Field(None, examples=["2:00"])
    script: ScriptWords = Field("", examples=["みなさん、こんばんは。"])


class _ShowForm(Form):
    title: ValueWords = Field(examples=['title = "FMリモート市役所"'])
    description: LongWords = Field(min_length=1, examples=['description = "移住の質問に答える番組です。"'])
    language: LanguageCode = Field(examples=['language = "ja"'])
    link: WebAddress = Field(examples=['link = "https://example.jp/fm"'])
    author: ValueWords = Field(examples=['author = "リモート市役所"'])
    owner: _OwnerForm = Field(examples=['owner = { name = "リモート市役所", email = "fm@example.jp" }'])
    guid: Words = Field(
        # Of any version and case: one that a show brings from another host never changes.
        pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
        examples=['guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"'],
    )
    categories: list[Category] = Field(min_length=1, examples=['categories = ["Government"]'])
    explicit: bool = Field(default=False, examples=["explicit = false"])
    kind: Literal["episodic", "serial"] = Field("episodic", examples=['kind = "episodic"'])
    city: Words = Field("", examples=['city = "佐久市"'])
    timezone: TimeZoneName = Field("Asia/Tokyo", examples=['timezone = "Asia/Tokyo"'])
    artwork: Words = Field("artwork.png", examples=['artwork = "artwork.png"'])
    copyright: Words = Field("", examples=['copyright = "2026 リモート市役所"'])
    locked: bool = Field(default=True, examples=["locked = true"])
    moved_from: WebAddress | None = Field(
        None, examples=['moved_from = "https://anchor.fm/s/1a2b/podcast/rss"']
    )
    people: list[_PersonForm] = Field([], examples=['[[show.people]] と name = "課長"'])
    minutes: int = Field(30, ge=1, le=600, examples=["minutes = 30"])
    corners: list[_CornerForm] = Field([], examples=['[[show.corners]] と title = "オープニング"'])


class _WordingsForm(Form):
    """In each language; one text alone is in the show's."""

    ja: LongWords = Field("", examples=['ja = "番組と配信で読まれます。"'])
    en: LongWords = Field("", examples=['en = "It may be read on the show and published."'])
    fr: LongWords = Field("", examples=['fr = "Votre message peut être lu et publié."'])


class _SlackForm(Form):
    channels: list[Words] = Field([], examples=['channels = ["移住相談"]'])
    question_channels: list[Words] = Field([], examples=['question_channels = ["ラジオへの質問"]'])
    announce_channel: Words = Field("", examples=['announce_channel = "fmリモート市役所"'])
    marker: Words = Field("radio", min_length=1, examples=['marker = "radio"'])
    consent_wording: _WordingsForm = Field(
        default_factory=_WordingsForm, examples=['consent_wording = "番組と配信で読まれます。"']
    )
    workspace_url: WebAddress | None = Field(None, examples=['workspace_url = "https://saku.slack.com/"'])
    departments: list[Annotated[Words, Field(min_length=1, max_length=75)]] = Field(
        [], max_length=100, examples=['departments = ["移住どうする課"]']
    )
    questions_per_day: int = Field(5, ge=1, le=100, examples=["questions_per_day = 5"])
    blocked: list[Annotated[Words, Field(pattern=r"^[UW][A-Z0-9]+$")]] = Field(
        [], examples=['blocked = ["U0123ABCD"]']
    )
    answer_within_days: int = Field(30, ge=1, le=365, examples=["answer_within_days = 30"])


class _PrivacyForm(Form):
    used_days: int = Field(92, ge=1, le=3660, examples=["used_days = 92"])
    unused_days: int = Field(183, ge=1, le=3660, examples=["unused_days = 183"])
    proof_days: int = Field(1096, ge=1, le=3660, examples=["proof_days = 1096"])


class _MasterForm(Form):
    integrated: float = Field(-16.0, ge=-31, le=-9, examples=["integrated = -16.0"])
    true_peak: float = Field(-1.0, ge=-9, le=0, examples=["true_peak = -1.0"])
    channels: Literal[1, 2] = Field(2, examples=["channels = 2"])
    bitrate: Literal[64, 80, 96, 112, 128, 160, 192, 224, 256, 320] = Field(128, examples=["bitrate = 128"])
    intro: Words | None = Field(None, examples=['intro = "jingle.flac"'])
    intro_crossfade: float = Field(0.0, ge=0, le=30, examples=["intro_crossfade = 1.0"])
    outro: Words | None = Field(None, examples=['outro = "ending.flac"'])
    outro_crossfade: float = Field(0.0, ge=0, le=30, examples=["outro_crossfade = 2.0"])
    trim: bool = Field(default=True, examples=["trim = true"])
    trim_threshold: float = Field(-35.0, ge=-60, le=-15, examples=["trim_threshold = -35.0"])
    long_pause: float = Field(5.0, ge=1, le=600, examples=["long_pause = 5.0"])
    high_pass: HighPass = Field(default=False, examples=["high_pass = 80"])
    levelling: bool = Field(default=False, examples=["levelling = true"])
    bed: Words | None = Field(None, examples=['bed = "bgm.flac"'])
    bed_level: float = Field(-18.0, ge=-50, le=0, examples=["bed_level = -18.0"])
    bed_duck: float = Field(8.0, ge=0, le=40, examples=["bed_duck = 8.0"])
    alternates: list[Literal["m4a", "opus"]] = Field([], examples=['alternates = ["m4a", "opus"]'])
    fm_integrated: float = Field(-24.0, ge=-31, le=-9, examples=["fm_integrated = -24.0"])
    fm_bits: Literal[16, 24] = Field(24, examples=["fm_bits = 24"])


class PublishForm(Form):
    """`[publish]`: where the show goes, and who hears of it."""

    target: Annotated[Words, AfterValidator(_target_form)] = Field(
        "feeds/site", examples=['target = "s3://saku-fm/show"']
    )
    public_url: Annotated[WebAddress, AfterValidator(_without_slash)] = Field(
        examples=['public_url = "https://fm.example.jp"']
    )
    listen: bool | None = Field(None, examples=["listen = true"])
    upload_limit: float | None = Field(None, gt=0, examples=["upload_limit = 10"])
    websub_hub: WebAddress | None = Field(None, examples=['websub_hub = "https://hub.example/"'])
    purge: list[Annotated[list[Words], Field(min_length=1)]] = Field(
        [], examples=['purge = [["purge-cdn", "{url}"]]']
    )
    afterwards: list[Annotated[list[Words], Field(min_length=1)]] = Field(
        [], examples=['afterwards = [["podping", "write", "{url}"]]']
    )


def _at(service: str) -> Callable[[str], str]:
    hosts = SERVICES[service][1]

    def check(value: str) -> str:
        if urlsplit(value).hostname not in hosts:
            raise PydanticCustomError("host", "another host", {"hosts": ", ".join(hosts)})
        return value

    return check


class _SubscribeForm(Form):
    apple: Annotated[WebAddress, AfterValidator(_at("apple"))] | None = Field(
        None, examples=['apple = "https://podcasts.apple.com/jp/podcast/id1234567890"']
    )
    spotify: Annotated[WebAddress, AfterValidator(_at("spotify"))] | None = Field(
        None, examples=['spotify = "https://open.spotify.com/show/1a2b3c"']
    )
    youtube: Annotated[WebAddress, AfterValidator(_at("youtube"))] | None = Field(
        None, examples=['youtube = "https://www.youtube.com/playlist?list=1a2b3c"']
    )
    amazon: Annotated[WebAddress, AfterValidator(_at("amazon"))] | None = Field(
        None, examples=['amazon = "https://music.amazon.co.jp/podcasts/1a2b3c"']
    )


class _AccessibilityTestForm(Form):
    tested_on: date = Field(examples=["tested_on = 2026-11-23"])
    tester: TitleWords = Field(min_length=1, examples=['tester = "広報広聴課"'])
    tools: list[TitleWords] = Field([], examples=['tools = ["axe-core 4.12, Chromium"]'])
    pages: TitleWords = Field("", examples=['pages = "すべてのページ"'])
    met: list[_Criterion] = Field([], examples=['met = ["1.1.1", "2.1.1"]'])
    failed: list[_Criterion] = Field([], examples=['failed = ["1.4.3"]'])
    plan: LongWords = Field("", examples=['plan = "2027年3月までに直します。"'])


class AccessibilityForm(Form):
    """`[accessibility]`: what the city promises, and how it was tested."""

    transcript: Literal["required", "recommended"] = Field(
        "recommended", examples=['transcript = "recommended"']
    )
    contact: WebAddress | None = Field(None, examples=['contact = "https://example.jp/contact"'])
    test: _AccessibilityTestForm | None = Field(None, examples=["[accessibility.test]"])


_Someone = Annotated[Words, Field(pattern=r"^([UW][A-Z0-9]+|@[^\s@]{1,21})$")]


class _StudioForm(Form):
    address: Annotated[WebAddress, AfterValidator(_without_slash)] | None = Field(
        None, examples=['address = "https://studio.example.jp"']
    )
    producers: list[_Someone] = Field([], examples=['producers = ["U0123ABCD"]'])
    hosts: list[_Someone] = Field([], examples=['hosts = ["@radio-team"]'])
    editors: list[_Someone] = Field([], examples=['editors = ["U0123ABCD", "@radio-team"]'])
    viewers: list[_Someone] = Field([], examples=['viewers = ["@section"]'])
    recording_gigabytes: float = Field(4.0, ge=0.01, le=100, examples=["recording_gigabytes = 4"])


def _in_its_language(data: object) -> object:
    """Put a consent's wording that is written once under the language of the show."""
    slack = data.get("slack") if isinstance(data, dict) else None
    wording = slack.get("consent_wording") if isinstance(slack, dict) else None
    if not isinstance(data, dict) or not isinstance(slack, dict) or not isinstance(wording, str):
        return data
    show = data.get("show")
    language = str(show.get("language", "") if isinstance(show, dict) else "")
    return {**data, "slack": {**slack, "consent_wording": {Catalogue(language).language: wording}}}


class Manifest(Form):
    """The whole file."""

    _written_once = model_validator(mode="before")(_in_its_language)

    show: _ShowForm = Field(examples=["[show]"])
    slack: _SlackForm = Field(default_factory=_SlackForm, examples=["[slack]"])
    privacy: _PrivacyForm = Field(default_factory=_PrivacyForm, examples=["[privacy]"])
    master: _MasterForm = Field(default_factory=_MasterForm, examples=["[master]"])
    publish: PublishForm = Field(examples=["[publish]"])
    feed: ShowFeedForm = Field(default_factory=ShowFeedForm, examples=["[feed]"])
    subscribe: _SubscribeForm = Field(default_factory=_SubscribeForm, examples=["[subscribe]"])
    studio: _StudioForm = Field(default_factory=_StudioForm, examples=["[studio]"])
    accessibility: AccessibilityForm = Field(default_factory=AccessibilityForm, examples=["[accessibility]"])
