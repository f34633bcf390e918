"""Voices in memory, and a Slack that gives every recording."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cityhall_fm.show.consent import PublicVoice
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.slack_thread import Clip


class FakeVoices:
    """Keeps what it is given; its paths lead nowhere."""

    def __init__(self) -> None:
        self.contents: dict[QuestionId, dict[str, bytes]] = {}

    def kept(self) -> Mapping[QuestionId, frozenset[str]]:
        return {id_: frozenset(clips) for id_, clips in self.contents.items() if clips}

    def keep(self, question: QuestionId, clip: Clip, content: bytes) -> None:
        self.contents.setdefault(question, {})[clip.id] = content

    def remove(self, question: QuestionId, clip: str) -> None:
        self.contents.get(question, {}).pop(clip, None)

    def for_host(self, question: QuestionId) -> Mapping[str, Path]:
        return {clip: Path(question) / clip for clip in self.contents.get(question, ())}

    def for_programme(self, question: QuestionId, voice: PublicVoice) -> Path | None:
        return self.for_host(question).get(voice.clip)


class FakeClips:
    """Gives a few bytes for every recording."""

    def fetch(self, clip: Clip) -> bytes:
        return clip.id.encode()
