"""Recordings of voices in their folder, while the app deletes there."""

from __future__ import annotations

import shutil
from pathlib import Path

from cityhall_fm.adapters.voices import VoiceFolder
from cityhall_fm.show.question import QuestionId


def test_recordings_may_go_while_somebody_looks(tmp_path, monkeypatch):
    question = QuestionId("q-saku2345")
    (tmp_path / question).mkdir()
    (tmp_path / question / "F0SAKU.m4a").touch()
    voices = VoiceFolder(tmp_path)
    assert list(voices.for_host(question)) == ["F0SAKU"]

    def there_and_deleted_at_once(path):
        was = path.exists()
        shutil.rmtree(tmp_path / question, ignore_errors=True)
        return was

    monkeypatch.setattr(Path, "is_dir", there_and_deleted_at_once)
    assert voices.for_host(question) == {}
