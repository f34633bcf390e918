"""`enclosure.json`: what mastering left, so that a fresh clone builds the same feed without the audio."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cityhall_fm.reading import read_text
from cityhall_fm.show.episode import Enclosure, Key, MediaFile
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.loudness import Loudness
from cityhall_fm.show.mastering import Bite
from cityhall_fm.show.timecode import Timecode


def enclosure_as_written(enclosure: Enclosure) -> str:
    """Write an enclosure as JSON."""
    written = {
        "key": enclosure.key,
        "length_bytes": enclosure.length_bytes,
        "media_type": enclosure.media_type,
        "sha256": enclosure.sha256,
        "duration": enclosure.duration.exact(),
        "programme_at": enclosure.programme_at.exact(),
        "trimmed": enclosure.trimmed.exact(),
        "loudness": _loudness_as_written(enclosure.loudness),
        "processing": dict(enclosure.processing),
        "alternates": [asdict(file) for file in enclosure.alternates],
        "clips": [_bite_as_written(bite) | {"file": asdict(file)} for bite, file in enclosure.clips],
        "waveform": asdict(enclosure.waveform) if enclosure.waveform else None,
        "pictures": {name: asdict(file) for name, file in enclosure.pictures},
        "recipe": enclosure.recipe,
    }
    return json.dumps(written, ensure_ascii=False, indent=2) + "\n"


def _loudness_as_written(loudness: Loudness | None) -> Mapping[str, float] | None:
    return {name: round(value, 2) for name, value in asdict(loudness).items()} if loudness else None


def read_enclosure(path: Path, number: int) -> Enclosure | None:
    """Read it, older ones too; None where the episode is not mastered, InputError where it is broken."""
    if not path.exists():
        return None
    try:
        written = json.loads(read_text(path))
        return Enclosure(
            key=Key(written["key"]),
            length_bytes=int(written["length_bytes"]),
            media_type=written["media_type"],
            sha256=written["sha256"],
            duration=Timecode.parse(written["duration"]),
            programme_at=Timecode.parse(written["programme_at"]),
            trimmed=Timecode.parse(written.get("trimmed", "0")),
            loudness=Loudness(**written["loudness"]) if written["loudness"] else None,
            recipe=written["recipe"],
            processing=MappingProxyType(dict(written.get("processing", {}))),
            alternates=tuple(MediaFile(**file) for file in written.get("alternates", ())),
            clips=tuple((_bite(clip), MediaFile(**clip["file"])) for clip in written.get("clips", ())),
            waveform=MediaFile(**written["waveform"]) if written.get("waveform") else None,
            pictures=tuple((name, MediaFile(**file)) for name, file in written.get("pictures", {}).items()),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("files.enclosure", path=path, number=number) from error


def _bite_as_written(bite: Bite) -> dict[str, object]:
    return {"at": bite.at.exact(), "length": bite.length.exact(), "title": bite.title}


def _bite(written: Mapping[str, Any]) -> Bite:
    return Bite(Timecode.parse(written["at"]), Timecode.parse(written["length"]), written["title"])
