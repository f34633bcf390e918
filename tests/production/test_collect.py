"""Collecting brings every thread into the inbox once, and keeps it true as the thread changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from unicodedata import normalize

import pytest

from cityhall_fm.production.collect import collect
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.errors import SlackError, UnknownError
from cityhall_fm.show.question import Kind, Status, question_id
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Reaction, Ts, UserId

from builders import ASKER, CHANNEL, NOON, a_consent, a_message, a_question, a_thread, a_topic
from fakes.inbox import FakeInbox
from fakes.thread_source import FakeThreadSource

QUESTIONS = Channel(CHANNEL, "ラジオへの質問")
CHAT = Channel(ChannelId("C0CHAT001"), "暮らし")
STAFF = UserId("U0STAFF01")
PEOPLE = (Member(ASKER, Private("髙橋はな")), Member(STAFF, Private("佐久市の職員")))
RULES = CollectingRules(
    channels=("#ラジオへの質問", "暮らし"),
    question_channels=("ラジオへの質問",),
    consent_wording="番組と配信で読まれます。",
)
EMOJI = {"radio": "📻", "snowman": "⛄"}


class Steps:
    """Notes what a job says."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def step(self, text) -> None:
        self.said.append(repr(text))

    def advance(self, done, total) -> None:
        pass


def a_source(*threads, **more) -> FakeThreadSource:
    return FakeThreadSource([QUESTIONS, CHAT], threads, PEOPLE, **more)


def run(source, inbox, rules=RULES, *, in_rundowns=(), now=NOON, progress=None):
    return collect(
        source=source,
        inbox=inbox,
        rules=rules,
        in_rundowns=dict(in_rundowns),
        now=now,
        emoji=EMOJI.get,
        progress=progress or Steps(),
    )


def sums(collected) -> tuple[int, int, int, int]:
    return tuple(
        sum(getattr(one, name) for one in collected)
        for name in ("questions", "topics", "changed", "withdrawn")
    )


def in_chat(ts="1763600400.000100", words="灯油代は月にいくら?", replies=(), **changes):
    return a_thread(
        ts, words, channel=CHAT.id, opening=replace(a_message(ts, words), **changes), replies=replies
    )


def a_reply(ts="1763600500.000100", words="家の広さで変わります。"):
    return a_message(ts, words, author=STAFF)


def only(inbox):
    (question,) = inbox.questions()
    return question


def test_a_message_in_a_question_channel_becomes_a_question_with_an_anonymous_consent():
    inbox = FakeInbox()
    collected = run(a_source(a_thread(words="灯油代は月にいくら? :snowman:")), inbox)
    question = only(inbox)
    assert sums(collected) == (1, 0, 0, 0)
    assert (question.kind, question.status) == (Kind.QUESTION, Status.RECEIVED)
    assert (question.asker, question.asker_name) == (ASKER, Private("髙橋はな"))
    assert question.words == Private("灯油代は月にいくら? ⛄")
    assert question.consent is not None
    assert (question.consent.naming, question.consent.wording) == (
        Naming.ANONYMOUS,
        "番組と配信で読まれます。",
    )
    assert question.consent.given_at == datetime(2025, 11, 20, 1, 0, tzinfo=UTC) == question.received_at
    assert question.thread.permalink == f"https://saku.slack.com/archives/{CHANNEL}/p1763600400000100"


def test_elsewhere_an_answered_thread_becomes_a_topic_without_a_consent():
    inbox = FakeInbox()
    collected = run(a_source(in_chat(replies=(a_reply(),))), inbox)
    assert sums(collected) == (0, 1, 0, 0)
    assert (only(inbox).kind, only(inbox).consent) == (Kind.TOPIC, None)
    assert [reply.mrkdwn for reply in only(inbox).thread.replies] == [Private("家の広さで変わります。")]


def test_elsewhere_an_unanswered_message_is_not_even_stored():
    inbox = FakeInbox()
    run(a_source(in_chat()), inbox)
    assert inbox.threads == {}


@pytest.mark.parametrize(
    "marked",
    [
        {"mrkdwn": Private("灯油代は? :radio:")},
        {"mrkdwn": Private("灯油代は?📻")},
        {"reactions": (Reaction("radio", 1, (ASKER,)),)},
    ],
    ids=["shortcode", "character", "own reaction"],
)
def test_elsewhere_the_authors_marker_makes_a_question(marked):
    inbox = FakeInbox()
    run(a_source(in_chat(**marked)), inbox)
    assert only(inbox).kind is Kind.QUESTION


def test_anothers_reaction_makes_no_question():
    inbox = FakeInbox()
    run(a_source(in_chat(reactions=(Reaction("radio", 1, (STAFF,)),))), inbox)
    assert inbox.questions() == []


def test_where_slack_hides_some_of_the_people_it_is_asked_who_reacted():
    source, inbox = a_source(in_chat(reactions=(Reaction("radio", 2, (STAFF, ASKER)),))), FakeInbox()
    source.shown_users = 1
    run(source, inbox)
    assert only(inbox).kind is Kind.QUESTION
    source.asked.clear()
    run(source, inbox)
    assert ("reacted", Ts("1763600400.000100")) not in source.asked


def test_run_again_it_finds_nothing_new_and_reads_no_thread():
    source, inbox = a_source(a_thread(), in_chat(replies=(a_reply(),))), FakeInbox()
    run(source, inbox)
    before = inbox.questions()
    source.asked.clear()
    assert sums(run(source, inbox)) == (0, 0, 0, 0)
    assert inbox.questions() == before
    assert source.asked == [("openings", 1), ("openings", 1)]


def test_only_threads_with_new_replies_are_read():
    threads = [
        in_chat(f"17636{number:05}.000100", replies=(a_reply(f"17637{number:05}.000100"),))
        for number in range(9)
    ]
    source, inbox = a_source(*threads), FakeInbox()
    run(source, inbox)
    late = a_reply("1773600000.000100", "半年たってからの答え")
    source.put(replace(threads[4], replies=(*threads[4].replies, late)))
    source.asked.clear()
    assert sums(run(source, inbox)) == (0, 0, 1, 0)
    assert [one for one in source.asked if one[0] == "replies"] == [("replies", threads[4].ts)]
    assert late in inbox.question(question_id(CHAT.id, threads[4].ts)).thread.replies


def test_an_edit_changes_the_words_and_keeps_status_consent_and_replies():
    source, inbox = a_source(a_thread(replies=(a_reply(),))), FakeInbox()
    run(source, inbox)
    question = only(inbox)
    inbox.set_status(question.id, Status.SHORTLISTED, at=NOON)
    inbox.set_consent(question.id, a_consent(Naming.RADIO_NAME, radio_name=Private("佐久の鯉")))
    source.put(
        a_thread(opening=a_message(words="薪は?", edited=Ts("1763600600.000000")), replies=(a_reply(),))
    )
    source.asked.clear()
    assert sums(run(source, inbox)) == (0, 0, 1, 0)
    assert only(inbox).words == Private("薪は?")
    assert only(inbox).status is Status.SHORTLISTED
    assert only(inbox).consent.naming is Naming.RADIO_NAME
    assert only(inbox).thread.replies == (a_reply(),)
    assert not [one for one in source.asked if one[0] == "replies"]


def test_new_reactions_are_counted():
    source, inbox = a_source(a_thread()), FakeInbox()
    run(source, inbox)
    source.put(a_thread(opening=a_message(reactions=(Reaction("+1", 12, (STAFF,)),))))
    run(source, inbox)
    assert only(inbox).thread.opening.reactions[0].count == 12


def test_a_topic_becomes_a_question_when_its_author_marks_it():
    source, inbox = a_source(in_chat(replies=(a_reply(),))), FakeInbox()
    run(source, inbox)
    source.put(in_chat(replies=(a_reply(),), reactions=(Reaction("radio", 1, (ASKER,)),)))
    assert sums(run(source, inbox)) == (1, 0, 0, 0)
    assert (only(inbox).kind, only(inbox).consent.naming) == (Kind.QUESTION, Naming.ANONYMOUS)


def test_a_question_stays_one_when_the_marker_goes():
    source, inbox = a_source(in_chat(words=":radio: 灯油は?")), FakeInbox()
    run(source, inbox)
    source.put(in_chat(words="灯油は?", edited=Ts("1763600600.000000")))
    run(source, inbox)
    assert only(inbox).kind is Kind.QUESTION


def test_a_question_that_an_episode_holds_begins_with_that_status():
    inbox = FakeInbox()
    run(a_source(a_thread()), inbox, in_rundowns={a_question().id: Status.ANSWERED})
    assert only(inbox).status is Status.ANSWERED


def test_an_asker_who_deletes_has_withdrawn_and_the_words_are_gone():
    source = a_source(
        a_thread("1763600400.000100"), a_thread("1763600500.000100"), a_thread("1763600600.000100")
    )
    inbox = FakeInbox()
    run(source, inbox)
    source.drop(CHANNEL, Ts("1763600600.000100"))
    assert sums(run(source, inbox)) == (0, 0, 0, 1)
    gone = inbox.question(question_id(CHANNEL, Ts("1763600600.000100")))
    assert (gone.status, gone.words, gone.thread.opening.mrkdwn) == (
        Status.WITHDRAWN,
        Private(""),
        Private(""),
    )
    assert sums(run(source, inbox)) == (0, 0, 0, 0)


def test_a_tombstone_withdraws_too_and_leaves_the_replies_of_others():
    source, inbox = a_source(a_thread(replies=(a_reply(),))), FakeInbox()
    run(source, inbox)
    buried = a_message(mrkdwn=Private(""), author=None, deleted=True, from_person=False)
    source.put(a_thread(opening=buried, replies=(a_reply(),)))
    assert sums(run(source, inbox)) == (0, 0, 0, 1)
    assert (only(inbox).status, only(inbox).words) == (Status.WITHDRAWN, Private(""))
    assert only(inbox).thread.replies == (a_reply(),)
    assert sums(run(source, inbox)) == (0, 0, 0, 0)


def test_a_withdrawal_that_was_cut_short_is_finished():
    source, inbox = a_source(a_thread("1763600400.000100"), a_thread("1763600500.000100")), FakeInbox()
    run(source, inbox)
    source.drop(CHANNEL, Ts("1763600500.000100"))
    inbox.set_status(question_id(CHANNEL, Ts("1763600500.000100")), Status.WITHDRAWN, at=NOON)
    run(source, inbox)
    assert inbox.question(question_id(CHANNEL, Ts("1763600500.000100"))).words == Private("")


def test_what_slack_hides_because_of_its_age_is_not_withdrawn():
    source, inbox = a_source(a_thread("1763600400.000100"), a_thread("1763600500.000100")), FakeInbox()
    run(source, inbox)
    source.drop(CHANNEL, Ts("1763600400.000100"))
    assert sums(run(source, inbox)) == (0, 0, 0, 0)


def test_a_page_that_fails_loses_nothing_and_the_next_run_repeats_nothing():
    source = a_source(*(a_thread(f"176360{number:04}.000100") for number in range(5)))
    inbox = FakeInbox()
    source.fails_at_page = 2
    with pytest.raises(SlackError):
        run(source, inbox)
    assert len(inbox.questions()) == 2
    assert inbox.moves == []
    source.fails_at_page = None
    assert sums(run(source, inbox)) == (3, 0, 0, 0)
    assert len(inbox.questions()) == 5


def test_a_reading_that_breaks_off_withdraws_nobody():
    source = a_source(*(a_thread(f"176360{number:04}.000100") for number in range(5)))
    inbox = FakeInbox()
    run(source, inbox)
    source.drop(CHANNEL, Ts("1763600002.000100"))
    source.fails_at_page = 2
    with pytest.raises(SlackError):
        run(source, inbox)
    assert inbox.moves == []


def test_each_page_is_stored_before_the_next_is_asked_for():
    stored_when_asked = []

    class Watched(FakeThreadSource):
        def openings(self, channel):
            for page in super().openings(channel):
                stored_when_asked.append(len(inbox.questions()))
                yield page

    inbox = FakeInbox()
    run(Watched([QUESTIONS, CHAT], [a_thread(f"176360{number:04}.000100") for number in range(5)]), inbox)
    assert stored_when_asked == [0, 2, 4]


def test_every_unknown_channel_is_named_before_anything_is_read():
    source = a_source(a_thread())
    rules = replace(RULES, channels=("暮らし", "子育て", "#防災"))
    with pytest.raises(UnknownError) as caught:
        run(source, FakeInbox(), rules)
    assert caught.value.text.values["channel"] == "子育て, #防災"
    assert caught.value.text.values["known"] == "#ラジオへの質問, #暮らし"
    assert source.asked == []


def test_a_channel_is_found_by_id_and_by_a_name_typed_on_a_mac():
    decomposed = normalize("NFD", "ラジオへの質問")
    rules = CollectingRules(channels=(CHAT.id, decomposed, "ラジオへの質問"))
    collected = run(a_source(), FakeInbox(), rules)
    assert [one.channel_name for one in collected] == ["暮らし", "ラジオへの質問"]


def test_a_question_channel_is_read_without_being_listed_twice():
    inbox = FakeInbox()
    run(a_source(a_thread()), inbox, CollectingRules(channels=(), question_channels=("ラジオへの質問",)))
    assert only(inbox).kind is Kind.QUESTION


def test_an_export_after_the_live_workspace_undoes_nothing():
    inbox = FakeInbox()
    later = a_message(words="薪は?", edited=Ts("1763600600.000000"))
    run(a_source(a_thread(opening=later, replies=(a_reply(),)), a_thread("1763700000.000100")), inbox)
    before = inbox.questions()
    old = a_source(a_thread(words="灯油は?"), live=False, workspace_url=None)
    assert sums(run(old, inbox)) == (0, 0, 0, 0)
    assert inbox.questions() == before


def test_after_an_export_the_live_workspace_adds_permalinks_without_reading_a_thread():
    inbox = FakeInbox()
    threads = (a_thread(replies=(a_reply(),)),)
    run(a_source(*threads, live=False, workspace_url=None), inbox)
    assert only(inbox).thread.permalink is None
    live = a_source(*threads)
    run(live, inbox)
    assert only(inbox).thread.permalink is not None
    assert only(inbox).thread.replies == (a_reply(),)
    assert not [one for one in live.asked if one[0] == "replies"]


def test_everybody_who_speaks_or_is_spoken_of_is_looked_up_once():
    source = a_source(a_thread(words=f"<@{STAFF}>さん、教えて", replies=(a_reply(),)))
    inbox = FakeInbox()
    run(source, inbox)
    assert inbox.names().keys() == {ASKER, STAFF}
    source.put(a_thread("1763600900.000100"))
    source.asked.clear()
    run(source, inbox)
    assert not [one for one in source.asked if one[0] == "members"]
    assert all(question.asker_name == Private("髙橋はな") for question in inbox.questions())


def test_the_asker_cannot_put_another_persons_name_on_air():
    inbox = FakeInbox()
    run(a_source(a_thread(words=f"<@{STAFF}|佐久市の職員>さん、<#{CHAT.id}>で教えて")), inbox)
    assert only(inbox).words == Private("@…さん、#暮らしで教えて")


def test_an_asker_who_is_unknown_stays_without_a_name():
    inbox = FakeInbox()
    run(FakeThreadSource([QUESTIONS, CHAT], [a_thread()]), inbox)
    assert only(inbox).asker_name == Private("")


def test_a_topic_that_loses_its_replies_is_kept():
    inbox = FakeInbox([a_topic()])
    source = FakeThreadSource([QUESTIONS, CHAT], [a_thread("1763600500.000100", "雪かきのこつ")])
    run(source, inbox, CollectingRules(channels=("ラジオへの質問",)))
    assert only(inbox).kind is Kind.TOPIC


def test_it_says_which_channel_it_reads():
    steps = Steps()
    run(a_source(), FakeInbox(), progress=steps)
    assert steps.said == [
        "Text(slack.reading, channel=ラジオへの質問)",
        "Text(slack.reading, channel=暮らし)",
    ]


def test_of_whoever_is_blocked_nothing_comes_in_and_what_came_before_stays():
    inbox, blocking = FakeInbox(), replace(RULES, blocked=frozenset({ASKER}))
    run(a_source(a_thread("1763600400.000100")), inbox)
    later = a_thread("1763600900.000100")
    chat = replace(a_thread("1763600901.000100"), channel=CHAT.id)
    chat = replace(chat, replies=(a_message("1763600902.000100", "どうぞ😀", author=STAFF),))
    others = replace(
        a_thread("1763600903.000100"), opening=a_message("1763600903.000100", "佐久の雪は?", author=STAFF)
    )
    edited = a_message("1763600400.000100", "やっぱり薪は?", edited=Ts("1763600950.000100"))
    run(
        a_source(replace(a_thread("1763600400.000100"), opening=edited), later, chat, others), inbox, blocking
    )
    assert [one.words.for_host() for one in inbox.questions()] == ["やっぱり薪は?", "佐久の雪は?"]
