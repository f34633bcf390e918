"""The show folder that a show moves into: its first settings, and what is kept of the old place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from cityhall_fm.show.clean import clean
from cityhall_fm.show.episode import Person, Show
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.feed_fields import ShowFields
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

    def begin(self, show: Show, *, artwork: str, target: str) -> None:
        say = Catalogue(show.language)
        written = _written(show, artwork, about=say("start.toml_about"), target=target)
        before, mark, after = written.partition("\n[publish]\n")
        self.keep(_MANIFEST, f"{before}\n{_slack(show, say)}{mark}{after}".encode())

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


def _written(show: Show, artwork: str, *, about: str = "", target: str = "feeds/site") -> str:
    """Write the settings as TOML, each line that a host may want to change with what it is for."""
    say = Catalogue(show.language)
    categories = [" > ".join(part for part in category if part) for category in show.categories]
    lines: list[tuple[str, Mapping[str, object]]] = [
        ("moving.toml_title", {"title": show.title}),
        ("moving.toml_description", {"description": show.description}),
        ("moving.toml_language", {"language": show.language}),
        ("moving.toml_link", {"link": show.link}),
        ("moving.toml_author", {"author": show.author}),
        ("moving.toml_owner", {"owner": {"name": show.owner_name, "email": show.owner_email}}),
        ("moving.toml_guid", {"guid": show.guid}),
        ("moving.toml_categories", {"categories": categories}),
        ("moving.toml_explicit", {"explicit": show.explicit}),
        ("moving.toml_kind", {"kind": show.kind}),
        ("moving.toml_timezone", {"timezone": show.timezone}),
        ("moving.toml_artwork", {"artwork": artwork}),
    ]
    if show.city:
        lines.insert(5, ("start.toml_city", {"city": show.city}))
    if show.copyright:
        lines.append(("moving.toml_copyright", {"copyright": show.copyright}))
    if show.moved_from:
        lines.append(("moving.toml_moved_from", {"moved_from": show.moved_from}))
    settings = "".join(_line(say(name), values) for name, values in lines)
    settings += "".join(_table("[[show.people]]", _person(person)) for person in show.people)
    publish = _line(say("moving.toml_target"), {"target": target})
    publish += _line(say("moving.toml_public_url"), {"public_url": show.public_url})
    publish += f"# {say('start.toml_publish_more')}\n"
    head = f"# {about or say('moving.toml_about')}\n\n[show]\n{settings}"
    return f"{head}\n[publish]\n{publish}{_feed(show.feed)}"


def _feed(fields: ShowFields) -> str:
    """Write what the feed alone says, where the old one said it."""
    seasons = {str(number): name for number, name in fields.seasons.items()}
    written = f"seasons = {_value(seasons)}\n" if seasons else ""
    pages = [{"url": one.url, "text": one.title} for one in fields.funding]
    funding = "".join(_table("[[feed.funding]]", page) for page in pages)
    return f"\n[feed]\n{written}{funding}" if written or funding else ""


def _person(person: Person) -> Mapping[str, object]:
    """Describe somebody as a host would; what is not said is left out."""
    about = {"name": person.name, "role": person.role, "group": person.group}
    said = {**about, "url": person.url, "image": person.image}
    return {name: value for name, value in said.items() if value}


def _table(header: str, values: Mapping[str, object]) -> str:
    return f"\n{header}\n" + "".join(f"{key} = {_value(value)}\n" for key, value in values.items())


def _slack(show: Show, say: Catalogue) -> str:
    questions = say("start.channel_questions")
    lines: list[tuple[str, Mapping[str, object]]] = [
        ("toml_channels", {"channels": [questions]}),
        ("toml_question_channels", {"question_channels": [questions]}),
        ("toml_announce_channel", {"announce_channel": say("start.channel_announcements")}),
        ("toml_consent", {"consent_wording": say("consent.wording", title=show.title)}),
    ]
    return "[slack]\n" + "".join(_line(say(f"start.{name}"), values) for name, values in lines)


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
