"""The script says what a consent allows, and is timed as it is read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.airtime import Airtime, Fit, planned_length, total
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.episode import Person
from cityhall_fm.show.reading_time import reading_seconds
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.script import LineKind, is_long, script, sentences
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.texts import Catalogue

from builders import NOON, a_consent, a_question, a_show, a_topic, an_episode

JA = Catalogue("ja")


def lines_of(question, **more):
    episode = an_episode(rundown=Rundown((Segment("はじめに"), Segment("題", question=question.id, **more))))
    return script(a_show(), episode, {question.id: question}, JA).parts[1].lines


def spoken(lines):
    return [line.text for line in lines if line.kind is not LineKind.CUE]


@pytest.mark.parametrize(
    ("consent", "introduced"),
    [
        (
            a_consent(Naming.RADIO_NAME, radio_name=Private("🍎りんご")),
            "ラジオネーム🍎りんごさんからのお便りです。",
        ),
        (a_consent(Naming.DISPLAY_NAME), "髙橋はなさんからのお便りです。"),
        (a_consent(Naming.ANONYMOUS), "匿名希望さんからのお便りです。"),
    ],
)
def test_a_letter_is_introduced_as_its_asker_wished(consent, introduced):
    assert spoken(lines_of(a_question(consent=consent))) == [introduced, "灯油代は月にいくら?"]


@pytest.mark.parametrize(
    "question",
    [
        a_topic(),
        a_question(consent=a_consent(Naming.DO_NOT_USE)),
        a_question(consent=a_consent(Naming.RADIO_NAME, radio_name=Private("りんご"), withdrawn_at=NOON)),
    ],
)
def test_without_a_consent_nothing_of_anybody_is_in_the_script(question):
    told = "".join(line.text for line in lines_of(question))
    assert "髙橋" not in told
    assert "りんご" not in told
    assert question.words.for_host() not in told


def test_the_hosts_own_words_follow_the_letter_paragraph_by_paragraph():
    lines = lines_of(a_question(), script="なるほど。\n\n うちでは、\r\nこうです。")
    assert spoken(lines)[2:] == ["なるほど。", "うちでは、", "こうです。"]


def test_readings_of_names_come_along():
    consent = a_consent(Naming.RADIO_NAME, radio_name=Private("冬の入門生"), reading=Private("ふゆ"))
    question = a_question(consent=consent)
    episode = an_episode(
        people=(Person("森下ゆう", reading="もりした ゆう"),),
        rundown=Rundown((Segment("題", question=question.id),)),
    )
    made = script(a_show(), episode, {question.id: question}, JA)
    assert dict(made.readings) == {"森下ゆう": "もりした ゆう", "冬の入門生": "ふゆ"}


def test_a_question_that_the_inbox_does_not_know_names_nobody():
    question = a_question()
    episode = an_episode(rundown=Rundown((Segment("題", question=question.id),)))
    (part,) = script(a_show(), episode, {}, JA).parts
    assert part.lines[0].kind is LineKind.CUE


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("あ" * 300, 60),
        ("佐久市の冬は、寒いです。", 12 / 5),
        ("か\u3099", 1 / 5),
        ("葛󠄀城", 2 / 5),
        ("🍎「」 ", 0),
        ("", 0),
        ("one two three four five", 2),
        ("l’été à Saku", 3 * 0.4),
        ("Slackのお便り", 0.4 + 4 / 5),
        ("2026年", 1),
        ("in 2026", 0.8),
    ],
)
def test_reading_aloud_takes_as_long_as_letters_and_words(text, seconds):
    assert reading_seconds(text) == pytest.approx(seconds)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_longer_text_never_takes_less_time(text, more):
    assert 0 <= reading_seconds(text) <= reading_seconds(f"{text}\n{more}") + 1


@given(st.text("佐久。「」？!?\n. a", max_size=60))
def test_sentences_are_the_text(text):
    assert "".join(sentences(text)) == text


def test_more_than_75_letters_are_long():
    assert not is_long("あ" * 75)
    assert is_long("か\u3099" * 76)
    assert not is_long("👨‍👩‍👧" * 75)


@pytest.mark.parametrize(
    ("planned", "fit", "difference"),
    [("29:00", Fit.ROOM, "1:00"), ("30:00", Fit.EXACT, "0:00"), ("31:05", Fit.OVER, "1:05")],
)
def test_a_rundown_is_compared_with_the_half_hour(planned, fit, difference):
    made = total([Timecode.parse(planned)], Airtime())
    assert (made.fit, str(made.difference)) == (fit, difference)


@pytest.mark.parametrize("written", ["ながい", "1:2:3:4", "3:75", "分", "-3"])
def test_what_is_no_length_is_refused(written):
    with pytest.raises(ValueError, match=r"."):
        planned_length(written)


def test_a_part_takes_as_long_as_planned_or_as_it_is_to_read():
    episode = an_episode(rundown=Rundown((Segment("a", script="あ" * 300),)))
    (part,) = script(a_show(), episode, {}, JA).parts
    assert str(part.length) == "1:00"
    assert str(replace(part, segment=replace(part.segment, length=Timecode.parse("2:00"))).length) == "2:00"
