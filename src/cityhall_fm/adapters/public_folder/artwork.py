"""Artwork of a show or an episode: what Apple Podcasts takes, and a small picture of it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from cityhall_fm.show.errors import InputError, Problem
from cityhall_fm.show.text import Text

ENDINGS: Final = {"PNG": "png", "JPEG": "jpg"}
_SMALLEST, _LARGEST = 1400, 3000
"""Pixels: Apple's rule for artwork."""
_COVER: Final = 600
"""Pixels: a page shows it at most 240 CSS pixels wide, on screens of 2.5 dots each."""


def accepted(content: bytes, path: Path) -> str:
    """Tell the ending of a picture; InputError with everything that Apple Podcasts would refuse about it."""
    ending, problems = _looked_at(content)
    if problems:
        raise InputError("files.problems", path=path, count=len(problems), problems=problems)
    return ending


def made_small(content: bytes) -> bytes:
    """Scale artwork that was accepted, for a page (WebP); the same artwork gives the same bytes."""
    from PIL import Image  # noqa: PLC0415 - costs start-up time

    with Image.open(BytesIO(content)) as opened:
        opened.draft("RGB", (_COVER, _COVER))  # a JPEG is decoded no larger than needed
        picture = opened.convert("RGB").resize((_COVER, _COVER), Image.Resampling.LANCZOS)
    file = BytesIO()
    picture.save(file, "WEBP", quality=82, method=4)
    return file.getvalue()


def _looked_at(content: bytes) -> tuple[str, list[Problem]]:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - costs start-up time

    try:
        with _without_warnings(), Image.open(BytesIO(content), formats=list(ENDINGS)) as image:
            kind, (width, height), mode = image.format or "", image.size, image.mode
            problems = _problems(width, height, mode)
            if not problems:
                image.load()
    except UnidentifiedImageError:
        return "", [_problem("artwork_format")]
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return "", [_problem("artwork_torn")]
    return ENDINGS[kind], problems


@contextmanager
def _without_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they warn of, too many pixels, we tell ourselves
        yield


def _problems(width: int, height: int, mode: str) -> list[Problem]:
    problems = []
    if width != height:
        problems.append(_problem("artwork_square", width=width, height=height))
    if min(width, height) < _SMALLEST or max(width, height) > _LARGEST:
        problems.append(
            _problem("artwork_size", width=width, height=height, smallest=_SMALLEST, largest=_LARGEST)
        )
    if mode != "RGB":
        problems.append(_problem("artwork_colour", mode=mode))
    return problems


def _problem(name: str, **values: object) -> Problem:
    return Problem("artwork", Text.of(f"publish.{name}", **values))
