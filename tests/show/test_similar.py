"""Was this answered before? Measured on the example show and made-up questions."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.consent import Private, public_name, quote
from cityhall_fm.show.library import Answer, AnsweredQuestion
from cityhall_fm.show.notes import Asked, Part
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.similar import AnsweredBefore, pairs

from builders import a_consent, a_published_episode

DATA = tomllib.loads((Path(__file__).parents[1] / "data/answered_questions.toml").read_text("utf-8"))
ANSWERED, UNRELATED, HELD_OUT = DATA["answered"], DATA["unrelated"], DATA["held_out"]


def an_answer(id_: str, title: str, summary: str = "", words: str = "") -> AnsweredQuestion:
    asked = Asked(public_name(None, Private("")), quote(a_consent(), Private(words)))
    part = Part(title, summary=summary, asked=asked, question=QuestionId(id_))
    return AnsweredQuestion(QuestionId(id_), (Answer(a_published_episode(7), part),))


@pytest.fixture(scope="module")
def before() -> AnsweredBefore:
    return AnsweredBefore(
        [an_answer(id_, one["title"], one["summary"], one["words"]) for id_, one in ANSWERED.items()]
    )


def first(before, words):
    found = before.like(words)
    return found[0].answered.id if found else None


def test_most_paraphrases_find_their_answer_and_no_other(before):
    offered = [(first(before, words), id_) for id_, one in ANSWERED.items() for words in one["asked"]]
    given = [(found, right) for found, right in offered if found]
    assert sum(found == right for found, right in given) == len(given)
    assert len(given) / len(offered) > 0.78


def test_nothing_is_offered_to_a_question_about_something_else(before):
    assert {words: first(before, words) for words in UNRELATED if first(before, words)} == {}


def test_questions_that_the_figures_were_not_chosen_by_fare_as_well(before):
    offered = [(first(before, words), right) for words, right in HELD_OUT.items()]
    given = [(found, right) for found, right in offered if found]
    assert sum(found == right for found, right in given) / len(given) > 0.94  # precision
    assert len(given) / sum(right != "" for _, right in offered) > 0.84  # recall


@pytest.mark.parametrize(
    "words",
    ["スクールバスはありますか", "ｽｸｰﾙﾊﾞｽはありますか?", "すくーるばすはありますか", "SCHOOL? スクールバス!"],
)
def test_widths_and_kana_are_alike(before, words):
    assert first(before, words) == "bus"


def test_old_and_new_forms_of_kanji_are_alike():
    before = AnsweredBefore([an_answer("q-1", "髙橋酒蔵の見学"), an_answer("q-2", "りんご狩り")])
    assert [one.answered.id for one in before.like("高橋酒蔵は見学できますか")] == ["q-1"]


def test_the_most_alike_comes_first_and_only_as_many_as_asked_for(before):
    found = before.like("冬の灯油代と水道管の凍結が心配", least=0.01)
    assert [one.alike for one in found] == sorted((one.alike for one in found), reverse=True)
    assert len(before.like("冬の灯油代と水道管の凍結が心配", least=0.01, most=1)) == 1


def test_with_nothing_answered_nothing_is_offered():
    assert AnsweredBefore([]).like("灯油代は月にいくらですか") == ()


@given(st.text())
def test_any_text_can_be_compared_and_nothing_is_more_than_the_same(words):
    before = AnsweredBefore([an_answer("q-1", words, words, words), an_answer("q-2", "灯油代は月にいくら?")])
    assert all(0 <= one.alike <= 1 + 1e-9 for one in before.like(words, least=0))
    assert all(0 < weight <= 1 for weight in pairs(words).values())


@given(
    st.lists(st.text(st.characters(categories=["Lo", "Ll"]), max_size=40), max_size=6), st.text(max_size=40)
)
def test_the_order_of_answers_does_not_matter(titles, words):
    answers = [an_answer(f"q-{place}", title) for place, title in enumerate(titles)]
    there, back = AnsweredBefore(answers), AnsweredBefore(answers[::-1])
    assert [one.answered.id for one in there.like(words)] == [one.answered.id for one in back.like(words)]
