"""What M4A and Opus say of themselves: iTunes' atoms, and Vorbis comments with chapters."""

# mypy: allow-untyped-calls
# mutagen says that it is typed, and types little of itself.

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mutagen.flac import Picture
from mutagen.id3 import PictureType
from mutagen.mp4 import MP4, MP4Cover
from mutagen.oggopus import OggOpus
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cityhall_fm.show.mastering import Tags
    from cityhall_fm.show.rundown import Chapter

_GENRE: Final = "Podcast"


def tag_m4a(path: Path, tags: Tags, *, picture: bytes | None) -> None:
    """Write iTunes' atoms into a finished M4A, whose chapters are there already."""
    file = MP4(path)
    atoms: dict[str, object] = {
        "\xa9nam": [tags.title],
        "\xa9alb": [tags.album],
        "\xa9ART": [tags.artist],
        "\xa9gen": [_GENRE],
        "trkn": [(tags.track, 0)],
        "pcst": True,
    }
    if tags.recorded_on:
        atoms["\xa9day"] = [tags.recorded_on.isoformat()]
    if tags.comment:
        atoms["\xa9cmt"] = [tags.comment]
    if picture:
        atoms["covr"] = [MP4Cover(picture, MP4Cover.FORMAT_JPEG)]
    for name, value in atoms.items():
        file[name] = value
    file.save()


def tag_opus(path: Path, tags: Tags, chapters: Sequence[Chapter], *, picture: bytes | None) -> None:
    """Write comments into a finished Opus file; chapters as VorbisComment's CHAPTERxxx."""
    file = OggOpus(path)
    comments = {
        "title": tags.title,
        "album": tags.album,
        "artist": tags.artist,
        "tracknumber": str(tags.track),
        "language": tags.language,
        "genre": _GENRE,
    }
    if tags.recorded_on:
        comments["date"] = tags.recorded_on.isoformat()
    if tags.comment:
        comments["comment"] = tags.comment
    if tags.url:
        comments["url"] = tags.url
    for number, chapter in enumerate(chapters):
        comments[f"CHAPTER{number:03}"] = chapter.at.precise()
        comments[f"CHAPTER{number:03}NAME"] = chapter.title
        if chapter.url:
            comments[f"CHAPTER{number:03}URL"] = chapter.url
    if picture:
        comments["metadata_block_picture"] = _as_comment(picture)
    file.update({name: [value] for name, value in comments.items()})
    file.save()


def _as_comment(jpeg: bytes) -> str:
    """Wrap a picture as FLAC does, which is what players look for in comments."""
    picture = Picture()
    picture.data, picture.mime, picture.type, picture.depth = jpeg, "image/jpeg", PictureType.COVER_FRONT, 24
    with Image.open(BytesIO(jpeg)) as image:
        picture.width, picture.height = image.size
    return b64encode(picture.write()).decode()
