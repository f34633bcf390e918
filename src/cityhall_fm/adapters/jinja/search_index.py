"""The search index: what people wrote in one file, what was said in many small ones; no server needed.

`search/episodes-NNN.json` hold titles and summaries as they are, to be looked through whole; of fifty
episodes each, oldest first, so that a browser keeps all but the last. `search/places.json` names them. The
spoken words are an inverted index (`show/searching.tokens` -> paragraphs), in as many files as there are
remainders of a token's first letter by `FILES`: a search fetches those of its own letters only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cityhall_fm.adapters.jinja.markdown import to_text
from cityhall_fm.adapters.jinja.spoken import Paragraph
from cityhall_fm.show.clean import clean, one_line
from cityhall_fm.show.episode import Episode, Key
from cityhall_fm.show.library import topics_of
from cityhall_fm.show.notes import Part, ShowNotes
from cityhall_fm.show.searching import VARIANTS, tokens

FILES: Final = 64
_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_HALF: Final = 32
_TOGETHER: Final = 50
"""Episodes in one file of titles and summaries."""


@dataclass(slots=True)
class SearchIndex:
    """Takes the episodes, oldest first, so that a new one only adds to what the files hold."""

    _episodes: list[dict[str, object]] = field(default_factory=list)
    _places: dict[str, list[int]] = field(default_factory=dict)
    _count: int = 0

    def add(
        self, episode: Episode, notes: ShowNotes, day: str, spoken: Sequence[Paragraph], *, page: str = ""
    ) -> None:
        """Take in one episode.

        `day` is its date as people say it, `page` where under its own page the words are.
        """
        seconds = [paragraph.whole.start.whole_seconds for paragraph in spoken]
        entry: dict[str, object] = {"n": episode.number, "title": one_line(episode.title), "day": day}
        if episode.summary:
            entry["summary"] = one_line(episode.summary)
        tags = [episode.department, *topics_of(episode, notes)]
        if any(tags):
            entry["tags"] = " ".join(filter(None, tags))
        entry["parts"] = [_part(part) for part in notes.parts]
        if seconds:
            entry["spoken"] = written(seconds)
        if page:
            entry["page"] = page
        self._episodes.append(entry)
        for paragraph in spoken:
            for token in set(tokens(paragraph.whole.words)):
                self._places.setdefault(token, []).append(self._count)
            self._count += 1

    def files(self) -> Mapping[Key, bytes]:
        """Write the index; every file, also where it is empty, so that none of an older index is left."""
        shards: list[dict[str, str]] = [{} for _ in range(FILES)]
        for token in sorted(self._places):
            shards[ord(token[0]) % FILES][token] = written(self._places[token])
        starts = range(0, len(self._episodes), _TOGETHER)
        together = [self._episodes[start : start + _TOGETHER] for start in starts]
        # The hash tells the browser whether a file that it kept is still the one that is meant.
        names = [hashlib.sha256(_json(some)).hexdigest()[:8] for some in together]
        places = {"variants": VARIANTS, "files": FILES, "count": self._count, "episodes": names}
        files = {Key("search/places.json"): _json(places)}
        for number, (some, name) in enumerate(zip(together, names, strict=True)):
            files[Key(f"search/episodes-{number:03}.json")] = _json({"is": name, "episodes": some})
        # How many paragraphs a file knows of tells the browser whether it is of the same index.
        return files | {
            Key(f"search/words-{number:02}.json"): _json({"count": self._count, "words": shard})
            for number, shard in enumerate(shards)
        }


def written(numbers: Iterable[int]) -> str:
    """Write rising numbers as their differences: five bits a letter, the sixth says that more follow.

    >>> written([0, 1, 40, 4000])
    'ABnB47D'
    """
    letters = []
    before = 0
    for number in numbers:
        rest = number - before
        before = number
        while rest >= _HALF:
            letters.append(_DIGITS[_HALF + rest % _HALF])
            rest //= _HALF
        letters.append(_DIGITS[rest])
    return "".join(letters)


def _part(part: Part) -> dict[str, object]:
    entry: dict[str, object] = {"title": one_line(part.title)}
    if part.at is not None:
        entry["at"] = part.at.whole_seconds
    words = [to_text(part.summary) if part.summary else ""]
    if part.asked and part.asked.quote:
        words.insert(0, part.asked.quote.words)
    if any(words):
        entry["words"] = one_line(" ".join(filter(None, words)))
    if part.topics:
        entry["tags"] = " ".join(part.topics)
    if part.question:
        entry["qa"] = part.question
    return entry


def _json(value: object) -> bytes:
    return (clean(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) + "\n").encode()
