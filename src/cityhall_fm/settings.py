"""`feeds/show.toml` and the environment, read once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cityhall_fm.feed_forms import (
    Category,
    Group,
    LanguageCode,
    PersonName,
    Role,
    ShowFeedForm,
    ValueWords,
    show_fields,
)
from cityhall_fm.reading import (
    Form,
    HighPass,
    LongWords,
    TimeZoneName,
    TitleWords,
    WebAddress,
    Words,
    fill,
    high_pass_hertz,
    read_text,
    toml_lines,
)
from cityhall_fm.show.accessibility import CRITERIA, Accessibility, AccessibilityTest
from cityhall_fm.show.asking import AskingRules
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.episode import Guid, Person, Show
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.heralding import Heralding
from cityhall_fm.show.loudness import LoudnessTarget
from cityhall_fm.show.mastering import MasteringSettings
from cityhall_fm.show.retention import Retention
from cityhall_fm.show.slack_thread import UserId
from cityhall_fm.show.subscribing import SERVICES

MANIFEST: Final = Path("feeds/show.toml")


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How Slack is reached; the token comes from the environment only and is never shown."""

    token: str = field(repr=False)
    api_url: str
    announce_channel: str
    workspace_url: str | None
    app_token: str = field(default="", repr=False)
    """The app-level token of Socket Mode."""
    signing_secret: str = field(default="", repr=False)
    """What Slack signs its requests with, over HTTP."""
    asking: AskingRules = field(default_factory=AskingRules)
    answer_within_days: int = 30


@dataclass(frozen=True, slots=True)
class PublishingSettings:
    """What is done around a publication."""

    listens: bool
    """Whether the show is fetched through its public address afterwards."""
    bytes_per_second: float | None
    heralding: Heralding


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a show folder and its environment say."""

    folder: Path
    show: Show
    collecting: CollectingRules
    slack: SlackSettings
    mastering: MasteringSettings
    artwork: Path
    publishing: PublishingSettings
    target: str
    """`s3://bucket/prefix`, or the path of a folder."""
    database: Path | str = field(repr=False)
    """A SQLite file, or a URL, which may hold a password."""
    retention: Retention


def read_settings(folder: Path, environment: Mapping[str, str]) -> Settings:
    """Read a show folder; InputError with every problem of `feeds/show.toml`."""
    path = folder / MANIFEST
    written = read_text(path)
    try:
        data = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise InputError("files.toml", path=path, reason=str(error)) from error
    manifest = fill(_Manifest, data, path=path, line_of=toml_lines(written).get)
    feeds = folder / MANIFEST.parent
    return Settings(
        folder=folder,
        show=_show(manifest),
        collecting=CollectingRules(
            channels=tuple(manifest.slack.channels),
            question_channels=tuple(manifest.slack.question_channels),
            marker=manifest.slack.marker.strip(":"),
            consent_wording=manifest.slack.consent_wording,
        ),
        slack=SlackSettings(
            token=environment.get("SLACK_BOT_TOKEN", ""),
            api_url=environment.get("SLACK_API_URL") or "https://slack.com/api/",
            announce_channel=manifest.slack.announce_channel,
            workspace_url=manifest.slack.workspace_url,
            app_token=environment.get("SLACK_APP_TOKEN", ""),
            signing_secret=environment.get("SLACK_SIGNING_SECRET", ""),
            asking=AskingRules(
                departments=tuple(dict.fromkeys(manifest.slack.departments)),
                most_per_day=manifest.slack.questions_per_day,
                blocked=frozenset(UserId(id_) for id_ in manifest.slack.blocked),
            ),
            answer_within_days=manifest.slack.answer_within_days,
        ),
        mastering=MasteringSettings(
            target=LoudnessTarget(manifest.master.integrated, manifest.master.true_peak),
            channels=manifest.master.channels,
            bitrate=manifest.master.bitrate,
            intro=feeds / manifest.master.intro if manifest.master.intro else None,
            intro_crossfade=manifest.master.intro_crossfade,
            outro=feeds / manifest.master.outro if manifest.master.outro else None,
            outro_crossfade=manifest.master.outro_crossfade,
            trim=manifest.master.trim,
            trim_threshold=manifest.master.trim_threshold,
            long_pause=manifest.master.long_pause,
            high_pass=high_pass_hertz(manifest.master.high_pass),
            levelling=manifest.master.levelling,
            bed=feeds / manifest.master.bed if manifest.master.bed else None,
            bed_level=manifest.master.bed_level,
            bed_duck=manifest.master.bed_duck,
            alternates=tuple(dict.fromkeys(manifest.master.alternates)),
            station=LoudnessTarget(manifest.master.fm_integrated, manifest.master.true_peak, tolerance=0.5),
            station_bits=manifest.master.fm_bits,
        ),
        artwork=feeds / manifest.show.artwork,
        target=_target(manifest.publish.target, folder),
        publishing=_publishing(manifest.publish),
        database=database_of(folder, environment),
        retention=Retention(
            used=timedelta(days=manifest.privacy.used_days),
            unused=timedelta(days=manifest.privacy.unused_days),
            proof=timedelta(days=manifest.privacy.proof_days),
        ),
    )


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


class _SlackForm(Form):
    channels: list[Words] = Field([], examples=['channels = ["移住相談"]'])
    question_channels: list[Words] = Field([], examples=['question_channels = ["ラジオへの質問"]'])
    announce_channel: Words = Field("", examples=['announce_channel = "fmリモート市役所"'])
    marker: Words = Field("radio", min_length=1, examples=['marker = "radio"'])
    consent_wording: LongWords = Field("", examples=['consent_wording = "番組と配信で読まれます。"'])
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


class _PublishForm(Form):
    target: Annotated[Words, AfterValidator(_target_form)] = Field(
        "feeds/site", examples=['target = "s3://saku-fm/show"']
    )
    public_url: Annotated[WebAddress, AfterValidator(_without_slash)] = Field(
        examples=['public_url = "https://fm.example.jp"']
    )
    listen: bool | None = Field(None, examples=["listen = true"])
    upload_limit: float | None = Field(None, gt=0, examples=["upload_limit = 10"])
    websub_hub: WebAddress | None = Field(None, examples=['websub_hub = "https://hub.example/"'])
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


class _AccessibilityForm(Form):
    transcript: Literal["required", "recommended"] = Field(
        "recommended", examples=['transcript = "recommended"']
    )
    contact: WebAddress | None = Field(None, examples=['contact = "https://example.jp/contact"'])
    test: _AccessibilityTestForm | None = Field(None, examples=["[accessibility.test]"])


class _Manifest(Form):
    show: _ShowForm = Field(examples=["[show]"])
    slack: _SlackForm = Field(default_factory=_SlackForm, examples=["[slack]"])
    privacy: _PrivacyForm = Field(default_factory=_PrivacyForm, examples=["[privacy]"])
    master: _MasterForm = Field(default_factory=_MasterForm, examples=["[master]"])
    publish: _PublishForm = Field(examples=["[publish]"])
    feed: ShowFeedForm = Field(default_factory=ShowFeedForm, examples=["[feed]"])
    subscribe: _SubscribeForm = Field(default_factory=_SubscribeForm, examples=["[subscribe]"])
    accessibility: _AccessibilityForm = Field(
        default_factory=_AccessibilityForm, examples=["[accessibility]"]
    )


def _show(manifest: _Manifest) -> Show:
    show = manifest.show
    return Show(
        title=show.title,
        description=show.description,
        language=show.language,
        link=show.link,
        author=show.author,
        owner_email=show.owner.email,
        owner_name=show.owner.name,
        guid=Guid(show.guid),
        public_url=manifest.publish.public_url,
        categories=tuple(_category(category) for category in show.categories),
        city=show.city,
        explicit=show.explicit,
        kind=show.kind,
        copyright=show.copyright,
        locked=show.locked,
        people=tuple(Person(**person.model_dump()) for person in show.people),
        timezone=show.timezone,
        moved_from=show.moved_from or "",
        listed=tuple((name, url) for name, url in manifest.subscribe if url),
        accessibility=_accessibility(manifest.accessibility),
        feed=show_fields(manifest.feed),
    )


def _accessibility(form: _AccessibilityForm) -> Accessibility:
    test = form.test
    return Accessibility(
        transcript_required=form.transcript == "required",
        contact=form.contact or "",
        test=AccessibilityTest(
            tested_on=test.tested_on,
            tester=test.tester,
            tools=tuple(test.tools),
            pages=test.pages,
            met=frozenset(test.met),
            failed=frozenset(test.failed),
            plan=test.plan,
        )
        if test
        else None,
    )


def _category(written: str) -> tuple[str, str | None]:
    main, _, sub = (part.strip() for part in written.partition(">"))
    return main, sub or None


def database_of(folder: Path, environment: Mapping[str, str]) -> Path | str:
    """Tell where a show's memory is: in its folder, or where the environment says."""
    return environment.get("CITYHALL_FM_DATABASE_URL") or folder / MANIFEST.parent / "memory.sqlite3"


def _publishing(form: _PublishForm) -> PublishingSettings:
    return PublishingSettings(
        listens=form.target.startswith("s3://") if form.listen is None else form.listen,
        bytes_per_second=form.upload_limit * 1e6 / 8 if form.upload_limit else None,
        heralding=Heralding(form.websub_hub, tuple(tuple(command) for command in form.afterwards)),
    )


def _target(target: str, folder: Path) -> str:
    return target if target.startswith("s3://") else str(folder / target)
