"""Askers' voices as files in the show's folder, outside of everything public, for its owner alone."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from cityhall_fm.show.consent import PublicVoice
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.slack_thread import Clip
from cityhall_fm.show.voices import SUFFIXES

_QUESTION: Final = re.compile(r"q-[0-9a-z]{8}")
_CLIP: Final = re.compile(r"F[A-Z0-9]{1,32}")


class VoiceFolder:
    """Fulfils VoiceShelf: `feeds/voices/q-…/F….m4a`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def kept(self) -> Mapping[QuestionId, frozenset[str]]:
        if not self._folder.is_dir():
            return {}
        places = [place for place in self._folder.iterdir() if _QUESTION.fullmatch(place.name)]
        return {QuestionId(place.name): frozenset(self.for_host(QuestionId(place.name))) for place in places}

    def keep(self, question: QuestionId, clip: Clip, content: bytes) -> None:
        """Write a recording, whole or not at all; InputError where the disk refuses."""
        place = self._place(question)
        to = place / f"{clip.id}{SUFFIXES.get(clip.media_type, '.bin')}"
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, unfinished = tempfile.mkstemp(dir=place, prefix=".")  # for its owner alone
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(unfinished).replace(to)
        except OSError as error:
            raise InputError("files.unwritable", path=to, reason=error.strerror or str(error)) from error

    def remove(self, question: QuestionId, clip: str) -> None:
        place = self._place(question)
        try:
            for path in place.glob("*"):
                if path.stem == clip:
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise InputError("files.unwritable", path=place, reason=error.strerror or str(error)) from error
        with suppress(OSError):  # another recording is still in it
            place.rmdir()

    def for_host(self, question: QuestionId) -> Mapping[str, Path]:
        try:
            found = sorted(self._place(question).glob("F*"))
        except FileNotFoundError:  # the last of them was deleted while we looked
            return {}
        return {path.stem: path for path in found if _CLIP.fullmatch(path.stem)}

    def for_programme(self, question: QuestionId, voice: PublicVoice) -> Path | None:
        return self.for_host(question).get(voice.clip)

    def _place(self, question: QuestionId) -> Path:
        if not _QUESTION.fullmatch(question):
            raise ValueError("not a question's id")
        return self._folder / question
