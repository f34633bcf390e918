"""Every page that listeners open, and the files that pages need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from cityhall_fm.adapters.jinja import structured
from cityhall_fm.adapters.jinja.cards import cards_of, tags_of
from cityhall_fm.adapters.jinja.head import Head, robots, sitemap
from cityhall_fm.adapters.jinja.markdown import to_text
from cityhall_fm.adapters.jinja.pictures import pictures_of
from cityhall_fm.adapters.jinja.search_index import SearchIndex
from cityhall_fm.adapters.jinja.spoken import Paragraph, in_paragraphs, written_length
from cityhall_fm.adapters.jinja.wording import Wording
from cityhall_fm.production.ports.words import Site
from cityhall_fm.show.accessibility import CRITERIA, Finding, results
from cityhall_fm.show.addresses import address_of
from cityhall_fm.show.clean import cut, one_line
from cityhall_fm.show.episode import Episode, EpisodeNumber, Key
from cityhall_fm.show.library import (
    Noted,
    Relations,
    Shelf,
    ShelfKind,
    answered,
    shelves,
    topics_of,
)
from cityhall_fm.show.paging import ListPage, in_pages
from cityhall_fm.show.subscribing import apps
from cityhall_fm.show.transcript import transcript_of

Render = Callable[..., str]

_FILES: Final = ("player.js", "search.js", "style.css", "subscribe.js")
_NEWEST: Final = 12
"""Episodes on the first page; the archive has all."""
_NEWEST_QUESTIONS: Final = 6
_EXCERPT: Final = 140
_ON_A_PAGE: Final = 80
"""Lines of a list: a page of twice as many is still light."""
_CARDS: Final = 24
"""Episodes of a shelf that are shown with what they answer, the rest by title."""
_MOST_SPOKEN: Final = 38_000
"""Bytes of a transcript on its episode's page; a longer one has a page of its own (60 kB in all)."""


class SiteMaker:
    """Makes the pages of one site; `render` fills a template, `plain` reads a file that is none."""

    def __init__(self, site: Site, *, render: Render, plain: Callable[[str], str]) -> None:
        self._site = site
        self._show = site.show
        self._render = render
        self._plain = plain
        self._words = Wording(site.show, html=False)
        self._pictures = pictures_of(site.artwork, site.picture)
        self._cards = {card.path: tags_of(card, self._words) for card in cards_of(site)}
        self._shelves = shelves(site.episodes)
        self._questions = answered(site.episodes)
        self._spoken: dict[EpisodeNumber, tuple[Paragraph, ...]] = {
            episode.number: in_paragraphs(transcript_of(episode, notes)) for episode, notes in site.episodes
        }
        self._heads: list[Head] = []
        self._made: dict[Key, bytes] = {}

    def pages(self) -> Mapping[Key, bytes]:
        """Make everything: the same site gives the same bytes."""
        self._made |= {Key(name): self._plain(f"pages/{name}").encode() for name in _FILES}
        self._made |= self._pictures.files
        self._first_page()
        self._episode_pages()
        self._archive()
        self._question_pages()
        self._search()
        self._page("subscribe.html", self._head("subscribe/", "subscribe", "subscribe_about"))
        self._accessibility()
        self._page("404.html", Head("404.html", self._say("lost_title"), self._say("lost"), listed=False))
        self._made[Key("sitemap.xml")] = sitemap(self._show, self._heads)
        self._made[Key("robots.txt")] = robots(self._show)
        return self._made

    def _first_page(self) -> None:
        data = (structured.series(self._show, self._pictures.shared),)
        updated = self._updated(self._site.episodes)
        self._page(
            "index.html",
            Head("", self._show.title, self._show.description, data=data, updated=updated),
            episodes=self._site.episodes[:_NEWEST],
            more=len(self._site.episodes) > _NEWEST,
            shelves=[shelf for shelf in self._shelves if shelf.kind is not ShelfKind.SEASON],
            questions=self._questions[:_NEWEST_QUESTIONS],
        )

    def _episode_pages(self) -> None:
        episodes = [episode for episode, _ in self._site.episodes]
        newer, older = [None, *episodes[:-1]], [*episodes[1:], None]
        for (episode, notes), after, before in zip(self._site.episodes, newer, older, strict=False):
            people = episode.people or self._show.people
            title, path = self._words.heading(episode), f"{episode.number}/"
            data = (
                structured.episode(self._show, episode, notes, people, self._square(path)),
                self._where((title, path)),
            )
            about = episode.summary or self._show.description
            spoken = self._spoken[episode.number]
            apart = written_length(spoken) > _MOST_SPOKEN
            self._page(
                "episode.html",
                Head(
                    path,
                    title,
                    about,
                    kind="article",
                    data=data,
                    updated=self._date(episode),
                    card=self._cards.get(path),
                ),
                episode=episode,
                notes=notes,
                people=people,
                paragraphs=() if apart else spoken,
                apart="transcript/" if apart else "",
                cover=self._site.covers.get(episode.number, ""),
                shelves=self._shelves_of(
                    episode, topics_of(episode, notes), season=str(episode.season or "")
                ),
                newer=after,
                older=before,
            )
            if apart:
                words = self._say("transcript_of", title=title)
                where = f"{path}transcript/"
                steps = self._where((title, path), (self._say("transcript"), where))
                head = Head(where, words, about, kind="article", data=(steps,), updated=self._date(episode))
                self._page("transcript.html", head, episode=episode, paragraphs=spoken)

    def _archive(self) -> None:
        for page in in_pages(self._site.episodes, _ON_A_PAGE):
            by_year = groupby(page.items, key=lambda noted: self._date(noted[0])[:4])
            head = self._head(
                "archive/", "archive", "archive_about", data=(structured.listed(self._show, page.items),)
            )
            self._list_page(
                "archive.html",
                head,
                page,
                years=[(year, list(of)) for year, of in by_year],
                shelves=self._shelves if page.place == 1 else (),
            )
        for shelf in self._shelves:
            self._shelf_pages(shelf)

    def _shelf_pages(self, shelf: Shelf) -> None:
        name = self._shelf_name(shelf)
        about = self._say("shelf_about", name=name, count=len(shelf.noted), show=self._show.title)
        for page in in_pages(shelf.noted, _ON_A_PAGE):
            data = (
                structured.listed(self._show, page.items),
                self._where((self._say("archive"), "archive/"), (name, shelf.path)),
            )
            head = Head(shelf.path, name, about, data=data, updated=self._updated(page.items))
            cards = _CARDS if page.place == 1 else 0
            self._list_page("shelf.html", head, page, shelf=shelf, name=name, cards=cards)

    def _question_pages(self) -> None:
        departments = [shelf.name for shelf in self._shelves if shelf.kind is ShelfKind.DEPARTMENT]
        for page in in_pages(self._questions, _ON_A_PAGE):
            groups = [
                (name, [question for question in page.items if question.episode.department == name])
                for name in [*departments, ""]
            ]
            head = self._head("qa/", "questions", "questions_about")
            self._list_page(
                "questions.html", head, page, groups=[(name, found) for name, found in groups if found]
            )
        relations = Relations(self._questions)
        for question in self._questions:
            here = self._where((self._say("questions"), "qa/"), (question.part.title, question.path))
            asked = structured.question(self._show, question, self._square(question.path))
            excerpt = cut(one_line(to_text(question.part.summary)), _EXCERPT) or question.part.title
            self._page(
                "question.html",
                Head(
                    question.path,
                    question.part.title,
                    excerpt,
                    kind="article",
                    data=(asked, here) if asked else (here,),
                    updated=self._date(question.episode),
                    card=self._cards.get(question.path),
                ),
                question=question,
                related=relations.of(question),
                shelves=self._shelves_of(question.episode, question.topics),
            )

    def _search(self) -> None:
        index = SearchIndex()
        for episode, notes in reversed(self._site.episodes):
            day = self._words.short_day(episode.published_at) if episode.published_at else ""
            spoken = self._spoken[episode.number]
            apart = written_length(spoken) > _MOST_SPOKEN
            index.add(episode, notes, day, spoken, page="transcript/" if apart else "")
        self._made |= index.files()
        self._page("search.html", self._head("search/", "search", "search_about"))

    def _accessibility(self) -> None:
        test = self._show.accessibility.test
        if test is None:
            return
        without = [episode for episode, _ in self._site.episodes if not self._spoken[episode.number]]
        found = results(test, without_transcript=[episode.number for episode in without])
        self._page(
            "accessibility.html",
            self._head("accessibility/", "accessibility", "accessibility_about"),
            test=test,
            criteria=[(number, CRITERIA[number], finding) for number, finding in found.findings.items()],
            counts=[(finding, found.count(finding)) for finding in Finding],
            conformance=found.conformance,
            without=without,
            count=len(self._site.episodes),
        )

    def _list_page(self, template: str, head: Head, page: ListPage[Any], **values: object) -> None:
        """Make one page of a list; the pages name each other for people and for programs."""
        neighbours = [
            (rel, f"{head.path}{path}")
            for rel, path in (("prev", page.newer), ("next", page.older))
            if path is not None
        ]
        if page.place > 1:
            title = self._say("page_title", title=head.title, place=page.place, count=page.count)
            head = replace(head, path=f"{head.path}{page.path}", title=title)
        self._page(template, replace(head, neighbours=tuple(neighbours)), page=page, **values)

    def _page(self, template: str, head: Head, **values: object) -> None:
        """Make one page from `pages/{template}.j2`; the 404 page is served for any address."""
        self._heads.append(head)
        root = f"{self._show.public_url}/" if head.path == "404.html" else "../" * head.path.count("/")
        self._made[head.key] = self._render(
            f"pages/{template}.j2",
            head=head,
            root=root,
            home=root or "./",
            pictures=self._pictures,
            apps=apps(self._show),
            shelf_name=self._shelf_name,
            has_questions=bool(self._questions),
            **values,
        ).encode()

    def _square(self, path: str) -> Key:
        card = self._cards.get(path)
        return card.square if card else self._pictures.shared

    def _head(self, path: str, title: str, about: str, data: tuple[structured.Data, ...] = ()) -> Head:
        """Describe a page that every site has, from the entries of `pages.toml`."""
        name = self._say(title)
        updated = self._updated(self._site.episodes)
        about = self._say(about, show=self._show.title)
        return Head(path, name, about, data=(*data, self._where((name, path))), updated=updated)

    def _where(self, *steps: tuple[str, str]) -> structured.Data:
        return structured.path(self._show, [(self._show.title, ""), *steps])

    def _shelves_of(self, episode: Episode, topics: Iterable[str], season: str = "") -> list[Shelf]:
        wanted = {(ShelfKind.TOPIC, address_of(topic)) for topic in topics}
        wanted |= {(ShelfKind.DEPARTMENT, address_of(episode.department)), (ShelfKind.SEASON, season)}
        return [shelf for shelf in self._shelves if (shelf.kind, shelf.address) in wanted]

    def _shelf_name(self, shelf: Shelf) -> str:
        return self._season(int(shelf.name)) if shelf.kind is ShelfKind.SEASON else shelf.name

    def _season(self, number: int) -> str:
        name = self._show.feed.seasons.get(number)
        return self._say("season_named" if name else "season", number=number, name=name)

    def _updated(self, noted: Sequence[Noted]) -> str:
        return max((self._date(episode) for episode, _ in noted), default="")

    def _date(self, episode: Episode) -> str:
        return self._words.iso(episode.published_at) if episode.published_at else ""

    def _say(self, entry: str, **values: object) -> str:
        return self._words.say(entry, **values)
