"""Plays the main job: collect -> slot -> release, and keeps the workspace as an export."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cityhall_fm.demo.folder import prepare
from cityhall_fm.production.collect import collect
from cityhall_fm.production.curate import note_consent, slot
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.release import Released, master_episode, release
from cityhall_fm.production.slack_manifest import slack_manifest
from cityhall_fm.sandbox.server import Sandbox, serving
from cityhall_fm.sandbox.world import World
from cityhall_fm.settings import read_settings
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.episode import EpisodeNumber, in_rundowns
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.mrkdwn import links
from cityhall_fm.show.text import Text
from cityhall_fm.wiring import Wired

_WORKSPACE: Final = Path(__file__).parent / "workspace"
_STORY: Final = Path(__file__).parent / "story.json"
"""What the people of the example decide: who agreed to be named how, which question comes where."""
_TOKEN: Final = "xoxb-sandbox"  # noqa: S105 - opens nothing but the sandbox
_APP_TOKEN: Final = "xapp-sandbox"  # noqa: S105 - nor this
_LOCALES: Final = {"emily.carter": "en-US", "camille.moreau": "fr-FR"}
"""Who of the example reads Slack in another language than the town's."""
_TEAM: Final = "リモート市役所"
_LOOPBACK: Final = "http://127.0.0.1"


@dataclass(frozen=True, slots=True)
class Played:
    """What the demo made, and where it is."""

    folder: Path
    site: Path
    export: Path
    released: Released


def play(folder: Path, sandbox: Sandbox, *, port: int, now: datetime, progress: Progress) -> Played:
    """Play the main job in a folder; played again, it does only what is left."""
    prepare(folder, public_url=f"{_LOOPBACK}:{port}")
    companion = Wired(read_settings(folder, _environment(sandbox)))
    for episode in companion.shelf.episodes():
        if episode.published_at:
            master_episode(episode.number, companion, progress=progress)
    progress.step(Text.of("release.collecting"))
    collect(
        source=companion.source(),
        inbox=companion.inbox,
        rules=companion.rules,
        in_rundowns=in_rundowns(companion.shelf.episodes()),
        now=now,
        emoji=companion.emoji,
        progress=progress,
    )
    progress.step(Text.of("release.slotting"))
    story = json.loads(_STORY.read_text("utf-8"))
    _note_consents(story["consents"], companion, now)
    waiting = _slot(story["slots"], companion, now)
    released = release(waiting, companion, now=now, progress=progress)
    export = sandbox.world.write_export(_export(folder), direct=True)
    return Played(folder, Path(companion.settings.target), export, released)


@contextmanager
def workspace(folder: Path, *, port: int, ids_from: int = 1) -> Iterator[Sandbox]:
    """Serve the sandbox with the example workspace, or as an earlier play left it.

    The app of an earlier play remembers what it has heard: its ids must lie below `ids_from`.
    """
    export = _export(folder)
    begin = export if export.exists() else _WORKSPACE
    world = World.from_export(begin, ids_from=ids_from, team_name=_TEAM)
    bot = world.install_app(_TOKEN, display_name="FMリモート市役所")
    for channel in world.channels:
        world.join(channel.id, bot.id)
    try:
        with serving(world, port) as sandbox:
            yield sandbox
    except OSError as error:
        raise NotReadyError("demo.port_in_use", port=port) from error


@contextmanager
def open_to_members(folder: Path, sandbox: Sandbox) -> Iterator[Wired]:
    """Install the app with all that its manifest asks for; gives the companion that can run it.

    What members wrote meanwhile, to the app too, is in the export when the block ends.
    """
    settings = read_settings(folder, {**_environment(sandbox), "SLACK_APP_TOKEN": _APP_TOKEN})
    sandbox.world.install_app(_TOKEN, manifest=slack_manifest(settings.show), app_token=_APP_TOKEN)
    for member, locale in _LOCALES.items():
        sandbox.world.change_user(member, locale=locale)
    companion = Wired(settings)
    try:
        yield companion
    finally:
        companion.close()
        sandbox.world.write_export(_export(folder), direct=True)


def _export(folder: Path) -> Path:
    return folder / "sandbox-export.zip"


def _environment(sandbox: Sandbox) -> Mapping[str, str]:
    return {"SLACK_BOT_TOKEN": _TOKEN, "SLACK_API_URL": sandbox.api_url}


def _note_consents(consents: Sequence[Mapping[str, str]], companion: Wired, now: datetime) -> None:
    for consent in consents:
        question = companion.inbox.question(consent["question"])
        if question.consent and question.consent.naming is Naming.ANONYMOUS:
            note_consent(
                question.id,
                Naming.RADIO_NAME,
                radio_name=consent["radio_name"],
                reading=consent.get("reading"),
                wording=companion.rules.consent_wording,
                inbox=companion.inbox,
                now=now,
            )


def _slot(slots: Sequence[Mapping[str, Any]], companion: Wired, now: datetime) -> EpisodeNumber:
    for one in slots:
        slot(
            one["question"],
            EpisodeNumber(one["episode"]),
            shelf=companion.shelf,
            inbox=companion.inbox,
            at_position=one["segment"],
            links=links,
            now=now,
        )
    return EpisodeNumber(slots[0]["episode"])
