"""Writing a recording down with the real faster-whisper, and a model that always says the same."""

from __future__ import annotations

import shutil
import socket
import wave
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip(
    "faster_whisper", reason="faster-whisper is not installed (pip install 'cityhall-fm[transcribe]')"
)

from cityhall_fm.adapters.whisper import WhisperTranscriber
from cityhall_fm.show.errors import AudioError, InputError
from cityhall_fm.texts import Catalogue
from speaking_model import a_speaking_model

from fakes.progress import FakeProgress

SPEECH = Path(__file__).parents[3] / "episodes" / "0003-winter-in-saku" / "recording.opus"


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return a_speaking_model(tmp_path_factory.mktemp("モデル") / "whisper")


@pytest.fixture(scope="module")
def transcriber(model) -> WhisperTranscriber:
    return WhisperTranscriber(model)


@pytest.fixture
def copy(model, tmp_path) -> Path:
    """A model of one's own to spoil."""
    return Path(shutil.copytree(model, tmp_path / "model"))


def silence(path: Path, seconds: float) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(np.zeros(round(seconds * 16_000), np.int16).tobytes())
    return path


def told(error: Exception) -> str:
    lines = [Catalogue(language).word(error.text) for language in ("ja", "en", "fr")]
    assert all(len(words.strip().splitlines()) == 2 for words in lines)
    return lines[1]


def test_a_recording_is_written_down_with_the_times_of_the_recording(transcriber):
    progress = FakeProgress()
    heard = transcriber.transcribe(SPEECH, language="ja-JP", progress=progress)
    assert [cue.words for cue in heard.cues[:2]] == ["こんばんは。", "髙橋です📻"]
    assert len(heard.cues) == 8  # four windows of half a minute
    assert 118 < heard.duration.seconds < 119
    first = heard.cues[0]
    assert 0 < first.start.seconds < 1  # the pause before the first word is not counted away
    assert all(cue.start < cue.end <= heard.duration for cue in heard.cues)
    assert [done for done, _ in progress.done] == sorted(done for done, _ in progress.done)
    assert {round(total) for _, total in progress.done} == {118}


def test_it_needs_no_network(model, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert WhisperTranscriber(model)


@pytest.mark.parametrize("seconds", [3, 0])
def test_a_recording_in_which_nobody_speaks_has_no_words(transcriber, tmp_path, seconds):
    recording = silence(tmp_path / "静か.wav", seconds)
    heard = transcriber.transcribe(recording, language="ja", progress=FakeProgress())
    assert (heard.cues, heard.duration.seconds) == ((), seconds)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "audio.not_audio"), (b"not sound" * 99, "audio.not_audio"), (None, "audio.missing")],
)
def test_a_recording_that_cannot_be_read_is_told(transcriber, tmp_path, content, name):
    path = tmp_path / "recording.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AudioError) as error:
        transcriber.transcribe(path, language="ja", progress=FakeProgress())
    assert error.value.text.name == name


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError) as error:
        WhisperTranscriber(tmp_path / "large-v3")
    assert "large-v3" in told(error.value)


@pytest.mark.parametrize("name", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_a_file_that_the_model_lacks_is_named(copy, name):
    (copy / name).unlink()
    with pytest.raises(InputError) as error:
        WhisperTranscriber(copy)
    assert f"lacks: {name}\n" in told(error.value)


@pytest.mark.parametrize("name", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_a_broken_model_is_told(copy, name):
    (copy / name).write_bytes((copy / name).read_bytes()[:99])
    with pytest.raises(InputError) as error:
        WhisperTranscriber(copy)
    assert str(copy) in told(error.value)


def test_parts_that_do_not_fit_each_other_are_told(copy):
    (copy / "preprocessor_config.json").write_text('{"feature_size": 128}', "utf-8")
    transcriber = WhisperTranscriber(copy)
    with pytest.raises(InputError) as error:
        transcriber.transcribe(SPEECH, language="ja", progress=FakeProgress())
    assert str(copy) in told(error.value)


@pytest.mark.parametrize(("english_only", "language"), [(True, "ja"), (False, "tlh")])
def test_a_language_that_the_model_does_not_know_is_told(tmp_path, english_only, language):
    transcriber = WhisperTranscriber(a_speaking_model(tmp_path / "m", english_only=english_only))
    with pytest.raises(InputError) as error:
        transcriber.transcribe(SPEECH, language=language, progress=FakeProgress())
    assert f"({language})" in told(error.value)
