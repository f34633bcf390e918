"""The closed lists of feeds: types of files, roles of people, media, kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ENCLOSURES: Final[Mapping[str, tuple[str, ...]]] = {  # ending -> types, the best first
    "mp3": ("audio/mpeg",),
    "m4a": ("audio/x-m4a", "audio/mp4"),
    "mp4": ("video/mp4",),
    "m4v": ("video/x-m4v", "video/mp4"),
    "mov": ("video/quicktime",),
    "pdf": ("application/pdf",),
    "aac": ("audio/aac",),
    "flac": ("audio/flac",),
    "oga": ("audio/ogg",),
    "ogg": ("audio/ogg",),
    "opus": ("audio/ogg", "audio/opus"),
    "wav": ("audio/wav", "audio/x-wav"),
}
OF_APPLE: Final = frozenset({"mp3", "m4a", "mp4", "m4v", "mov", "pdf"})
"""Endings that Apple Podcasts takes."""
PICTURES: Final[Mapping[str, str]] = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
TRANSCRIPTS: Final[Mapping[str, str]] = {  # Podcasting 2.0, transcript: type -> ending
    "text/vtt": "vtt",
    "application/x-subrip": "srt",
    "application/srt": "srt",
    "text/srt": "srt",
    "application/json": "json",
    "text/html": "html",
    "text/plain": "txt",
}
CHAPTERS: Final = "application/json+chapters"
DESCRIPTION_TAGS: Final = frozenset({"a", "b", "br", "em", "i", "li", "ol", "p", "strong", "ul"})
"""What Apple Podcasts shows of a description's HTML."""
EPISODE_KINDS: Final = ("full", "trailer", "bonus")
SHOW_KINDS: Final = ("episodic", "serial")
_LISTABLE: Final = (
    "podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course",
)  # fmt: skip
MEDIA: Final = frozenset({*_LISTABLE, *(f"{medium}L" for medium in _LISTABLE), "mixed"})
"""Podcasting 2.0, medium."""
LOCATION_RELS: Final = ("subject", "creator")
PROTOCOLS: Final = (
    "disabled", "activitypub", "twitter", "lightning", "atproto", "hive", "matrix", "nostr",
)  # fmt: skip
"""Podcasting 2.0, socialInteract."""
ROLES: Final[Mapping[str, tuple[str, ...]]] = {  # the Podcast Taxonomy: group -> roles, in lower case
    "creative direction": (
        "director", "assistant director", "executive producer", "senior producer", "producer",
        "associate producer", "development producer", "creative director",
    ),
    "cast": (
        "host", "co-host", "guest host", "guest", "voice actor", "narrator", "announcer", "reporter",
    ),
    "writing": (
        "author", "editorial director", "co-writer", "writer", "songwriter", "guest writer", "story editor",
        "managing editor", "script editor", "script coordinator", "researcher", "editor", "fact checker",
        "translator", "translater", "transcriber", "logger",
    ),
    "audio production": (
        "studio coordinator", "technical director", "technical manager", "audio engineer",
        "remote recording engineer", "post production engineer",
    ),
    "audio post-production": (
        "audio editor", "sound designer", "foley artist", "composer", "theme music", "music production",
        "music contributor",
    ),
    "administration": (
        "production coordinator", "booking coordinator", "production assistant", "content manager",
        "marketing manager", "sales representative", "sales manager",
    ),
    "visuals": ("graphic designer", "cover art designer"),
    "community": ("social media manager",),
    "misc.": ("consultant", "intern"),
    "video production": ("camera operator", "lighting designer", "camera grip", "assistant camera"),
    "video post-production": ("editor", "assistant editor"),
}  # fmt: skip
LICENCES: Final = frozenset({  # of SPDX, in lower case, those that are made for works like shows
    "cc0-1.0", "cc-pddc", "unlicense", "wtfpl", "v4v-4.0",
    *(f"cc-{kind}-{version}" for kind in ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
      for version in ("1.0", "2.0", "2.1-jp", "2.5", "3.0", "4.0")),
})  # fmt: skip
