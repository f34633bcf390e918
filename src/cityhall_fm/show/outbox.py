"""What waits to be said in Slack: each thing under its own key, in order, until it was said once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from cityhall_fm.show.announcement import Posted, PostKey, announcement_key, receipt_key, told_key
from cityhall_fm.show.episode import EpisodeNumber, Guid
from cityhall_fm.show.errors import CompanionError, SlackError, UnknownError
from cityhall_fm.show.question import EMOJI, Question, QuestionId, Status
from cityhall_fm.show.slack_thread import ChannelId, Ts

NO_EPISODE: Final = EpisodeNumber(0)
"""What is said to somebody, or taken back, and not about an episode."""
_TAKEN_BACK: Final = "taken-back/"
_FIRST_PAUSE: Final = timedelta(seconds=2)
_LONGEST_PAUSE: Final = timedelta(minutes=10)
_NOT_TAKEN: Final = "slack.rate_limited"
_NO_CHANNEL: Final = frozenset({"slack.no_channel", "slack.unknown_channel"})
_OF_ONE_MESSAGE: Final = frozenset({"slack.archived", "slack.not_in_channel", "slack.refused"})
_OF_THE_APP: Final = frozenset(
    {
        *("access_denied", "accesslimited", "app_access_restricted", "as_user_not_supported"),
        *("deprecated_endpoint", "ekm_access_denied", "enterprise_is_restricted", "method_deprecated"),
        *("no_permission", "team_not_found", "two_factor_setup_required"),
    }
)
"""Slack, Web API errors: what it would say to every message of this app."""


def took_nothing(error: CompanionError) -> bool:
    """Tell whether Slack has certainly not stored what it was asked to say.

    Of all passing trouble this is so where it had no time for us, or was not even reached; it refused what is
    not passing.
    """
    return isinstance(error, UnknownError) or (
        isinstance(error, SlackError)
        and (not error.retryable or error.unsent or error.text.name == _NOT_TAKEN)
    )


def refusal_of(error: CompanionError) -> str | None:
    """Give Slack's own name for why it refuses one message; None for trouble that concerns all of them.

    >>> refusal_of(SlackError("slack.archived", error="is_archived", channel="質問", method="chat.update"))
    'is_archived'
    >>> refusal_of(SlackError("slack.bad_token", error="token_revoked"))
    """
    if isinstance(error, UnknownError) and error.text.name in _NO_CHANNEL:
        return "channel_not_found"
    if not isinstance(error, SlackError) or error.retryable or error.text.name not in _OF_ONE_MESSAGE:
        return None
    refusal = str(error.text.values.get("error") or "refused")
    return None if refusal in _OF_THE_APP else refusal


class Kind(StrEnum):
    """What a delivery is; a correction edits what was posted under the key that its own begins with."""

    ANNOUNCEMENT = "announcement"
    RECEIPT = "receipt"
    REACTION = "reaction"
    CORRECTION = "correction"
    TOLD = "told"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to say; its words are made when it is sent, so that a consent may be withdrawn until then."""

    key: PostKey
    kind: Kind
    episode: EpisodeNumber
    channel: ChannelId
    question: QuestionId | None = None
    thread_ts: Ts | None = None
    """The thread that it goes into; of what is taken back, the post itself."""
    emoji: str | None = None
    about: str | None = None
    """What a private message is to say, or why a post is taken back, by name."""

    @property
    def of(self) -> PostKey:
        """The key of the message that a correction corrects; its own for all else."""
        return PostKey(self.key.partition("#")[0])

    @property
    def takes_back(self) -> PostKey:
        """The key of the post whose words this takes back."""
        return PostKey(self.key.removeprefix(_TAKEN_BACK))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that was not made yet: how often it was tried, and when it may be tried again."""

    delivery: Delivery
    attempts: int
    not_before: datetime
    queued_at: datetime
    refused: str | None = None
    """Why Slack refused it for itself, by Slack's name: what follows need not wait behind it."""

    def is_due(self, now: datetime) -> bool:
        """Tell whether its pause is over; one longer than any was noted by a clock that was wrong."""
        return not now < self.not_before <= now + _LONGEST_PAUSE


def due(waiting: Sequence[Waiting], now: datetime) -> Sequence[Waiting]:
    """Take from what waits about an episode, in order, what may go now.

    What was refused for itself goes by its own pause; all else keeps its place behind the first of them.
    """
    first = next((each for each in waiting if not each.refused), None)
    rest_is_due = first is not None and first.is_due(now)
    return [each for each in waiting if (each.is_due(now) if each.refused else rest_is_due)]


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """How a delivery ended: what was said, by its hash, or that it was given up."""

    said: str | None
    given_up: str | None = None


def announcing(guid: Guid, episode: EpisodeNumber, channel: ChannelId) -> Delivery:
    """Say that an episode is out."""
    return Delivery(announcement_key(guid), Kind.ANNOUNCEMENT, episode, channel)


def thanking(guid: Guid, episode: EpisodeNumber, question: Question) -> tuple[Delivery, Delivery]:
    """Tell an asker, in their own thread, where their answer is, and put the emoji under the question."""
    place = question.thread
    key = receipt_key(guid, question.id)
    return (
        Delivery(key, Kind.RECEIPT, episode, place.channel, question.id, place.ts),
        Delivery(
            PostKey(f"reaction/{guid}/{question.id}"),
            Kind.REACTION,
            episode,
            place.channel,
            question.id,
            place.ts,
            EMOJI[Status.ANSWERED],
        ),
    )


def telling(question: QuestionId, about: str) -> Delivery:
    """Tell an asker in private what became of their question; it belongs to no episode."""
    return Delivery(told_key(question), Kind.TOLD, NO_EPISODE, ChannelId(""), question, about=about)


def read_about(about: str) -> tuple[str, str, str]:
    r"""Read what a private message is to say: where the question went, the reason, and the host's own words.

    >>> read_about("declined/time"), read_about("next_time/\nまた来週。")
    (('declined', 'time', ''), ('next_time', '', 'また来週。'))
    """
    meant, _, own = about.partition("\n")
    to, _, reason = meant.partition("/")
    return to, reason, own


def taking_back(posted: Posted, question: QuestionId, why: str) -> Delivery:
    """Put neutral words in place of a post of ours: `withdrawn`, or `expired`."""
    key = PostKey(f"{_TAKEN_BACK}{posted.key}")
    return Delivery(key, Kind.TAKEN_BACK, NO_EPISODE, posted.channel, question, posted.ts, about=why)


def correcting(posted: Delivery, words: str, times: int) -> Delivery:
    """Bring a posted message to say this; `words` is the hash of it, `times` how often it was said before."""
    return Delivery(
        PostKey(f"{posted.key}#{times}-{words[:16]}"),
        Kind.CORRECTION,
        posted.episode,
        posted.channel,
        posted.question,
        posted.thread_ts,
    )


def hash_of_words(text: str, blocks: Sequence[Mapping[str, object]]) -> str:
    """Tell two wordings of a message apart without keeping either."""
    return hashlib.sha256(json.dumps([text, list(blocks)], sort_keys=True).encode()).hexdigest()


def pause_after(attempts: int) -> timedelta:
    """Wait twice as long after each failure, ten minutes at most.

    >>> [pause_after(attempts).total_seconds() for attempts in (1, 2, 3, 50)]
    [2.0, 4.0, 8.0, 600.0]
    """
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(attempts - 1, 20)))
