"""Collecting from the live workspace into a real inbox: with as few calls as can be, and nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityhall_fm.adapters.database import open_database
from cityhall_fm.adapters.emoji import emoji_character
from cityhall_fm.adapters.slack import SlackWorkspace
from cityhall_fm.adapters.slack_export import SlackExport
from cityhall_fm.production.collect import collect
from cityhall_fm.sandbox import MINIMAL_SCOPES, FailsBefore, RateLimited
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.consent import Private
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.question import EMOJI, Kind, Status
from cityhall_fm.show.slack_thread import ChannelId

from fakes.inbox import FakeInbox

RULES = CollectingRules(
    channels=("質問", "暮らし"), question_channels=("質問",), consent_wording="番組で読まれます。"
)
TOKEN = "xoxb-sandbox"


class Silent:
    def step(self, text) -> None: ...

    def advance(self, done, total) -> None: ...


@pytest.fixture(params=["memory", "sqlite"])
def inbox(request, tmp_path):
    if request.param == "memory":
        yield FakeInbox()
        return
    database = open_database(tmp_path / "inbox.sqlite3")
    yield database.inbox
    database.close()


@pytest.fixture
def run(sandbox, clock, inbox):
    """Collect as one start of the command would, and return the sums and the calls it took."""

    def collect_now(source=None, rules=RULES, in_rundowns=(), again=0):
        sandbox.calls.clear()
        collected = collect(
            source=source or SlackWorkspace(TOKEN, sandbox.api_url, sleep=clock.sleep),
            inbox=inbox,
            rules=rules,
            in_rundowns=dict(in_rundowns),
            now=clock.now,
            emoji=emoji_character,
            progress=Silent(),
            again=again,
        )
        return tuple(
            sum(getattr(one, name) for one in collected)
            for name in ("questions", "topics", "changed", "withdrawn")
        )

    return collect_now


def read(sandbox) -> dict[str, int]:
    names = [call.method for call in sandbox.calls]
    return {name: names.count(name) for name in sorted(set(names))}


def test_a_first_collection_and_a_second_that_finds_nothing(world, sandbox, run, inbox):
    asked = world.say("質問", "takahashi", "*灯油代*は月に? :snowman: <@U0SAKU> R&D")
    world.say("質問", "saku", "家の広さで変わります", thread_ts=asked.ts)
    marked = world.say("暮らし", "saku", "雪かきは何時から? :radio:")
    topic = world.say("暮らし", "saku", "薪の置き場")
    world.say("暮らし", "takahashi", "軒下です", thread_ts=topic.ts)
    world.say("暮らし", "takahashi", "こんにちは")
    assert run() == (2, 1, 0, 0)
    assert read(sandbox) == {
        "auth.test": 1,
        "conversations.history": 2,
        "conversations.list": 1,
        "conversations.replies": 2,
        "users.info": 2,
    }
    found = {question.thread.ts: question for question in inbox.questions()}
    assert found.keys() == {asked.ts, marked.ts, topic.ts}
    assert found[asked.ts].words == Private("灯油代は月に? ⛄ @… R&D")
    assert found[asked.ts].asker_name == Private("髙橋はな")
    assert found[asked.ts].thread.permalink == world.permalink("質問", asked.ts).partition("?")[0]
    assert (found[topic.ts].kind, found[topic.ts].consent) == (Kind.TOPIC, None)
    assert run() == (0, 0, 0, 0)
    assert read(sandbox) == {"conversations.history": 2, "conversations.list": 1}


def test_late_replies_on_old_threads_cost_one_call_each(world, sandbox, run, inbox, clock):
    old = []
    for number in range(60):
        old.append(world.say("暮らし", "saku", f"話{number}", at=clock.now - timedelta(days=400 - number)))
        world.say("暮らし", "takahashi", "はい", thread_ts=old[-1].ts, at=clock.now - timedelta(days=300))
    for number in range(1000):
        world.say("暮らし", "saku", f"ひとこと{number}")
    assert run() == (0, 60, 0, 0)
    assert sandbox.count("conversations.replies") == 60
    late = [world.say("暮らし", "saku", "遅い返事", thread_ts=old[number].ts) for number in (3, 30, 57)]
    assert run() == (0, 0, 3, 0)
    assert sandbox.count("conversations.history") == 2 + 1
    assert sandbox.count("conversations.replies") == 3
    kept = {reply.ts for question in inbox.questions() for reply in question.thread.replies}
    assert {message.ts for message in late} <= kept


def test_replies_of_open_questions_are_read_again_with_no_more_requests_than_allowed(
    world, sandbox, run, inbox, clock
):
    asked = [world.say("質問", "saku", f"質問{number}") for number in range(12)]
    replies = [world.say("質問", "takahashi", "はい", thread_ts=one.ts) for one in asked]
    run()
    for reply in replies:
        world.edit("質問", reply.ts, "いいえ")
    found = []
    for _ in range(3):
        clock.now += timedelta(days=1)
        found.append((run(again=5)[2], sandbox.count("conversations.replies")))
    assert found == [(5, 5), (5, 5), (2, 5)]
    assert {reply.mrkdwn for one in inbox.questions() for reply in one.thread.replies} == {Private("いいえ")}


def test_edits_deletions_and_tombstones_reach_the_inbox(world, run, inbox):
    edited = world.say("質問", "saku", "冬タイヤは?")
    deleted = world.say("質問", "saku", "消します")
    buried = world.say("質問", "saku", "答えのあとで消します")
    world.say("質問", "takahashi", "答え", thread_ts=buried.ts)
    run()
    world.edit("質問", edited.ts, "冬タイヤはいつ替える?")
    world.delete("質問", deleted.ts)
    world.delete("質問", buried.ts)
    assert run() == (0, 0, 1, 2)
    found = {question.thread.ts: question for question in inbox.questions()}
    assert found[edited.ts].words == Private("冬タイヤはいつ替える?")
    assert {found[one.ts].status for one in (deleted, buried)} == {Status.WITHDRAWN}
    assert {found[one.ts].words for one in (deleted, buried)} == {Private("")}
    assert run() == (0, 0, 0, 0)


def test_our_own_status_emoji_and_posts_make_no_question(world, run, sandbox, inbox):
    asked = world.say("暮らし", "saku", "灯油は?")
    workspace = SlackWorkspace(TOKEN, sandbox.api_url)
    workspace.react(ChannelId("C0KURASHI"), asked.ts, EMOJI[Status.SHORTLISTED])
    bot = world.user("fm")
    posted = world.say("質問", bot.id, "第3回を公開しました", bot_id=bot.bot_id)
    world.say("質問", "saku", "聞きました", thread_ts=posted.ts)
    assert run() == (0, 0, 0, 0)
    world.react("暮らし", asked.ts, "radio", "saku")
    assert run() == (1, 0, 0, 0)
    assert inbox.questions()[0].kind is Kind.QUESTION


def test_a_429_between_two_pages_loses_nothing(world, sandbox, run, inbox, clock):
    for number in range(1500):
        world.say("質問", "saku", f"質問{number}")
    rules = CollectingRules(channels=("質問",), question_channels=("質問",))

    class FailingLater(SlackWorkspace):
        def openings(self, channel):
            for page in super().openings(channel):
                yield page
                sandbox.faults.add("conversations.history", RateLimited(3600))

    with pytest.raises(SlackError) as caught:
        run(FailingLater(TOKEN, sandbox.api_url, sleep=clock.sleep), rules)
    assert caught.value.text.name == "slack.rate_limited"
    assert len(inbox.questions()) == 999
    sandbox.faults.clear()
    assert run(rules=rules) == (501, 0, 0, 0)
    assert len({question.id for question in inbox.questions()}) == 1500


def test_short_waits_and_passing_trouble_are_waited_out(world, sandbox, run, clock):
    asked = world.say("質問", "saku", "灯油は?")
    world.say("質問", "takahashi", "はい", thread_ts=asked.ts)
    sandbox.faults.add("conversations.history", RateLimited(3), times=2)
    sandbox.faults.add("conversations.replies", FailsBefore())
    assert run() == (1, 0, 0, 0)
    assert clock.waits == [3, 3, 0.5]


@pytest.mark.parametrize(
    ("token", "scopes", "name"),
    [
        ("xoxb-wrong", MINIMAL_SCOPES, "slack.bad_token"),
        (TOKEN, MINIMAL_SCOPES - {"channels:history"}, "slack.missing_scope"),
        (TOKEN, MINIMAL_SCOPES - {"users:read"}, "slack.missing_scope"),
    ],
)
def test_what_slack_forbids_leaves_the_inbox_as_it_was(world, sandbox, run, inbox, token, scopes, name):
    world.say("質問", "saku", "灯油は?")
    world.install_app(TOKEN, scopes, name="fm")
    with pytest.raises(SlackError) as caught:
        run(SlackWorkspace(token, sandbox.api_url))
    assert caught.value.text.name == name
    assert inbox.questions() == []


def test_an_export_first_and_the_live_workspace_after_it_meet_without_a_call_too_many(
    world, sandbox, run, inbox, tmp_path
):
    threads = [world.say("暮らし", "saku", f"話{number}") for number in range(30)]
    for thread in threads:
        world.say("暮らし", "takahashi", "はい", thread_ts=thread.ts)
        world.react("暮らし", thread.ts, "+1", "takahashi")
    assert run(SlackExport(world.write_export(tmp_path / "export.zip"))) == (0, 30, 0, 0)
    assert sandbox.calls == []
    world.say("暮らし", "saku", "続き", thread_ts=threads[7].ts)
    assert run()[:2] == (0, 0)
    assert sandbox.count("conversations.replies") == 1
    assert all(question.thread.permalink for question in inbox.questions())
    assert run() == (0, 0, 0, 0)


def test_after_the_live_workspace_its_older_export_changes_nothing(world, run, inbox, tmp_path):
    first = world.say("質問", "saku", "冬タイヤは?")
    export = world.write_export(tmp_path / "export.zip")
    world.edit("質問", first.ts, "冬タイヤはいつ?")
    world.say("質問", "takahashi", "十一月です", thread_ts=first.ts)
    world.say("質問", "takahashi", "新しい質問")
    run()
    before = inbox.questions()
    assert run(SlackExport(export)) == (0, 0, 0, 0)
    assert inbox.questions() == before


def test_private_places_are_never_asked_for(world, sandbox, run):
    world.say("運営", "saku", "内緒")
    world.open_direct("saku", world.user("fm").id)
    run()
    public = {channel.id for channel in world.channels if channel.kind == "public_channel"}
    assert {call.arguments.get("channel") for call in sandbox.calls} - {None} <= public
    assert all(
        call.arguments["types"] == "public_channel" for call in sandbox.calls if "types" in call.arguments
    )
