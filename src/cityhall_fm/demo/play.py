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
    export = sandbox.world.write_export(folder / "sandbox-export.zip")
    return Played(folder, Path(companion.settings.target), export, released)


@contextmanager
def workspace(folder: Path, *, port: int) -> Iterator[Sandbox]:
    """Serve the sandbox with the example workspace, or as an earlier play left it."""
    export = folder / "sandbox-export.zip"
    world = World.from_export(export if export.exists() else _WORKSPACE)
    bot = world.install_app(_TOKEN, display_name="FMリモート市役所")
    for channel in world.channels:
        world.join(channel.id, bot.id)
    try:
        with serving(world, port) as sandbox:
            yield sandbox
    except OSError as error:
        raise NotReadyError("demo.port_in_use", port=port) from error


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
