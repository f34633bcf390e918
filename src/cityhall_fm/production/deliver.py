"""Outbox -> Slack: in order, each thing once, tried again after a pause, found again by its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.ledger import Ledger, Outbox
from cityhall_fm.production.ports.slack import Workspace
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.announcement import Post, Posted, PostKey
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.outbox import Delivery, Kind, Waiting, hash_of_words, pause_after, took_nothing
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


@dataclass(frozen=True, slots=True)
class Delivered:
    """What went out now; `given_up` are messages whose thread is gone, or whose question was withdrawn."""

    sent: tuple[Delivery, ...]
    given_up: tuple[Delivery, ...] = ()
    in_doubt: tuple[Delivery, ...] = ()
    """Private messages to which Slack gave no answer: they may have arrived, and are not sent again."""

    def count(self, kind: Kind) -> int:
        return sum(delivery.kind is kind for delivery in self.sent)

    @property
    def remarks(self) -> tuple[Text, ...]:
        """Tell the host what may not have arrived."""
        return tuple(perhaps_said(each) for each in self.in_doubt)


def perhaps_said(delivery: Delivery) -> Text:
    """Say that nobody knows whether a private message arrived."""
    return Text.of("kind.perhaps_thanked", question=delivery.question)


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
    whether it arrived, where Slack's answer was lost: better one message too few than two. `still_alone` is
    asked right before each, and again after every pause for which Slack asks: it raises where somebody else
    may be saying the same.
    """
    sent: list[Delivery] = []
    given_up: list[Delivery] = []
    in_doubt: list[Delivery] = []
    for each in waiting:
        delivery, attempts = each.delivery, 0
        if pause and not each.is_due(now):  # an earlier run was told to wait, or did not get through
            left = min(each.not_before - now, _LONGEST_WAIT)
            pause(left.total_seconds())
            now += left
        while True:
            try:
                still_alone()
                tried = each.attempts + attempts
                if _deliver(delivery, tried, word, since, outbox, ledger, workspace, inbox, now, still_alone):
                    sent.append(delivery)
                else:
                    given_up.append(delivery)
                break
            except _PerhapsSaidError:
                outbox.give_up(delivery, reason=PERHAPS, at=now)
                in_doubt.append(delivery)
                break
            except SlackError as error:
                if error.text.name == _GONE:
                    outbox.give_up(delivery, reason=error.text.name, at=now)
                    given_up.append(delivery)
                    break
                attempts += 1
                wait = pause_after(attempts)
                outbox.put_off(delivery, attempts=each.attempts + attempts, not_before=now + wait)
                if pause is None or attempts >= _PATIENCE or not error.retryable:
                    raise
                pause(wait.total_seconds())
                now += wait
    return Delivered(tuple(sent), tuple(given_up), tuple(in_doubt))


def _deliver(
    delivery: Delivery,
    tried: int,
    word: Callable[[Delivery], Words | None],
    since: datetime,
    outbox: Outbox,
    ledger: Ledger,
    workspace: Workspace,
    inbox: Inbox,
    now: datetime,
    still_alone: Callable[[], None],
) -> bool:
    if delivery.kind is Kind.REACTION and delivery.question and delivery.thread_ts and delivery.emoji:
        question = inbox.question(delivery.question)
        if not question.usable:  # withdrawn while it waited: as the receipt above it, it is not said
            outbox.give_up(delivery, reason="withdrawn", at=now)
            return False
        if question.status is not Status.ANSWERED:
            workspace.react(delivery.channel, delivery.thread_ts, delivery.emoji)
            inbox.set_status(delivery.question, Status.ANSWERED, at=now)
        outbox.done(delivery, said=None, at=now)
        return True
    words = word(delivery)
    if words is None:
        outbox.give_up(delivery, reason="withdrawn", at=now)
        return False
    post = Post(delivery.of, delivery.channel, words.text, words.blocks, delivery.thread_ts)
    said: str | None = hash_of_words(words.text, words.blocks)
    posted = ledger.posted(post.key)
    if delivery.kind is Kind.CORRECTION:
        if posted:
            workspace.edit(posted, post)
    elif posted:
        said = None
    else:
        said = said if _post(post, tried, since, ledger, workspace, now, still_alone) else None
    outbox.done(delivery, said=said, at=now)
    return True


def _post(
    post: Post,
    tried: int,
    since: datetime,
    ledger: Ledger,
    workspace: Workspace,
    now: datetime,
    still_alone: Callable[[], None],
) -> bool:
    """Post a message unless it stands there; tells whether it was posted now.

    Where the ledger was lost, or Slack's answer was, the message itself tells: its metadata carry the key,
    and it cannot be older than the episode.
    """

    @contextmanager
    def pausing() -> Iterator[None]:
        yield
        still_alone()

    if not workspace.looks_into(post.channel):
        ledger.remember(_post_privately(post, tried, ledger, workspace, now, still_alone), at=now)
        return True
    ledger.intend(post.key, at=now)
    found: Posted | None = workspace.find_post(post, since=since - _CLOCKS_DIFFER_BY)
    if found is None:
        still_alone()  # looking may have taken minutes
    ledger.remember(found or workspace.post(post, pausing=pausing), at=now)
    return found is None


class _PerhapsSaidError(Exception):
    """Nobody can tell whether a private message arrived."""


def _post_privately(
    post: Post,
    tried: int,
    ledger: Ledger,
    workspace: Workspace,
    now: datetime,
    still_alone: Callable[[], None],
) -> Posted:
    """Post where nobody can look afterwards: each attempt is claimed, and one without an end is in doubt.

    While Slack asks to wait it has taken nothing: whoever comes then, after a kill too, may send it.
    """
    attempt = PostKey(f"{post.key}~{tried}") if tried else post.key

    def claim() -> None:
        if not ledger.claim(attempt, at=now):
            raise _PerhapsSaidError

    @contextmanager
    def pausing() -> Iterator[None]:
        ledger.unclaim(attempt)
        yield
        still_alone()
        claim()

    claim()
    try:
        return workspace.post(post, pausing=pausing)
    except SlackError as error:
        if not took_nothing(error):
            raise _PerhapsSaidError from error
        raise
