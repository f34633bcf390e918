"""Outbox -> Slack: in order, each thing once, tried again after a pause, found again by its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.ledger import Ledger, Outbox
from cityhall_fm.production.ports.slack import Workspace
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.announcement import Post, Posted, PostKey
from cityhall_fm.show.errors import CompanionError, SlackError, UnknownError
from cityhall_fm.show.outbox import (
    Delivery,
    Kind,
    Waiting,
    hash_of_words,
    pause_after,
    refusal_of,
    took_nothing,
)
from cityhall_fm.show.question import Status
from cityhall_fm.show.text import Text

PERHAPS: Final = "perhaps"
"""Why a private message was given up to which Slack gave no answer."""
_CLOCKS_DIFFER_BY: Final = timedelta(hours=1)
"""How far Slack's clock and ours may be apart when we look for a post of our own."""
_PATIENCE: Final = 5
"""So often a delivery is tried before the others are left waiting too."""
_LONGEST_WAIT: Final = timedelta(seconds=30)
"""Whoever waits for a command is not kept longer by an earlier one's trouble."""
_GONE: Final = "slack.message_gone"
_NEVER_EDITED: Final = frozenset({"edit_window_closed", "cant_update_message"})
"""Slack, chat.update: what this message will not become again, whatever a host does about its channel."""
_WHY: Final = frozenset({"is_archived", "not_in_channel", "channel_not_found"})


@dataclass(frozen=True, slots=True)
class Delivered:
    """What went out now; `given_up` is what nothing can bring out: its thread or its question is gone."""

    sent: tuple[Delivery, ...]
    given_up: tuple[Delivery, ...] = ()
    in_doubt: tuple[Delivery, ...] = ()
    """Private messages to which Slack gave no answer: they may have arrived, and are not sent again."""
    refused: tuple[Delivery, ...] = ()
    """What Slack refuses for itself, as in an archived channel: it waits, and kept nothing else waiting."""
    remarks: tuple[Text, ...] = ()
    """What the host is told of what did not, or may not have, arrived."""

    def count(self, kind: Kind) -> int:
        return sum(delivery.kind is kind for delivery in self.sent)


def perhaps_said(delivery: Delivery) -> Text:
    """Say that nobody knows whether a private message arrived."""
    return Text.of("kind.perhaps_thanked", question=delivery.question)


def refused_for(delivery: Delivery, refusal: str, inbox: Inbox) -> Text:
    """Say what Slack refuses, and where, by its own name of the reason."""
    if delivery.kind is Kind.CORRECTION and refusal in _NEVER_EDITED:
        name = "release.not_edited"
    else:
        name = "release.refused"
    place: str = delivery.channel
    if delivery.question and (question := inbox.known([delivery.question]).get(delivery.question)):
        place = question.thread.permalink or place
    known = refusal if refusal in _WHY else "other"
    why = Text.of(f"release.why_{known}", error=refusal)
    what = delivery.question or Text.of("release.the_announcement")
    return Text.of(name, what=what, place=place, why=why)


def deliver(
    *,
    waiting: Sequence[Waiting],
    word: Callable[[Delivery], Words | None],
    since: datetime,
    outbox: Outbox,
    ledger: Ledger,
    workspace: Workspace,
    inbox: Inbox,
    now: datetime,
    pause: Callable[[float], None] | None = None,
    still_alone: Callable[[], None] = lambda: None,
) -> Delivered:
    """Say what waits, in order; nothing of it can be older than `since`.

    Where Slack is in trouble it is asked again after a pause, and left waiting for another run after
    several; without `pause`, at once. With it, a pause that an earlier run noted is kept too. Raises
    SlackError then; nothing is said twice, nothing is lost. Only of a private message nobody can tell
    whether it arrived, where Slack's answer was lost: better one message too few than two. What Slack
    refuses for itself waits and lets the rest pass; of the announcement it is raised, once the rest is said.
    `still_alone` is asked right before each, and again after every pause for which Slack asks: it raises
    where somebody else may be saying the same.
    """
    desk = _Desk(word, since, outbox, ledger, workspace, inbox, still_alone)
    for each in waiting:
        # An earlier run was told to wait, or did not get through; what was refused is tried at once.
        if pause and not each.refused and not each.is_due(now):
            left = min(each.not_before - now, _LONGEST_WAIT)
            pause(left.total_seconds())
            now += left
        now = desk.deliver(each, now, pause)
    if desk.unannounced:
        raise desk.unannounced
    return Delivered(
        tuple(desk.sent), tuple(desk.given_up), tuple(desk.in_doubt), tuple(desk.refused), tuple(desk.remarks)
    )


class _PerhapsSaidError(Exception):
    """Nobody can tell whether a private message arrived."""


@dataclass(slots=True)
class _Desk:
    """Where messages go out one by one, and what came of each."""

    word: Callable[[Delivery], Words | None]
    since: datetime
    outbox: Outbox
    ledger: Ledger
    workspace: Workspace
    inbox: Inbox
    still_alone: Callable[[], None]
    sent: list[Delivery] = field(default_factory=list)
    given_up: list[Delivery] = field(default_factory=list)
    in_doubt: list[Delivery] = field(default_factory=list)
    refused: list[Delivery] = field(default_factory=list)
    remarks: list[Text] = field(default_factory=list)
    unannounced: CompanionError | None = None

    def deliver(self, waiting: Waiting, now: datetime, pause: Callable[[float], None] | None) -> datetime:
        """Bring one delivery to its end for now; tells what time it is then."""
        delivery, attempts = waiting.delivery, 0
        while True:
            try:
                self.still_alone()
                said = self._say(delivery, waiting.attempts + attempts, now)
                (self.sent if said else self.given_up).append(delivery)
            except _PerhapsSaidError:
                self.outbox.give_up(delivery, reason=PERHAPS, at=now)
                self.in_doubt.append(delivery)
                self.remarks.append(perhaps_said(delivery))
            except (SlackError, UnknownError) as error:
                if self._was_refused(waiting, error, now):
                    return now
                if isinstance(error, UnknownError):
                    raise
                attempts += 1
                wait = pause_after(attempts)
                self.outbox.put_off(delivery, attempts=waiting.attempts + attempts, not_before=now + wait)
                if pause is None or attempts >= _PATIENCE or not error.retryable:
                    raise
                pause(wait.total_seconds())
                now += wait
                continue
            return now

    def _was_refused(self, waiting: Waiting, error: CompanionError, now: datetime) -> bool:
        """Note what Slack refuses for itself, for good or until a host has mended it; False for the rest."""
        delivery, refusal = waiting.delivery, refusal_of(error)
        if error.text.name == _GONE:
            self.outbox.give_up(delivery, reason=_GONE, at=now)
            self.given_up.append(delivery)
            return True
        if refusal is None:
            return False
        told = any(each.question == delivery.question for each in self.refused)
        if delivery.kind is Kind.CORRECTION and refusal in _NEVER_EDITED:
            self.outbox.give_up(delivery, reason=refusal, at=now)
            self.given_up.append(delivery)
        else:
            attempts = waiting.attempts + 1
            not_before = now + pause_after(attempts)
            self.outbox.put_off(delivery, attempts=attempts, not_before=not_before, refused=refusal)
            self.refused.append(delivery)
        if delivery.kind is Kind.ANNOUNCEMENT:
            self.unannounced = error
        elif not told:  # a receipt and its emoji are refused alike
            self.remarks.append(refused_for(delivery, refusal, self.inbox))
        return True

    def _say(self, delivery: Delivery, tried: int, now: datetime) -> bool:
        if delivery.kind is Kind.REACTION and delivery.question and delivery.thread_ts and delivery.emoji:
            question = self.inbox.question(delivery.question)
            if not question.usable:  # withdrawn while it waited: as the receipt above it, it is not said
                self.outbox.give_up(delivery, reason="withdrawn", at=now)
                return False
            if question.status is not Status.ANSWERED:  # which it is, whether or not the emoji can be put
                self.inbox.set_status(delivery.question, Status.ANSWERED, at=now)
            self.workspace.react(delivery.channel, delivery.thread_ts, delivery.emoji)
            self.outbox.done(delivery, said=None, at=now)
            return True
        words = self.word(delivery)
        if words is None:
            self.outbox.give_up(delivery, reason="withdrawn", at=now)
            return False
        post = Post(delivery.of, delivery.channel, words.text, words.blocks, delivery.thread_ts)
        said: str | None = hash_of_words(words.text, words.blocks)
        posted = self.ledger.posted(post.key)
        if delivery.kind is Kind.CORRECTION:
            if posted:
                self.workspace.edit(posted, post)
        elif posted:
            said = None
        else:
            said = said if self._post(post, tried, now) else None
        self.outbox.done(delivery, said=said, at=now)
        return True

    def _post(self, post: Post, tried: int, now: datetime) -> bool:
        """Post a message unless it stands there; tells whether it was posted now.

        Where the ledger was lost, or Slack's answer was, the message itself tells: its metadata carry the
        key, and it cannot be older than the episode.
        """
        if not self.workspace.looks_into(post.channel):
            self.ledger.remember(self._post_privately(post, tried, now), at=now)
            return True
        self.ledger.intend(post.key, at=now)
        found = self.workspace.find_post(post, since=self.since - _CLOCKS_DIFFER_BY)
        if found is None:
            self.still_alone()  # looking may have taken minutes
        self.ledger.remember(found or self.workspace.post(post, pausing=self._pausing), at=now)
        return found is None

    def _post_privately(self, post: Post, tried: int, now: datetime) -> Posted:
        """Post where nobody can look afterwards: each attempt is claimed, and one without an end is in doubt.

        While Slack asks to wait it has taken nothing: whoever comes then, after a kill too, may send it.
        """
        attempt = PostKey(f"{post.key}~{tried}") if tried else post.key

        @contextmanager
        def unclaimed() -> Iterator[None]:
            self.ledger.unclaim(attempt)
            with self._pausing():
                yield
            self._claim(attempt, now)

        self._claim(attempt, now)
        try:
            return self.workspace.post(post, pausing=unclaimed)
        except SlackError as error:
            if not took_nothing(error):
                raise _PerhapsSaidError from error
            raise

    def _claim(self, attempt: PostKey, now: datetime) -> None:
        if not self.ledger.claim(attempt, at=now):
            raise _PerhapsSaidError

    @contextmanager
    def _pausing(self) -> Iterator[None]:
        yield
        self.still_alone()
