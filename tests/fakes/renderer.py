"""A renderer with the plainest words there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cityhall_fm.production.ports.words import Site, Words
from cityhall_fm.show.card import Card, CardKind
from cityhall_fm.show.episode import Episode, Key, Show
from cityhall_fm.show.notes import Part, ShowNotes
from cityhall_fm.show.script import WrittenScript


class FakeRenderer:
    """Words every text as one line."""

    def fingerprint(self) -> str:
        return "plain"

    def notes_html(self, show: Show, episode: Episode, notes: ShowNotes) -> str:
        return f"<p>{self.notes_text(show, episode, notes).strip()}</p>"

    def notes_text(self, show: Show, episode: Episode, notes: ShowNotes) -> str:  # noqa: ARG002  the port's
        asked = [part.asked for part in notes.parts if part.asked]
        quotes = [one.quote.words for one in asked if one.quote]
        names = [one.name.name for one in asked if one.name.name]
        return " / ".join([episode.title, *(part.title for part in notes.parts), *quotes, *names]) + "\n"

    def description(self, show: Show, episode: Episode, notes: ShowNotes) -> str:  # noqa: ARG002  the port's
        return f"<p>{episode.summary[:1000]}</p>"

    def pages(self, site: Site) -> Mapping[Key, bytes]:
        pages = {
            episode.page_key: self.notes_text(site.show, episode, notes).encode()
            for episode, notes in site.episodes
        }
        home = "\n".join(episode.title for episode, _ in site.episodes)
        return {Key("index.html"): home.encode(), **pages}

    def cards(self, site: Site) -> Sequence[Card]:
        return [
            Card(CardKind.EPISODE, f"{episode.number}/", site.show.title, "", episode.title, "", site.artwork)
            for episode, _ in site.episodes
        ]

    def announcement(self, show: Show, episode: Episode, notes: ShowNotes, artwork: Key) -> Words:  # noqa: ARG002  the port's
        return _words(f"{episode.title} {show.url(f'{episode.number}/')}")

    def receipt(self, show: Show, episode: Episode, part: Part) -> Words:
        fragment = part.at.fragment if part.at is not None else ""
        return _words(f"{show.url(f'{episode.number}/')}{fragment}")

    def declined(
        self, show: Show, *, later: bool, first: bool, reason: str, permalink: str | None, own: str = ""
    ) -> Words:
        return _words(f"{show.title} {later=} {first=} {reason=} {permalink}{own and f' {own}'}")

    def waiting(self, show: Show, *, permalink: str | None) -> Words:
        return _words(f"{show.title} waiting {permalink}")

    def script_html(self, show: Show, episode: Episode, written: WrittenScript, *, vertical: bool) -> str:
        return f"<pre>{vertical=} {self.script_text(show, episode, written)}</pre>"

    def script_text(self, show: Show, episode: Episode, written: WrittenScript) -> str:
        lines = [line.text for part in written.parts for line in part.lines]
        return "\n".join([show.title, episode.title, *lines])

    def greeting(self, show: Show, *, in_private: bool) -> Words:
        return _words(f"{show.title} greeting {in_private=}")


def _words(text: str) -> Words:
    return Words(text, ({"type": "section", "text": {"type": "plain_text", "text": text}},))
