"""Choosing questions: moves, consents, and slotting into a rundown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cityhall_fm.production.curate import move, note_consent, slot
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import NotReadyError, UnknownError
from cityhall_fm.show.mrkdwn import links
from cityhall_fm.show.question import Status
from cityhall_fm.show.rundown import Link, Rundown, Segment
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.texts import LANGUAGES, Catalogue

from builders import NOON, a_consent, a_message, a_question, a_thread, a_topic, an_episode
from fakes.inbox import FakeInbox
from fakes.shelf import FakeShelf

SEVEN = EpisodeNumber(7)
NOW = NOON + timedelta(days=3)


def slotted(question, *, episode=None, inbox=None, shelf=None, **options):
    inbox = inbox or FakeInbox([question])
    shelf = shelf or FakeShelf(episode or an_episode(rundown=Rundown()))
    segment = slot(question.id, SEVEN, shelf=shelf, inbox=inbox, links=links, now=NOW, **options)
    return segment, shelf.episode(SEVEN).rundown.segments, inbox


def two_lines(error):
    for language in LANGUAGES:
        assert len(Catalogue(language).word(error.text).splitlines()) == 2


def refusal(question, **options):
    with pytest.raises(NotReadyError) as caught:
        slotted(question, **options)
    two_lines(caught.value)
    return caught.value.text.name


def test_a_question_becomes_the_last_segment_and_is_slotted():
    question = a_question(words="灯油代は月にいくら? 長野は寒いと聞きました。")

    segment, segments, inbox = slotted(question, episode=an_episode(), at=Timecode.parse("12:34"))

    assert segment == Segment("灯油代は月にいくら?", at=Timecode.parse("12:34"), question=question.id)
    assert segments[-1] == segment
    assert inbox.question(question.id).status is Status.SLOTTED
    assert inbox.moves == [(question.id, Status.SLOTTED, NOW)]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("灯油代は月にいくら？教えてください。", "灯油代は月にいくら？"),
        ("雪かきのこつを知りたいです。髙橋", "雪かきのこつを知りたいです"),
        ("冬タイヤは\nいつから?", "冬タイヤは"),
        ("家賃は 3.5 万円からですか!?🏔 本当?", "家賃は 3.5 万円からですか!?"),
        ("How much is it. Thanks", "How much is it"),
        ("  佐久  ", "佐久"),
        ("長" * 200, "長" * 59 + "…"),
        ("🧑‍🧑‍🧒‍🧒" * 40, "🧑‍🧑‍🧒‍🧒" * 8 + "…"),
    ],
)
def test_the_first_sentence_is_the_title_where_the_asker_agreed_to_be_quoted(words, title):
    segment, _, _ = slotted(a_question(words=words))

    assert segment.title == title


def test_a_topic_demands_a_title_in_the_hosts_words():
    assert refusal(a_topic()) == "inbox.title_needed"


def test_a_topic_is_slotted_under_the_hosts_title():
    segment, _, _ = slotted(a_topic(), title=" 雪かき \n入門 ")

    assert segment.title == "雪かき 入門"


def test_a_question_without_words_demands_a_title():
    assert refusal(a_question(words="")) == "inbox.title_needed"


@pytest.mark.parametrize(
    "question",
    [
        a_question(status=Status.WITHDRAWN),
        a_question(consent=a_consent(Naming.DO_NOT_USE)),
        a_question(consent=a_consent(withdrawn_at=NOON)),
        a_topic(status=Status.WITHDRAWN),
    ],
)
def test_what_must_not_be_used_cannot_be_slotted_whatever_the_title(question):
    assert refusal(question, title="題名") == "inbox.not_usable"


@pytest.mark.parametrize("status", [Status.RECORDED, Status.ANSWERED])
def test_what_was_answered_cannot_be_slotted_again(status):
    assert refusal(a_question(status=status)) == "inbox.cannot_move"


def test_a_refused_question_leaves_rundown_and_inbox_alone():
    question = a_topic()
    inbox, shelf = FakeInbox([question]), FakeShelf(an_episode())

    with pytest.raises(NotReadyError):
        slotted(question, inbox=inbox, shelf=shelf)

    assert shelf.episode(SEVEN) == an_episode()
    assert inbox.moves == []


def test_slotting_twice_changes_nothing():
    question = a_question()
    inbox, shelf = FakeInbox([question]), FakeShelf(an_episode())
    first, rundown, _ = slotted(question, inbox=inbox, shelf=shelf, at=Timecode(0))

    again, after, _ = slotted(question, inbox=inbox, shelf=shelf)

    assert (again, after) == (first, rundown)
    assert len(inbox.moves) == 1


def test_slotting_again_with_a_time_sets_the_time_and_keeps_what_the_host_changed():
    question = a_question()
    mine = Segment("私の題", question=question.id, summary="答え", links=())
    episode = an_episode(rundown=Rundown((Segment("オープニング"), mine)))

    segment, segments, _ = slotted(question, episode=episode, at=Timecode(5000))

    assert segment == replace(mine, at=Timecode(5000))
    assert segments == (Segment("オープニング"), segment)


def test_what_a_kill_left_undone_is_done_by_slotting_again():
    question = a_question()
    episode = an_episode(rundown=Rundown((Segment("題", question=question.id),)))

    _, _, inbox = slotted(question, episode=episode)

    assert inbox.question(question.id).status is Status.SLOTTED


def test_an_answered_question_that_is_in_the_rundown_stays_answered():
    question = a_question(status=Status.ANSWERED)
    episode = an_episode(rundown=Rundown((Segment("題", question=question.id),)))

    _, _, inbox = slotted(question, episode=episode)

    assert inbox.moves == []


def test_a_segment_that_the_host_has_written_keeps_the_hosts_words():
    written = Segment(
        "灯油のこと",
        at=Timecode(9000),
        length=Timecode(60_000),
        summary="要点",
        url="https://example.jp/oil",
        image="https://example.jp/oil.jpg",
    )
    episode = an_episode(rundown=Rundown((Segment("オープニング"), written)))

    segment, segments, _ = slotted(a_topic(), episode=episode, at_position=2)

    assert segment == replace(written, question=a_topic().id)
    assert segments == (Segment("オープニング"), segment)


def test_a_segment_that_answers_another_question_is_not_taken():
    other = Segment("別の質問", question=a_topic().id)

    assert (
        refusal(a_question(), episode=an_episode(rundown=Rundown((other,))), at_position=1)
        == "inbox.place_taken"
    )


def test_a_question_does_not_come_twice_into_one_rundown():
    question = a_question()
    rundown = Rundown((Segment("題", question=question.id), Segment("空き")))

    assert refusal(question, episode=an_episode(rundown=rundown), at_position=2) == "inbox.already_slotted"


def test_a_position_that_is_not_there_is_unknown_and_the_question_stays():
    question = a_question()
    inbox = FakeInbox([question])

    with pytest.raises(UnknownError):
        slotted(question, inbox=inbox, episode=an_episode(), at_position=99)

    assert inbox.moves == []


def test_an_unknown_episode_or_question_is_told():
    with pytest.raises(UnknownError):
        slot("q-zzz", SEVEN, shelf=FakeShelf(), inbox=FakeInbox(), links=links, now=NOW)
    with pytest.raises(UnknownError):
        slot(a_question().id, SEVEN, shelf=FakeShelf(), inbox=FakeInbox([a_question()]), links=links, now=NOW)


def with_links(question):
    thread = a_thread(
        opening=a_message(words="<https://example.jp/toyu|髙橋の灯油メモ> <https://example.jp/a>"),
        replies=(
            a_message(
                "1763600500.000100",
                "<https://city.example.jp/fuyu|佐藤さんの話> <https://example.jp/a|again>",
            ),
            a_message("1763600600.000100", "<https://example.jp/deleted>", deleted=True),
        ),
    )
    return replace(question, thread=thread)


def test_the_links_of_the_thread_come_along_once_each_for_the_host_to_strike():
    segment, _, _ = slotted(with_links(a_question()))

    assert segment.links == (
        Link("https://example.jp/toyu", "髙橋の灯油メモ"),
        Link("https://example.jp/a", "example.jp"),
        Link("https://city.example.jp/fuyu", "city.example.jp"),
    )


def test_labels_of_links_that_nobody_agreed_to_have_read_are_left_out():
    segment, _, _ = slotted(with_links(a_topic(ts="1763600400.000100")), title="灯油")

    assert [link.title for link in segment.links] == ["example.jp", "example.jp", "city.example.jp"]


def test_links_that_the_host_has_struck_stay_struck():
    question = with_links(a_question())
    kept = Segment("題", question=question.id, links=(Link("https://example.jp/a", "役に立つ"),))

    segment, _, _ = slotted(question, episode=an_episode(rundown=Rundown((kept,))), at=Timecode(1))

    assert segment.links == kept.links


def moved(question, to):
    inbox = FakeInbox([question])
    return move(question.id, to, inbox=inbox, now=NOW), inbox


@pytest.mark.parametrize("to", [Status.SHORTLISTED, Status.NEXT_TIME, Status.DECLINED, Status.WITHDRAWN])
def test_a_question_is_moved_with_the_time(to):
    question, inbox = moved(a_question(), to)

    assert question.status is to
    assert inbox.moves == [(question.id, to, NOW)]


def test_moving_to_where_it_is_changes_nothing():
    _, inbox = moved(a_question(status=Status.DECLINED), Status.DECLINED)

    assert inbox.moves == []


@pytest.mark.parametrize(
    ("now", "to"), [(Status.WITHDRAWN, Status.SHORTLISTED), (Status.ANSWERED, Status.DECLINED)]
)
def test_a_move_that_is_too_late_is_told_in_plain_words(now, to):
    with pytest.raises(NotReadyError) as caught:
        moved(a_question(status=now), to)

    two_lines(caught.value)
    assert "{" not in Catalogue("ja").word(caught.value.text)


def test_withdrawing_takes_the_consent_back():
    question, _ = moved(a_question(consent=a_consent(Naming.DISPLAY_NAME)), Status.WITHDRAWN)

    assert question.consent.withdrawn_at == NOW
    assert question.consent.naming is Naming.DISPLAY_NAME
    assert not question.usable


def test_a_topic_is_withdrawn_without_a_consent():
    question, inbox = moved(a_topic(), Status.WITHDRAWN)

    assert question.consent is None
    assert inbox.consents[question.id] == []


def noted(naming, question=None, **given):
    question = question or a_topic()
    inbox = FakeInbox([question])
    note_consent(question.id, naming, wording="番組で読まれます。", inbox=inbox, now=NOW, **given)
    return inbox.question(question.id).consent


def test_a_radio_name_is_kept_with_its_reading_the_wording_and_the_time():
    consent = noted(Naming.RADIO_NAME, radio_name=" 雪だるま☃ ", reading="ゆきだるま")

    assert consent == a_consent(
        Naming.RADIO_NAME,
        wording="番組で読まれます。",
        given_at=NOW,
        radio_name=Private("雪だるま☃"),
        reading=Private("ゆきだるま"),
    )


def test_a_radio_name_given_with_another_wish_is_not_kept():
    consent = noted(Naming.ANONYMOUS, radio_name="雪だるま", reading="ゆきだるま")

    assert (consent.naming, consent.radio_name, consent.reading) == (Naming.ANONYMOUS, None, None)


@pytest.mark.parametrize("name", [None, "", " \n"])
def test_a_radio_name_without_a_name_is_asked_for(name):
    with pytest.raises(NotReadyError) as caught:
        noted(Naming.RADIO_NAME, radio_name=name)

    assert caught.value.text.name == "inbox.radio_name_needed"
    two_lines(caught.value)


def test_a_topic_whose_author_agrees_may_be_quoted_from_then_on():
    topic = a_topic()
    inbox = FakeInbox([topic])
    note_consent(topic.id, Naming.ANONYMOUS, wording="", inbox=inbox, now=NOW)

    segment, _, _ = slotted(topic, inbox=inbox)

    assert segment.title == "雪かきのこつ"


def test_a_withdrawn_question_takes_no_new_consent():
    with pytest.raises(NotReadyError):
        noted(Naming.DISPLAY_NAME, a_question(status=Status.WITHDRAWN))
