"""Publication -> one Announcement, and a Receipt in every answered question's own thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cityhall_fm.production.ports import Inbox, Ledger, Renderer, Workspace
from cityhall_fm.show.announcement import Post, announcement_key, receipt_key
from cityhall_fm.show.episode import Episode, Key, Show
from cityhall_fm.show.errors import NotReadyError, UnknownError
from cityhall_fm.show.notes import Part, ShowNotes
from cityhall_fm.show.question import EMOJI, Question, Status
from cityhall_fm.show.slack_thread import Channel

_CLOCKS_DIFFER_BY: Final = timedelta(hours=1)
"""How far Slack's clock and ours may be apart when we look for a post of our own."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """How many receipts went out now, and how many had gone out before."""

    sent: int
    kept: int


def announce(
    episode: Episode,
    notes: ShowNotes,
    *,
    show: Show,
    artwork: Key,
    channel: Channel,
    renderer: Renderer,
    workspace: Workspace,
    ledger: Ledger,
    now: datetime,
) -> bool:
    """Announce an episode once; tells whether it was now."""
    words = renderer.announcement(show, episode, notes, artwork)
    post = Post(announcement_key(episode.guid), channel.id, words.text, words.blocks)
    return _post_once(post, episode, workspace=workspace, ledger=ledger, now=now)


def send_receipts(
    episode: Episode,
    notes: ShowNotes,
    *,
    show: Show,
    renderer: Renderer,
    workspace: Workspace,
    inbox: Inbox,
    ledger: Ledger,
    now: datetime,
) -> Receipts:
    """Tell every asker, in their own thread and once, at which second they were answered."""
    sent = kept = 0
    for part in notes.answers:
        question = _known(part, inbox)
        if not question:
            continue
        words = renderer.receipt(show, episode, part)
        post = Post(
            receipt_key(episode.guid, question.id),
            question.thread.channel,
            words.text,
            words.blocks,
            thread_ts=question.thread.ts,
        )
        anew = _post_once(post, episode, workspace=workspace, ledger=ledger, now=now)
        sent, kept = sent + anew, kept + (not anew)
        if question.status is not Status.ANSWERED:
            workspace.react(question.thread.channel, question.thread.ts, EMOJI[Status.ANSWERED])
            inbox.set_status(question.id, Status.ANSWERED, at=now)
    return Receipts(sent, kept)


def _known(part: Part, inbox: Inbox) -> Question | None:
    try:
        return inbox.question(part.question or "")
    except UnknownError:
        return None


def _post_once(post: Post, episode: Episode, *, workspace: Workspace, ledger: Ledger, now: datetime) -> bool:
    """Post a message that was never posted.

    The ledger knows our posts. Where it was lost, or Slack's answer was, the message itself tells: its
    metadata carry the key, and it cannot be older than the episode.
    """
    if ledger.posted(post.key):
        return False
    if episode.published_at is None:
        raise NotReadyError("release.not_published", number=episode.number)
    ledger.intend(post.key, at=now)
    found = workspace.find_post(post, since=episode.published_at - _CLOCKS_DIFFER_BY)
    ledger.remember(found or workspace.post(post), at=now)
    return found is None
