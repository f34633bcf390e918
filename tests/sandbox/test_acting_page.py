"""Acting as a member by hand, with a browser's plain forms."""

import time
import urllib.error

import pytest
from slack_sdk import WebClient

from page_visitor import Browser

from bolt_apps import actions, bolt_app, button, install, modal, over_socket, section, text_input


@pytest.fixture
def browser(sandbox):
    return Browser(sandbox.page_url)


@pytest.fixture
def acting(browser, ids):
    browser.send("/act/as", user=ids.takahashi)
    return browser


def test_one_chooses_who_one_is_and_sees_what_they_see(world, browser, ids):
    assert "秘密" in browser.look()
    assert "チャンネル" in browser.send("/act/as", user=ids.takahashi)
    page = browser.look()
    assert "秘密" not in page
    assert "運営" not in page
    with pytest.raises(urllib.error.HTTPError) as caught:
        browser.look(f"/archives/{ids.secret}")
    caught.value.close()
    world.say("秘密", "saku", "x")
    assert "それはもうありません" in browser.send("/act/say", channel=ids.secret, text="入れて")
    assert len(world.messages("秘密")) == 1
    assert "秘密" in browser.send("/act/as", user="")


def test_one_talks_replies_reacts_edits_and_deletes(world, acting, ids):
    page = acting.send("/act/say", channel=ids.questions, text="雪は？ <b>")
    assert "雪は？ <b>" in page
    (message,) = world.messages("質問")
    place = {"channel": ids.questions, "ts": message.ts}
    acting.send("/act/say", channel=ids.questions, thread_ts=message.ts, text="来週", broadcast="1")
    acting.send("/act/react", name="radio", **place)
    acting.send("/act/change", do="edit", text="雪はいつ？", **place)
    first, reply = world.messages("質問")
    assert (first.text, first.reactions[0].users, reply.subtype) == (
        "雪はいつ？",
        (ids.takahashi,),
        "thread_broadcast",
    )
    acting.send("/act/react", name="radio", **place)
    assert not world.message("質問", message.ts).reactions
    acting.send("/act/change", do="delete", channel=ids.questions, ts=reply.ts)
    assert world.messages("質問") == [world.message("質問", message.ts)]
    theirs = world.say("質問", "saku", "私の")
    acting.send("/act/change", do="delete", channel=ids.questions, ts=theirs.ts)
    assert world.message("質問", theirs.ts)


def test_an_audio_clip_is_uploaded_with_a_plain_form(world, acting, ids):
    page = acting.send_clip(b"\x00\xffclip", channel=ids.questions, text="声で")
    (message,) = world.messages("質問")
    file = world.file(message.files[0])
    assert (message.text, file.content, file.subtype) == ("声で", b"\x00\xffclip", "slack_audio")
    assert "音声クリップ" in page


def test_a_command_opens_a_form_that_is_refused_mended_and_sent(world, sandbox, acting, ids):
    install(world)
    app = bolt_app(sandbox)
    heard = []

    @app.command("/fm")
    def ask(ack, body, client):
        ack()
        more = {**text_input("部署", "place"), "optional": True}
        choice = {"text": {"type": "plain_text", "text": "<広報>"}, "value": "pr"}
        more["element"] = {"type": "static_select", "action_id": "x", "options": [choice]}
        client.views_open(trigger_id=body["trigger_id"], view=modal(text_input(), more))

    @app.view("ask")
    def submitted(ack, view):
        values = view["state"]["values"]
        if len(values["q"]["text"]["value"]) < 5:
            ack(response_action="errors", errors={"q": "もう少し <くわしく>"})
            return
        ack()
        heard.append((values["q"]["text"]["value"], values["place"]["x"]["selected_option"]["value"]))

    with over_socket(app, sandbox):
        page = acting.send("/act/say", channel=ids.questions, text="/fm")
        assert '<dialog open aria-labelledby="modal-title"' in page
        view = {"view_id": world.surfaces.stack(ids.takahashi)[0].id}
        assert "入力してください" in acting.send("/act/modal", do="submit", **view)
        page = acting.send("/act/modal", do="submit", **{**view, "field:q:text": "雪"})
        assert "もう少し <くわしく>" in page
        assert 'aria-invalid="true"' in page
        done = acting.send(
            "/act/modal", do="submit", **{**view, "field:q:text": "雪は\r\nいつ？", "field:place:x": "pr"}
        )
        assert "<dialog" not in done
    assert heard == [("雪は\nいつ？", "pr")]


def test_buttons_shortcuts_and_home_answer_on_the_page(world, sandbox, acting, ids):
    install(world)
    app = bolt_app(sandbox)
    bot = WebClient("xoxb-sandbox", base_url=sandbox.api_url)
    blocks = [section("どうぞ"), actions(button("later", "またこんど"))]
    posted = bot.chat_postMessage(channel=ids.questions, text="どうぞ", blocks=blocks)

    @app.action("later")
    def later(ack, respond):
        ack()
        respond("またいつでも")

    @app.shortcut("hand-on")
    def hand_on(ack, respond):
        ack()
        respond("渡しました")

    @app.event("app_home_opened")
    def opened(event, client):
        view = {"type": "home", "blocks": [section("わたしの質問"), actions(button("later"))]}
        client.views_publish(user_id=event["user"], view=view)

    @app.event("message")
    def message():
        pass

    place = {"channel": ids.questions, "ts": posted["ts"]}
    with over_socket(app, sandbox):
        page = acting.send("/act/press", press="field:actions:later", **place)
        assert "またいつでも" in page
        assert "あなただけに表示されています" in page
        assert "渡しました" in acting.send("/act/shortcut", callback_id="hand-on", **place)
        app_id = world.apps[0].app_id
        assert "わたしの質問" in acting.send("/act/home", app=app_id, back=f"/home/{app_id}")
        assert "そのコマンドはありません" in acting.send("/act/say", channel=ids.questions, text="/nope")
    acting.send("/act/as", user=ids.saku)
    assert "またいつでも" not in acting.look()


def test_a_slow_apps_form_and_home_are_on_the_very_next_page(world, sandbox, acting, ids):
    install(world)
    app = bolt_app(sandbox)

    @app.command("/fm")
    def ask(ack, body, client):
        ack()
        time.sleep(0.4)
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    @app.event("app_home_opened")
    def opened(event, client):
        time.sleep(0.4)
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("わたし")]})

    app_id = world.apps[0].app_id
    with over_socket(app, sandbox):
        assert "わたし" in acting.send("/act/home", app=app_id, back=f"/home/{app_id}")
        assert "<dialog open" in acting.send("/act/say", channel=ids.questions, text="/fm")


def test_a_form_of_another_site_does_nothing(world, acting, ids):
    for origin in ("https://evil.example", "null"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            acting.send("/act/say", origin=origin, channel=ids.questions, text="x")
        assert caught.value.code == 403
        caught.value.close()
    assert not world.messages("質問")


def test_the_chosen_language_stays_through_every_form(world, sandbox, acting, ids):
    install(world)
    bot = WebClient("xoxb-sandbox", base_url=sandbox.api_url)
    bot.chat_postMessage(channel=ids.questions, text="x", blocks=[actions(button("later"))])
    page = acting.look("/?lang=fr")
    assert '<html lang="fr">' in page
    assert page.count("<form") == page.count('name="lang" value="fr"')
    assert '<html lang="fr">' in acting.send("/act/react", lang="fr", name="nope")


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
def test_the_way_back_stays_on_the_page(acting, back):
    assert "リモート市役所" in acting.send("/act/as", user="", back=back)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/act/press", {"press": "nonsense"}),
        ("/act/press", {"press": "field:a:b", "view_id": "V404"}),
        ("/act/modal", {"view_id": "V404", "do": "submit"}),
        ("/act/react", {"channel": "C404", "ts": "1.0", "name": "eyes"}),
        ("/act/shortcut", {"callback_id": "nope"}),
        ("/act/home", {"app": "A404"}),
    ],
)
def test_what_is_gone_is_said_so(acting, path, fields):
    assert 'role="alert">それはもうありません。' in acting.send(path, **fields)
