"""Publication -> what to say in Slack about it: one announcement, a receipt to everybody who asked."""

from __future__ import annotations

from collections.abc import Sequence

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.words import Renderer, Words
from cityhall_fm.show.episode import Episode, Key, Show
from cityhall_fm.show.errors import UnknownError
from cityhall_fm.show.notes import Part, ShowNotes
from cityhall_fm.show.outbox import Delivery, Kind, announcing, thanking
from cityhall_fm.show.question import Question
from cityhall_fm.show.slack_thread import Channel


def what_to_say(
    episode: Episode, notes: ShowNotes, *, channel: Channel | None, inbox: Inbox
) -> Sequence[Delivery]:
    """List, in order, everything to be said about an episode; no announcement without a channel for it."""
    announcement = [announcing(episode.guid, episode.number, channel.id)] if channel else []
    answered = [question for part in notes.answers if (question := _known(part, inbox))]
    thanks = [one for question in answered for one in thanking(episode.guid, episode.number, question)]
    return [*announcement, *thanks]


def worded(
    delivery: Delivery, episode: Episode, notes: ShowNotes, *, show: Show, artwork: Key, renderer: Renderer
) -> Words | None:
    """Word a message as it stands now; None where the question is no longer answered by the episode."""
    if delivery.question is None:
        return renderer.announcement(show, episode, notes, artwork)
    part = next((part for part in notes.answers if part.question == delivery.question), None)
    return renderer.receipt(show, episode, part) if part else None


def is_message(delivery: Delivery) -> bool:
    """Tell whether it is something that was said once, and can be corrected."""
    return delivery.kind in {Kind.ANNOUNCEMENT, Kind.RECEIPT}


def _known(part: Part, inbox: Inbox) -> Question | None:
    try:
        return inbox.question(part.question or "")
    except UnknownError:
        return None
