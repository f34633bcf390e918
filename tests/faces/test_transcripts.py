"""Transcripts on the command line: brought in, printed, refused, and written down by a machine."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from commands import cityhall_fm
from speaking_model import a_speaking_model

SRT = (
    "1\n00:00:01,000 --> 00:00:30,000\n課長: こんばんは。\n\n"
    "2\n00:00:29,000 --> 00:00:50,000\n髙橋: 佐久の冬です📻\n"
)


def _transcript(show: Path) -> Path:
    return next(show.glob("episodes/0001-*")) / "transcript.vtt"


@pytest.fixture
def srt(tmp_path) -> Path:
    path = tmp_path / "書き起こし.srt"
    path.write_text(SRT, "utf-8")
    return path


def run(show: Path, *arguments: object, **environment: str) -> str:
    done = cityhall_fm("--show", show, *arguments, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(show: Path, *arguments: object, lines: int = 2, **environment: str) -> str:
    before = _transcript(show).read_bytes()
    done = cityhall_fm("--show", show, *arguments, **environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == lines, done.stderr
    assert _transcript(show).read_bytes() == before
    return done.stderr


def test_a_file_is_brought_in_and_what_to_look_at_is_told(show, srt):
    told = run(show, "episode", "transcript", 1, "--from", srt)
    assert "2 cues, until 0:50" in told
    assert "Speakers: 課長, 髙橋" in told
    assert "  line 6: It begins at 0:29, while line 2 is still being said." in told
    assert (
        _transcript(show).read_text("utf-8").startswith("WEBVTT\n\n00:00:01.000 --> 00:00:30.000\n<v 課長>")
    )


def test_it_is_printed_to_read_or_in_any_form(show, srt):
    run(show, "episode", "transcript", 1, "--from", srt)
    assert run(show, "episode", "transcript", 1) == "課長:こんばんは。\n\n髙橋:佐久の冬です📻\n"
    assert run(show, "episode", "transcript", 1, "--format", "vtt").startswith("WEBVTT\n")
    assert run(show, "episode", "transcript", 1, "--format", "srt").startswith("1\n00:00:01,000 --> ")
    document = json.loads(run(show, "episode", "transcript", 1, "--format", "json"))
    assert [segment["speaker"] for segment in document["segments"]] == ["課長", "髙橋"]


@pytest.mark.parametrize("form", ["vtt", "srt", "json"])
def test_what_is_printed_can_be_brought_in_again(show, tmp_path, form):
    words = run(show, "episode", "transcript", 1)
    path = tmp_path / f"again.{form}"
    path.write_text(run(show, "episode", "transcript", 1, "--format", form), "utf-8")
    run(show, "episode", "transcript", 1, "--from", path)
    assert run(show, "episode", "transcript", 1) == words


def test_a_file_with_mistakes_is_refused_line_by_line(show, tmp_path):
    path = tmp_path / "悪い.vtt"
    path.write_text("WEBVTT\n\n-00:01.000 --> 00:02.000\nはい\n\n00:05.000 --> 00:04.000\nええ\n", "utf-8")
    told = refused(show, "episode", "transcript", 1, "--from", path, lines=4)
    assert "line 3" in told
    assert "line 6" in told


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", "ただの文章".encode(), b"{", b"\x00" * 999])
def test_a_file_that_is_no_transcript_is_refused(show, tmp_path, content):
    path = tmp_path / "何か.srt"
    path.write_bytes(content)
    lines = 2 if content.startswith(b"\xff") else 3
    assert "何か.srt" in refused(show, "episode", "transcript", 1, "--from", path, lines=lines)


def test_a_file_that_is_not_there_is_told(show):
    assert "ない.srt" in refused(show, "episode", "transcript", 1, "--from", "ない.srt")


def test_times_of_finished_audio_that_is_not_there_name_the_command(show, srt):
    assert "master 1" in refused(show, "episode", "transcript", 1, "--from", srt, "--finished")


def test_an_episode_without_a_transcript_says_how_to_get_one(show):
    _transcript(show).unlink()
    done = cityhall_fm("--show", show, "episode", "transcript", 1)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 2)


def test_options_that_do_not_go_together_are_wrong_usage(show, srt):
    for options in (["--from", srt, "--format", "srt"], ["--finished"], ["--format", "docx"]):
        assert cityhall_fm("--show", show, "episode", "transcript", 1, *options).returncode == 2


def test_a_transcript_that_is_there_is_not_written_over_by_a_machine(show, tmp_path):
    assert "--replace" in refused(show, "transcribe", 1, "--model", tmp_path)


def test_without_the_extra_the_command_that_installs_it_is_told(show, tmp_path):
    (tmp_path / "faster_whisper.py").write_text("raise ImportError", "utf-8")
    told = refused(show, "transcribe", 1, "--model", tmp_path, "--replace", PYTHONPATH=str(tmp_path))
    assert "pip install 'cityhall-fm[transcribe]'" in told


needs_whisper = pytest.mark.skipif(
    find_spec("faster_whisper") is None,
    reason="faster-whisper is not installed (pip install 'cityhall-fm[transcribe]')",
)


@needs_whisper
def test_a_model_that_is_not_there_is_told(show, tmp_path):
    told = refused(show, "transcribe", 1, "--model", tmp_path / "large-v3", "--replace")
    assert "large-v3" in told


@needs_whisper
def test_a_recording_is_written_down_and_can_be_read(show, tmp_path):
    model = a_speaking_model(tmp_path / "model")
    told = run(show, "transcribe", 1, "--model", model, "--replace")
    assert "Check names and places" in told
    assert run(show, "episode", "transcript", 1).startswith("こんばんは。髙橋です📻")
