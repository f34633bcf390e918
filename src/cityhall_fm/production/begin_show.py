"""An empty folder -> the show of another city: settings, a sample episode, a guide, units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cityhall_fm.production.ports.moving import NewHome
from cityhall_fm.show.episode import Guid, Show
from cityhall_fm.show.errors import InputError, NotReadyError
from cityhall_fm.show.moving.lenient import derived_guid
from cityhall_fm.show.units import cron_line, systemd_unit

_ALLOWED: Final = frozenset({".git", ".gitignore", ".DS_Store"})
_PLACEHOLDER: Final = "https://fm.example.jp"
_MAIL: Final = "fm@example.jp"
_TIMEZONES: Final = {"ja": "Asia/Tokyo", "fr": "Europe/Paris"}

Say = Callable[..., str]
"""A catalogue in the show's language."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is known about a show when it begins; what is empty gets a sample that must be changed."""

    title: str = ""
    city: str = ""
    language: str = "ja"
    email: str = ""
    public_url: str = ""
    target: str = "feeds/site"


def begin_show(
    folder: Path,
    wishes: Wishes,
    *,
    home: NewHome,
    artwork: bytes,
    say: Say,
    new_guid: Callable[[], Guid],
    python: str,
) -> tuple[str, ...]:
    """Lay out a show; tells which settings are still samples.

    The show's guid follows from its address where that is known (Podcasting 2.0, guid); templates stay in
    the program, and a show has only those that it changes. Raises NotReadyError where the folder holds
    something already, InputError where it cannot be written.
    """
    try:
        if folder.exists() and {path.name for path in folder.iterdir()} - _ALLOWED:
            raise NotReadyError("start.folder_in_use", folder=folder)
    except OSError as error:
        raise InputError("files.unwritable", path=folder, reason=error.strerror or str(error)) from error
    city = wishes.city or say("start.default_city")
    title = wishes.title or say("start.default_title", city=city)
    address = (wishes.public_url or _PLACEHOLDER).rstrip("/")
    show = Show(
        title=title,
        description=say("start.description", city=city),
        language=wishes.language,
        link=address,
        author=title,
        owner_email=wishes.email or _MAIL,
        owner_name=title,
        guid=Guid(derived_guid(f"{address}/feed.xml")) if wishes.public_url else new_guid(),
        public_url=address,
        categories=(("Government", None),),
        city=city,
        explicit=False,
        timezone=_TIMEZONES.get(wishes.language, "UTC"),
    )
    slug = say("start.episode_slug")
    sample = say("start.episode", guid=new_guid()).lstrip("\n")
    for name, content in (
        (".gitignore", _NOT_IN_GIT),
        ("cityhall-fm.env.example", _ENVIRONMENT),
        ("README.md", say("start.readme", title=title).lstrip("\n")),
        (f"episodes/0001-{slug}/episode.md", sample),
        ("units/cityhall-fm.service", systemd_unit(python, folder.resolve())),
        ("units/crontab", f"{cron_line(python, folder.resolve())}\n"),
    ):
        home.keep(name, content.encode())
    home.keep("feeds/artwork.png", artwork)
    home.begin(show, artwork="artwork.png", target=wishes.target)  # last: the sign that all else is there
    known = {
        "title": wishes.title,
        "city": wishes.city,
        "email": wishes.email,
        "public_url": wishes.public_url,
    }
    return tuple(field for field, given in known.items() if not given)


_NOT_IN_GIT: Final = """\
/feeds/public/
/feeds/.public.json*
/feeds/.published.json*
/feeds/site/
/feeds/memory.sqlite3*
/episodes/*/recording*.*
/episodes/*/track-*
/episodes/*/*-fm.wav
/episodes/*/clip-*.mp3
*.env
"""
_ENVIRONMENT: Final = """\
SLACK_BOT_TOKEN=
SLACK_APP_TOKEN=
# AWS_ACCESS_KEY_ID=
# AWS_SECRET_ACCESS_KEY=
# AWS_ENDPOINT_URL=
# CITYHALL_FM_DATABASE_URL=
"""
