"""One thread brought up to date: by the same rules as a whole collection, in whatever order it is told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.adapters.database import open_database
from cityhall_fm.production.collect import collect, collect_thread
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.question import Kind, Status, question_id
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Reaction, Ts, UserId
from thorough import examples

from builders import ASKER, CHANNEL, NOON, a_message, a_thread
from fakes.desk import FakeDesk
from fakes.inbox import FakeInbox
from fakes.progress import FakeProgress

QUESTIONS, CHAT = Channel(CHANNEL, "ラジオへの質問"), Channel(ChannelId("C0CHAT001"), "暮らし")
FAR = Channel(ChannelId("C0FAR0001"), "遠い")
STAFF = UserId("U0STAFF01")
PEOPLE = (Member(ASKER, Private("髙橋はな")), Member(STAFF, Private("佐久市の職員")))
RULES = CollectingRules(("暮らし", "ラジオへの質問"), ("ラジオへの質問",), consent_wording="読まれます。")


def a_desk(*threads):
    return FakeDesk([QUESTIONS, CHAT, FAR], threads, PEOPLE)


def look(desk, inbox, place, ts, *, by=None):
    return collect_thread(
        place,
        ts,
        source=desk,
        inbox=inbox,
        rules=RULES,
        in_rundowns={},
        now=NOON,
        emoji={"radio": "📻"}.get,
        handed_on_by=by,
    )


def everything(desk, inbox, again=0, now=NOON, progress=None, pause=lambda: None, keeping=None):
    return collect(
        source=desk,
        inbox=inbox,
        rules=RULES,
        in_rundowns={},
        now=now,
        emoji={"radio": "📻"}.get,
        progress=progress or FakeProgress(),
        again=again,
        pause=pause,
        keeping=keeping,
    )


@st.composite
def threads(draw):
    made = []
    for number in range(draw(st.integers(0, 5))):
        ts = f"17636004{number:02}.000100"
        words = draw(st.sampled_from(["灯油代は? 📻", "雪かき", "", "佐久 <@U0STAFF01> 😀"]))
        replies = tuple(
            a_message(f"17636005{number}{place}.000100", "はい", author=STAFF)
            for place in range(draw(st.integers(0, 2)))
        )
        reactions = (Reaction("radio", 1, (ASKER,)),) if draw(st.booleans()) else ()
        channel = draw(st.sampled_from([QUESTIONS, CHAT, FAR])).id
        made.append(
            a_thread(
                ts, words, channel=channel, opening=a_message(ts, words, reactions=reactions), replies=replies
            )
        )
    return made


@settings(max_examples=examples(60), deadline=None)
@given(threads(), st.randoms(use_true_random=False))
def test_threads_one_by_one_in_any_order_and_twice_come_to_the_same_as_all_at_once(made, random):
    desk, whole, piecemeal = a_desk(*made), FakeInbox(), FakeInbox()
    everything(desk, whole)
    told = [*made, *made]
    random.shuffle(told)
    for thread in told:
        look(desk, piecemeal, thread.channel, thread.ts)
    assert piecemeal.questions() == whole.questions()


def test_what_our_app_posted_for_somebody_stays_theirs():
    thread = a_thread()
    desk, inbox = a_desk(thread), FakeInbox()
    mine = look(desk, inbox, CHANNEL, thread.ts)
    ours = replace(thread.opening, author=UserId("UBOT"), mrkdwn=Private("番組への質問"), from_person=False)
    desk.put(replace(thread, opening=ours, replies=(a_message("1763600500.000100", "はい", author=STAFF),)))
    now = look(desk, inbox, CHANNEL, thread.ts)
    assert (now.asker, now.words, len(now.thread.replies)) == (mine.asker, mine.words, 1)


def test_a_deleted_opening_withdraws_the_question_and_takes_its_words():
    thread = a_thread()
    desk, inbox = a_desk(thread), FakeInbox()
    look(desk, inbox, CHANNEL, thread.ts)
    desk.drop(CHANNEL, thread.ts)
    gone = look(desk, inbox, CHANNEL, thread.ts)
    assert (gone.status, gone.words) == (Status.WITHDRAWN, Private(""))


def test_only_what_is_handed_on_is_taken_from_other_channels():
    thread = a_thread(channel=FAR.id)
    desk, inbox = a_desk(thread), FakeInbox()
    assert look(desk, inbox, FAR.id, thread.ts) is None
    assert look(desk, inbox, FAR.id, thread.ts, by=STAFF).kind is Kind.TOPIC


def test_what_nobody_wrote_and_what_is_nowhere_is_nothing():
    desk, inbox = a_desk(a_thread(opening=a_message(from_person=False))), FakeInbox()
    assert look(desk, inbox, CHANNEL, Ts("1763600400.000100"), by=STAFF) is None
    assert look(desk, inbox, CHANNEL, Ts("1.0")) is None
    assert look(desk, inbox, ChannelId("G0SECRET"), Ts("1.0"), by=STAFF) is None
    assert inbox.questions() == []


def test_whoever_is_blocked_is_not_handed_on_either(monkeypatch):
    desk, inbox = a_desk(a_thread("1763600400.000100")), FakeInbox()
    monkeypatch.setitem(globals(), "RULES", replace(RULES, blocked=frozenset({ASKER})))
    assert look(desk, inbox, CHANNEL, Ts("1763600400.000100"), by=STAFF) is None
    assert inbox.questions() == []


def far_thread(ts="1763600400.000100", words="りんごの木を分けます", **more):
    return a_thread(ts, words, channel=FAR.id, opening=a_message(ts, words, **more))


def test_what_was_handed_on_from_another_channel_goes_on_following_its_thread():
    desk, inbox = a_desk(far_thread()), FakeInbox()
    topic = look(desk, inbox, FAR.id, far_thread().ts, by=STAFF)
    reply = a_message("1763600500.000100", "ください", author=STAFF)
    desk.put(replace(far_thread(words="りんごの木を二本分けます"), replies=(reply,)))
    assert look(desk, inbox, FAR.id, topic.thread.ts).words == Private("りんごの木を二本分けます")
    assert inbox.question(topic.id).thread.replies == (reply,)
    liked = replace(reply, reactions=(Reaction("heart", 1, (ASKER,)),))
    desk.put(replace(far_thread(), replies=(liked,)))
    assert look(desk, inbox, FAR.id, reply.ts).thread.replies == (liked,)
    desk.drop(FAR.id, topic.thread.ts)
    gone = look(desk, inbox, FAR.id, topic.thread.ts)
    assert (gone.status, gone.words) == (Status.WITHDRAWN, Private(""))


def test_a_collection_looks_at_what_was_handed_on_from_other_channels():
    threads = [far_thread(f"176360040{number}.000100", f"話{number}") for number in range(3)]
    older = a_thread("1763600300.000100", "おはようございます", channel=CHAT.id)
    desk, inbox = a_desk(*threads, older), FakeInbox()
    for thread in threads:
        look(desk, inbox, FAR.id, thread.ts, by=STAFF)
    desk.put(replace(threads[0], opening=replace(threads[0].opening, mrkdwn=Private("薪の話"))))
    desk.drop(FAR.id, threads[1].ts)
    desk.asked.clear()
    (collected,) = [one for one in everything(desk, inbox, again=300) if one.channel == FAR.id]
    assert (collected.changed, collected.withdrawn) == (1, 1)
    found = [(one.words.for_host(), one.status) for one in inbox.questions()]
    assert found == [("薪の話", Status.RECEIVED), ("", Status.WITHDRAWN), ("話2", Status.RECEIVED)]
    assert [one for one in desk.asked if one[0] == "opening"] == [
        ("opening", thread.ts) for thread in threads
    ]
    assert FAR.id not in {one.channel for one in everything(desk, inbox, again=300)}


def test_what_slack_may_hide_because_of_its_age_is_not_withdrawn_in_other_channels_either():
    younger = a_thread("1763600500.000100", "おはようございます", channel=CHAT.id)
    desk, inbox = a_desk(far_thread(), younger), FakeInbox()
    look(desk, inbox, FAR.id, far_thread().ts, by=STAFF)
    desk.drop(FAR.id, far_thread().ts)
    everything(desk, inbox, again=300)
    assert [one.status for one in inbox.questions()] == [Status.RECEIVED]
    buried = a_message(mrkdwn=Private(""), author=None, deleted=True, from_person=False)
    desk.put(a_thread(channel=FAR.id, opening=buried))
    everything(desk, inbox, again=300)
    assert [one.status for one in inbox.questions()] == [Status.WITHDRAWN]


def test_how_far_the_reading_again_is_can_be_seen_and_it_can_be_slowed_down():
    reply = a_message("1763600500.000100", "はい", author=STAFF)
    desk, inbox = a_desk(far_thread(), a_thread(replies=(reply,))), FakeInbox()
    look(desk, inbox, FAR.id, far_thread().ts, by=STAFF)
    look(desk, inbox, CHANNEL, a_thread().ts)
    progress, pauses = FakeProgress(), []
    everything(desk, inbox, again=300, progress=progress, pause=lambda: pauses.append(len(progress.done)))
    assert progress.steps[-1] == "slack.reading_again"
    assert progress.done[-2:] == [(1, 2), (2, 2)]
    first = len(progress.done) - 2
    assert pauses == [first, first + 1]  # before each


def test_a_channel_that_the_app_has_left_is_not_asked_for():
    far = replace(FAR, is_member=False)
    desk, inbox = FakeDesk([QUESTIONS, CHAT, far], [far_thread()], PEOPLE), FakeInbox()
    look(desk, inbox, FAR.id, far_thread().ts, by=STAFF)
    desk.asked.clear()
    everything(desk, inbox, again=300)
    assert [one for one in desk.asked if one[0] == "opening"] == []


def test_every_thread_of_other_channels_has_its_turn_where_requests_are_few():
    threads = [far_thread(f"176360040{number}.000100", f"話{number}") for number in range(7)]
    desk, inbox = a_desk(*threads), FakeInbox()
    for thread in threads:
        look(desk, inbox, FAR.id, thread.ts, by=STAFF)
    read = []
    for day in range(4):
        desk.asked.clear()
        everything(desk, inbox, again=4, now=NOON + timedelta(days=day))
        read.append([ts for what, ts in desk.asked if what == "opening"])
    assert [len(one) for one in read] == [2, 2, 2, 2]
    assert {ts for one in read for ts in one} == {thread.ts for thread in threads}


def test_a_reply_that_is_told_of_leads_to_its_thread_and_is_no_question_itself():
    reply = a_message("1763600500.000100", "はい", author=STAFF, reactions=(Reaction("heart", 1, (ASKER,)),))
    desk, inbox = a_desk(a_thread(replies=(reply,))), FakeInbox()
    look(desk, inbox, CHANNEL, reply.ts)
    assert [one.thread.ts for one in inbox.questions()] == [a_thread().ts]


def test_whoever_hands_on_their_own_message_has_asked():
    desk, inbox = a_desk(far_thread()), FakeInbox()
    mine = look(desk, inbox, FAR.id, far_thread().ts, by=ASKER)
    assert (mine.kind, mine.consent.naming) == (Kind.QUESTION, Naming.ANONYMOUS)


def test_an_edit_and_a_reaction_among_the_replies_are_found_by_the_next_collection():
    reply = a_message("1763600500.000100", "十一月です", author=STAFF)
    desk, inbox = a_desk(a_thread(replies=(reply,))), FakeInbox()
    everything(desk, inbox)
    hearts = (Reaction("heart", 2, (ASKER, STAFF)),)
    changed = replace(reply, mrkdwn=Private("十二月です"), edited=Ts("1763600600.000100"), reactions=hearts)
    desk.put(a_thread(replies=(changed,)))
    assert sum(one.changed for one in everything(desk, inbox)) == 0
    assert sum(one.changed for one in everything(desk, inbox, again=300)) == 1
    assert inbox.questions()[0].thread.replies == (changed,)
    assert sum(one.changed for one in everything(desk, inbox, again=300)) == 0


class Refusing(FakeDesk):
    """Shows no replies of some threads."""

    refused: Mapping[Ts, SlackError] = {}

    def replies(self, channel, ts):
        found = super().replies(channel, ts)
        if ts in self.refused:
            raise self.refused[ts]
        return found


def in_trouble(*, retryable):
    return SlackError("slack.trouble", method="conversations.replies", error="佐久", retryable=retryable)


@pytest.mark.parametrize(("retryable", "read"), [(False, 6), (True, 5)])
def test_threads_that_slack_refuses_do_not_end_the_reading_of_the_others(retryable, read):
    threads = [
        a_thread(f"176360040{number}.000100", replies=(a_message(f"176360050{number}.000100", "はい"),))
        for number in range(6)
    ]
    desk, inbox = Refusing([QUESTIONS, CHAT, FAR], threads, PEOPLE), FakeInbox()
    everything(desk, inbox)
    desk.asked.clear()
    everything(desk, inbox, again=300)
    turn = [ts for what, ts in desk.asked if what == "replies"]
    trouble = in_trouble(retryable=retryable)
    desk.refused = {turn[place]: trouble for place in (0, 2, 3, 4)}  # three in a row: Slack itself is away
    desk.asked.clear()
    with pytest.raises(SlackError) as raised:
        everything(desk, inbox, again=300)
    assert raised.value is trouble
    assert [ts for what, ts in desk.asked if what == "replies"] == turn[:read]


class Meanwhile(FakeDesk):
    """Somebody else is at work while the replies are read."""

    act = staticmethod(lambda: None)

    def replies(self, channel, ts):
        found = super().replies(channel, ts)
        act, self.act = self.act, lambda: None
        act()
        return found


@pytest.mark.parametrize("while_slack_answers", [False, True])
@pytest.mark.parametrize("deleted", [False, True])
def test_what_was_edited_or_deleted_after_it_was_met_is_not_undone(while_slack_answers, deleted):
    thread = a_thread(replies=(a_message("1763600500.000100", "はい", author=STAFF),))
    desk, inbox = Meanwhile([QUESTIONS, CHAT, FAR], [thread], PEOPLE), FakeInbox()
    everything(desk, inbox)
    thread = replace(thread, replies=(replace(thread.replies[0], mrkdwn=Private("いいえ")),))
    desk.put(thread)

    def act():
        if deleted:
            desk.drop(CHANNEL, thread.ts)
        else:
            desk.put(replace(thread, opening=replace(thread.opening, mrkdwn=Private("薪代は? 佐久😀"))))
        look(desk, inbox, CHANNEL, thread.ts)

    if while_slack_answers:
        desk.act = act
    everything(desk, inbox, again=300, pause=(lambda: None) if while_slack_answers else act)
    (question,) = inbox.questions()
    assert question.words.for_host() == ("" if deleted else "薪代は? 佐久😀")
    assert question.thread.opening.mrkdwn == question.words
    assert question.status is (Status.WITHDRAWN if deleted else Status.RECEIVED)


@pytest.mark.parametrize("handed_on", [False, True])
@pytest.mark.parametrize("erased", [False, True])
def test_what_is_forgotten_or_erased_while_others_are_read_again_does_not_come_back(
    tmp_path, handed_on, erased
):
    database = open_database(tmp_path / "memory.sqlite3")
    thread = a_thread(
        channel=FAR.id if handed_on else CHANNEL,
        replies=(a_message("1763600500.000100", "はい", author=STAFF),),
    )
    desk, inbox, keeping = a_desk(thread), database.inbox, database.keeping
    everything(desk, inbox, keeping=keeping)
    look(desk, inbox, thread.channel, thread.ts, by=ASKER)
    id_ = question_id(thread.channel, thread.ts)

    def act():
        if erased:
            keeping.erase(STAFF, at=NOON, salt="塩")
        else:
            keeping.forget([id_], at=NOON)

    desk.put(
        replace(thread, replies=(replace(thread.replies[0], reactions=(Reaction("heart", 1, (ASKER,)),)),))
    )
    everything(desk, inbox, again=300, keeping=keeping, pause=act)
    kept = inbox.question(id_)
    assert kept.thread.replies == ()
    assert bool(kept.words) is erased
    database.close()


def test_only_what_is_still_open_or_prepared_is_read_again_within_the_requests_allowed():
    threads = [
        a_thread(
            f"176360040{number}.000100",
            f"質問{number}",
            replies=(a_message(f"176360050{number}.000100", "はい", author=STAFF),),
        )
        for number in range(6)
    ]
    desk, inbox = a_desk(*threads, a_thread("1763600900.000100", "まだ返事がない")), FakeInbox()
    everything(desk, inbox)
    for thread, status in zip(threads, (Status.SLOTTED, Status.ANSWERED, Status.DECLINED), strict=False):
        inbox.set_status(question_id(CHANNEL, thread.ts), status, at=NOON)
    desk.asked.clear()
    everything(desk, inbox, again=300)
    followed = {threads[number].ts for number in (0, 3, 4, 5)}
    assert [what for what, _ in desk.asked].count("replies") == 4
    assert {ts for what, ts in desk.asked if what == "replies"} == followed
    read = set()
    for day in range(2):
        desk.asked.clear()
        everything(desk, inbox, again=2, now=NOON + timedelta(days=day))
        assert [what for what, _ in desk.asked].count("replies") == 2
        read |= {ts for what, ts in desk.asked if what == "replies"}
    assert read == followed
