from __future__ import annotations

import pytest

from cityhall_fm.production.write_notes import notes_of, write_notes
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.episode import Episode
from cityhall_fm.show.question import Question, QuestionId, Status
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode

from builders import a_consent, a_published_episode, a_question, a_show, a_topic
from fakes.inbox import FakeInbox
from fakes.renderer import FakeRenderer


def answering(question: Question | QuestionId) -> Episode:
    id_ = question if isinstance(question, str) else question.id
    return a_published_episode(
        rundown=Rundown(
            (Segment("灯油代のこと", at=Timecode(14_200), question=id_, summary="家によります。"),)
        )
    )


def test_an_answer_names_its_asker_as_they_agreed():
    question = a_question(consent=a_consent(Naming.RADIO_NAME, radio_name=Private("そばの花")))
    (part,) = notes_of(a_show(), answering(question), inbox=FakeInbox([question])).parts
    assert part.asked.name.name == "そばの花"
    assert part.asked.quote.words == "灯油代は月にいくら?"
    assert part.at == Timecode(17_200)


def test_a_topic_is_neither_named_nor_quoted():
    topic = a_topic()
    (part,) = notes_of(a_show(), answering(topic), inbox=FakeInbox([topic])).parts
    assert part.asked.name.name is None
    assert part.asked.quote is None


@pytest.mark.parametrize(
    ("language", "title"), [("ja", "おたより"), ("en", "A letter"), ("fr", "Un courrier")]
)
def test_a_withdrawn_question_leaves_a_neutral_title_in_the_shows_language(language, title):
    question = a_question(status=Status.WITHDRAWN)
    notes = notes_of(a_show(language=language), answering(question), inbox=FakeInbox([question]))
    assert [(part.title, part.summary, part.asked) for part in notes.parts] == [(title, "", None)]
    assert notes.answers == ()


def test_a_question_that_this_inbox_does_not_know_keeps_the_hosts_words():
    (part,) = notes_of(a_show(), answering(QuestionId("q-00000000")), inbox=FakeInbox()).parts
    assert (part.title, part.summary, part.asked) == ("灯油代のこと", "家によります。", None)


def test_the_beginning_of_an_id_is_not_taken_for_it():
    question = a_question()
    shortened = QuestionId(question.id[:5])
    (part,) = notes_of(a_show(), answering(shortened), inbox=FakeInbox([question])).parts
    assert part.asked is None


def test_notes_are_worded_in_every_form():
    question = a_question()
    episode = answering(question)
    written = write_notes(a_show(), episode, inbox=FakeInbox([question]), renderer=FakeRenderer())
    assert written.text == "佐久の冬支度 / 灯油代のこと / 灯油代は月にいくら?\n"
    assert written.html == f"<p>{written.text.strip()}</p>"
    assert written.description == "<p>灯油と冬タイヤの質問に答えます。</p>"
    assert written.notes == notes_of(a_show(), episode, inbox=FakeInbox([question]))
