"""Askers' own voices: which recordings are kept with a question, and in what form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from cityhall_fm.show.question import Kind, Question, QuestionId
from cityhall_fm.show.slack_thread import Clip, Message

MOST_BYTES: Final = 25 * 10**6
"""Slack's clips end after five minutes, some 5 MB of AAC; nobody's hour-long file fills the disk."""
MOST_CLIPS: Final = 5
"""Of one question; the first ones."""
SUFFIXES: Final[Mapping[str, str]] = {
    "audio/aac": ".aac",
    "audio/flac": ".flac",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "audio/webm": ".webm",
    "audio/x-m4a": ".m4a",
    "audio/x-wav": ".wav",
    "video/mp4": ".mp4",  # Slack names its audio clips so at times
    "video/webm": ".webm",
}


def wanted_clips(question: Question) -> tuple[Clip, ...]:
    """Name the recordings to be kept with a question: its asker's own, while it may be used.

    Others in the thread agreed to nothing, nor did whoever wrote a topic.
    """
    if question.kind is not Kind.QUESTION or not question.usable or question.asker is None:
        return ()
    said = (question.thread.opening, *question.thread.replies)
    found = {clip.id: clip for message in said if _is_by_asker(message, question) for clip in message.clips}
    return tuple(found.values())[:MOST_CLIPS]


def all_wanted(questions: Iterable[Question]) -> Mapping[QuestionId, frozenset[str]]:
    """Name all recordings that may be kept, by question."""
    return {
        question.id: frozenset(clip.id for clip in clips)
        for question in questions
        if (clips := wanted_clips(question))
    }


def _is_by_asker(message: Message, question: Question) -> bool:
    return message.author == question.asker and not message.deleted
