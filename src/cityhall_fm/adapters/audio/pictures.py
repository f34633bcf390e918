"""Artwork and the pictures of chapters, scaled for embedding and for players that fetch them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from cityhall_fm.adapters.audio.recipe import sha256
from cityhall_fm.adapters.audio.whole import whole_or_nothing
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.mastering import Written
from cityhall_fm.show.rundown import is_file

if TYPE_CHECKING:
    from cityhall_fm.show.mastering import Tags
    from cityhall_fm.show.rundown import Chapter

ARTWORK_PIXELS: Final = 1400
CHAPTER_PIXELS: Final = 600
"""Of both sides: an M4A shows all its pictures in one size."""
_JPEG_QUALITY: Final = 85
_BESIDE: Final = "black"
"""What is seen beside a picture that is not square."""


def embedded_artwork(path: PurePath) -> bytes:
    """Scale to what players show; embedded, every listener downloads it with every episode."""
    flat = _artwork(path)
    flat.thumbnail((ARTWORK_PIXELS, ARTWORK_PIXELS), Image.Resampling.LANCZOS)
    return _jpeg(flat)


def chapter_pictures(tags: Tags) -> Mapping[str, bytes]:
    """Scale the chapters' pictures that are files here, by what the chapters call them; AudioError."""
    local = dict.fromkeys(image for chapter in tags.chapters if (image := local_image(chapter)))
    return {str(path): _square(_picture(path)) for path in local}


def pictures_of_all(
    chapters: Sequence[Chapter], pictures: Mapping[str, bytes], artwork: PurePath | None
) -> Sequence[bytes]:
    """Give every chapter a picture, the artwork where it has none; or none at all where none has one."""
    if not any(chapter.image in pictures for chapter in chapters):
        return ()
    if artwork is None:
        found = [pictures[image] for chapter in chapters if (image := chapter.image or "") in pictures]
        return found if len(found) == len(chapters) else ()
    otherwise = _square(_artwork(artwork))
    return [pictures.get(chapter.image or "", otherwise) for chapter in chapters]


def local_image(chapter: Chapter) -> Path | None:
    """Give the picture of a chapter where it is a file here, which is what can be embedded."""
    return Path(chapter.image) if is_file(chapter.image) else None


def publish(source: Path, *, to: Path) -> Written:
    """Write a chapter's picture as players shall fetch it, without what a camera wrote beside it."""
    picture = _picture(source)
    picture.thumbnail((ARTWORK_PIXELS, ARTWORK_PIXELS), Image.Resampling.LANCZOS)
    with whole_or_nothing(to) as (partial,):
        partial.write_bytes(_jpeg(picture))
    return Written(to, to.stat().st_size, sha256(to), "image/jpeg")


def _artwork(path: PurePath) -> Image.Image:
    return _read(path, missing="audio.artwork_missing", unreadable="audio.artwork_unreadable")


def _picture(path: Path) -> Image.Image:
    return _read(path, missing="audio.picture_missing", unreadable="audio.picture_unreadable")


def _read(path: PurePath, *, missing: str, unreadable: str) -> Image.Image:
    """Read a picture the way its camera was held, on white."""
    try:
        with Image.open(Path(path)) as image:
            picture = ImageOps.exif_transpose(image).convert("RGBA")
    except FileNotFoundError as error:
        raise AudioError(missing, path=path) from error
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise AudioError(unreadable, path=path) from error
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture)
    return flat


def _square(picture: Image.Image) -> bytes:
    return _jpeg(ImageOps.pad(picture, (CHAPTER_PIXELS, CHAPTER_PIXELS), color=_BESIDE))


def _jpeg(picture: Image.Image) -> bytes:
    """Write what was seen and nothing else: a photo's own file may tell where its owner lives."""
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return buffer.getvalue()
