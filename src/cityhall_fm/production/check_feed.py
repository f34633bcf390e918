"""A feed -> everything that is wrong with it, before listeners notice: as built, as a file, as served."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cityhall_fm.production.ports.feed import FeedInspector, WebProbe
from cityhall_fm.production.ports.storage import PublicFolder
from cityhall_fm.show.episode import Key, Show
from cityhall_fm.show.errors import InputError, NotReadyError, WebError
from cityhall_fm.show.feed_check import (
    Element,
    FileFacts,
    Finding,
    Nowhere,
    ParsedFeed,
    Severity,
    check,
    in_order,
)
from cityhall_fm.show.feed_check.finding import THE_SHOW, Place
from cityhall_fm.show.feed_check.frozen import changed_guids
from cityhall_fm.show.feed_check.syntax import is_web_address
from cityhall_fm.show.feed_check.web import Answer
from cityhall_fm.show.feed_check.web_rules import (
    attachment_answers,
    enclosure_answers,
    feed_rules,
    picture_answers,
)
from cityhall_fm.show.fingerprint import fingerprint
from cityhall_fm.show.text import Text

_FEED: Final = "feed.xml"
_FEEDS: Final = re.compile(r"feed(-[a-z0-9-]+)?\.xml")
_MOST_FEED: Final = 50 * 1000 * 1000
_MOST_SMALL: Final = 16 * 1000 * 1000
"""Bytes of artwork, chapters or a transcript."""
_MEDIA: Final = "media/"
_BEGINNING: Final = 64
_ORIGIN: Final = {"Origin": "https://player.example"}
"""So that servers which answer scripts selectively show how they do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to; `asked` and `left` count enclosures, where they were asked for over HTTP."""

    source: str
    findings: tuple[Finding, ...]
    episodes: int
    asked: int = 0
    left: int = 0

    @property
    def errors(self) -> Sequence[Finding]:
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]

    @property
    def warnings(self) -> Sequence[Finding]:
        return [finding for finding in self.findings if finding.severity is Severity.WARNING]


def check_built(
    files: Mapping[Key, bytes], *, show: Show, folder: PublicFolder, inspector: FeedInspector
) -> Checked:
    """Check what was just built: the feed, its older pages and other formats, with the files they name."""
    around = _Built(files, show, folder, inspector)
    feeds = [inspector.parse(files[key]) for key in sorted(files) if _FEEDS.fullmatch(key)]
    findings: list[Finding] = []
    for feed in feeds:  # what is wrong with the show is wrong in each
        findings += [finding for finding in check(feed, around) if finding not in findings]
    return Checked(_FEED, tuple(findings), sum(len(feed.items) for feed in feeds))


def check_public_folder(*, show: Show, folder: PublicFolder, inspector: FeedInspector) -> Checked | None:
    """Check what was built, as it lies on disk; None where nothing was."""
    facts = inspector.look(folder.path(Key(_FEED)))
    if facts is None or facts.content is None:
        return None
    parsed = inspector.parse(facts.content)
    return Checked(_FEED, check(parsed, _Built(None, show, folder, inspector)), len(parsed.items))


def refuse_changed_guids(*, public: ParsedFeed, wanted: ParsedFeed) -> None:
    """Raise NotReadyError where episodes that are public would come again under other guids.

    What is public is the witness: it is what apps know, whichever machine made it.
    """
    if changed := changed_guids(public, wanted):
        raise NotReadyError("check.guids_changed", count=len(changed), missing=changed)


def refuse_errors(checked: Checked) -> None:
    """Raise NotReadyError that names every error of a feed at once."""
    if checked.errors:
        raise NotReadyError(
            "check.refused",
            count=len(checked.errors),
            missing=in_lines(checked.errors),
        )


def in_lines(findings: Iterable[Finding]) -> Sequence[Text]:
    """Word each finding in one line, with whose it is."""
    return [_in_line(finding, place_of(finding)) for finding in findings]


def in_few_lines(findings: Iterable[Finding]) -> Sequence[Text]:
    """Word findings in one line each, but what is the same in several episodes only once."""
    alike: dict[str, list[Finding]] = {}
    for finding in findings:
        alike.setdefault(fingerprint(finding.tag, finding.text), []).append(finding)
    return [
        _in_line(first, Text.of("check.of_several", place=place_of(first), others=len(others)))
        if others
        else _in_line(first, place_of(first))
        for first, *others in alike.values()
    ]


def _in_line(finding: Finding, place: Text) -> Text:
    return Text.of("check.one_line", place=place, tag=finding.tag, problem=finding.text)


def place_of(finding: Finding) -> Text:
    """Word whose finding it is."""
    if not (finding.title or finding.guid):
        return Text.of("check.of_the_show")
    return Text.of("check.of_an_episode", title=finding.title or finding.guid)


def check_file(path: Path, *, inspector: FeedInspector) -> Checked:
    """Check a feed on disk, with the files that lie beside it under the addresses that it names."""
    facts = inspector.look(path)
    if facts is None:
        raise InputError("files.absent", path=path)
    if facts.content is None or len(facts.content) > _MOST_FEED:
        raise InputError("check.feed_too_large", path=path, megabytes=_MOST_FEED // 10**6)
    parsed = inspector.parse(facts.content)
    return Checked(str(path), check(parsed, _Beside(path.parent, parsed, inspector)), len(parsed.items))


def check_url(
    url: str, *, inspector: FeedInspector, web: WebProbe, newest: int, most_bytes: int = _MOST_FEED
) -> Checked:
    """Check a feed as apps use it: fetched, revalidated, and its files asked for.

    Only the `newest` episodes' files are asked for; the rules of the feed's text are held to all of it.
    Raises WebError where there is no feed at all.
    """
    answer = web.ask(url, most_bytes=most_bytes)
    if not answer.ok:
        raise WebError("check.no_answer", url=url, problem=next(feed_rules(answer, answer, None, None)).text)
    if not answer.whole:
        raise InputError("check.feed_too_large", path=url, megabytes=most_bytes // 10**6)
    parsed = inspector.parse(answer.content)
    again = web.ask(url, most_bytes=0, headers=answer.validators) if answer.validators else None
    head = web.ask(url, most_bytes=0, method="HEAD")
    findings = [*feed_rules(answer, head, again, parsed.channel)]
    asked = parsed.items[:newest]
    around = _Fetched(inspector, web)
    findings += around.look_at(parsed.channel, asked)
    findings += check(parsed, around)
    left = len(parsed.items) - len(asked)
    return Checked(url, in_order(findings, parsed), len(parsed.items), len(asked), left)


class _Built:
    """The files of a build, or of the last one on disk; media may be in the bucket alone."""

    def __init__(
        self, files: Mapping[Key, bytes] | None, show: Show, folder: PublicFolder, inspector: FeedInspector
    ) -> None:
        self._files = files
        self._base = show.url("")
        self._folder = folder
        self._inspector = inspector
        self._known: dict[str, FileFacts | None] = {}

    def file(self, url: str) -> FileFacts | None:
        if url not in self._known:
            self._known[url] = self._look(url)
        return self._known[url]

    def must_hold(self, url: str) -> bool:
        return url.startswith(self._base) and not self._key(url).startswith(_MEDIA)

    def _look(self, url: str) -> FileFacts | None:
        if not url.startswith(self._base):
            return None
        key = self._key(url)
        if self._files is not None and not key.startswith(_MEDIA):
            return self._inspector.facts(self._files[key]) if key in self._files else None
        try:
            return self._inspector.look(self._folder.path(key))
        except ValueError:  # the folder refuses what leads out of it
            return None

    def _key(self, url: str) -> Key:
        return Key(url.removeprefix(self._base))


class _Beside(Nowhere):
    """The files in the folder of a feed, as far as they are there."""

    def __init__(self, folder: Path, parsed: ParsedFeed, inspector: FeedInspector) -> None:
        links = parsed.channel.all("atom:link") if parsed.channel else ()
        here = next((link.attribute("href") for link in links if link.attribute("rel") == "self"), "")
        self._base = here.rpartition("/")[0] + "/" if is_web_address(here) else ""
        self._folder = folder
        self._inspector = inspector

    def file(self, url: str) -> FileFacts | None:
        if not self._base or not url.startswith(self._base):
            return None
        path = self._folder / url.removeprefix(self._base)
        if not path.resolve().is_relative_to(self._folder.resolve()):
            return None
        return self._inspector.look(path)


class _Fetched(Nowhere):
    """The files of a feed as their servers gave them."""

    def __init__(self, inspector: FeedInspector, web: WebProbe) -> None:
        self._inspector = inspector
        self._web = web
        self._files: dict[str, FileFacts] = {}
        self._told: set[str] = set()

    def file(self, url: str) -> FileFacts | None:
        return self._files.get(url)

    def look_at(self, channel: Element | None, items: Sequence[Element]) -> list[Finding]:
        """Ask for the files of the show and of some episodes."""
        findings: list[Finding] = []
        for image in channel.all("itunes:image") if channel else ():
            findings += self._picture(THE_SHOW, image)
        for item in items:
            place = Place.of(item)
            for enclosure in item.all("enclosure"):
                findings += self._enclosure(place, enclosure)
            for image in item.all("itunes:image"):
                findings += self._picture(place, image)
            for name in ("podcast:chapters", "podcast:transcript"):
                for element in item.all(name):
                    findings += self._attachment(place, element)
        return findings

    def _enclosure(self, place: Place, enclosure: Element) -> list[Finding]:
        url = enclosure.attribute("url")
        if not self._is_new(url):
            return []
        head = self._web.ask(url, most_bytes=0, method="HEAD")
        part = self._web.ask(url, most_bytes=_BEGINNING, headers={"Range": f"bytes=0-{_BEGINNING - 1}"})
        return list(enclosure_answers(place, enclosure, head, part))

    def _picture(self, place: Place, image: Element) -> list[Finding]:
        url = image.attribute("href")
        if not self._is_new(url):
            return []
        head = self._web.ask(url, most_bytes=0, method="HEAD")
        if head.ok:
            self._keep(url, self._web.ask(url, most_bytes=_MOST_SMALL))
        return list(picture_answers(place, image, head))

    def _attachment(self, place: Place, element: Element) -> list[Finding]:
        url = element.attribute("url")
        if not self._is_new(url):
            return []
        answer = self._web.ask(url, most_bytes=_MOST_SMALL, headers=_ORIGIN)
        self._keep(url, answer)
        return list(attachment_answers(place, element, answer))

    def _keep(self, url: str, answer: Answer) -> None:
        if answer.ok and answer.whole:
            self._files[url] = self._inspector.facts(answer.content)

    def _is_new(self, url: str) -> bool:
        """Ask for every address once, and for none that is no address."""
        if not is_web_address(url) or url in self._told:
            return False
        self._told.add(url)
        return True
