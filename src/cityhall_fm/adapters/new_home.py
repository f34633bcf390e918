"""The show folder that a show moves into: its first settings, and what is kept of the old place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from cityhall_fm.show.clean import clean
from cityhall_fm.show.episode import Show
from cityhall_fm.show.errors import InputError
from cityhall_fm.texts import Catalogue

_MANIFEST: Final = "feeds/show.toml"
_WAITING: Final = ".import"


class ShowFolder:
    """Fulfils NewHome; InputError names the path where the disk refuses."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def furnish(self, show: Show, *, artwork: str) -> None:
        path = self._root / _MANIFEST
        if not path.exists():
            self.keep(_MANIFEST, _written(show, artwork).encode())

    def path(self, name: str) -> Path:
        return self._root / name

    def keep(self, name: str, content: bytes) -> None:
        path = self.path(name)
        new = path.with_name(f".{path.name}.new")
        with _disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(content)
            new.replace(path)

    def waiting(self, what: str) -> Path:
        place = self._root / _WAITING / hashlib.sha256(what.encode()).hexdigest()[:24]
        with _disk_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def tidy(self) -> None:
        with suppress(OSError):  # it is not empty: something waits for the next time
            (self._root / _WAITING).rmdir()


def _written(show: Show, artwork: str) -> str:
    """Write the settings as TOML, each line that a host may want to change with what it is for."""
    say = Catalogue(show.language)
    categories = [" > ".join(part for part in category if part) for category in show.categories]
    lines: list[tuple[str, Mapping[str, object]]] = [
        ("toml_title", {"title": show.title}),
        ("toml_description", {"description": show.description}),
        ("toml_language", {"language": show.language}),
        ("toml_link", {"link": show.link}),
        ("toml_author", {"author": show.author}),
        ("toml_owner", {"owner": {"name": show.owner_name, "email": show.owner_email}}),
        ("toml_guid", {"guid": show.guid}),
        ("toml_categories", {"categories": categories}),
        ("toml_explicit", {"explicit": show.explicit}),
        ("toml_kind", {"kind": show.kind}),
        ("toml_timezone", {"timezone": show.timezone}),
        ("toml_artwork", {"artwork": artwork}),
    ]
    if show.copyright:
        lines.append(("toml_copyright", {"copyright": show.copyright}))
    if show.moved_from:
        lines.append(("toml_moved_from", {"moved_from": show.moved_from}))
    settings = "".join(_line(say(f"moving.{name}"), values) for name, values in lines)
    publish = _line(say("moving.toml_target"), {"target": "feeds/site"})
    publish += _line(say("moving.toml_public_url"), {"public_url": show.public_url})
    return f"# {say('moving.toml_about')}\n\n[show]\n{settings}\n[publish]\n{publish}"


def _line(comment: str, values: Mapping[str, object]) -> str:
    written = "".join(f"{name} = {_value(value)}\n" for name, value in values.items())
    return f"# {comment}\n{written}"


def _value(value: object) -> str:
    """Write a value as TOML 1.0, whose basic strings take all of JSON's escapes."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{name} = {_value(inner)}' for name, inner in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(_value(inner) for inner in value)}]"
    return json.dumps(clean(value) if isinstance(value, str) else value, ensure_ascii=False)


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError("files.unwritable", path=path, reason=error.strerror or str(error)) from error
