"""What is collected from Slack, and whether a thread is a question, a topic or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeVar

from cityhall_fm.show.question import Kind, Status
from cityhall_fm.show.slack_thread import ChannelId, Message, Ts, UserId, ts_order

_VARIATION: Final = "\ufe0f"  # asks for the coloured form of a character; Slack leaves it out at times
_One = TypeVar("_One")

FOLLOWED: Final = frozenset(
    {Status.RECEIVED, Status.SHORTLISTED, Status.SLOTTED, Status.RECORDED, Status.NEXT_TIME}
)
"""A question that stands so is still to be made something of: what is said under it matters."""


@dataclass(frozen=True, slots=True)
class CollectingRules:
    """Channels by name or id; `marker` is the emoji that makes an opening message a question."""

    channels: tuple[str, ...]
    question_channels: tuple[str, ...] = ()
    marker: str = "radio"
    consent_wording: str = ""
    """What askers are told, in the show's language: the purpose, and that it airs."""
    wordings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The same by language, for those who read Slack in another one."""
    blocked: frozenset[UserId] = frozenset()
    """Whose threads become neither question nor topic."""

    def wording_in(self, language: str) -> str:
        """Say it in a language; in the show's where there is no other.

        >>> rules = CollectingRules((), consent_wording="読まれます。", wordings={"fr": "On vous lira."})
        >>> rules.wording_in("fr"), rules.wording_in("en")
        ('On vous lira.', '読まれます。')
        """
        return self.wordings.get(language) or self.consent_wording


@dataclass(frozen=True, slots=True)
class Collected:
    """What one collection came to, for one channel."""

    channel: ChannelId
    channel_name: str
    questions: int
    topics: int
    changed: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Marker:
    """The emoji that makes a message a question, by name and as its character."""

    name: str
    character: str | None = None

    def stands_in(self, mrkdwn: str) -> bool:
        """Tell whether the author wrote it.

        >>> marker = Marker("radio", "📻")
        >>> marker.stands_in("灯油は? :radio:"), marker.stands_in("灯油は?📻"), marker.stands_in("灯油は?")
        (True, True, False)
        """
        character = (self.character or "").replace(_VARIATION, "")
        return f":{self.name}:" in mrkdwn or (character != "" and character in mrkdwn)

    def put_by_author(self, opening: Message) -> bool | None:
        """Tell whether the author put it under the message; None where Slack lists only some people."""
        for reaction in opening.reactions:
            if reaction.emoji == self.name:
                if opening.author in reaction.users:
                    return True
                return None if reaction.count > len(reaction.users) else False
        return False


def kind_of(opening: Message, *, in_question_channel: bool, marked: bool) -> Kind | None:
    """Tell what a thread is: a question where its author submits it, a topic where somebody answered.

    `marked` is the author's own marker, in the text or as a reaction: another's reaction is applause, and
    ours is a status. Bots, deleted messages and those without words are neither; a question may be spoken.
    """
    spoken = opening.clips and (in_question_channel or marked)
    if opening.deleted or not opening.from_person or not (opening.mrkdwn.for_host().strip() or spoken):
        return None
    if in_question_channel or marked:
        return Kind.QUESTION
    return Kind.TOPIC if opening.reply_count else None


def has_new_replies(stored: Message | None, seen: Message) -> bool:
    """Tell whether the replies must be read: Slack names their number and the latest at the opening."""
    if stored is None:
        return seen.reply_count > 0
    return (stored.reply_count, stored.latest_reply) != (seen.reply_count, seen.latest_reply)


def in_turn(everything: Sequence[_One], most: int, *, on: datetime) -> Sequence[_One]:
    """Take so many at most that, as the days pass, each has its turn.

    >>> from datetime import datetime
    >>> [in_turn("abcde", 2, on=datetime(2026, 11, day)) for day in (23, 24, 25)]
    [['b', 'c'], ['d', 'e'], ['a', 'b']]
    """
    if len(everything) <= most:
        return everything
    start = on.toordinal() * max(0, most)
    return [everything[(start + each) % len(everything)] for each in range(most)]


def is_older(seen: Message, stored: Message) -> bool:
    """Tell whether an opening message was read at an earlier time than what is stored: from an old export.

    Edits and replies only ever come later; a message that is gone does not come back.
    """
    if stored.deleted and not seen.deleted:
        return True
    return _later(stored.edited, seen.edited) or _later(stored.latest_reply, seen.latest_reply)


def gone(stored: Mapping[Ts, Message], seen: Mapping[Ts, Message], *, live: bool) -> tuple[Ts, ...]:
    """Name the stored opening messages that their authors deleted: absent from a complete reading.

    Before its first message a reading tells nothing, since Slack hides what is older than a plan allows;
    an export tells nothing after its last one either.
    """
    if not seen:
        return ()
    times = sorted(map(ts_order, seen))
    return tuple(
        ts
        for ts, message in stored.items()
        if not message.deleted
        and ts not in seen
        and times[0] <= ts_order(ts)
        and (live or ts_order(ts) <= times[-1])
    )


def _later(one: Ts | None, other: Ts | None) -> bool:
    return one is not None and (other is None or ts_order(one) > ts_order(other))
