"""How long the pages of a large show take, and how large its search index is: `make bench`.

Speech is made up with as many different words as people use, since few words would make a small index.
"""

from __future__ import annotations

import gzip
import random
import sys
import time
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cityhall_fm.adapters.jinja import JinjaRenderer
from cityhall_fm.production.ports.words import Site
from cityhall_fm.show.timecode import Timecode

from made_up import TEMPLATES, a_whole_show

_MINUTES = 30
_LETTERS_A_SECOND = 5
_PARTICLES = (
    "は",
    "が",
    "を",
    "に",
    "で",
    "と",
    "も",
    "の",
    "から",
    "より",
    "ですね",
    "ますよ",
    "ので",
    "という",
)
_KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん"


def main() -> None:
    for count in [int(one) for one in sys.argv[1:]] or [100, 1000]:
        site = with_speech(a_whole_show(count, minutes=_MINUTES), _MINUTES)
        begin = time.perf_counter()
        made = JinjaRenderer([TEMPLATES]).pages(site)
        seconds = time.perf_counter() - begin
        first = ("search/places", "search/episodes")
        places = b"".join(content for key, content in made.items() if key.startswith(first))
        words = [content for key, content in made.items() if key.startswith("search/words")]
        zipped = [len(gzip.compress(content)) for content in words]
        pages = [len(content) for key, content in made.items() if key.endswith(".html")]
        figures = {
            "seconds": round(seconds, 1),
            "files": len(made),
            "MB": round(sum(map(len, made.values())) / 1e6, 1),
            "largest page, kB": round(max(pages) / 1e3),
            "search, read first, kB gzipped": round(len(gzip.compress(places)) / 1e3),
            "search, each first letter, kB gzipped": round(sum(zipped) / len(zipped) / 1e3),
            "search, the commonest first letter, kB gzipped": round(max(zipped) / 1e3),
            "search, all, MB": round(sum(map(len, words)) / 1e6, 1),
        }
        print(f"{count} episodes of {_MINUTES} minutes:", figures)  # noqa: T201 - a benchmark prints


def with_speech(site: Site, minutes: int) -> Site:
    """Let everybody say other things, with the words as unevenly used as in any language."""
    chance = random.Random(20261123)  # noqa: S311  not for secrets
    words = [_word(chance) for _ in range(12_000)]
    weights = list(accumulate(1 / (place + 3) for place in range(len(words))))
    noted = tuple(
        (replace(episode, transcript=_spoken(chance, words, weights, minutes)), notes)
        for episode, notes in site.episodes
    )
    return replace(site, episodes=noted)


def _word(chance: random.Random) -> str:
    if chance.random() < 0.25:
        return "".join(chance.choices(_KANA, k=chance.randint(2, 4)))
    kanji = [chr(0x4E00 + int(chance.paretovariate(0.7) * 37) % 2500) for _ in range(chance.randint(1, 3))]
    return "".join(kanji)


def _spoken(chance: random.Random, words: list[str], weights: list[float], minutes: int) -> str:
    cues = ["WEBVTT"]
    for place in range(minutes * 60 // 4):
        said = ""
        while len(said) < 4 * _LETTERS_A_SECOND:
            said += chance.choices(words, cum_weights=weights)[0] + chance.choice(_PARTICLES)
        start, end = Timecode(place * 4000), Timecode(place * 4000 + 3900)
        speaker = "柳沢" if place // 6 % 2 else "土屋"
        cues.append(f"{start.precise()} --> {end.precise()}\n<v {speaker}>{said}。")
    return "\n\n".join(cues) + "\n"


if __name__ == "__main__":
    main()
