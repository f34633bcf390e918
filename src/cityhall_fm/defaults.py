"""Where the default templates and the example show are: in the wheel, or in the checkout it was made from."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path


def defaults() -> Path:
    """Find the folder that holds `templates/`, and the example show's `feeds/` and `episodes/`."""
    here = Path(__file__).parent
    packed = here / "defaults"
    return packed if packed.is_dir() else here.parents[1]


@cache
def edition() -> str:
    """Fingerprint the program that runs: its files, and the versions of the libraries that it asks for.

    Its version alone would not do: in a checkout the files change and the version stays.
    """
    here = Path(__file__).parent
    found = hashlib.sha256()
    for path in sorted(path for path in here.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found.update(f"{path.relative_to(here).as_posix()}\0{content}\n".encode())
    for library in _libraries():
        found.update(f"{library}\n".encode())
    return found.hexdigest()


def _libraries() -> list[str]:
    """Name what is installed of what the package asks for, with versions."""
    from importlib import metadata  # noqa: PLC0415 - costs start-up time, and only a build asks

    try:
        asked = metadata.requires("cityhall-fm") or []
    except metadata.PackageNotFoundError:
        return []
    names = sorted({re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in asked})
    found: list[str] = []
    for name in names:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return found
