"""A scratch show folder: the example show, addressed to this machine."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

from cityhall_fm.defaults import defaults
from cityhall_fm.show.errors import InputError, NotReadyError

_LEFT_OUT: Final = shutil.ignore_patterns("enclosure.json", ".*", "*.txt")
"""The demo masters the recordings itself: what it shows is made here and now."""


def prepare(folder: Path, *, public_url: str) -> None:
    """Lay out the example show, unless it lies there from an earlier play.

    Raises NotReadyError where the folder holds something else, InputError where it cannot be written.
    """
    manifest = folder / "feeds" / "show.toml"
    try:
        if not manifest.exists():
            if folder.exists() and any(folder.iterdir()):
                raise NotReadyError("demo.folder_in_use", path=folder)
            _lay_out(folder)
        text = manifest.read_text("utf-8")
        manifest.write_text(_addressed(text, public_url), "utf-8")
    except OSError as error:
        raise InputError("files.unwritable", path=folder, reason=error.strerror or "") from error


def _lay_out(folder: Path) -> None:
    example = defaults()
    (folder / "feeds").mkdir(parents=True)
    for name in ("artwork.png", "jingle.flac"):
        shutil.copyfile(example / "feeds" / name, folder / "feeds" / name)
    shutil.copytree(example / "episodes", folder / "episodes", ignore=_LEFT_OUT)
    shutil.copytree(example / "templates", folder / "templates")
    # Last, since it is the sign that everything else is there.
    shutil.copyfile(example / "feeds" / "show.toml", folder / "feeds" / "show.toml")


def _addressed(manifest: str, public_url: str) -> str:
    return re.sub(r'(?m)^public_url = ".*"', f'public_url = "{public_url}"', manifest)
