"""What happens in the channels reaches the inbox as it happens, once, whatever way the events come."""

from __future__ import annotations

import logging

import pytest

from cityhall_fm.sandbox import AckLost, Duplicated, FailsBefore, HeldBack, RateLimited
from cityhall_fm.show.question import Kind, Status
from cityhall_fm.show.shelf import Shelf, interested, shelved

QUESTIONS, CHAT = "ラジオへの質問", "雑談"


def words(scene):
    return [question.words.for_host() for question in scene.questions()]


def test_a_question_follows_its_message_from_the_post_to_the_deletion(scene):
    takahashi, saku = scene.as_member("takahashi"), scene.as_member("saku")
    message = takahashi.say(QUESTIONS, "雪はいつ <b> 降りますか")
    scene.wait_for(lambda: words(scene) == ["雪はいつ <b> 降りますか"])
    takahashi.edit(QUESTIONS, message.ts, "初雪はいつですか")
    scene.wait_for(lambda: words(scene) == ["初雪はいつですか"])
    reply = saku.reply(QUESTIONS, message.ts, "十一月です")
    scene.wait_for(lambda: scene.questions()[0].thread.replies)
    saku.edit(QUESTIONS, reply.ts, "十二月です")
    scene.wait_for(lambda: scene.questions()[0].thread.replies[0].mrkdwn.for_host() == "十二月です")
    saku.delete(QUESTIONS, reply.ts)
    scene.wait_for(lambda: not scene.questions()[0].thread.replies)
    takahashi.delete(QUESTIONS, message.ts)
    scene.wait_for(lambda: scene.questions()[0].status is Status.WITHDRAWN)
    scene.wait_for(lambda: words(scene) == [""])


def test_the_authors_own_reaction_makes_a_question_and_anothers_does_not(scene):
    takahashi, saku = scene.as_member("takahashi"), scene.as_member("saku")
    message = takahashi.say(CHAT, "灯油のタンクはどこに置きますか")
    saku.react(CHAT, message.ts, "radio")
    scene.settle()
    assert scene.questions() == []
    takahashi.react(CHAT, message.ts, "radio")
    scene.wait_for(lambda: [one.kind for one in scene.questions()] == [Kind.QUESTION])


def test_a_preview_of_a_link_changes_nothing_and_costs_nothing(scene):
    takahashi = scene.as_member("takahashi")
    message = takahashi.say(QUESTIONS, "これは? https://example.jp/")
    scene.wait_for(scene.questions)
    scene.settle()
    scene.sandbox.calls.clear()
    scene.world.unfurl(QUESTIONS, message.ts, {"title": "天気", "from_url": "https://example.jp"})
    scene.settle()
    assert scene.sandbox.count("conversations.replies") == 0


@pytest.mark.parametrize("fault", [Duplicated(), AckLost(), HeldBack()], ids=lambda one: type(one).__name__)
def test_events_that_come_twice_or_late_change_nothing(scene, fault):
    takahashi = scene.as_member("takahashi")
    scene.sandbox.faults.add("events_api", fault)
    message = takahashi.say(QUESTIONS, "一度だけ")
    takahashi.edit(QUESTIONS, message.ts, "一度だけ、直しました")
    scene.wait_for(lambda: words(scene) == ["一度だけ、直しました"])
    scene.settle()
    assert words(scene) == ["一度だけ、直しました"]
    assert len(takahashi.whispers()) == 1


def test_an_event_that_was_dealt_with_is_not_looked_at_again(by_socket):
    by_socket.companion.app_memory.remember_heard("Ev1", at=by_socket.clock())
    by_socket.desk.hearing.hear(("C1", "1.0"), "Ev1")
    assert by_socket.desk.hearing.settle()
    assert by_socket.sandbox.count("conversations.replies") == 0


def test_slack_in_trouble_is_asked_again_and_nothing_is_lost(scene):
    scene.sandbox.faults.add("conversations.replies", FailsBefore(), times=5)
    scene.as_member("takahashi").say(QUESTIONS, "それでも届く")
    scene.wait_for(lambda: words(scene) == ["それでも届く"])


def test_what_was_missed_while_offline_is_collected_at_the_start(mode, start, sandbox):
    sandbox.as_member("takahashi").say(QUESTIONS, "留守のあいだの質問")
    scene = start(mode, collecting=True)
    scene.wait_for(lambda: words(scene) == ["留守のあいだの質問"])
    scene.wait_for(sandbox.as_member("takahashi").direct)  # greeted all the same, where it waits for them
    assert sandbox.as_member("takahashi").whispers() == []


def handed_on_from_afar(scene):
    """A topic in #遠い, which show.toml does not list, with an answer."""
    takahashi, saku = scene.as_member("takahashi"), scene.as_member("saku")
    takahashi.say(CHAT, "おはようございます")
    scene.world.join("遠い", scene.world.user("fm").id)
    opening = takahashi.say("遠い", "りんごの木を分けます 🍎")
    reply = saku.reply("遠い", opening.ts, "ください")
    saku.message_shortcut("hand_on", "遠い", opening.ts).told()
    scene.wait_for(lambda: words(scene) == ["りんごの木を分けます 🍎"])
    return opening, reply


def test_a_topic_from_a_channel_that_is_not_listed_follows_its_thread(scene):
    takahashi, saku = scene.as_member("takahashi"), scene.as_member("saku")
    opening, reply = handed_on_from_afar(scene)
    takahashi.edit("遠い", opening.ts, "りんごの木を二本分けます")
    scene.wait_for(lambda: words(scene) == ["りんごの木を二本分けます"])
    saku.edit("遠い", reply.ts, "一本ください")
    scene.wait_for(lambda: scene.questions()[0].thread.replies[0].mrkdwn.for_host() == "一本ください")
    takahashi.delete("遠い", opening.ts)
    scene.wait_for(lambda: scene.questions()[0].status is Status.WITHDRAWN)
    scene.wait_for(lambda: words(scene) == [""])


def test_what_became_of_such_a_topic_while_offline_is_collected(start, sandbox):
    scene = start()
    opening, _ = handed_on_from_afar(scene)
    sandbox.as_member("saku").say("遠い", "手伝います")
    scene.settle()
    scene.stop()
    sandbox.as_member("takahashi").edit("遠い", opening.ts, "りんごの木を二本分けます")
    again = start(collecting=True)
    again.wait_for(lambda: words(again) == ["りんごの木を二本分けます"])
    again.settle()
    again.stop()
    sandbox.as_member("takahashi").delete("遠い", opening.ts)
    last = start(collecting=True)
    last.wait_for(lambda: last.questions()[0].status is Status.WITHDRAWN)
    last.wait_for(lambda: words(last) == [""])


def test_edits_and_reactions_among_the_replies_missed_while_offline_are_collected(start, sandbox):
    takahashi, saku = sandbox.as_member("takahashi"), sandbox.as_member("saku")
    scene = start()
    message = takahashi.say(QUESTIONS, "雪はいつ降りますか")
    reply = saku.reply(QUESTIONS, message.ts, "十一月です")
    scene.wait_for(lambda: scene.questions() and scene.questions()[0].thread.replies)
    scene.settle()
    scene.stop()
    saku.edit(QUESTIONS, reply.ts, "十二月です")
    takahashi.react(QUESTIONS, reply.ts, "heart")
    sandbox.calls.clear()
    again = start(collecting=True)
    again.wait_for(lambda: again.questions()[0].thread.replies[0].mrkdwn.for_host() == "十二月です")
    assert [one.emoji for one in again.questions()[0].thread.replies[0].reactions] == ["heart"]
    assert sandbox.count("conversations.replies") == 1


def test_reactions_are_counted_and_those_taken_back_are_not(scene):
    takahashi, saku, amelie = map(scene.as_member, ("takahashi", "saku", "amelie"))
    message = takahashi.say(QUESTIONS, "灯油は月にいくら?")
    scene.wait_for(scene.questions)
    reply = saku.reply(QUESTIONS, message.ts, "家の広さで変わります")
    for member in (saku, amelie):
        member.react(QUESTIONS, message.ts, "heart")
    amelie.react(QUESTIONS, reply.ts, "eyes")
    scene.wait_for(lambda: interested(scene.questions()[0]) == 2)
    scene.wait_for(lambda: scene.questions()[0].thread.replies[0].reactions)
    scene.settle()
    assert len(scene.questions()) == 1  # nobody asked by reacting to a reply
    saku.unreact(QUESTIONS, message.ts, "heart")
    amelie.unreact(QUESTIONS, message.ts, "heart")
    amelie.unreact(QUESTIONS, reply.ts, "eyes")
    scene.wait_for(lambda: interested(scene.questions()[0]) == 1)  # who replied
    scene.wait_for(lambda: not scene.questions()[0].thread.opening.reactions)


def test_what_three_people_like_stands_on_the_popular_shelf_at_once(by_socket):
    world, takahashi = by_socket.world, by_socket.as_member("takahashi")
    message = takahashi.say(QUESTIONS, "灯油は月にいくら?")
    quiet = takahashi.say(QUESTIONS, "薪は?")
    by_socket.wait_for(lambda: len(by_socket.questions()) == 2)
    world.add_user("iwata", display_name="岩田")
    world.join(QUESTIONS, world.user("iwata").id)
    for name in ("saku", "amelie"):
        by_socket.as_member(name).react(QUESTIONS, message.ts, "heart")
        by_socket.as_member(name).react(QUESTIONS, quiet.ts, "heart")
    assert popular(by_socket) == []  # two people are too few to be counted
    by_socket.as_member("iwata").react(QUESTIONS, message.ts, "snowman")
    by_socket.wait_for(lambda: popular(by_socket) == [("灯油は月にいくら?", 3)])
    by_socket.as_member("iwata").unreact(QUESTIONS, message.ts, "snowman")
    by_socket.wait_for(lambda: popular(by_socket) == [])


def popular(scene):
    found = shelved(Shelf.POPULAR, scene.questions(), aired={}, now=scene.clock())
    return [(one.question.words.for_host(), one.people) for one in found]


def test_nobody_is_greeted_after_a_question_of_long_ago(mode, start, sandbox, clock):
    takahashi, saku = sandbox.as_member("takahashi"), sandbox.as_member("saku")
    message = takahashi.say(QUESTIONS, "ずっと前の質問")
    clock.pass_hours(25)
    scene = start(mode, collecting=True)
    scene.wait_for(scene.questions)
    saku.react(QUESTIONS, message.ts, "heart")
    scene.wait_for(lambda: scene.questions()[0].thread.opening.reactions)
    scene.settle()
    assert takahashi.whispers() == []


def test_a_first_question_is_greeted_privately_and_once(scene):
    takahashi = scene.as_member("takahashi")
    takahashi.say(QUESTIONS, "はじめまして、薪はどこで買えますか")
    scene.wait_for(takahashi.whispers)
    takahashi.say(QUESTIONS, "二つめの質問です")
    scene.wait_for(lambda: len(scene.questions()) == 2)
    scene.settle()
    assert len(takahashi.whispers()) == 1
    assert takahashi.press("change_name", on=takahashi.whispers()[0]).modal().title == "名前の出し方"


def test_a_greeting_that_slack_had_no_time_for_is_said_a_moment_later(scene):
    takahashi = scene.as_member("takahashi")
    scene.sandbox.faults.add("chat.postEphemeral", RateLimited(600))
    takahashi.say(QUESTIONS, "混み合う日の最初の質問")
    scene.wait_for(takahashi.whispers)
    scene.settle()
    assert len(takahashi.whispers()) == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_whoever_asks_twice_at_once_is_greeted_once_whichever_is_stored_first(start, sandbox, order):
    takahashi = sandbox.as_member("takahashi")
    asked = [takahashi.say(QUESTIONS, words) for words in ("ひとつめの質問", "ふたつめの質問")]
    scene = start()
    channel = scene.world.channel(QUESTIONS).id
    for which in order:
        scene.desk.hearing.look((channel, asked[which].ts))
    assert len(scene.questions()) == 2
    assert len(takahashi.whispers()) == 1


def test_the_emoji_under_a_question_follows_its_status(scene):
    message = scene.as_member("takahashi").say(QUESTIONS, "灯油は月にいくら?")
    scene.wait_for(scene.questions)
    (question,) = scene.questions()
    expected = [
        (Status.SHORTLISTED, {"radio"}),
        (Status.SLOTTED, {"radio"}),
        (Status.RECORDED, {"studio_microphone"}),
        (Status.ANSWERED, {"white_check_mark"}),
        (Status.NEXT_TIME, {"seedling"}),
        (Status.DECLINED, set()),
    ]
    for status, shown in expected:
        scene.companion.inbox.set_status(question.id, status, at=scene.clock())
        scene.desk.voice.wish_for_status()
        scene.settle()
        assert scene.emoji(question) == shown
    assert scene.world.message(QUESTIONS, message.ts).user == question.asker


def test_nothing_private_is_logged(scene, caplog):
    with caplog.at_level(logging.DEBUG):
        scene.sandbox.faults.add("chat.postMessage", FailsBefore())
        scene.as_member("takahashi").say(QUESTIONS, "ひみつのことば")
        form = scene.as_member("saku").command("/fm", "another secret", channel=QUESTIONS).modal()
        form.submit()
        scene.wait_for(lambda: scene.desk.voice.problems)
        scene.wait_for(scene.questions)
        scene.settle()
    told = caplog.text + "".join(repr(error) + str(error) for error in scene.desk.voice.problems)
    for private in ("ひみつ", "another secret", "髙橋", "xoxb", "xapp"):
        assert private not in told


def test_who_asks_in_a_channel_what_was_answered_is_told_so_privately(scene):
    takahashi = scene.as_member("takahashi")
    message = takahashi.say(QUESTIONS, "佐久平から東京まで新幹線で通えますか?")
    scene.wait_for(lambda: any("お答えしました 第1回" in str(one.blocks) for one in takahashi.whispers()))
    takahashi.edit(QUESTIONS, message.ts, "佐久平から東京へ、新幹線で通えますか?")
    scene.settle()
    assert len([one for one in takahashi.whispers() if "第1回" in str(one.blocks)]) == 1
    assert len(scene.questions()) == 1


def test_a_new_name_and_language_are_heard_of(scene):
    takahashi = scene.as_member("takahashi")
    takahashi.say(QUESTIONS, "薪はどこで買えますか")
    scene.wait_for(scene.questions)
    scene.world.change_user("takahashi", display_name="高橋(新)", locale="fr-FR")
    scene.wait_for(lambda: scene.questions()[0].asker_name.for_host() == "高橋(新)")
    assert takahashi.shortcut("ask").modal().title == "Écrire à l’émission"
