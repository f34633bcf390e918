"""Rundown -> Script: what the hosts read, set in phrases with readings over the kanji."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.words import Furigana
from cityhall_fm.show.episode import Episode, Show
from cityhall_fm.show.ruby import Ruby, in_phrases
from cityhall_fm.show.script import (
    Line,
    LineKind,
    Script,
    SetLine,
    SetPart,
    SetSentence,
    WrittenScript,
    is_long,
    script,
    sentences,
)
from cityhall_fm.texts import Catalogue

Phrases = Callable[[str], Sequence[str]]
"""Splits a text where its lines may break."""


def script_of(show: Show, episode: Episode, *, inbox: Inbox) -> Script:
    """Write an episode's script, in the show's language."""
    return script(show, episode, inbox.known(episode.rundown.questions), Catalogue(show.language))


def write_script(
    show: Show,
    episode: Episode,
    *,
    inbox: Inbox,
    furigana: Furigana,
    phrases: Phrases,
    readings: Mapping[str, str],
) -> WrittenScript:
    """Write and set an episode's script; `readings` are those that hosts have corrected.

    Only Japanese shows get readings and breaks between phrases. A name is read as its owner says, whatever
    was corrected.
    """
    written = script_of(show, episode, inbox=inbox)
    japanese = show.language.partition("-")[0] == "ja"
    known = {**readings, **dict(written.readings)}

    def set_sentence(sentence: str, kind: LineKind) -> SetSentence:
        pieces: Sequence[Ruby] = furigana.set(sentence, known) if japanese else [Ruby(sentence)]
        broken = in_phrases(pieces, phrases(sentence)) if japanese else (tuple(pieces),)
        return SetSentence(broken, kind is not LineKind.CUE and japanese and is_long(sentence))

    def set_line(line: Line) -> SetLine:
        made = tuple(set_sentence(sentence, line.kind) for sentence in sentences(line.text))
        return SetLine(line.kind, line.text, made)

    parts = tuple(SetPart(part, tuple(map(set_line, part.lines))) for part in written.parts)
    return WrittenScript(written, parts, show.language)
