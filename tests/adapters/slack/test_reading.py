"""One contract of reading threads, held by the fake, the live workspace and its export alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityhall_fm.adapters.slack import SlackWorkspace
from cityhall_fm.adapters.slack_export import SlackExport
from cityhall_fm.production.ports.slack import ThreadSource
from cityhall_fm.show.consent import Private
from cityhall_fm.show.errors import UnknownError
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Reaction, Thread, Ts, UserId, ts_order

from builders import a_message
from fakes.thread_source import FakeThreadSource

QUESTIONS, LIFE = ChannelId("C0SHITSUMON"), ChannelId("C0KURASHI")
TAKAHASHI, SAKU = UserId("U0TAKA"), UserId("U0SAKU")


class Scene:
    """Four threads in #質問: answered, unanswered, buried, and one that a bot opened."""

    def __init__(self, world) -> None:
        first = world.say("質問", "takahashi", "灯油代は? <@U0SAKU>")
        self.answers = [world.say("質問", "saku", f"答え{n}", thread_ts=first.ts).ts for n in (1, 2)]
        self.answered = world.edit("質問", first.ts, "灯油代は月に? <@U0SAKU>").ts
        self.edited = world.message("質問", first.ts).edited.ts
        for user in ("saku", "takahashi"):
            world.react("質問", first.ts, "radio", user)
        self.unanswered = world.say("質問", "saku", "冬タイヤは?").ts
        self.buried = world.say("質問", "saku", "消します").ts
        self.under = world.say("質問", "takahashi", "残ります", thread_ts=self.buried).ts
        world.delete("質問", self.buried)
        bot = world.user("fm")
        self.by_bot = world.say("質問", bot.id, "こんばんは", bot_id=bot.bot_id).ts
        world.say("運営", "saku", "内緒")


@pytest.fixture
def scene(world) -> Scene:
    return Scene(world)


def _fake(scene) -> FakeThreadSource:
    both = (Reaction("radio", 2, (SAKU, TAKAHASHI)),)
    opening = a_message(scene.answered, "灯油代は月に? <@U0SAKU>", author=TAKAHASHI, edited=scene.edited)
    answers = tuple(a_message(ts, f"答え{n}", author=SAKU) for n, ts in enumerate(scene.answers, 1))
    buried = a_message(scene.buried, author=None, mrkdwn=Private(""), deleted=True, from_person=False)
    return FakeThreadSource(
        [Channel(QUESTIONS, "質問"), Channel(LIFE, "暮らし"), Channel(ChannelId("C0ZATSUDAN"), "雑談")],
        [
            Thread(QUESTIONS, replace(opening, reactions=both), answers),
            Thread(QUESTIONS, a_message(scene.unanswered, "冬タイヤは?", author=SAKU)),
            Thread(QUESTIONS, buried, (a_message(scene.under, "残ります", author=TAKAHASHI),)),
            Thread(
                QUESTIONS, a_message(scene.by_bot, "こんばんは", author=UserId("U0BOT"), from_person=False)
            ),
        ],
        [Member(TAKAHASHI, Private("髙橋はな")), Member(SAKU, Private("佐久"))],
    )


@pytest.fixture(params=["fake", "live", "zip", "folder"])
def source(request, scene, world, workspace, tmp_path) -> ThreadSource:
    if request.param == "fake":
        return _fake(scene)
    if request.param == "live":
        return workspace
    suffix = ".zip" if request.param == "zip" else ""
    return SlackExport(world.write_export(tmp_path / f"export{suffix}"), "https://saku.slack.com/")


def openings(source, channel=QUESTIONS):
    return {message.ts: message for page in source.openings(channel) for message in page}


def test_only_public_channels_are_listed(source):
    assert {channel.name for channel in source.channels()} == {"質問", "暮らし", "雑談"}


def test_every_opening_comes_once_with_what_is_known_of_its_replies(source, scene):
    found = [message for page in source.openings(QUESTIONS) for message in page]
    assert [message.ts for message in found] == [
        scene.by_bot,
        scene.buried,
        scene.unanswered,
        scene.answered,
    ]
    answered = found[-1]
    assert (answered.reply_count, answered.latest_reply) == (2, scene.answers[1])
    assert (answered.author, answered.edited) == (TAKAHASHI, scene.edited)
    assert answered.mrkdwn == Private("灯油代は月に? <@U0SAKU>")
    assert (found[2].reply_count, found[2].latest_reply) == (0, None)


def test_bots_and_tombstones_are_told_from_people(source, scene):
    found = openings(source)
    assert [ts for ts, message in found.items() if message.from_person] == [scene.unanswered, scene.answered]
    assert [ts for ts, message in found.items() if message.deleted] == [scene.buried]
    assert (found[scene.buried].author, found[scene.buried].mrkdwn) == (None, Private(""))


def test_replies_come_in_order_without_the_opening(source, scene):
    replies = source.replies(QUESTIONS, scene.answered)
    assert [reply.ts for reply in replies] == sorted(scene.answers, key=ts_order)
    assert [reply.mrkdwn for reply in replies] == [Private("答え1"), Private("答え2")]
    assert source.replies(QUESTIONS, scene.unanswered) == type(replies)()


def test_an_opening_is_found_by_itself_and_by_any_reply_in_its_thread(source, scene):
    found = openings(source)
    for ts in (scene.answered, *scene.answers):
        opening = source.opening(QUESTIONS, ts)
        assert (opening.ts, opening.reply_count) == (scene.answered, 2)
        assert opening.mrkdwn == found[scene.answered].mrkdwn
    assert source.opening(QUESTIONS, scene.buried).deleted
    assert source.opening(QUESTIONS, Ts("1.000100")) is None


def test_a_thread_that_is_not_there_has_no_replies(source):
    assert list(source.replies(QUESTIONS, Ts("1.000100"))) == []


def test_reaction_counts_are_whole_and_so_is_the_list_of_people_on_request(source, scene):
    (reaction,) = openings(source)[scene.answered].reactions
    assert (reaction.emoji, reaction.count) == ("radio", 2)
    assert source.reacted(QUESTIONS, scene.answered, "radio") == {TAKAHASHI, SAKU}
    assert source.reacted(QUESTIONS, scene.answered, "eyes") == frozenset()
    assert source.reacted(QUESTIONS, Ts("1.000100"), "radio") == frozenset()


@pytest.mark.parametrize("kind", ["live", "zip"])
def test_what_our_app_put_under_a_message_is_nobodys_interest(kind, world, workspace, tmp_path):
    asked = world.say("質問", "takahashi", "灯油代は?")
    reply = world.say("質問", "saku", "広さによります", thread_ts=asked.ts)
    for ts, emoji, user in (
        (asked.ts, "eyes", "fm"),
        (asked.ts, "eyes", "saku"),
        (asked.ts, "radio", "fm"),
        (reply.ts, "tada", "fm"),
    ):
        world.react("質問", ts, emoji, user)
    world.rules = replace(world.rules, reaction_users_shown=None)
    export = SlackExport(world.write_export(tmp_path / "export.zip"))
    source = workspace if kind == "live" else export
    assert openings(source)[asked.ts].reactions == (Reaction("eyes", 1, (SAKU,)),)
    assert source.opening(QUESTIONS, asked.ts).reactions == (Reaction("eyes", 1, (SAKU,)),)
    assert source.replies(QUESTIONS, asked.ts)[0].reactions == ()


def test_members_are_known_by_the_name_that_slack_shows(source):
    found = source.members(frozenset({TAKAHASHI, SAKU, UserId("U0NOBODY")}))
    assert {id_: member.name for id_, member in found.items()} == {
        TAKAHASHI: Private("髙橋はな"),
        SAKU: Private("佐久"),
    }


def test_a_permalink_leads_to_the_opening(source, scene):
    link = source.permalink(QUESTIONS, scene.answered)
    assert link is not None
    assert link.endswith(f"/archives/{QUESTIONS}/p{scene.answered.replace('.', '')}")


@pytest.mark.parametrize("hidden", ["C0UNEI", "C0NOWHERE", "D0DIRECT"])
def test_what_is_not_a_public_channel_is_not_read(source, hidden):
    with pytest.raises(UnknownError):
        list(source.openings(ChannelId(hidden)))


def test_an_empty_channel_has_no_openings(source):
    assert openings(source, LIFE) == {}


def test_live_and_export_show_the_same_messages(scene, workspace, world, tmp_path):
    world.rules = replace(world.rules, reaction_users_shown=None)
    export = SlackExport(world.write_export(tmp_path / "export.zip"))
    assert openings(export) == openings(workspace)
    assert [*export.replies(QUESTIONS, scene.answered)] == [*workspace.replies(QUESTIONS, scene.answered)]


def test_only_the_live_workspace_shows_the_present(workspace, tmp_path):
    assert SlackWorkspace(None).live
    assert workspace.live
    assert not SlackExport(tmp_path).live
