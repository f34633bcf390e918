"""What a public folder was built from, kept beside it: `feeds/.public.json`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cityhall_fm.production.ports.storage import BuildRecord
from cityhall_fm.show.episode import Key
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.text import Text

State = tuple[int, ...]
"""What a file looks like from outside."""

_SHAPE: Final = 2


def write_record(path: Path, record: BuildRecord, files: Mapping[Key, State]) -> None:
    """Keep a record with the files as the build left them, whole or not at all."""
    written = {
        "shape": _SHAPE,
        "origin": record.origin,
        "questions": record.questions,
        "asked": record.asked,
        "parts": dict(record.parts),
        "warnings": [_as_plain(warning) for warning in record.warnings],
        "files": files,
    }
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(written, ensure_ascii=False), "utf-8")
    os.replace(new, path)  # noqa: PTH105 - the word for it


def read_record(path: Path) -> tuple[BuildRecord, Mapping[Key, State]] | None:
    """Read a record with the files as they were; None where there is none that can be read whole."""
    try:
        written = json.loads(path.read_text("utf-8"))
        if written["shape"] != _SHAPE:
            return None
        record = BuildRecord(
            origin=written["origin"],
            questions=tuple(QuestionId(id_) for id_ in written["questions"]),
            asked=written["asked"],
            parts=dict(written["parts"]),
            warnings=tuple(_as_text(warning) for warning in written["warnings"]),
        )
        return record, {Key(key): tuple(state) for key, state in written["files"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None  # whatever it is, a build from the beginning is right


def _as_plain(text: Text) -> dict[str, object]:
    return {
        "name": text.name,
        "values": {
            name: _as_plain(value)
            if isinstance(value, Text)
            else value
            if isinstance(value, int | float)
            else str(value)
            for name, value in text.values.items()
        },
    }


def _as_text(written: Mapping[str, Any]) -> Text:
    values = {
        name: _as_text(value) if isinstance(value, dict) else value
        for name, value in written["values"].items()
    }
    return Text.of(written["name"], **values)
