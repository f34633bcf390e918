"""`feeds/show.toml` and the environment, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from cityhall_fm.feed_forms import (
    show_fields,
)
from cityhall_fm.manifest_forms import AccessibilityForm, Manifest, PublishForm
from cityhall_fm.reading import (
    fill,
    high_pass_hertz,
    read_text,
    toml_lines,
)
from cityhall_fm.show.accessibility import Accessibility, AccessibilityTest
from cityhall_fm.show.airtime import Airtime
from cityhall_fm.show.asking import AskingRules
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.episode import Guid, Person, Show
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.heralding import Heralding
from cityhall_fm.show.loudness import LoudnessTarget
from cityhall_fm.show.mastering import MasteringSettings
from cityhall_fm.show.retention import Retention
from cityhall_fm.show.roles import Role
from cityhall_fm.show.rundown import Segment
from cityhall_fm.show.slack_thread import UserId
from cityhall_fm.texts import LANGUAGES, Catalogue

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
class StudioSettings:
    """Who comes into the studio, and where it is."""

    address: str
    """Where its people reach it, as `https://studio.example.jp`; empty where it is on one machine only."""
    people: Mapping[Role, frozenset[str]]
    """Member ids, and user groups as `@handle`."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    recording_bytes: int = 4 * 10**9
    """The largest file that may be brought as a recording."""


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
    studio: StudioSettings
    airtime: Airtime


def read_settings(folder: Path, environment: Mapping[str, str]) -> Settings:
    """Read a show folder; InputError with every problem of `feeds/show.toml`."""
    path = folder / MANIFEST
    written = read_text(path)
    try:
        data = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise InputError("files.toml", path=path, reason=str(error)) from error
    manifest = fill(Manifest, data, path=path, line_of=toml_lines(written).get)
    feeds = folder / MANIFEST.parent
    wordings = _wordings(manifest)
    return Settings(
        folder=folder,
        show=_show(manifest),
        collecting=CollectingRules(
            channels=tuple(manifest.slack.channels),
            question_channels=tuple(manifest.slack.question_channels),
            marker=manifest.slack.marker.strip(":"),
            consent_wording=wordings[Catalogue(manifest.show.language).language],
            wordings=wordings,
            blocked=frozenset(UserId(id_) for id_ in manifest.slack.blocked),
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
        airtime=Airtime(
            manifest.show.minutes,
            tuple(Segment(one.title, length=one.length, script=one.script) for one in manifest.show.corners),
        ),
        studio=StudioSettings(
            address=manifest.studio.address or "",
            people={
                Role.PRODUCER: frozenset(manifest.studio.producers),
                Role.HOST: frozenset(manifest.studio.hosts),
                Role.EDITOR: frozenset(manifest.studio.editors),
                Role.VIEWER: frozenset(manifest.studio.viewers),
            },
            recording_bytes=round(manifest.studio.recording_gigabytes * 10**9),
            client_id=environment.get("SLACK_CLIENT_ID", ""),
            client_secret=environment.get("SLACK_CLIENT_SECRET", ""),
        ),
    )


def _show(manifest: Manifest) -> Show:
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


def _accessibility(form: AccessibilityForm) -> Accessibility:
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


def _publishing(form: PublishForm) -> PublishingSettings:
    return PublishingSettings(
        listens=form.target.startswith("s3://") if form.listen is None else form.listen,
        bytes_per_second=form.upload_limit * 1e6 / 8 if form.upload_limit else None,
        heralding=Heralding(
            form.websub_hub,
            commands=tuple(tuple(command) for command in form.afterwards),
            purges=tuple(tuple(command) for command in form.purge),
        ),
    )


def _target(target: str, folder: Path) -> str:
    return target if target.startswith("s3://") else str(folder / target)


def _wordings(manifest: Manifest) -> Mapping[str, str]:
    """Take what askers are told in each language; what the file leaves out is worded by the catalogue."""
    written = manifest.slack.consent_wording
    return {
        language: getattr(written, language)
        or Catalogue(language)("consent.wording", title=manifest.show.title)
        for language in LANGUAGES
    }
