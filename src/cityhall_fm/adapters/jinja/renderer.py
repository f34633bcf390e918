"""JinjaRenderer: words notes, pages and messages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cityhall_fm.production.ports.words import Site, Words
from cityhall_fm.reading import read_bytes
from cityhall_fm.show.card import Card
from cityhall_fm.show.chapters import in_finished
from cityhall_fm.show.episode import Episode, Key, Show
from cityhall_fm.show.errors import InputError, Problem
from cityhall_fm.show.notes import Part, ShowNotes
from cityhall_fm.show.script import WrittenScript
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode

if TYPE_CHECKING:
    from cityhall_fm.adapters.jinja.templates import Templates


class JinjaRenderer:
    """Renderer over the templates of `folders`: the show's own first, then the defaults.

    Making one costs nothing; Jinja2 and the rest are loaded with the first text.
    """

    def __init__(self, folders: Sequence[Path], *, interactive: bool = False) -> None:
        self._folders = tuple(folders)
        self._interactive = interactive

    def fingerprint(self) -> str:
        """Fingerprint every file that a template's name may stand for."""
        found = hashlib.sha256()
        for folder in self._folders:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                content = hashlib.sha256(read_bytes(path)).hexdigest()
                found.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
            found.update(b"\0")
        return found.hexdigest()

    def notes_html(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        """Word the full show notes: HTML that is safe in any app."""
        from cityhall_fm.adapters.jinja.markdown import cleaned  # noqa: PLC0415  loaded when needed

        return cleaned(self._render("notes.html.j2", show, **_about(show, episode, notes))).strip()

    def notes_text(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        """Word the show notes as plain text."""
        return self._render("notes.txt.j2", show, **_about(show, episode, notes)).strip() + "\n"

    def description(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        """Word the feed's description: p, lists, links, emphasis; at most 4,000 bytes."""
        from cityhall_fm.adapters.jinja.description import within_limit  # noqa: PLC0415  loaded when needed

        return within_limit(self._render("description.html.j2", show, **_about(show, episode, notes)))

    def pages(self, site: Site) -> Mapping[Key, bytes]:
        """Make every page for listeners, with its pictures, scripts and search index."""
        from cityhall_fm.adapters.jinja.site import SiteMaker  # noqa: PLC0415  loaded when needed

        def render(template: str, /, **values: object) -> str:
            return self._render(template, site.show, **values)

        return SiteMaker(site, render=render, plain=self._templates.plain).pages()

    def cards(self, site: Site) -> Sequence[Card]:
        """Word the card of every episode and every answered question."""
        from cityhall_fm.adapters.jinja.cards import cards_of  # noqa: PLC0415  loaded when needed

        return tuple(cards_of(site))

    def announcement(self, show: Show, episode: Episode, notes: ShowNotes, artwork: Key) -> Words:
        """Word what the channel reads when the episode is out."""
        return self._message("announcement.json.j2", show, artwork=artwork, **_about(show, episode, notes))

    def receipt(self, show: Show, episode: Episode, part: Part) -> Words:
        """Word the reply to whoever asked: where it is answered, and no name."""
        asked = part.asked
        is_topic = bool(asked and asked.quote is None and asked.name.name is None)
        values = {"episode": episode, "part": part, "page": _page(show, episode), "is_topic": is_topic}
        values["may_press"] = self._interactive and asked is not None
        return self._message("receipt.json.j2", show, app=_app_words(show), **values)

    def declined(
        self, show: Show, *, later: bool, first: bool, reason: str, permalink: str | None, own: str = ""
    ) -> Words:
        """Word the private message to whoever's question is not in the show this time; it names nobody."""
        values = {"later": later, "first": first, "reason": reason, "permalink": permalink, "own": own}
        return self._message("declined.json.j2", show, kind=_kind(show), **values)

    def waiting(self, show: Show, *, permalink: str | None) -> Words:
        """Word the private message to whoever has waited for longer than was promised; it names nobody."""
        return self._message("waiting.json.j2", show, kind=_kind(show), permalink=permalink)

    def greeting(self, show: Show, *, in_private: bool) -> Words:
        """Word the welcome to whoever asks for the first time."""
        return self._message("greeting.json.j2", show, kind=_kind(show), in_private=in_private)

    def script_html(self, show: Show, episode: Episode, written: WrittenScript, *, vertical: bool) -> str:
        """Word the hosts' script as a page to print."""
        return self._render("script.html.j2", show, vertical=vertical, **_of_script(show, episode, written))

    def script_text(self, show: Show, episode: Episode, written: WrittenScript) -> str:
        """Word the hosts' script as plain text."""
        return self._render("script.txt.j2", show, **_of_script(show, episode, written))

    def _message(self, name: str, show: Show, **values: object) -> Words:
        from cityhall_fm.adapters.jinja import blocks, mrkdwn  # noqa: PLC0415  loaded when needed
        from cityhall_fm.adapters.jinja.templates import wrong  # noqa: PLC0415  same

        helpers = {"in_sections": mrkdwn.in_sections, "shortened": mrkdwn.shortened}
        rendered = self._render(name, show, **helpers, **values)
        path = self._templates.path(name)
        try:
            message = json.loads(rendered)
        except ValueError as error:
            line = getattr(error, "lineno", 1)
            raise wrong(path, line, f"JSON: {error}") from error
        reason = blocks.problem(message)
        if reason:
            text = Text.of("feed.template_message", path=path, reason=reason)
            raise InputError(
                "feed.template_message", path=path, reason=reason, problems=(Problem("blocks", text),)
            )
        return Words(message["text"], blocks.settled(message["blocks"]))

    def _render(self, name: str, show: Show, /, **values: object) -> str:
        from cityhall_fm.adapters.jinja.wording import Wording  # noqa: PLC0415  loaded when needed

        wording = Wording(show, html=".html." in name)
        helpers = {
            helper: getattr(wording, helper)
            for helper in (
                "byline",
                "criterion",
                "date",
                "day",
                "duration",
                "heading",
                "iso",
                "month",
                "names",
                "phrases",
                "ruby",
                "say",
                "short_day",
                "size",
            )
        }
        return self._templates.render(name, {**helpers, "show": show, **values})

    @cached_property
    def _templates(self) -> Templates:
        from cityhall_fm.adapters.jinja.templates import Templates  # noqa: PLC0415  80 ms, once, when needed

        return Templates(self._folders)


def _about(show: Show, episode: Episode, notes: ShowNotes) -> dict[str, object]:
    """Gather what every text about an episode may say."""
    from cityhall_fm.texts import Catalogue  # noqa: PLC0415

    opening = Catalogue(show.language)("pages.opening")
    return {
        "episode": episode,
        "notes": notes,
        "chapters": in_finished(episode, notes, opening=opening, url=show.url),
        "page": _page(show, episode),
        "people": episode.people or show.people,
    }


def _app_words(show: Show) -> Callable[[str], str]:
    from cityhall_fm.texts import Catalogue  # noqa: PLC0415  loaded when needed

    catalogue = Catalogue(show.language)
    return lambda entry: catalogue(f"slack_app.{entry}")


def _of_script(show: Show, episode: Episode, written: WrittenScript) -> dict[str, object]:
    from cityhall_fm.texts import Catalogue  # noqa: PLC0415  loaded when needed

    catalogue = Catalogue(show.language)
    return {
        "episode": episode,
        "written": written,
        "names": dict(written.script.readings),
        "time": lambda seconds: Timecode.of_seconds(round(seconds)),
        "word": lambda entry, **values: catalogue(f"script.{entry}", **values),
    }


def _kind(show: Show) -> Callable[[str], str]:
    """Speak kindly, in the language of a show or of one reader."""
    from cityhall_fm.texts import Catalogue  # noqa: PLC0415  loaded when needed

    catalogue = Catalogue(show.language)
    return lambda entry: catalogue(f"kind.{entry}")


def _page(show: Show, episode: Episode) -> str:
    return show.url(f"{episode.number}/")
