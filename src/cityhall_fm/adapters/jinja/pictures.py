"""Pictures for the pages, made from the artwork: a small one, one to share, and icons."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from cityhall_fm.show.episode import Key

if TYPE_CHECKING:
    from PIL.Image import Image

_COVER: Final = 600
"""Pixels: the widest that a page shows it is 240 CSS pixels, on screens of 2.5 dots each."""
_SHARED: Final = 1200
"""Pixels: what Slack, X and Facebook show in full width."""
_ICON: Final = 64
_TOUCH_ICON: Final = 180


@dataclass(frozen=True, slots=True)
class Pictures:
    """The keys that pages name, and the files to write."""

    cover: Key
    shared: Key
    shared_size: int | None = None
    icon: Key | None = None
    touch_icon: Key | None = None
    files: Mapping[Key, bytes] = field(default_factory=dict)


@lru_cache(maxsize=2)
def pictures_of(artwork: Key, content: bytes) -> Pictures:
    """Scale the artwork; the same artwork gives the same bytes. Without content, pages show it as it is."""
    if not content:
        return Pictures(artwork, artwork)
    from PIL import Image  # noqa: PLC0415  costs start-up time

    with Image.open(BytesIO(content)) as opened:
        picture = opened.convert("RGB")
    cover = _written(picture, _COVER, "cover", "webp", quality=82, method=4)
    shared = _written(picture, _SHARED, "share", "jpg", quality=85, optimize=True)
    icon = _written(picture, _ICON, "icon", "png", optimize=True)
    touch = _written(picture, _TOUCH_ICON, "touch-icon", "png", optimize=True)
    return Pictures(
        cover[0],
        shared[0],
        min(_SHARED, picture.width),
        icon[0],
        touch[0],
        dict((cover, shared, icon, touch)),
    )


def _written(picture: Image, size: int, name: str, ending: str, **options: Any) -> tuple[Key, bytes]:  # noqa: ANN401  Pillow's
    from PIL.Image import Resampling  # noqa: PLC0415  as above

    size = min(size, picture.width)
    scaled = picture.resize((size, size), Resampling.LANCZOS)
    file = BytesIO()
    scaled.save(file, {"jpg": "JPEG"}.get(ending, ending.upper()), **options)
    content = file.getvalue()
    return Key(f"{name}-{hashlib.sha256(content).hexdigest()[:12]}.{ending}"), content
