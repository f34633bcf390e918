"""Checks what people write in files as a whole: every problem with its line and what to write instead."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from cityhall_fm.show.errors import InputError, Problem
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]
FormT = TypeVar("FormT", bound="Form")

_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Form(BaseModel):
    """What a file may hold. A field's example in the schema is what its problem advises to write."""

    # Built when first filled: a form within another would otherwise be built twice, and few are needed.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def fill(form: type[FormT], data: object, *, path: Path, line_of: Callable[[Place], int | None]) -> FormT:
    """Read data into a form; InputError with every problem of the file."""
    try:
        return form.model_validate(data)
    except ValidationError as error:
        problems = [_problem(detail, form, line_of) for detail in error.errors()]
        raise InputError("files.problems", path=path, count=len(problems), problems=problems) from None


def read_text(path: Path) -> str:
    """Read a text file; InputError where it is not there, may not be read or is not UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise InputError("files.absent", path=path) from None
    except UnicodeDecodeError:
        raise InputError("files.not_utf8", path=path) from None
    except OSError as error:
        raise InputError("files.unreadable", path=path, reason=error.strerror or "") from error


def read_bytes(path: Path) -> bytes:
    """Read a file of any kind; InputError where it is not there or may not be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError("files.no_such_file", path=path) from None
    except OSError as error:
        raise InputError("files.unreadable", path=path, reason=error.strerror or "") from error


def high_pass_hertz(written: bool | int) -> int:  # noqa: FBT001 - as people write it
    """Read the setting: `true` is 80 Hz, below every voice.

    >>> high_pass_hertz(True), high_pass_hertz(False), high_pass_hertz(100)
    (80, 0, 100)
    """
    return 80 if written is True else int(written)


def _without_unfit(value: object) -> object:
    """Drop what XML and terminals cannot carry, and spaces around (XML 1.0, 2.2)."""
    return _UNFIT.sub("", value).strip() if isinstance(value, str) else value


def _timecode(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return Timecode.of_seconds(value)
    try:
        return Timecode.parse(str(value))
    except ValueError:
        raise PydanticCustomError("timecode", "not a place in a recording") from None


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s]*", value):
        raise PydanticCustomError("web_address", "not a web address")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise PydanticCustomError("timezone", "not a time zone") from None
    return value


def _at_most(limit: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        length = len(value.encode())
        if length > limit:
            raise PydanticCustomError("bytes", "too long", {"limit": limit, "length": length})
        return value

    return check


Words = Annotated[str, BeforeValidator(_without_unfit)]
"""Text for people, cleaned where it enters."""
TitleWords = Annotated[Words, AfterValidator(_at_most(1000))]
LongWords = Annotated[Words, AfterValidator(_at_most(4000))]
"""feed.md: a description holds at most 4,000 bytes."""
ScriptWords = Annotated[Words, AfterValidator(_at_most(100_000))]
WebAddress = Annotated[Words, AfterValidator(_web_address)]
TimeZoneName = Annotated[str, AfterValidator(_timezone)]
HighPass = Annotated[bool | int, Field(ge=0, le=300)]
"""On, off, or the Hz below which rumble is taken away."""
TimecodeWords = Annotated[Timecode, BeforeValidator(_timecode)]


def _problem(detail: ErrorDetails, form: type[BaseModel], line_of: Callable[[Place], int | None]) -> Problem:
    place = tuple(part for part in detail["loc"] if part not in {"function-before", "function-after"})
    field = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    known, example = _known_fields(form, place), _example(form, place)
    context = {**detail.get("ctx", {}), "field": field, "example": example}
    match detail["type"]:
        case "missing":
            text = Text.of("files.missing", **context)
        case "extra_forbidden":
            near = difflib.get_close_matches(str(place[-1]), known, n=1)
            name = "files.unknown_near" if near else "files.unknown"
            text = Text.of(name, **context, near="".join(near), known=", ".join(known))
        case (
            "timecode"
            | "web_address"
            | "picture"
            | "timezone"
            | "bytes"
            | "category"
            | "target"
            | "host"
            | "letters" as kind
        ):
            text = Text.of(f"files.{kind}", **context)
        case "timezone_aware":
            text = Text.of("files.without_offset", **context)
        case _:
            text = Text.of("files.wrong", **context, written=_shown(detail["input"]))
    return Problem(field, text, _first_line(place, line_of))


def _first_line(place: Place, line_of: Callable[[Place], int | None]) -> int | None:
    for length in range(len(place), 0, -1):
        line = line_of(place[:length])
        if line is not None:
            return line
    return None


def _shown(value: object) -> str:
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    shown = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in shown)
    return shown if len(shown) <= 60 else shown[:59] + "…"  # noqa: PLR2004 - one line of a terminal


def _known_fields(form: type[BaseModel], place: Place) -> list[str]:
    inner = _form_at(form, place[:-1])
    return list(inner.model_fields) if inner else []


def _example(form: type[BaseModel], place: Place) -> str:
    inner = _form_at(form, place[:-1])
    field = inner.model_fields.get(str(place[-1])) if inner and place else None
    examples = (field.examples if field else None) or [""]
    return str(examples[0])


def _form_at(form: type[BaseModel], place: Place) -> type[BaseModel] | None:
    for part in place:
        if isinstance(part, int):
            continue
        field = form.model_fields.get(part)
        inner = _form_within(field.annotation) if field else None
        if inner is None:
            return None
        form = inner
    return form


def _form_within(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - an annotation is anything
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        inner = _form_within(part)
        if inner:
            return inner
    return None


def toml_lines(text: str) -> Mapping[Place, int]:
    """Find the line of every table and key in a TOML file, which tomllib does not tell."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]", line)
        key = re.match(r"\s*([\w\-]+)\s*=", line)
        if header:
            table = tuple(header[2].split("."))
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            lines[table] = number
        elif key:
            lines[(*table, key[1])] = number
    return lines
