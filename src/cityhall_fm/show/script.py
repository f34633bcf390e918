"""The reading script: what the hosts read aloud, in order; theirs alone, never public."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from cityhall_fm.show.clean import letters
from cityhall_fm.show.consent import Naming, PublicName, public_name, quote
from cityhall_fm.show.episode import Episode, Show
from cityhall_fm.show.question import Question, QuestionId
from cityhall_fm.show.reading_time import reading_seconds
from cityhall_fm.show.ruby import Phrase
from cityhall_fm.show.rundown import Segment
from cityhall_fm.show.timecode import Timecode

LONGEST_SENTENCE: Final = 75
"""Letters: broadcasters keep what is read in one go to 50 to 75."""
_SENTENCE: Final = re.compile(r".+?(?:[。！？!?]+(?![。！？!?」』）)])|\.(?=\s|$)|\n|$)\s*", re.DOTALL)


class Say(Protocol):
    """Words an entry of the catalogues in the show's language."""

    def __call__(self, name: str, /, **values: object) -> str: ...


class LineKind(StrEnum):
    """What a line of a script is."""

    SPOKEN = "spoken"
    """The hosts' own words."""
    QUOTE = "quote"
    """The asker's own words, as they agreed to have them read."""
    CUE = "cue"
    """Not read aloud: a note to the host."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the script."""

    kind: LineKind
    text: str

    @property
    def seconds(self) -> float:
        return 0.0 if self.kind is LineKind.CUE else reading_seconds(self.text)


@dataclass(frozen=True, slots=True)
class ScriptPart:
    """One segment in the script; `seconds` is how long it takes to read."""

    title: str
    lines: tuple[Line, ...]
    segment: Segment

    @property
    def seconds(self) -> float:
        return sum(line.seconds for line in self.lines)

    @property
    def length(self) -> Timecode:
        """How long it takes: as planned, or else as long as it is to read."""
        return self.segment.length or Timecode.of_seconds(round(self.seconds))


@dataclass(frozen=True, slots=True)
class Script:
    """The whole script; `readings` tell how the names in it are read."""

    title: str
    parts: tuple[ScriptPart, ...]
    readings: tuple[tuple[str, str], ...] = ()

    @property
    def seconds(self) -> float:
        return sum(part.seconds for part in self.parts)


@dataclass(frozen=True, slots=True)
class SetSentence:
    """A sentence as it is set; `long` where it is hard to read in one go."""

    phrases: tuple[Phrase, ...]
    long: bool


@dataclass(frozen=True, slots=True)
class SetLine:
    """A paragraph as it is set."""

    kind: LineKind
    text: str
    sentences: tuple[SetSentence, ...]


@dataclass(frozen=True, slots=True)
class SetPart:
    """A segment of the script as it is set."""

    part: ScriptPart
    lines: tuple[SetLine, ...]


@dataclass(frozen=True, slots=True)
class WrittenScript:
    """The script of an episode, and how it stands on paper."""

    script: Script
    parts: tuple[SetPart, ...]
    language: str

    @property
    def long_sentences(self) -> int:
        return sum(one.long for part in self.parts for line in part.lines for one in line.sentences)


def script(show: Show, episode: Episode, questions: Mapping[QuestionId, Question], say: Say) -> Script:
    """Write the script of an episode: each segment's own words, its letter as far as consent allows.

    Without a consent nobody is named, and the words are only paraphrased.
    Where somebody lives is never said: nobody was asked about it.
    """
    people = episode.people or show.people
    readings = {person.name: person.reading for person in people if person.reading}
    parts = []
    for number, segment in enumerate(episode.rundown.segments):
        lines = list(_own(segment))
        asked = questions.get(segment.question) if segment.question else None
        if number == 0 and not lines and not segment.question:
            lines = [Line(LineKind.SPOKEN, say("script.greeting", show=show.title))]
            if people:
                names = say("script.and").join(person.name for person in people)
                lines.append(Line(LineKind.SPOKEN, say("script.hosts", names=names)))
        if segment.question:
            letter, name = _letter(segment, asked, say)
            if name and name.name and name.reading:
                readings[name.name] = name.reading
            lines = [*letter, *lines]
            if len(lines) == len(letter):
                lines.append(Line(LineKind.CUE, say("script.answer_here")))
                lines += _summary(segment)
        elif not lines:
            lines = [Line(LineKind.CUE, say("script.words_here")), *_summary(segment)]
        parts.append(ScriptPart(segment.title, tuple(lines), segment))
    return Script(episode.title, tuple(parts), tuple(readings.items()))


def sentences(text: str) -> Iterable[str]:
    """Split into sentences; what is said within brackets stays in its own.

    >>> list(sentences("寒いですね。「灯油は?」と聞かれます。"))
    ['寒いですね。', '「灯油は?」と聞かれます。']
    """
    return _SENTENCE.findall(text)


def is_long(sentence: str) -> bool:
    """Tell whether a sentence is too long to read well in one go."""
    return sum(1 for letter in letters(sentence) if not letter.isspace()) > LONGEST_SENTENCE


def _own(segment: Segment) -> Iterable[Line]:
    paragraphs = (paragraph.strip() for paragraph in segment.script.split("\n"))
    return (Line(LineKind.SPOKEN, paragraph) for paragraph in paragraphs if paragraph)


def _summary(segment: Segment) -> Iterable[Line]:
    return [Line(LineKind.CUE, segment.summary)] if segment.summary else []


def _letter(segment: Segment, asked: Question | None, say: Say) -> tuple[list[Line], PublicName | None]:
    """Introduce a letter and read it, as far as its asker agreed."""
    if asked is None or not asked.usable:
        return [Line(LineKind.CUE, say("script.not_to_be_read" if asked else "script.unknown"))], None
    if asked.consent is None:  # a topic: nobody agreed to anything
        paraphrase = say("script.paraphrase", title=segment.title)
        return [Line(LineKind.SPOKEN, say("script.topic")), Line(LineKind.CUE, paraphrase)], None
    name = public_name(asked.consent, asked.asker_name)
    words = quote(asked.consent, asked.words)
    by = say("script.unnamed")
    if name.name:
        by_radio_name = asked.consent.naming is Naming.RADIO_NAME
        by = say("script.by_radio_name" if by_radio_name else "script.by_name", name=name.name)
    lines = [Line(LineKind.SPOKEN, by)]
    if words:
        paragraphs = (paragraph.strip() for paragraph in words.words.split("\n"))
        lines += [Line(LineKind.QUOTE, paragraph) for paragraph in paragraphs if paragraph]
    else:
        lines.append(Line(LineKind.CUE, say("script.paraphrase", title=segment.title)))
    return lines, name
