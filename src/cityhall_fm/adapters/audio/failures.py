"""The one place where exceptions of FFmpeg's libraries become ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import av.error

from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.timecode import Timecode


@contextmanager
def reading(path: Path, position: Callable[[], float] = lambda: 0.0) -> Iterator[None]:
    """Say of the file what went wrong with it, and at which second where some of it was read."""
    try:
        yield
    except (av.error.FileNotFoundError, av.error.IsADirectoryError, NotADirectoryError) as error:
        raise AudioError("audio.missing", path=path) from error
    except av.error.PermissionError as error:
        raise AudioError("audio.not_readable", path=path) from error
    except (av.error.FFmpegError, ValueError) as error:  # ValueError: a frame unlike those before it
        seconds = position()
        if seconds > 0:
            raise AudioError("audio.damaged", path=path, at=Timecode.of_seconds(seconds)) from error
        raise AudioError("audio.not_audio", path=path) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say why the finished file could not be written."""
    try:
        yield
    except OSError as error:
        raise AudioError("audio.not_written", path=path, reason=error.strerror or str(error)) from error
