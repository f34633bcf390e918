"""`enclosure.json`: what mastering left, so that a fresh clone builds the same feed without the audio."""

from __future__ import annotations

import json
from pathlib import Path

from cityhall_fm.reading import read_text
from cityhall_fm.show.episode import Enclosure, Key
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.loudness import Loudness
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
        "loudness": {
            "integrated": round(enclosure.loudness.integrated, 2),
            "loudness_range": round(enclosure.loudness.loudness_range, 2),
            "true_peak": round(enclosure.loudness.true_peak, 2),
        },
        "recipe": enclosure.recipe,
    }
    return json.dumps(written, ensure_ascii=False, indent=2) + "\n"


def read_enclosure(path: Path, number: int) -> Enclosure | None:
    """Read it; None where the episode is not mastered, InputError where the file is broken."""
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
            loudness=Loudness(**written["loudness"]),
            recipe=written["recipe"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("files.enclosure", path=path, number=number) from error
