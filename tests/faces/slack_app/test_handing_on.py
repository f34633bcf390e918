"""Handing a message on: a topic, whose author is asked once, in private, whether it may be read."""

from __future__ import annotations

import pytest

from cityhall_fm.sandbox import RateLimited
from cityhall_fm.show.announcement import Post, PostKey
from cityhall_fm.show.consent import Naming, public_name, quote
from cityhall_fm.show.question import Kind, Status
from cityhall_fm.show.slack_thread import ChannelId

CHAT = "雑談"


def handed_on(scene, by="saku", words="雪かきの道具は、秋のうちに買うと安いです ⛄"):
    author = scene.as_member("takahashi")
    message = author.say(CHAT, words)
    seen = scene.as_member(by).message_shortcut("hand_on", CHAT, message.ts)
    return author, message, seen


def test_a_message_becomes_a_topic_and_its_author_is_asked_once(scene):
    author, message, seen = handed_on(scene)
    assert "asked, once" in seen.told()
    (topic,) = scene.questions()
    assert (topic.kind, topic.asker, topic.consent) == (Kind.TOPIC, author.id, None)
    (request,) = author.wait_for(author.direct)
    assert "一度だけ" in request.text
    again = scene.as_member("amelie").message_shortcut("hand_on", CHAT, message.ts)
    assert again.told() == "Proposé à l’émission comme sujet, merci."
    scene.settle()
    assert len(author.direct()) == 1


def test_without_an_answer_nobody_is_named_and_nothing_quoted(scene):
    handed_on(scene)[2].told()
    (topic,) = scene.questions()
    assert public_name(topic.consent, topic.asker_name).name is None
    assert quote(topic.consent, topic.words) is None


def test_the_author_may_say_no(scene):
    author, _, seen = handed_on(scene)
    seen.told()
    author.wait_for(author.direct)
    assert not author.press("may_read_do_not_use").problem
    scene.wait_for(lambda: not scene.questions()[0].usable)
    scene.wait_for(lambda: "番組では使わない" in author.direct()[0].text)


def test_the_author_may_be_read_by_a_radio_name_which_is_then_asked_for(scene):
    author, _, seen = handed_on(scene)
    seen.told()
    author.wait_for(author.direct)
    form = author.press("may_read_radio_name").modal()
    assert set(form.submit().errors) == set()
    scene.wait_for(lambda: scene.questions()[0].consent)
    assert scene.questions()[0].consent.naming is Naming.ANONYMOUS
    form = author.press("may_read_radio_name").modal()
    form.fill("naming", "ラジオネーム")
    assert form.submit().errors == {
        "ラジオネーム": "ラジオネームを書くか、上で「匿名希望」を選んでください。"
    }
    form.fill("radio_name", "雪うさぎ").submit()
    scene.wait_for(lambda: scene.questions()[0].consent.naming is Naming.RADIO_NAME)
    assert scene.questions()[0].consent.radio_name.for_host() == "雪うさぎ"


@pytest.mark.parametrize(("name", "language"), [("takahashi", "ja"), ("saku", "en"), ("amelie", "fr")])
def test_an_author_agrees_to_what_they_were_shown_in_their_language(by_socket, name, language):
    author, promises = by_socket.as_member(name), by_socket.companion.rules.wordings
    message = author.say(CHAT, "雪かきの道具は、秋のうちに")
    handing = "saku" if name == "takahashi" else "takahashi"
    by_socket.as_member(handing).message_shortcut("hand_on", CHAT, message.ts).told()
    (request,) = author.wait_for(author.direct)
    assert promises[language] in str(request.blocks)
    author.press("may_read_display_name")
    by_socket.wait_for(lambda: by_socket.questions()[0].consent)
    assert by_socket.questions()[0].consent.wording == promises[language]


def test_nobody_else_can_answer_for_the_author(scene):
    author, _, seen = handed_on(scene)
    seen.told()
    (topic,) = scene.questions()
    request = author.wait_for(author.direct)[0]
    saku = scene.as_member("saku")
    scene.sandbox.as_member("saku").press("may_read_display_name", on=request)
    scene.wait_for(lambda: any("Only whoever wrote it" in one.text for one in saku.direct()))
    assert scene.companion.inbox.question(topic.id).consent is None


def test_what_the_app_wrote_and_what_is_not_public_is_not_handed_on(scene):
    world, saku = scene.world, scene.as_member("saku")
    post = Post(PostKey("x"), ChannelId(world.channel(CHAT).id), "お知らせ", ())
    ours = scene.companion.desk.post(post)
    assert "public channels" in saku.message_shortcut("hand_on", CHAT, ours.ts).told()
    world.add_channel("秘密", kind="private_channel", members=["saku", "takahashi", "fm"])
    secret = scene.as_member("takahashi").say("秘密", "内緒の話")
    assert "public channels" in saku.message_shortcut("hand_on", "秘密", secret.ts).told()
    assert scene.questions() == []


def test_a_thread_that_is_handed_on_by_its_reply_is_one_topic(scene):
    takahashi, saku = scene.as_member("takahashi"), scene.as_member("saku")
    opening = takahashi.say("遠い", "りんごの木を分けてもらえますか")
    world = scene.world
    world.join("遠い", world.user("fm").id)
    reply = saku.reply("遠い", opening.ts, "うちに来てください")
    told = saku.message_shortcut("hand_on", "遠い", reply.ts).told()
    assert "Whoever began it is asked" in told
    (topic,) = scene.questions()
    assert (topic.thread.ts, len(topic.thread.replies)) == (opening.ts, 1)
    assert topic.status is Status.RECEIVED


def test_who_is_blocked_hands_nothing_on(mode, start, show_folder, sandbox):
    manifest, saku = show_folder / "feeds" / "show.toml", sandbox.as_member("saku")
    blocking = manifest.read_text("utf-8").replace("blocked = []", f'blocked = ["{saku.id}"]')
    manifest.write_text(blocking, "utf-8")
    scene = start(mode)
    author, _, seen = handed_on(scene)
    assert "not open to you" in seen.told()
    assert (scene.questions(), author.direct()) == ([], [])


def test_whoever_hands_on_hears_that_the_author_is_asked_also_where_a_round_comes_between(mode, start):
    between = []

    def while_slack_keeps_us_waiting(_):
        between.append(scene.companion.app_memory.to_ask())
        scene.desk.consenting.ask_authors()

    scene = start(mode, sleep=while_slack_keeps_us_waiting)
    assert scene.desk.status.settle(10)
    scene.sandbox.faults.add("conversations.open", RateLimited(1), times=1)
    author, _, seen = handed_on(scene)
    assert "asked, once" in seen.told()
    assert between[0]  # the round saw it waiting
    assert len(author.direct()) == 1


def test_ones_own_message_becomes_ones_own_question_and_the_form_about_the_name_opens(scene):
    takahashi = scene.as_member("takahashi")
    message = takahashi.say(CHAT, "薪ストーブの煙突は、だれが掃除しますか 🔥")
    seen = takahashi.message_shortcut("hand_on", CHAT, message.ts)
    form = seen.modal()
    assert form.title == "名前の出し方"
    scene.wait_for(takahashi.whispers)
    (question,) = scene.questions()
    assert (question.kind, question.asker) == (Kind.QUESTION, takahashi.id)
    assert question.consent.naming is Naming.ANONYMOUS
    form.fill("naming", "ラジオネーム")
    form.fill("radio_name", "佐久の煙").submit()
    scene.wait_for(lambda: scene.questions()[0].consent.naming is Naming.RADIO_NAME)
    assert "ご自分の投稿" in takahashi.whispers()[0].text
    assert not any("一度だけ" in one.text for one in takahashi.direct())  # nobody is asked about themselves
    scene.wait_for(lambda: scene.emoji(question) == {"eyes"})


def test_withdrawing_from_the_note_about_ones_own_message_is_answered_once_in_ones_own_language(scene):
    amelie = scene.as_member("amelie")
    message = amelie.say(CHAT, "Où acheter du bois à 佐久 ? 🔥")
    scene.settle()  # heard later, it would be a first question by then, and greeted beside the note
    amelie.message_shortcut("hand_on", CHAT, message.ts).modal()
    (note,) = scene.wait_for(amelie.whispers)
    assert not amelie.press("withdraw", on=note).problem
    scene.wait_for(lambda: scene.questions()[0].status is Status.WITHDRAWN)
    scene.settle()
    said = [one.text for one in (*amelie.whispers()[1:], *amelie.direct())]
    assert said == ["C’est retiré. Rien de ce qui sera fait ne le contiendra."]


def test_whoever_has_withdrawn_their_message_is_not_told_that_it_is_with_the_show(by_socket):
    takahashi = by_socket.as_member("takahashi")
    message = takahashi.say(CHAT, "薪はどこで買えますか")
    takahashi.message_shortcut("hand_on", CHAT, message.ts).modal()
    by_socket.wait_for(takahashi.whispers)
    assert not takahashi.press("withdraw", on=takahashi.whispers()[0]).problem
    by_socket.wait_for(lambda: by_socket.questions()[0].status is Status.WITHDRAWN)
    takahashi.message_shortcut("hand_on", CHAT, message.ts)
    by_socket.wait_for(lambda: takahashi.whispers()[-1].text == "このおたよりは、もう変えられません。")
    assert by_socket.questions()[0].status is Status.WITHDRAWN


def test_where_the_app_is_not_it_asks_to_be_invited(scene):
    message = scene.as_member("takahashi").say("遠い", "りんごの木を分けます")
    saku, world = scene.as_member("saku"), scene.world
    saku.message_shortcut("hand_on", "遠い", message.ts)
    (told,) = saku.wait_for(saku.direct)
    assert "invite the app to the channel" in told.text
    assert (scene.questions(), scene.desk.voice.problems) == ([], [])
    world.join("遠い", world.user("fm").id)
    assert "asked, once" in saku.message_shortcut("hand_on", "遠い", message.ts).told()


def test_a_channel_that_is_new_today_is_looked_for(by_socket):
    world, saku = by_socket.world, by_socket.as_member("saku")
    handed_on(by_socket)[2].told()  # the channels are known since
    world.add_channel("新しい", members=["takahashi", "saku", "fm"])
    message = by_socket.as_member("takahashi").say("新しい", "薪を割る会をします")
    assert "Suggested" in saku.message_shortcut("hand_on", "新しい", message.ts).told()
    world.add_channel("秘密", kind="private_channel", members=["saku", "takahashi", "fm"])
    secret = by_socket.as_member("takahashi").say("秘密", "内緒の話")
    by_socket.sandbox.calls.clear()
    for _ in range(3):  # nobody can have Slack's patience used up
        assert "public channels" in saku.message_shortcut("hand_on", "秘密", secret.ts).told()
    assert by_socket.sandbox.count("conversations.list") <= 1


def test_so_many_a_day_are_handed_on_and_each_author_is_asked_about_one(by_socket):
    author, saku = by_socket.as_member("takahashi"), by_socket.as_member("saku")
    said = [author.say(CHAT, f"冬支度のこつ、その{number}") for number in range(7)]
    told = [saku.message_shortcut("hand_on", CHAT, one.ts).told() for one in said]
    assert ["asked, once" in one for one in told] == [True] * 5 + [False] * 2
    assert ["suggested a day is 5" in one for one in told] == [False] * 5 + [True] * 2
    assert "Suggested" in saku.message_shortcut("hand_on", CHAT, said[0].ts).told()  # it is there already
    by_socket.desk.consenting.ask_authors()
    assert (len(by_socket.questions()), len(author.direct())) == (5, 1)
    by_socket.clock.pass_hours(24)
    by_socket.desk.consenting.ask_authors()
    assert len(author.direct()) == 2
    assert "asked, once" in saku.message_shortcut("hand_on", CHAT, said[5].ts).told()
    by_socket.settle()
    assert (len(by_socket.questions()), len(author.direct())) == (6, 2)
