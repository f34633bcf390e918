from __future__ import annotations

from dataclasses import replace

from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.notes import show_notes
from cityhall_fm.show.question import Status
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode

from builders import a_consent, a_published_episode, a_question, a_topic, an_episode

WITHDRAWN = "取り下げられたご質問"


def _episode_about(question, episode=None):
    segments = (
        Segment("オープニング", at=Timecode(0)),
        Segment(
            "灯油代の話",
            at=Timecode.parse("0:14.2"),
            question=question.id,
            summary="広さ次第です。",
            url="https://example.jp/oil",
            image="https://example.jp/oil.jpg",
        ),
    )
    return replace(episode or a_published_episode(), rundown=Rundown(segments))


def _answer(question, **known):
    episode = _episode_about(question)
    notes = show_notes(episode, known.get("known", {question.id: question}), withdrawn_title=WITHDRAWN)
    return notes.parts[1]


def test_a_question_is_quoted_anonymously_by_default():
    part = _answer(a_question())
    assert part.title == "灯油代の話"
    assert part.asked.name.name is None
    assert part.asked.quote.words == "灯油代は月にいくら?"


def test_a_radio_name_is_told_where_the_asker_agreed():
    consent = a_consent(Naming.RADIO_NAME, radio_name=Private("雪だるま"))
    assert _answer(a_question(consent=consent)).asked.name.name == "雪だるま"


def test_a_topic_keeps_the_hosts_words_only():
    part = _answer(a_topic())
    assert part.title == "灯油代の話"
    assert part.asked.name.name is None
    assert part.asked.quote is None


def test_a_withdrawn_question_leaves_a_neutral_title_and_nothing_else():
    part = _answer(a_question(status=Status.WITHDRAWN))
    assert (part.title, part.summary, part.links, part.asked, part.question, part.url, part.image) == (
        WITHDRAWN,
        "",
        (),
        None,
        None,
        None,
        None,
    )


def test_a_question_that_this_inbox_does_not_know_names_nobody():
    part = _answer(a_question(), known={})
    assert part.title == "灯油代の話"
    assert part.asked is None


def test_times_are_those_of_the_finished_audio():
    part = _answer(a_question())
    assert str(part.at) == "0:17"  # 14.2 s into a recording that begins after 3 s of jingle


def test_before_mastering_times_are_those_of_the_recording():
    episode = _episode_about(a_question(), an_episode())
    notes = show_notes(episode, {}, withdrawn_title=WITHDRAWN)
    assert notes.parts[1].at == Timecode.parse("0:14.2")


def test_chapters_are_the_timed_parts():
    episode = replace(
        a_published_episode(), rundown=Rundown((Segment("はじめ", at=Timecode(0)), Segment("時間なし")))
    )
    assert [chapter.title for chapter in show_notes(episode, {}, withdrawn_title=WITHDRAWN).chapters] == [
        "はじめ"
    ]


def test_a_chapter_has_its_segments_link_and_image():
    question = a_question()
    notes = show_notes(_episode_about(question), {question.id: question}, withdrawn_title=WITHDRAWN)
    chapter = notes.chapters[1]
    assert (chapter.url, chapter.image) == ("https://example.jp/oil", "https://example.jp/oil.jpg")
