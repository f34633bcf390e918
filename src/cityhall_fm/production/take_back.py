"""A question withdrawn, or past its day -> its words go from what the app posted for its asker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.ledger import Ledger, Outbox
from cityhall_fm.production.ports.privacy import Keeping
from cityhall_fm.production.ports.slack import Workspace
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.announcement import Post, Posted
from cityhall_fm.show.asking import SUBMISSIONS, public_key
from cityhall_fm.show.episode import Show
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.outbox import NO_EPISODE, Delivery, Kind, Waiting, pause_after, taking_back
from cityhall_fm.show.question import QuestionId, Status, question_id
from cityhall_fm.show.slack_thread import UserId, ts_order
from cityhall_fm.texts import Catalogue

ShowFor = Callable[[UserId | None], Show]
"""Takes the show in a member's own language."""

_RECEIPTS: Final = "receipt/"
_WITHDRAWN: Final = "withdrawn"
_EXPIRED: Final = "expired"
_BEING_STORED: Final = timedelta(hours=1)
"""So long a form may still become a question: whoever is told that it failed sends it again."""
_GONE: Final = "slack.message_gone"


def queue_taking_back(
    *,
    inbox: Inbox,
    keeping: Keeping,
    ledger: Ledger,
    outbox: Outbox,
    now: datetime,
    only: QuestionId | None = None,
    at: datetime | None = None,
) -> int:
    """Queue what must no longer stand in Slack, each post once, to go from `at` on; tells how many are new.

    It follows from how questions stand and from where the ledger says that our posts are, so that it can be
    asked at any time, also when nothing else is known of a question any more: the queue holds places and no
    words. Of a withdrawn question these are the post in the question channel, its asker's private copy and
    the receipts of its answers; of one past its day, post and copy. A post in the channel whose question
    could not be stored is nobody's to withdraw, and goes too after an hour.
    """
    places = {posted: id_ for id_, posted in _all_posts(ledger) if only in (None, id_)}
    known, forgotten = inbox.known(places.values()), keeping.forgotten()
    found: list[Delivery] = []
    for posted, id_ in places.items():
        if id_ in known and known[id_].status is Status.WITHDRAWN:
            found.append(taking_back(posted, id_, _WITHDRAWN))
        elif id_ in forgotten and posted.key.startswith(SUBMISSIONS):
            found.append(taking_back(posted, id_, _EXPIRED))
        elif id_ not in known and _is_orphan(posted, now):
            found.append(taking_back(posted, id_, _WITHDRAWN))
    waiting = {each.delivery.key for each in outbox.waiting(NO_EPISODE)}
    new = [one for one in found if one.key not in waiting and outbox.said_before(one.key) is None]
    outbox.put(new, at=now, not_before=at)
    return len(new)


def take_back_waiting(
    *, inbox: Inbox, workspace: Workspace, outbox: Outbox, show_for: ShowFor, now: datetime
) -> int:
    """Put neutral words in place of what waits for it; tells how many posts were changed.

    Done twice it is the same. Raises the first SlackError, after all others were tried; what Slack did not
    take is tried again by a later run.
    """
    done, trouble = 0, None
    for waiting in outbox.waiting(NO_EPISODE):
        if waiting.delivery.kind is not Kind.TAKEN_BACK or waiting.not_before > now:
            continue
        try:
            done += _take_back(waiting, inbox, workspace, outbox, show_for, now)
        except SlackError as error:
            trouble = trouble or error
    if trouble:
        raise trouble
    return done


def _is_orphan(posted: Posted, now: datetime) -> bool:
    """Tell a post whose form failed from one whose question is just being stored."""
    in_channel = posted.key.startswith(SUBMISSIONS) and not posted.channel.startswith("D")
    return in_channel and ts_order(posted.ts)[0] < (now - _BEING_STORED).timestamp()


def posts_about(question: QuestionId, *, ledger: Ledger) -> list[Posted]:
    """List our posts that would be taken back with a question."""
    return [posted for id_, posted in _all_posts(ledger) if id_ == question]


def _all_posts(ledger: Ledger) -> Iterator[tuple[QuestionId, Posted]]:
    """List our posts about single questions; a form's private copy belongs to the question of its post."""
    forms = {posted.key: posted for posted in ledger.all_posted(SUBMISSIONS)}
    for key, posted in forms.items():
        place = forms.get(public_key(key), posted)
        yield question_id(place.channel, place.ts), posted
    for posted in ledger.all_posted(_RECEIPTS):
        yield QuestionId(posted.key.rpartition("/")[2]), posted


def _take_back(
    waiting: Waiting, inbox: Inbox, workspace: Workspace, outbox: Outbox, show_for: ShowFor, now: datetime
) -> bool:
    delivery, attempts = waiting.delivery, waiting.attempts + 1
    if delivery.question is None or delivery.thread_ts is None:
        return False
    in_private = delivery.channel.startswith("D")
    asker = inbox.question(delivery.question).asker if in_private else None
    words = _neutral(show_for(asker), delivery.about or _WITHDRAWN, in_private=in_private)
    # The message keeps the key by which it is known as ours.
    posted = Posted(delivery.takes_back, delivery.channel, delivery.thread_ts)
    try:
        workspace.edit(posted, Post(posted.key, posted.channel, words.text, words.blocks))
    except SlackError as error:
        if error.text.name == _GONE:
            outbox.give_up(delivery, reason=_GONE, at=now)
            return False
        outbox.put_off(delivery, attempts=attempts, not_before=now + pause_after(attempts))
        raise
    outbox.done(delivery, said=None, at=now)
    return True


def _neutral(show: Show, why: str, *, in_private: bool) -> Words:
    say = Catalogue(show.language)
    text = say(f"slack_app.{'private' if in_private else 'public'}_{why}")
    return Words(text, ({"type": "section", "text": {"type": "mrkdwn", "text": text}},))
