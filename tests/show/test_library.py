"""The archive's shelves, the answered questions, and which of them are related."""

from __future__ import annotations

from datetime import date

from cityhall_fm.show.consent import Private
from cityhall_fm.show.library import Relations, ShelfKind, answered, shelves, topics_of
from cityhall_fm.show.notes import show_notes
from cityhall_fm.show.question import Status
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode

from builders import a_published_episode, a_question

ONE, TWO, THREE, FOUR = (a_question(f"176360040{n}.000100") for n in range(4))


def a_segment(question=None, title="灯油代は月にいくら?", at=10, **changes) -> Segment:
    return Segment(title, at=Timecode.of_seconds(at), question=question.id if question else None, **changes)


def noted(number, *segments, known=(ONE, TWO, THREE, FOUR), **changes):
    episode = a_published_episode(number, rundown=Rundown(segments), **changes)
    return episode, show_notes(episode, {one.id: one for one in known}, withdrawn_title="おたより")


def test_episodes_stand_on_the_shelves_of_their_season_department_and_topics():
    site = [
        noted(3, season=2, department="子育て課", topics=("冬", "子育て")),
        noted(2, season=1, department="子育て課", topics=("冬",)),
        noted(1, season=None),
    ]
    found = [
        (shelf.kind, shelf.name, [episode.number for episode, _ in shelf.noted]) for shelf in shelves(site)
    ]
    assert found == [
        (ShelfKind.SEASON, "2", [3]),
        (ShelfKind.SEASON, "1", [2]),
        (ShelfKind.DEPARTMENT, "子育て課", [3, 2]),
        (ShelfKind.TOPIC, "冬", [3, 2]),
        (ShelfKind.TOPIC, "子育て", [3]),
    ]


def test_a_topic_typed_in_two_ways_is_one_shelf_named_as_in_the_newest_episode():
    site = [noted(2, topics=("Food",)), noted(1, topics=("ｆｏｏｄ", "FOOD"))]
    (shelf,) = [shelf for shelf in shelves(site) if shelf.kind is ShelfKind.TOPIC]
    assert (shelf.name, shelf.path, len(shelf.noted)) == ("Food", "topics/food/", 2)


def test_a_withdrawn_part_leaves_no_topic_and_no_question():
    gone = a_question(words="ないしょ", status=Status.WITHDRAWN)
    episode, notes = noted(1, a_segment(gone, topics=("介護",)), known=(gone,), topics=("冬",))
    assert topics_of(episode, notes) == ("冬",)
    assert answered([(episode, notes)]) == ()


def test_a_question_answered_twice_is_one_with_the_newest_answer_first():
    site = [
        noted(2, a_segment(ONE, "灯油、その後")),
        noted(1, a_segment(ONE), a_segment(title="終わり", at=30)),
    ]
    (question,) = answered(site)
    assert question.part.title == "灯油、その後"
    assert [(answer.episode.number, answer.until) for answer in question.answers] == [
        (2, None),
        (1, Timecode.of_seconds(33)),
    ]
    assert question.key == f"qa/{ONE.id}/index.html"


def test_an_answer_is_as_old_as_its_episode_unless_somebody_checked_it():
    episode, notes = noted(1, a_segment(ONE), a_segment(TWO, checked_at=date(2027, 1, 5)))
    one, two = answered([(episode, notes)])
    assert one.as_of == episode.published_at
    assert two.as_of == date(2027, 1, 5)


def test_related_are_questions_of_one_topic_or_of_the_same_words():
    site = [
        noted(2, a_segment(ONE, "灯油代は月にいくら?"), a_segment(TWO, "雪かきのこつ", topics=("冬",))),
        noted(1, a_segment(THREE, "灯油代の節約"), a_segment(FOUR, "保育園の入園", topics=("冬",))),
    ]
    questions = answered(site)
    relations = Relations(questions)
    related = {question.id: [other.id for other in relations.of(question)] for question in questions}
    assert related == {ONE.id: [THREE.id], THREE.id: [ONE.id], TWO.id: [FOUR.id], FOUR.id: [TWO.id]}


def test_relations_are_the_same_in_whatever_order_and_never_to_itself():
    questions = [a_question(f"1763600{n:03}.000100", words=f"{n}") for n in range(40)]
    segments = [
        a_segment(one, f"灯油代は{place % 3}缶で足りますか", at=place) for place, one in enumerate(questions)
    ]
    found = answered([noted(1, *segments, known=questions)])
    forwards, backwards = Relations(found), Relations(tuple(reversed(found)))
    for question in found:
        related = forwards.of(question)
        assert related == backwards.of(question)
        assert question not in related
        assert len(related) <= 5


def test_ids_tell_nothing_of_slack():
    named = a_question(words="ないしょ", asker_name=Private("髙橋はな"))
    (question,) = answered([noted(1, a_segment(named), known=(named,))])
    assert named.thread.channel not in question.path
