"""One thread brought up to date: by the same rules as a whole collection, in whatever order it is told of."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.production.collect import collect, collect_thread
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.consent import Private
from cityhall_fm.show.question import Kind, Status
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


def look(desk, inbox, place, ts, *, handed_on=False):
    return collect_thread(
        place,
        ts,
        source=desk,
        inbox=inbox,
        rules=RULES,
        in_rundowns={},
        now=NOON,
        emoji={"radio": "📻"}.get,
        handed_on=handed_on,
    )


def everything(desk, inbox):
    collect(
        source=desk,
        inbox=inbox,
        rules=RULES,
        in_rundowns={},
        now=NOON,
        emoji={"radio": "📻"}.get,
        progress=FakeProgress(),
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
    assert look(desk, inbox, FAR.id, thread.ts, handed_on=True).kind is Kind.TOPIC


def test_what_nobody_wrote_and_what_is_nowhere_is_nothing():
    desk, inbox = a_desk(a_thread(opening=a_message(from_person=False))), FakeInbox()
    assert look(desk, inbox, CHANNEL, Ts("1763600400.000100"), handed_on=True) is None
    assert look(desk, inbox, CHANNEL, Ts("1.0")) is None
    assert look(desk, inbox, ChannelId("G0SECRET"), Ts("1.0"), handed_on=True) is None
    assert inbox.questions() == []


def test_whoever_is_blocked_is_not_handed_on_either(monkeypatch):
    desk, inbox = a_desk(a_thread("1763600400.000100")), FakeInbox()
    monkeypatch.setitem(globals(), "RULES", replace(RULES, blocked=frozenset({ASKER})))
    assert look(desk, inbox, CHANNEL, Ts("1763600400.000100"), handed_on=True) is None
    assert inbox.questions() == []
