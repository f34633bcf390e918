"""The computer itself, as far as a production depends on it: codecs, room on the disk."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from cityhall_fm.show.errors import InputError

_DECODERS: Final = ("pcm_s16le", "pcm_s24le", "pcm_f32le", "flac", "mp3", "aac", "opus", "vorbis", "alac")
"""What recordings come in."""
_ENCODERS: Final = ("aac", "libopus")
"""What the other formats of an episode are made with; MP3 is lameenc's."""


class ThisMachine:
    """Fulfils Machine."""

    def missing_codecs(self) -> Sequence[str]:
        missing = [] if find_spec("lameenc") else ["lameenc"]
        try:
            import av.codec  # noqa: PLC0415 - only audio needs it
        except ImportError:
            return (*missing, "av")
        modes: tuple[tuple[Sequence[str], Literal["r", "w"]], ...] = ((_DECODERS, "r"), (_ENCODERS, "w"))
        for names, mode in modes:
            for name in names:
                try:
                    av.codec.Codec(name, mode)
                except ValueError:  # av's own UnknownCodecError is one
                    missing.append(name)
        return missing

    def free_bytes(self, folder: Path) -> int:
        """Tell how much room there is; InputError where the folder cannot be looked at."""
        try:
            return shutil.disk_usage(folder).free
        except OSError as error:
            raise InputError("files.unreadable", path=folder, reason=error.strerror or "") from error

    @contextmanager
    def probe_file(self, content: bytes) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "probe"
            path.write_bytes(content)
            yield path
