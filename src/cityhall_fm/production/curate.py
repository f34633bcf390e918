"""Questions -> Rundown: what is chosen for the show, and under which name it may be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.privacy import Keeping
from cityhall_fm.production.ports.voices import VoiceShelf
from cityhall_fm.production.unwanted_voices import drop_unwanted
from cityhall_fm.show.clean import cut, one_line
from cityhall_fm.show.consent import Consent, Naming, Private, quote
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.question import Question, Status, may_become
from cityhall_fm.show.rundown import Link, Rundown, Segment
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode

LinkFinder = Callable[[str], Sequence[Link]]
"""Lists the web pages that a message (mrkdwn) links to."""

_LONGEST_TITLE: Final = 60
"""Characters: what a car's display and a phone's list of chapters still show."""
_SENTENCE: Final = re.compile(r".+?(?:[。！？!?]+|\.(?=\s|$)|\n|$)", re.DOTALL)


def slot(
    beginning: str,
    number: EpisodeNumber,
    *,
    shelf: EpisodeShelf,
    inbox: Inbox,
    links: LinkFinder,
    now: datetime,
    title: str | None = None,
    at: Timecode | None = None,
    at_position: int | None = None,
) -> Segment:
    """Put a question into an episode's rundown: as the last segment, or into the one at a position (from 1).

    Into a segment that the host has written, it brings itself and its links; the host's words stay
    unless others are given. Done again, it changes only what is said otherwise. Raises UnknownError for
    an unknown question, episode or position; NotReadyError for a question that must not be used, and
    where a title of the host's own is needed.
    """
    question = inbox.question(beginning)
    if not question.usable:
        raise NotReadyError("inbox.not_usable", question=question.id)
    rundown = shelf.episode(number).rundown
    position = _position(question, rundown, number, at_position)
    known = rundown.segments[position - 1] if position and position <= len(rundown.segments) else None
    if known is None or known.question != question.id:
        _demand_move(question, Status.SLOTTED)

    segment = Segment(
        title=_title(question, one_line(title or ""), known),
        at=at if at is not None else known.at if known else None,
        length=known.length if known else None,
        question=question.id,
        summary=known.summary if known else "",
        # Those that the host has struck stay struck.
        links=known.links if known and known.question else _links(question, links, known),
        url=known.url if known else None,
        image=known.image if known else None,
        topics=known.topics if known else (),
        checked_at=known.checked_at if known else None,
        script=known.script if known else "",
    )
    if segment != known:
        shelf.slot(number, segment, at_position=position)
    if question.status is not Status.SLOTTED and may_become(question.status, Status.SLOTTED):
        inbox.set_status(question.id, Status.SLOTTED, at=now)
    return segment


def move(
    beginning: str, to: Status, *, inbox: Inbox, now: datetime, voices: VoiceShelf | None = None
) -> Question:
    """Shortlist, keep for next time, decline or withdraw a question; NotReadyError where it is too late.

    Withdrawing takes the consent back too, and removes the recordings of the asker's voice.
    """
    question = inbox.question(beginning)
    if question.status is to:
        return question
    _demand_move(question, to)
    if to is Status.WITHDRAWN and question.consent and question.consent.withdrawn_at is None:
        inbox.set_consent(question.id, replace(question.consent, withdrawn_at=now))
    inbox.set_status(question.id, to, at=now)
    if to is Status.WITHDRAWN:
        drop_unwanted(inbox, voices)
    return inbox.question(question.id)


def note_consent(
    beginning: str,
    naming: Naming,
    *,
    wording: str,
    inbox: Inbox,
    now: datetime,
    radio_name: str | None = None,
    reading: str | None = None,
    voice: bool = False,
    keeping: Keeping | None = None,
) -> Question:
    """Keep what an asker agreed to, with the wording that they were shown; the latest counts.

    `voice` is whether recordings of theirs may be played too. Raises NotReadyError for a radio name that is
    missing, or that comes after the words were purged, and for a question that was withdrawn.
    """
    question = inbox.question(beginning)
    if question.status is Status.WITHDRAWN:
        raise NotReadyError("inbox.not_usable", question=question.id)
    name, read_as = one_line(radio_name or ""), one_line(reading or "")
    by_radio_name = naming is Naming.RADIO_NAME
    if by_radio_name and not name:
        raise NotReadyError("inbox.radio_name_needed", question=question.id)
    if by_radio_name and keeping and question.id in keeping.forgotten():
        raise NotReadyError("privacy.past_its_day", question=question.id)
    consent = Consent(
        naming,
        wording,
        given_at=now,
        radio_name=Private(name) if by_radio_name else None,
        reading=Private(read_as) if by_radio_name and read_as else None,
        voice=voice and naming is not Naming.DO_NOT_USE,
    )
    inbox.set_consent(question.id, consent)
    return replace(question, consent=consent)


def _position(question: Question, rundown: Rundown, number: EpisodeNumber, wanted: int | None) -> int | None:
    """Find where the question belongs: where it is already, where it is wanted, or None for the end."""
    places = {
        segment.question: place for place, segment in enumerate(rundown.segments, 1) if segment.question
    }
    here = places.get(question.id)
    if here and wanted not in (None, here):
        raise NotReadyError("inbox.already_slotted", question=question.id, number=number, position=here)
    if here or not wanted:
        return here
    taken_by = next((other for other, place in places.items() if place == wanted), None)
    if taken_by:
        raise NotReadyError("inbox.place_taken", number=number, position=wanted, other=taken_by)
    return wanted


def _title(question: Question, given: str, known: Segment | None) -> str:
    if given:
        return given
    if known:
        return known.title
    # The asker's words may become a title only if they agreed to have them read.
    released = quote(question.consent, question.words)
    sentence = _SENTENCE.search(released.words.strip()) if released else None
    title = one_line(sentence[0]).rstrip("。.") if sentence else ""
    if not title:
        raise NotReadyError("inbox.title_needed", question=question.id)
    return cut(title, _LONGEST_TITLE)


def _links(question: Question, find: LinkFinder, known: Segment | None) -> tuple[Link, ...]:
    """Gather the thread's links; their labels are Slack text, kept only where the asker agreed to that."""
    found = {link.url: link for link in (known.links if known else ())}
    opening = question.thread.opening
    quotable = quote(question.consent, question.words) is not None
    for message in (opening, *question.thread.replies):
        if message.deleted:
            continue
        for link in find(message.mrkdwn.for_host()):
            may_keep = quotable and message is opening
            titled = link if may_keep else replace(link, title=urlsplit(link.url).hostname or link.url)
            found.setdefault(link.url, titled)
    return tuple(found.values())


def _demand_move(question: Question, to: Status) -> None:
    if not may_become(question.status, to):
        raise NotReadyError(
            "inbox.cannot_move",
            question=question.id,
            now=Text.of(f"inbox.status_{question.status}"),
            then=Text.of(f"inbox.status_{to}"),
        )
