"""A Markdown file with YAML front matter: read, changed and written without touching what people wrote."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.util import load_yaml_guess_indent

from cityhall_fm.reading import Place, read_text
from cityhall_fm.show.errors import InputError

_SHAPE: Final = re.compile(r"---[ \t]*\r?\n(.*?\r?\n)---[ \t]*(?:\r?\n(.*))?", re.DOTALL)
_LINES_BEFORE: Final = 2
"""The opening `---`, and that people count lines from 1."""


@dataclass(frozen=True, slots=True)
class Document:
    """Front matter with its comments and its indentation, and the Markdown below."""

    front: CommentedMap
    body: str
    indent: int = 4
    offset: int = 2


def read_document(path: Path) -> Document:
    """Read a file; InputError where there is no front matter or it is not YAML."""
    return parse_document(read_text(path), path)


def parse_document(text: str, path: Path) -> Document:
    """Read the text of such a file; `path` is for what is told of its problems."""
    match = _SHAPE.fullmatch(text)
    if not match:
        raise InputError("files.no_front_matter", path=path)
    try:
        front, indent, offset = _read(match[1])
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + _LINES_BEFORE if mark else 1
        reason = getattr(error, "problem", None) or type(error).__name__
        raise InputError("files.yaml", path=path, line=line, reason=reason) from error
    if not isinstance(front, CommentedMap):
        raise InputError("files.no_front_matter", path=path)
    return Document(front, match[2] or "", indent or 4, offset if offset is not None else 2)


def _read(text: str) -> tuple[object, int | None, int | None]:
    try:
        front, indent, offset = load_yaml_guess_indent(text, yaml=yaml_reader())
    except IndexError:  # ruamel.yaml stumbles over a line that is a dash and nothing else
        return yaml_reader().load(text), None, None
    return front, indent, offset


def line_finder(front: CommentedMap) -> Callable[[Place], int | None]:
    """Tell the line in the file of any place in its front matter."""

    def line_of(place: Place) -> int | None:
        here: Any = front
        line: int | None = None
        for part in place:
            try:
                line = here.lc.item(part)[0] if isinstance(part, int) else here.lc.key(part)[0]
                here = here[part]
            except (AttributeError, KeyError, IndexError, TypeError):
                return None
        return None if line is None else line + _LINES_BEFORE

    return line_of


def write_document(path: Path, document: Document) -> None:
    """Write the file back, whole or not at all."""
    yaml = yaml_reader()
    yaml.indent(mapping=2, sequence=document.indent, offset=document.offset)
    front = io.StringIO()
    yaml.dump(document.front, front)
    write_whole(path, f"---\n{front.getvalue()}---\n{document.body}")


def write_whole(path: Path, text: str) -> None:
    """Replace a file at once: a reader, or a kill, finds the old or the new one."""
    new = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(text, "utf-8", newline="\n")
        os.replace(new, path)  # noqa: PTH105 - the word for it
    except OSError as error:
        new.unlink(missing_ok=True)
        raise InputError("files.unwritable", path=path, reason=error.strerror or "") from error


def as_written(moment: datetime) -> object:
    """Make a date that is written as people write it, with T and offset."""
    return yaml_reader().load(f"at: {moment.isoformat(timespec='seconds')}")["at"]


def yaml_reader() -> YAML:
    """Make what reads and writes YAML with its comments."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 16  # a long sentence stays on its line
    return yaml
