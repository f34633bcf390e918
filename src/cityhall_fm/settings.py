"""`feeds/show.toml` and the environment, read once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cityhall_fm.reading import (
    Form,
    LongWords,
    TimeZoneName,
    TitleWords,
    WebAddress,
    Words,
    fill,
    read_text,
    toml_lines,
)
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.episode import Guid, Person, Show
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.loudness import LoudnessTarget
from cityhall_fm.show.mastering import MasteringSettings

MANIFEST: Final = Path("feeds/show.toml")


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How Slack is reached; the token comes from the environment only and is never shown."""

    token: str = field(repr=False)
    api_url: str
    announce_channel: str
    workspace_url: str | None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a show folder and its environment say."""

    folder: Path
    show: Show
    collecting: CollectingRules
    slack: SlackSettings
    mastering: MasteringSettings
    artwork: Path
    target: str
    """`s3://bucket/prefix`, or the path of a folder."""
    database: Path | str = field(repr=False)
    """A SQLite file, or a URL, which may hold a password."""


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
        ),
        mastering=MasteringSettings(
            target=LoudnessTarget(manifest.master.integrated, manifest.master.true_peak),
            channels=manifest.master.channels,
            bitrate=manifest.master.bitrate,
            intro=feeds / manifest.master.intro if manifest.master.intro else None,
            intro_crossfade=manifest.master.intro_crossfade,
        ),
        artwork=feeds / manifest.show.artwork,
        target=_target(manifest.publish.target, folder),
        database=environment.get("CITYHALL_FM_DATABASE_URL") or feeds / "memory.sqlite3",
    )


def _target_form(value: str) -> str:
    if not value or ("://" in value and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.\-]+(/[!-~]*)?", value)):
        raise PydanticCustomError("target", "neither a bucket nor a folder")
    return value.rstrip("/")


def _without_slash(value: str) -> str:
    return value.rstrip("/")


class _PersonForm(Form):
    name: TitleWords = Field(min_length=1, examples=["髙橋はな"])
    role: Words = Field("host", examples=["host"])
    reading: Words | None = Field(None, examples=["たかはしはな"])
    url: WebAddress | None = Field(None, examples=["https://example.jp/"])
    image: WebAddress | None = Field(None, examples=["https://example.jp/hana.jpg"])


class _OwnerForm(Form):
    name: TitleWords = Field("", examples=["リモート市役所"])
    email: Words = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", examples=["fm@example.jp"])


class _ShowForm(Form):
    title: TitleWords = Field(min_length=1, examples=['title = "FMリモート市役所"'])
    description: LongWords = Field(min_length=1, examples=['description = "移住の質問に答える番組です。"'])
    language: Words = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", examples=['language = "ja"'])
    link: WebAddress = Field(examples=['link = "https://example.jp/fm"'])
    author: TitleWords = Field(min_length=1, examples=['author = "リモート市役所"'])
    owner: _OwnerForm = Field(examples=['owner = { name = "リモート市役所", email = "fm@example.jp" }'])
    guid: Words = Field(
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        examples=['guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"'],
    )
    categories: list[Words] = Field(min_length=1, examples=['categories = ["Government"]'])
    explicit: bool = Field(default=False, examples=["explicit = false"])
    kind: Literal["episodic", "serial"] = Field("episodic", examples=['kind = "episodic"'])
    city: Words = Field("", examples=['city = "佐久市"'])
    timezone: TimeZoneName = Field("Asia/Tokyo", examples=['timezone = "Asia/Tokyo"'])
    artwork: Words = Field("artwork.png", examples=['artwork = "artwork.png"'])
    copyright: Words = Field("", examples=['copyright = "2026 リモート市役所"'])
    locked: bool = Field(default=True, examples=["locked = true"])
    people: list[_PersonForm] = Field([], examples=['[[show.people]] と name = "課長"'])


class _SlackForm(Form):
    channels: list[Words] = Field([], examples=['channels = ["移住相談"]'])
    question_channels: list[Words] = Field([], examples=['question_channels = ["ラジオへの質問"]'])
    announce_channel: Words = Field("", examples=['announce_channel = "fmリモート市役所"'])
    marker: Words = Field("radio", min_length=1, examples=['marker = "radio"'])
    consent_wording: LongWords = Field("", examples=['consent_wording = "番組と配信で読まれます。"'])
    workspace_url: WebAddress | None = Field(None, examples=['workspace_url = "https://saku.slack.com/"'])


class _MasterForm(Form):
    integrated: float = Field(-16.0, ge=-31, le=-9, examples=["integrated = -16.0"])
    true_peak: float = Field(-1.0, ge=-9, le=0, examples=["true_peak = -1.0"])
    channels: Literal[1, 2] = Field(2, examples=["channels = 2"])
    bitrate: Literal[64, 80, 96, 112, 128, 160, 192, 224, 256, 320] = Field(128, examples=["bitrate = 128"])
    intro: Words | None = Field(None, examples=['intro = "jingle.flac"'])
    intro_crossfade: float = Field(0.0, ge=0, le=30, examples=["intro_crossfade = 1.0"])


class _PublishForm(Form):
    target: Annotated[Words, AfterValidator(_target_form)] = Field(
        "feeds/site", examples=['target = "s3://saku-fm/show"']
    )
    public_url: Annotated[WebAddress, AfterValidator(_without_slash)] = Field(
        examples=['public_url = "https://fm.example.jp"']
    )


class _Manifest(Form):
    show: _ShowForm = Field(examples=["[show]"])
    slack: _SlackForm = Field(default_factory=_SlackForm, examples=["[slack]"])
    master: _MasterForm = Field(default_factory=_MasterForm, examples=["[master]"])
    publish: _PublishForm = Field(examples=["[publish]"])


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
    )


def _category(written: str) -> tuple[str, str | None]:
    main, _, sub = (part.strip() for part in written.partition(">"))
    return main, sub or None


def _target(target: str, folder: Path) -> str:
    return target if target.startswith("s3://") else str(folder / target)
