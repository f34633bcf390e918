"""Who may be named and quoted on air and in public: decided here and nowhere else.

What a Slack member wrote or is called travels as `Private`. A public file can hold none of it: public
templates refuse a `Private`, and what they take, `PublicName` and `Quote`, only this file can make,
from a consent.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

_RELEASED: Final = object()


class Private:
    """Words of a Slack member. Printing, logging or formatting them shows that they are withheld."""

    __slots__ = ("_words",)

    def __init__(self, words: str) -> None:
        self._words = words

    def for_host(self) -> str:
        """Show the words to whoever prepares the show: never into a public file, never into a log."""
        return self._words

    def __bool__(self) -> bool:
        return bool(self._words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Private) and other._words == self._words

    def __hash__(self) -> int:
        return hash((Private, self._words))

    def __repr__(self) -> str:
        return "Private(…)"


class Naming(StrEnum):
    """How the asker wants to be named; anonymous unless they say otherwise."""

    RADIO_NAME = "radio_name"
    DISPLAY_NAME = "display_name"
    ANONYMOUS = "anonymous"
    DO_NOT_USE = "do_not_use"


@dataclass(frozen=True, slots=True)
class Consent:
    """What an asker agreed to, with the wording they were shown and when; revocable at any moment."""

    naming: Naming
    wording: str
    given_at: datetime
    radio_name: Private | None = None
    reading: Private | None = None
    withdrawn_at: datetime | None = None
    voice: bool = False
    """Whether a recording of their own voice may be played, too."""

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None and self.naming is not Naming.DO_NOT_USE


@dataclass(frozen=True, slots=True)
class PublicName:
    """A name that its owner agreed to have read; None is 匿名希望, "anonymous by request"."""

    name: str | None
    reading: str | None
    _: KW_ONLY
    released: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        _only_from_here(self.released)


@dataclass(frozen=True, slots=True)
class Quote:
    """An asker's own words, as plain text, that they agreed to have read."""

    words: str
    _: KW_ONLY
    released: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        _only_from_here(self.released)


@dataclass(frozen=True, slots=True)
class PublicVoice:
    """A recording of an asker's own voice, by its id, that they agreed to have played on air."""

    clip: str
    _: KW_ONLY
    released: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        _only_from_here(self.released)


def public_name(consent: Consent | None, display_name: Private) -> PublicName:
    """Name the asker as far as the consent goes; without one, and by default, nobody is named."""
    if consent and consent.stands:
        if consent.naming is Naming.RADIO_NAME and consent.radio_name:
            reading = consent.reading.for_host() if consent.reading else None
            return PublicName(consent.radio_name.for_host(), reading, released=_RELEASED)
        if consent.naming is Naming.DISPLAY_NAME and display_name:
            return PublicName(display_name.for_host(), None, released=_RELEASED)
    return PublicName(None, None, released=_RELEASED)


def quote(consent: Consent | None, words: Private) -> Quote | None:
    """Release the asker's words; None where nobody agreed to that, and the host must paraphrase."""
    if consent and consent.stands and words:
        return Quote(words.for_host(), released=_RELEASED)
    return None


def public_voice(consent: Consent | None, clip: str) -> PublicVoice | None:
    """Release a recording of the asker's voice; None where they did not agree to that."""
    if consent and consent.stands and consent.voice:
        return PublicVoice(clip, released=_RELEASED)
    return None


def _only_from_here(released: object) -> None:
    if released is not _RELEASED:
        raise TypeError(
            "only a consent releases names, words and voices: use public_name(), quote(), public_voice()"
        )
