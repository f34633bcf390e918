"""Files in a workspace: what somebody uploaded or recorded, and where it was shared."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

_TYPES = {".m4a": "audio/mp4", ".mp4": "audio/mp4", ".webm": "video/webm", ".mp3": "audio/mpeg"}


@dataclass(frozen=True, slots=True)
class File:
    """A file; an audio clip recorded in Slack has the subtype slack_audio."""

    id: str
    user: str
    name: str
    content: bytes
    mimetype: str
    created: int
    title: str = ""
    subtype: str = ""
    duration_ms: int = 0
    transcript: str = ""
    is_complete: bool = True
    """False between files.getUploadURLExternal and files.completeUploadExternal."""
    shares: tuple[tuple[str, str], ...] = ()
    """Channel and ts of each message that carries it."""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def filetype(self) -> str:
        return PurePosixPath(self.name).suffix.removeprefix(".").lower() or "binary"


def type_of(name: str) -> str:
    """Guess a type from a file name, as Slack names it for audio clips.

    >>> type_of("voice.m4a"), type_of("絵.png")
    ('audio/mp4', 'image/png')
    """
    suffix = PurePosixPath(name).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(f"x{suffix}")[0] or "application/octet-stream"
