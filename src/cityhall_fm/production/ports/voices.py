"""What production asks of whoever keeps askers' voices, and of whoever fetches them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from cityhall_fm.show.consent import PublicVoice
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.slack_thread import Clip


class ClipSource(Protocol):
    """Where recordings are fetched from."""

    def fetch(self, clip: Clip) -> bytes:
        """Fetch a recording whole; SlackError where Slack does not give it, or it is none."""


class VoiceShelf(Protocol):
    """Askers' voices on this machine, outside of everything public."""

    def kept(self) -> Mapping[QuestionId, frozenset[str]]:
        """Name the recordings that are here, by question."""

    def keep(self, question: QuestionId, clip: Clip, content: bytes) -> None: ...

    def remove(self, question: QuestionId, clip: str) -> None:
        """Take a recording away; fine if it is gone."""

    def for_host(self, question: QuestionId) -> Mapping[str, Path]:
        """Find a question's recordings, to be listened to by whoever prepares the show."""

    def for_programme(self, question: QuestionId, voice: PublicVoice) -> Path | None:
        """Find a recording that its speaker agreed to have played; None where it is not here."""
