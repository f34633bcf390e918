"""Finding questions by status, channel and words, a page at a time."""

from __future__ import annotations

import pytest

from cityhall_fm.show.leafing import Wish, chosen, leaf, sought
from cityhall_fm.show.question import Status
from cityhall_fm.show.searching import folded
from cityhall_fm.show.shelf import IN_PRIVATE
from cityhall_fm.show.slack_thread import ChannelId

from builders import CHANNEL, a_question, a_thread, a_topic


def found(words, question=None, **wish):
    question = question or a_question(words="佐久市の髙橋です。トウユ代はいくら?❄️ Été")
    wanted = Wish(words=words, **wish)
    return bool(chosen([question], wanted, text_of=lambda one: folded(one.words.for_host())))


@pytest.mark.parametrize(
    "words",
    ["佐久", "高橋", "髙橋", "とうゆ", "ﾄｳﾕ", "灯油代"[2:], "佐久　いくら", "ete", "ÉTÉ", "", "  ", "❄️"],
)
def test_words_are_found_whichever_way_they_are_written(words):
    assert found(words)


@pytest.mark.parametrize("words", ["小諸", "佐久 小諸", "久佐"])
def test_every_word_must_be_there(words):
    assert not found(words)


def test_without_words_only_what_is_open_is_listed_with_words_everything():
    answered = a_question(words="佐久", status=Status.ANSWERED)
    assert not found("", answered)
    assert found("佐久", answered)
    assert found("", answered, statuses=frozenset(Status))
    assert not found("佐久", answered, statuses=frozenset({Status.RECEIVED}))


def test_a_channel_keeps_its_own_and_private_ones_stand_together():
    private = a_question(thread=a_thread(channel=ChannelId("D0HANA")))
    public = a_topic()
    for channel, expected in ((CHANNEL, [public]), (IN_PRIVATE, [private]), (None, [public, private])):
        assert list(chosen([public, private], Wish(channel=channel), text_of=str)) == expected


def test_the_order_stays_as_it_was_given():
    questions = [a_question(f"176360{place}400.000100") for place in (3, 1, 2)]
    assert list(chosen(questions, Wish(), text_of=str)) == questions


@pytest.mark.parametrize(
    ("page", "shown"),
    [(1, (0, 1, 2)), (2, (3, 4, 5)), (3, (6,)), (99, (6,)), (0, (0, 1, 2)), (-5, (0, 1, 2))],
)
def test_pages_beyond_the_last_are_the_last(page, shown):
    taken = leaf(range(7), page, size=3)
    assert (taken.items, taken.pages, taken.found) == (shown, 3, 7)


def test_an_empty_list_has_one_empty_page():
    assert (leaf([], 4).page, leaf([], 4).pages, leaf([], 4).items) == (1, 1, ())


def test_nothing_is_sought_in_blanks():
    assert sought(" 　\t") == ()
