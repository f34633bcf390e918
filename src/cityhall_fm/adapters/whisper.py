"""Transcriber over faster-whisper, with a model folder that the user names; nothing is downloaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cityhall_fm.show.clean import one_line
from cityhall_fm.show.errors import AudioError, InputError, NotReadyError
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import Cue, Transcribed

if TYPE_CHECKING:
    from types import ModuleType

    from cityhall_fm.production.ports.progress import Progress

_NEEDED: Final = ("model.bin", "config.json", "tokenizer.json")
"""Without its tokenizer faster-whisper would fetch one."""
_VOCABULARIES: Final = ("vocabulary.json", "vocabulary.txt")
_RATE: Final = 16_000
"""Hz: what Whisper hears."""
_ON_CPU: Final = {"device": "cpu", "compute_type": "int8"}
"""Half the memory and twice the speed of the model as it is stored; every machine of an office can do it."""


class WhisperTranscriber:
    """Has its model in memory from the beginning."""

    def __init__(self, model: Path) -> None:
        """Load the model.

        Raises NotReadyError without faster-whisper, InputError where the folder holds no whole model.
        """
        self._library = _faster_whisper()
        self._folder = model
        _look_into(model)
        with _fits(model, Exception):  # the tokenizer's library raises nothing narrower
            self._model: Any = self._library.WhisperModel(str(model), local_files_only=True, **_ON_CPU)

    def transcribe(self, recording: Path, *, language: str, progress: Progress) -> Transcribed:
        """Write down a recording; progress is told by audio time.

        Raises InputError where the model does not know the language, AudioError where the recording
        cannot be read.
        """
        spoken = language.partition("-")[0].lower()
        if spoken not in self._model.supported_languages:
            raise InputError("transcripts.language", path=self._folder, language=language)
        with _reading(recording):
            samples = self._library.decode_audio(str(recording), sampling_rate=_RATE)
        duration = Timecode.of_seconds(len(samples) / _RATE)
        cues: list[Cue] = []
        with _fits(self._folder, RuntimeError, ValueError):  # parts that do not fit show only here
            segments, _ = self._model.transcribe(
                samples,
                language=spoken,
                vad_filter=True,  # jingles and pauses would be heard as words
                condition_on_previous_text=False,  # one mishearing would repeat to the end
            )
            for segment in segments:
                progress.advance(segment.end, duration.seconds)
                cues += _cues(segment, duration)
        return Transcribed(tuple(cues), duration)


def _faster_whisper() -> ModuleType:
    try:
        import faster_whisper  # noqa: PLC0415 - an extra, and 400 ms
    except ImportError as error:
        raise NotReadyError("transcripts.no_extra") from error
    return faster_whisper  # type: ignore[no-any-return, unused-ignore]  # untyped where it is installed


def _look_into(folder: Path) -> None:
    if not folder.is_dir():
        raise InputError("transcripts.no_model", path=folder)
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in _VOCABULARIES):
        missing.append(_VOCABULARIES[0])
    if missing:
        raise InputError("transcripts.half_a_model", path=folder, missing=", ".join(missing))


@contextmanager
def _fits(folder: Path, *kinds: type[Exception]) -> Iterator[None]:
    """Say of the model what is wrong with it."""
    try:
        yield
    except kinds as error:
        reason = one_line(str(error)) or type(error).__name__
        raise InputError("transcripts.model_broken", path=folder, reason=reason) from error


@contextmanager
def _reading(recording: Path) -> Iterator[None]:
    """Say of the recording what went wrong with it, in the words of mastering."""
    import av.error  # noqa: PLC0415 - when it is needed

    try:
        yield
    except (av.error.FFmpegError, OSError, ValueError, IndexError, TypeError) as error:
        name = "audio.not_audio" if recording.is_file() else "audio.missing"
        raise AudioError(name, path=recording) from error


def _cues(segment: Any, duration: Timecode) -> Iterator[Cue]:  # noqa: ANN401 - as above
    words = one_line(segment.text)
    start = min(Timecode.of_seconds(max(0.0, segment.start)), duration)
    end = min(Timecode.of_seconds(max(0.0, segment.end)), duration)
    if words and start < end:
        yield Cue(start, end, words)
