"""The search index: what is in it, what is not, and how small it is."""

from __future__ import annotations

import gzip
import json

from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.adapters.jinja.search_index import FILES, written
from cityhall_fm.show.question import Status
from cityhall_fm.show.searching import tokens

from builders import a_published_episode, a_question
from made_up import a_whole_show, made, noted_with

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def read(numbers: str) -> list[int]:
    """Read what `written` wrote, as the browser does."""
    found, before, rest, factor = [], 0, 0, 1
    for letter in numbers:
        digit = DIGITS.index(letter)
        rest, factor = rest + digit % 32 * factor, factor * 32
        if digit < 32:
            before += rest
            found.append(before)
            rest, factor = 0, 1
    return found


def index_of(site: dict[str, bytes]) -> tuple[dict, dict[str, list[int]]]:
    places = json.loads(site["search/places.json"])
    files = [json.loads(site[key]) for key in sorted(site) if key.startswith("search/episodes-")]
    assert places["episodes"] == [file["is"] for file in files]
    places["episodes"] = [episode for file in files for episode in file["episodes"]]
    words: dict[str, list[int]] = {}
    for number in range(FILES):
        shard = json.loads(site[f"search/words-{number:02}.json"])
        assert shard["count"] == places["count"]
        assert all(ord(token[0]) % FILES == number for token in shard["words"])
        words |= {token: read(numbers) for token, numbers in shard["words"].items()}
    return places, words


@given(st.lists(st.integers(0, 10**7)).map(sorted))
def test_numbers_are_read_back(numbers):
    assert read(written(numbers)) == numbers


def test_every_spoken_word_leads_to_its_paragraph():
    places, words = index_of(made(a_whole_show(3)))
    starts = [(one["n"], second) for one in places["episodes"] for second in read(one.get("spoken", ""))]
    assert places["count"] == len(starts)
    assert [one["n"] for one in places["episodes"]] == [1, 2, 3]
    wanted = set(tokens("灯油"))
    found = set.intersection(*(set(words[token]) for token in wanted if token in words and len(token) > 1))
    assert found
    assert all(starts[place][0] in (1, 2, 3) for place in found)


def test_what_was_withdrawn_is_in_no_file():
    gone = a_question(words="ないしょの話", status=Status.WITHDRAWN)
    site = made(noted_with(gone, title="ないしょの相談", summary="ひみつの答え"))
    assert not any(
        "ないしょ".encode() in content or "ひみつ".encode() in content for content in site.values()
    )


def test_there_are_as_many_files_where_nothing_was_said():
    site = made(noted_with(a_question()))
    quiet = made((a_published_episode(transcript=None), None))
    assert {key for key in site if key.startswith("search/")} == {
        key for key in quiet if key.startswith("search/")
    }


def test_twenty_episodes_of_half_an_hour_are_searched_with_little():
    site = made(a_whole_show(20, minutes=30))
    places = gzip.compress(site["search/places.json"]) + gzip.compress(site["search/episodes-000.json"])
    shards = [site[f"search/words-{number:02}.json"] for number in range(FILES)]
    assert len(places) < 12_000
    assert max(map(len, shards)) < 40_000
