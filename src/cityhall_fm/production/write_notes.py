"""Episode -> ShowNotes: the rundown with what each question's consent allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.words import Renderer
from cityhall_fm.show.episode import Episode, Show
from cityhall_fm.show.notes import ShowNotes, show_notes
from cityhall_fm.show.question import Question, QuestionId
from cityhall_fm.texts import Catalogue


@dataclass(frozen=True, slots=True)
class WrittenNotes:
    """An episode's notes, and how they read: full HTML, plain text, the feed's short description."""

    notes: ShowNotes
    html: str
    text: str
    description: str


def write_notes(show: Show, episode: Episode, *, inbox: Inbox, renderer: Renderer) -> WrittenNotes:
    """Make an episode's notes and word them."""
    notes = notes_of(show, episode, inbox=inbox)
    return WrittenNotes(
        notes,
        html=renderer.notes_html(show, episode, notes),
        text=renderer.notes_text(show, episode, notes),
        description=renderer.description(show, episode, notes),
    )


def notes_of(show: Show, episode: Episode, *, inbox: Inbox) -> ShowNotes:
    """Make an episode's notes from its rundown and the inbox as it is now.

    A question that this inbox does not know keeps the host's words and names nobody.
    """
    return notes_with(show, episode, inbox.known(episode.rundown.questions))


def notes_with(show: Show, episode: Episode, known: Mapping[QuestionId, Question]) -> ShowNotes:
    """Make an episode's notes from its rundown and questions that were read before."""
    withdrawn_title = Catalogue(show.language)("pages.withdrawn")
    return show_notes(episode, known, withdrawn_title=withdrawn_title)
