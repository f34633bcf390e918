"""The app tried out by hand: everything a member does, with the plain forms of the practice Slack's page."""

from __future__ import annotations

import re

import pytest

from cityhall_fm.show.consent import Naming
from cityhall_fm.show.question import Kind, Status
from page_visitor import Browser, button_on, form_on

QUESTIONS, CHAT = "ラジオへの質問", "雑談"
WORDS, NAMING, NAME = "field:words:words", "field:naming:naming", "field:radio_name:radio_name"


class Visitor:
    """A person who acts as one member; every step gives the page that follows it."""

    def __init__(self, scene, name):
        self.scene, self.world = scene, scene.world
        self.me = self.world.user(name)
        self.browser = Browser(scene.sandbox.page_url)
        self.browser.send("/act/as", user=self.me.id)

    def say(self, channel, text, **more):
        return self.browser.send("/act/say", channel=self.world.channel(channel).id, text=text, **more)

    def fill(self, page, **fields):
        """Fill in the form that lies open, and send it."""
        named = {"naming": NAMING, "words": WORDS, "name": NAME}
        page = page if "<dialog" in page else self.browser.look_for("<dialog")
        values = form_on(page) | {named[name]: value for name, value in fields.items()}
        return self.browser.send("/act/modal", **{**values, "do": "submit"})

    def close(self, page):
        return self.browser.send("/act/modal", **{**form_on(page), "do": "close"})

    def home(self):
        app = self.world.apps[0].app_id
        self.browser.send("/act/home", app=app, back=f"/home/{app}")
        return self.browser.look_for('name="view_id"', f"/home/{app}")

    def press_at_home(self, page, label):
        view = re.search(r'name="view_id" value="(V\d+)"', page)[1]
        return self.browser.send("/act/press", view_id=view, press=button_on(page, label))

    def direct(self):
        """Look at what the app wrote to this person."""
        (place,) = [one for one in self.world.channels if one.is_direct and self.me.id in one.members]
        return place, self.browser.look(f"/archives/{place.id}")


@pytest.fixture
def visitor(scene):
    return Visitor(scene, "takahashi")


def test_a_question_is_typed_and_stands_in_the_inbox_with_its_emoji_on_the_page(scene, visitor):
    visitor.say(QUESTIONS, "佐久の冬、雪かきはいつからですか? 😀")
    (question,) = scene.wait_for(scene.questions)
    assert question.words.for_host() == "佐久の冬、雪かきはいつからですか? 😀"
    visitor.browser.look_for("👀")
    visitor.browser.look_for("はじめてのおたより、ありがとうございます")
    visitor.browser.send("/act/change", do="delete", **_place(question))
    scene.wait_for(lambda: scene.questions()[0].status is Status.WITHDRAWN)


def test_a_reaction_makes_a_question_of_a_message(scene, visitor):
    visitor.say(CHAT, "薪ストーブの薪は、どこで買えますか?")
    (message,) = scene.world.messages(CHAT)
    visitor.browser.send("/act/react", name="radio", channel=scene.world.channel(CHAT).id, ts=message.ts)
    scene.wait_for(lambda: [one.kind for one in scene.questions()] == [Kind.QUESTION])


def test_the_command_opens_the_form_which_is_refused_filled_in_and_sent(scene, visitor):
    visitor.say(CHAT, "/fm 灯油は一冬に何リットルいりますか?")
    page = visitor.browser.look_for("灯油は一冬に何リットルいりますか?</textarea>")
    refused = visitor.fill(page, words="灯油は?", naming="radio_name")
    assert "ラジオネームを書くか" in refused
    visitor.fill(page, words="ヤギは飼えますか?", naming="radio_name", name="雪うさぎ")
    visitor.browser.look_for("受け取りました")
    (question,) = scene.questions()
    assert question.consent.naming is Naming.RADIO_NAME
    assert question.consent.radio_name.for_host() == "雪うさぎ"
    visitor.close(visitor.browser.look())
    _, direct = visitor.direct()
    assert "ヤギは飼えますか?" in direct


def test_home_shows_ones_questions_and_takes_one_back(scene, visitor):
    page = visitor.home()
    page = visitor.press_at_home(page, "番組に質問する")
    visitor.fill(page, words="ヤギは飼えますか?")
    scene.wait_for(scene.questions)
    visitor.browser.look_for("受け取りました")
    visitor.close(visitor.browser.look())
    home = visitor.home()
    assert "ヤギは飼えますか?" in home
    visitor.press_at_home(home, "取り下げる")
    scene.wait_for(lambda: scene.questions()[0].status is Status.WITHDRAWN)
    scene.wait_for(lambda: "取り下げました" in visitor.home())


def test_a_name_is_changed_with_the_button_of_the_receipt(scene, visitor):
    visitor.fill(visitor.say(CHAT, "/fm"), words="ヤギは飼えますか?")
    (question,) = scene.wait_for(scene.questions)
    visitor.browser.look_for("受け取りました")
    visitor.close(visitor.browser.look())
    place, page = visitor.direct()
    at = {"channel": place.id, "ts": question.thread.ts}
    page = visitor.browser.send("/act/press", press=button_on(page, "名前の出し方を変える"), **at)
    visitor.fill(page, naming="radio_name", name="雪うさぎ")
    scene.wait_for(lambda: scene.questions()[0].consent.naming is Naming.RADIO_NAME)


def test_somebody_elses_message_is_suggested_and_its_author_answers(scene, visitor):
    author = Visitor(scene, "saku")
    author.say(CHAT, "Snow shovels are cheaper in autumn ⛄")
    (message,) = scene.world.messages(CHAT)
    at = {"channel": scene.world.channel(CHAT).id, "ts": message.ts}
    visitor.browser.send("/act/shortcut", callback_id="hand_on", **at)
    scene.wait_for(lambda: [one.kind for one in scene.questions()] == [Kind.TOPIC])
    scene.wait_for(scene.as_member("saku").direct)
    place, page = author.direct()
    (request,) = scene.as_member("saku").direct()
    no = next(value for value in re.findall(r'name="press" value="([^"]+)"', page) if "do_not_use" in value)
    author.browser.send("/act/press", press=no, channel=place.id, ts=request.ts)
    scene.wait_for(lambda: not scene.questions()[0].usable)


def test_a_recording_is_sent_and_kept_for_the_host(scene, visitor):
    place = scene.world.channel(QUESTIONS).id
    visitor.browser.send_clip(b"\x00\xffclip", channel=place, text="声で失礼します", back="/")
    (question,) = scene.wait_for(scene.questions)
    scene.wait_for(lambda: scene.companion.voices.for_host(question.id))
    visitor.browser.look_for("声のおたより")


def _place(question):
    return {"channel": question.thread.channel, "ts": question.thread.ts}
