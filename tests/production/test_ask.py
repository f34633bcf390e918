"""A form becomes one question with its consent, and its asker is never told more than is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cityhall_fm.production.ask import Wording, ask
from cityhall_fm.production.ask_author import ask_author
from cityhall_fm.production.ports.words import Words
from cityhall_fm.production.show_status import show_status
from cityhall_fm.show.asking import AskingRules, Submission
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.errors import DatabaseError, NotReadyError, SlackError
from cityhall_fm.show.question import Status
from cityhall_fm.show.slack_thread import Channel, Member

from builders import ASKER, CHANNEL, NOON, a_question, a_topic
from fakes.desk import FakeAppMemory, FakeDesk
from fakes.inbox import FakeInbox
from fakes.ledger import FakeLedger

QUESTIONS = Channel(CHANNEL, "ラジオへの質問")
RULES = CollectingRules(("ラジオへの質問",), ("ラジオへの質問",), consent_wording="番組で読まれます。")
SUBMISSION = Submission(
    Private(" 灯油は <月に> いくら?\x00 "), naming=Naming.RADIO_NAME, radio_name=Private("雪うさぎ")
)


class BrokenInbox(FakeInbox):
    def store(self, threads, questions):
        if questions or threads:
            raise DatabaseError("database.newer", where="memory")


def asked_author(around, topic, words, days=0):
    return ask_author(
        topic,
        words,
        desk=around.desk,
        ledger=around.ledger,
        memory=around.memory,
        now=NOON + timedelta(days=days),
    )


class Around:
    """Everything around the job."""

    def __init__(self, inbox=None):
        self.desk = FakeDesk([QUESTIONS], members=[Member(ASKER, Private("髙橋はな"))])
        self.inbox = inbox or FakeInbox()
        self.ledger = FakeLedger()
        self.memory = FakeAppMemory()

    def ask(self, submission=SUBMISSION, *, form="V1", asking=AskingRules(), now=NOON):  # noqa: B008
        wording = Wording(
            receipt=lambda question, first: Words(
                f"{'届きました' if question else '届いています'} {first}", ()
            ),
            public=lambda: Words("おたより", ()),
            failed=lambda: Words("だめでした", ()),
            consent=RULES.consent_wording,
        )
        return ask(
            submission,
            ASKER,
            form=form,
            wording=wording,
            desk=self.desk,
            inbox=self.inbox,
            ledger=self.ledger,
            memory=self.memory,
            rules=RULES,
            asking=asking,
            now=now,
        )

    def said(self):
        return [(post.channel, post.text) for post, _ in self.desk.posts], [
            post.text for _, post in self.desk.edits
        ]


def test_the_words_stay_as_they_were_typed_and_slack_gets_them_escaped():
    around = Around()
    question = around.ask().question
    assert question.words.for_host() == "灯油は <月に> いくら?"
    assert question.thread.opening.mrkdwn.for_host() == "灯油は &lt;月に&gt; いくら?"
    assert (question.consent.wording, question.consent.given_at) == ("番組で読まれます。", NOON)
    assert around.inbox.question(question.id).asker_name == Private("髙橋はな")


def test_it_is_called_received_only_once_it_is_stored():
    around = Around()
    around.ask()
    assert around.said() == ([(f"D{ASKER}", "届いています True")], ["届きました True"])


def test_what_is_stored_though_slack_does_not_let_us_say_so_is_confirmed_when_it_is_sent_again():
    around, edit = Around(), FakeDesk.edit
    refusal = SlackError("slack.trouble", method="chat.update", error=503, retryable=True)

    def down(*_):
        raise refusal

    around.desk.edit = down
    asked = around.ask()
    assert (asked.unconfirmed, len(around.inbox.questions())) == (refusal, 1)
    around.desk.edit = lambda *edited: edit(around.desk, *edited)
    assert around.ask().unconfirmed is None
    assert around.said() == ([(f"D{ASKER}", "届いています True")], ["届きました True"])
    around.inbox.set_status(asked.question.id, Status.WITHDRAWN, at=NOON)
    around.ask()  # words that were taken back do not come back
    assert len(around.desk.edits) == 1


def test_what_could_not_be_stored_is_said_to_have_failed():
    around = Around(BrokenInbox())
    with pytest.raises(DatabaseError):
        around.ask()
    assert around.said()[1] == ["だめでした"]


@pytest.mark.parametrize("publicly", [False, True])
def test_the_same_form_twice_is_one_question(publicly):
    around, submission = Around(), replace(SUBMISSION, publicly=publicly)
    once, twice = around.ask(submission).question, around.ask(submission).question
    assert once.id == twice.id
    assert len(around.desk.posts) == 1 + publicly
    assert len(around.inbox.questions()) == 1


def test_a_public_question_lives_under_the_post_in_the_channel():
    question = Around().ask(replace(SUBMISSION, publicly=True)).question
    assert question.thread.channel == CHANNEL
    assert question.thread.permalink


def test_links_only_are_not_posted():
    asked = Around().ask(replace(SUBMISSION, words=Private("https://example.jp/"), publicly=True))
    assert (asked.held_back, asked.question.thread.channel) == (True, f"D{ASKER}")


def test_five_a_day_and_again_on_the_next():
    around = Around()
    for number in range(5):
        around.ask(form=f"V{number}", now=NOON + timedelta(hours=number))
    with pytest.raises(NotReadyError):
        around.ask(form="V5", now=NOON + timedelta(hours=6))
    assert around.ask(form="V5", now=NOON + timedelta(hours=25))


def test_who_is_blocked_asks_nothing():
    around = Around()
    with pytest.raises(NotReadyError):
        around.ask(asking=AskingRules(blocked=frozenset({ASKER})))
    assert around.desk.posts == []


def test_only_the_first_is_greeted():
    around = Around()
    assert [around.ask(form=form).first for form in ("V1", "V2")] == [True, False]


def test_an_author_is_asked_once_even_where_the_answer_was_lost():
    around = Around()
    around.desk.fails_after_storing = True
    topic, words = a_topic(), Words("読んでもよいですか", ())
    with pytest.raises(SlackError):
        asked_author(around, topic, words)
    assert around.memory.to_ask() == {}
    assert (asked_author(around, topic, words, days=1), len(around.desk.posts)) == (False, 1)


def test_an_author_whom_slack_certainly_did_not_ask_is_asked_later_once():
    around, topic, words = Around(), a_topic(), Words("読んでもよいですか", ())
    around.desk.down = True  # not even the direct messages open
    with pytest.raises(SlackError):
        asked_author(around, topic, words)
    around.desk.down = False
    for days, error in ((1, "slack.rate_limited"), (2, "slack.missing_scope")):
        around.desk.refuses = SlackError(error, method="chat.postMessage", error="x", retryable=days == 1)
        with pytest.raises(SlackError):
            asked_author(around, topic, words, days=days)
    assert around.memory.to_ask() == {topic.id: 3}
    assert [asked_author(around, topic, words, days=days) for days in (3, 4)] == [True, False]
    assert (len(around.desk.posts), around.memory.to_ask()) == (1, {})


@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
def test_an_author_whom_slack_refuses_for_good_is_not_tried_again(method):
    around, topic, words = Around(), a_topic(), Words("読んでもよいですか", ())
    refusal = SlackError("slack.refused", method=method, error="user_disabled")

    def refuse(*_):
        raise refusal

    setattr(around.desk, "direct" if method == "conversations.open" else "post", refuse)
    with pytest.raises(SlackError):
        asked_author(around, topic, words)
    assert around.memory.to_ask() == {}


def test_an_author_is_asked_once_a_day_and_the_other_topics_wait_for_their_turn():
    around, words = Around(), Words("読んでもよいですか", ())
    topics = [a_topic(f"176360050{number}.000100") for number in range(3)]
    assert [asked_author(around, topic, words) for topic in topics] == [True, False, False]
    assert list(around.memory.to_ask()) == [topic.id for topic in topics[1:]]
    assert [asked_author(around, topic, words, days=1) for topic in topics] == [False, True, False]
    assert [asked_author(around, topic, words, days=2) for topic in topics] == [False, False, True]
    assert (len(around.desk.posts), around.memory.to_ask()) == (3, {})


def test_an_author_is_asked_once_a_day_also_where_two_are_about_to_ask_them():
    around, words = Around(), Words("読んでもよいですか", ())
    first, second = a_topic(), a_topic("1763600501.000100")
    post, asked = around.desk.post, []

    def post_while_another_asks(said):
        around.desk.post = post
        asked.append(asked_author(around, second, words))
        return post(said)

    around.desk.post = post_while_another_asks
    assert (asked_author(around, first, words), asked) == (True, [False])
    assert list(around.memory.to_ask()) == [second.id]
    assert asked_author(around, second, words, days=1)


def test_an_author_who_waits_is_not_asked_about_what_was_withdrawn_meanwhile():
    around, words = Around(), Words("読んでもよいですか", ())
    first, second = a_topic(), a_topic("1763600501.000100")
    assert [asked_author(around, topic, words) for topic in (first, second)] == [True, False]
    gone = replace(second, status=Status.WITHDRAWN)
    assert asked_author(around, gone, words, days=1) is False
    assert (len(around.desk.posts), around.memory.to_ask()) == (1, {})


def test_the_emoji_is_put_once_changed_and_taken_away():
    around = Around(FakeInbox([a_question(), a_topic()]))
    question = around.inbox.questions()[0]

    def shown():
        changed = show_status(desk=around.desk, inbox=around.inbox, memory=around.memory)
        return changed, {emoji for _, _, emoji in around.desk.reactions}

    assert shown() == (1, {"eyes"})
    assert shown() == (0, {"eyes"})
    around.inbox.set_status(question.id, Status.NEXT_TIME, at=NOON)
    assert shown() == (1, {"seedling"})
    around.inbox.set_status(question.id, Status.WITHDRAWN, at=NOON)
    assert shown() == (1, set())


def test_where_another_process_is_sooner_one_emoji_stands_and_soon_the_right_one():
    around = Around(FakeInbox([a_question()]))
    question, react = around.inbox.questions()[0], around.desk.react

    def shown():
        show_status(desk=around.desk, inbox=around.inbox, memory=around.memory)
        return {emoji for _, _, emoji in around.desk.reactions}

    def react_while_another_does(channel, ts, emoji):
        react(channel, ts, emoji)
        around.desk.react = react
        around.inbox.set_status(question.id, Status.NEXT_TIME, at=NOON)
        assert shown() == {"eyes", "seedling"}

    around.desk.react = react_while_another_does
    assert shown() == {"seedling"}
    assert shown() == {"seedling"}


def test_a_message_that_is_gone_stops_nobody_elses_emoji():
    around = Around(FakeInbox([a_question(), a_question("1763600900.000100")]))
    around.desk.gone.add(around.inbox.questions()[0].thread.ts)
    assert show_status(desk=around.desk, inbox=around.inbox, memory=around.memory) == 2
    assert show_status(desk=around.desk, inbox=around.inbox, memory=around.memory) == 0


def test_an_emoji_that_slack_refuses_is_told_once_and_keeps_none_waiting():
    around = Around(FakeInbox([a_question(f"17636004{number:02}.000100") for number in range(5)]))
    first, *others = around.inbox.questions()
    refusals = {}

    def shown():
        return show_status(
            desk=around.desk, inbox=around.inbox, memory=around.memory, most=1, refusals=refusals
        )

    def react(channel, ts, emoji):
        if ts == first.thread.ts:
            raise SlackError("slack.refused", method="reactions.add", error="too_many_reactions")
        around.desk.reactions.add((channel, ts, emoji))

    around.desk.react = react
    with pytest.raises(SlackError):
        shown()
    assert [shown() for _ in range(5)] == [1, 1, 1, 1, 0]
    assert {ts for _, ts, _ in around.desk.reactions} == {one.thread.ts for one in others}
    around.inbox.set_status(first.id, Status.NEXT_TIME, at=NOON)
    with pytest.raises(SlackError):  # another emoji is another question
        shown()


def test_many_are_brought_up_to_date_in_several_rounds():
    around = Around(FakeInbox([a_question(f"17636004{number:02}.000100") for number in range(5)]))
    rounds = [
        show_status(desk=around.desk, inbox=around.inbox, memory=around.memory, most=2) for _ in range(4)
    ]
    assert rounds == [2, 2, 1, 0]
