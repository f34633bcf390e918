"""Recordings under a question and in its thread -> kept with it, for the host to listen to."""

from __future__ import annotations

from dataclasses import dataclass

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.voices import ClipSource, VoiceShelf
from cityhall_fm.production.unwanted_voices import drop_unwanted
from cityhall_fm.show.consent import public_voice
from cityhall_fm.show.errors import NotReadyError, SlackError
from cityhall_fm.show.question import Question, QuestionId
from cityhall_fm.show.slack_thread import Clip
from cityhall_fm.show.voices import MOST_BYTES, SUFFIXES, wanted_clips


@dataclass(frozen=True, slots=True)
class KeptVoices:
    """How many came and went, and what could not be had."""

    fetched: int = 0
    removed: int = 0
    refused: tuple[SlackError, ...] = ()


def keep_voices(
    *, inbox: Inbox, voices: VoiceShelf, source: ClipSource | None, only: Question | None = None
) -> KeptVoices:
    """Fetch the askers' own recordings that are not here yet, and remove those that nobody may keep.

    Done again, it does only what is left; what Slack refuses is told and tried again another time. Without
    a source nothing is fetched. `only` looks at one question.
    """
    here = voices.kept()
    refused: list[SlackError] = []
    fetched = 0
    for question in (only,) if only else inbox.questions():
        for clip in wanted_clips(question) if source else ():
            if source is None or clip.id in here.get(question.id, ()):
                continue
            try:
                _demand_playable(clip, question.id)
                voices.keep(question.id, clip, source.fetch(clip))
                fetched += 1
            except SlackError as error:
                refused.append(error)
    return KeptVoices(fetched, drop_unwanted(inbox, voices), tuple(refused))


def voice_for_programme(beginning: str, *, inbox: Inbox, voices: VoiceShelf) -> dict[str, bytes]:
    """Read a question's recordings for use on air, by file name.

    Raises NotReadyError where the asker did not agree to have their voice played, or none is kept.
    """
    question = inbox.question(beginning)
    released = [public_voice(question.consent, clip.id) for clip in wanted_clips(question)]
    if not released:
        raise NotReadyError("slack_app.no_voice", question=question.id)
    if not all(released):
        raise NotReadyError("slack_app.voice_not_agreed", question=question.id)
    paths = [voices.for_programme(question.id, voice) for voice in released if voice]
    found = {path.name: path.read_bytes() for path in paths if path}
    if not found:
        raise NotReadyError("slack_app.no_voice", question=question.id)
    return found


def _demand_playable(clip: Clip, question: QuestionId) -> None:
    """Look at what Slack says of it before it is fetched; the source looks at what comes."""
    if clip.media_type not in SUFFIXES:
        raise SlackError("slack_app.voice_type", question=question, kind=clip.media_type or "?")
    if clip.length_bytes > MOST_BYTES:
        raise SlackError("slack_app.voice_too_large", most=MOST_BYTES // 10**6)
