"""Names in addresses: ASCII for any language, the same on every machine and for ever."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from typing import Final

_READABLE: Final = re.compile(r"[a-z0-9]+(?:[ -][a-z0-9]+)*")
_LONGEST: Final = 40
_UNREADABLE: Final = "x-"
_LETTERS: Final = 8


def address_of(name: str) -> str:
    """Give a season, a department or a topic its place in addresses.

    Names that differ only in case, width or spaces share one; what ASCII cannot tell becomes a hash.

    >>> address_of("New  Families"), address_of("ＮＥＷ families")
    ('new-families', 'new-families')
    >>> address_of("移住どうする課")
    'x-m7bec4z2'
    """
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    if _READABLE.fullmatch(folded) and len(folded) <= _LONGEST and not folded.startswith(_UNREADABLE):
        return folded.replace(" ", "-")
    digest = hashlib.sha256(folded.encode("utf-8", "surrogatepass")).digest()
    return _UNREADABLE + base64.b32encode(digest).decode().lower()[:_LETTERS]
