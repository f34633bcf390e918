"""What a member hands in through the app's form, and what is refused about it, field by field."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from cityhall_fm.show.announcement import PostKey
from cityhall_fm.show.clean import clean, in_units, one_line
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.question import Kind, Question, QuestionId, Status
from cityhall_fm.show.slack_thread import ChannelId, UserId, ts_order
from cityhall_fm.show.text import Text

LONGEST_WORDS: Final = 2000
"""Characters of a question: it fits one section of Slack's (3,000), with the escapes that it needs."""
LONGEST_NAME: Final = 40
DRAFT_KEPT: Final = timedelta(days=7)
"""So long the app keeps what somebody typed into a form and did not send."""
SUBMISSIONS: Final = "submission/"
"""Begins the key of every post that the app makes of a form."""
_NOTHING: Final = Private("")
_A_DAY: Final = timedelta(days=1)
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+")
_LETTER: Final = re.compile(r"\w")


class Corner(StrEnum):
    """Which part of the show it is for."""

    QUESTION = "question"
    LETTER = "letter"
    """ふつおた: an ordinary letter, which asks nothing."""
    IDEA = "idea"


class Field(StrEnum):
    """A field of the form; a refusal stands under it."""

    CORNER = "corner"
    WORDS = "words"
    NAMING = "naming"
    RADIO_NAME = "radio_name"
    READING = "reading"
    DEPARTMENT = "department"
    EXTRAS = "extras"


@dataclass(frozen=True, slots=True)
class AskingRules:
    """What `feeds/show.toml` says of the form: departments to choose from, who is blocked, how many a day."""

    departments: tuple[str, ...] = ()
    most_per_day: int = 5
    blocked: frozenset[UserId] = frozenset()


@dataclass(frozen=True, slots=True)
class Submission:
    """A form as it was filled in."""

    words: Private = _NOTHING
    corner: Corner = Corner.QUESTION
    naming: Naming = Naming.ANONYMOUS
    radio_name: Private = _NOTHING
    reading: Private = _NOTHING
    department: str = ""
    publicly: bool = False
    may_contact: bool = False
    voice: bool = False
    """Whether a recording of their voice may be played."""

    def cleaned(self) -> Submission:
        """Take out what no reader can carry; nothing else of the words changes."""
        return Submission(
            Private(clean(self.words.for_host()).strip()),
            self.corner,
            self.naming,
            Private(one_line(self.radio_name.for_host())),
            Private(one_line(self.reading.for_host())),
            self.department,
            self.publicly,
            self.may_contact,
            self.voice,
        )


def refusals(submission: Submission) -> Mapping[Field, Text]:
    """Tell what must be mended before the form can be sent; judged without asking anybody.

    >>> refusals(Submission(Private(" "), naming=Naming.RADIO_NAME))[Field.RADIO_NAME]
    Text(slack_app.radio_name_missing)
    """
    found: dict[Field, Text] = {}
    words = clean(submission.words.for_host()).strip()
    if not _LETTER.search(words):
        found[Field.WORDS] = Text.of("slack_app.words_missing")
    elif in_units(words) > LONGEST_WORDS:
        found[Field.WORDS] = Text.of("slack_app.words_too_long", most=LONGEST_WORDS)
    return {**found, **name_refusals(submission)}


def name_refusals(submission: Submission) -> Mapping[Field, Text]:
    """Tell what must be mended about the name."""
    found: dict[Field, Text] = {}
    name = one_line(submission.radio_name.for_host())
    if submission.naming is Naming.RADIO_NAME and not name:
        found[Field.RADIO_NAME] = Text.of("slack_app.radio_name_missing")
    for field, typed in ((Field.RADIO_NAME, name), (Field.READING, one_line(submission.reading.for_host()))):
        if in_units(typed) > LONGEST_NAME:
            found[field] = Text.of("slack_app.name_too_long", most=LONGEST_NAME)
    return found


def is_only_links(words: Private) -> bool:
    """Tell whether nothing is said beside addresses: a host looks at it before others do.

    >>> is_only_links(Private("https://example.jp/ !")), is_only_links(Private("これは? https://example.jp/"))
    (True, False)
    """
    return not _LETTER.search(_LINK.sub("", words.for_host()))


def is_held_back(question: Question) -> bool:
    """Tell whether a question says nothing beside addresses, and no host has taken it up yet.

    However it came in: it is marked for the host, and stands on no shelf until one decides about it.
    """
    is_new = question.kind is Kind.QUESTION and question.status is Status.RECEIVED
    return is_new and bool(_LINK.search(question.words.for_host())) and is_only_links(question.words)


def handed_in_lately(user: UserId, questions: Iterable[Question], now: datetime) -> int:
    """Count what somebody asked within a day, in whichever way."""
    return sum(
        one.asker == user and one.received_at is not None and one.received_at > now - _A_DAY
        for one in questions
    )


def last_radio_name(user: UserId, questions: Iterable[Question]) -> tuple[Private, Private]:
    """Find the radio name, and its reading, that somebody used last; empty where they never did.

    Remembered with the question's consent and nowhere else: what is purged is forgotten here too.
    """
    used = [
        one.consent
        for one in questions
        if one.asker == user and one.consent and one.consent.stands and one.consent.radio_name
    ]
    latest = max(used, key=lambda consent: consent.given_at, default=None)
    if latest is None or latest.radio_name is None:
        return Private(""), Private("")
    return latest.radio_name, latest.reading or Private("")


def voice_key(question: QuestionId) -> PostKey:
    """Name the private message that asks, once, whether a recording may be played."""
    return PostKey(f"voice/{question}")


def button_key(channel: ChannelId) -> PostKey:
    """Name the pinned message in a channel that carries the button to ask."""
    return PostKey(f"ask-button/{channel}")


def waiting_key(question: QuestionId) -> PostKey:
    """Name the private message to whoever has waited for longer than was promised."""
    return PostKey(f"waiting/{question}")


def submission_key(view: str) -> PostKey:
    """Name the private message that says a form has arrived; one form, one message."""
    return PostKey(f"{SUBMISSIONS}{view}")


def public_key(submission: PostKey) -> PostKey:
    """Name the post in the question channel that comes of the same form, where its asker wished for one."""
    return PostKey(f"{submission}/public")


def consent_request_key(question: QuestionId) -> PostKey:
    """Name the private message that asks an author, once, whether a topic may be read."""
    return PostKey(f"consent-request/{question}")


def first_asked(person: UserId, questions: Iterable[Question]) -> QuestionId | None:
    """Tell which question is somebody's first, by when it was posted; what was handed on does not count."""
    theirs = (one for one in questions if one.asker == person and one.kind is Kind.QUESTION)
    first = min(theirs, key=lambda one: ts_order(one.thread.ts), default=None)
    return first.id if first else None


def greeting_of(person: UserId) -> str:
    """Name the greeting of whoever asks for the first time; whoever knows the id can tell whose it is."""
    return f"greeting/{_nameless(person)}"


def request_of(author: UserId, at: datetime) -> str:
    """Name the one request a day (of UTC) that an author is sent."""
    return f"request/{_nameless(author)}/{at.astimezone(UTC):%Y-%m-%d}"


def handing_on_of(person: UserId, question: QuestionId) -> str:
    """Name that somebody handed on a thread."""
    return f"handed-on/{_nameless(person)}/{question}"


def handings_on_of(person: UserId, most: int, at: datetime) -> tuple[str, ...]:
    """Name so many that somebody may hand on in a day (of UTC)."""
    day = f"{at.astimezone(UTC):%Y-%m-%d}"
    return tuple(f"handed-on/{_nameless(person)}/{day}/{number}" for number in range(1, most + 1))


def traces_of(person: UserId) -> tuple[str, ...]:
    """Name how all of these begin: whoever knows somebody's id could tell them by it."""
    return (greeting_of(person), f"request/{_nameless(person)}/", f"handed-on/{_nameless(person)}/")


def offer_of(question: QuestionId) -> str:
    """Name the private hint at an answer to a question like this one."""
    return f"offer/{question}"


def _nameless(person: UserId) -> str:
    return hashlib.sha256(person.encode()).hexdigest()[:16]
