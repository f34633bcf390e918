"""Scenes with a real Bolt app, each played over Socket Mode and over signed HTTP."""

import pytest

from cityhall_fm.sandbox import Rules

from bolt_apps import actions, bolt_app, button, install, modal, over_http, over_socket, section, text_input


@pytest.fixture(params=["socket", "http"])
def run(request, sandbox, world):
    """Run an app in one mode until the test ends."""
    running = []

    def start(app):
        mode = over_socket(app, sandbox) if request.param == "socket" else over_http(app, world)
        mode.__enter__()
        running.append(mode)
        sandbox.deliveries.clear()

    yield start
    for mode in running:
        mode.__exit__(None, None, None)


@pytest.fixture
def app(world, sandbox):
    install(world)
    return bolt_app(sandbox)


@pytest.fixture
def takahashi(sandbox):
    return sandbox.as_member("takahashi")


def test_a_question_is_asked_refused_in_its_field_mended_and_sent(app, run, world, takahashi):
    @app.command("/fm")
    def ask(ack, body, client):
        ack()
        radio_name = {**text_input("ラジオネーム", "name"), "optional": True}
        view = modal(text_input(initial_value=body["text"]), radio_name, private_metadata="佐久")
        client.views_open(trigger_id=body["trigger_id"], view=view)

    sent = []

    @app.view("ask")
    def submitted(ack, view, body, client):
        question = view["state"]["values"]["q"]["text"]["value"]
        if "雪" not in question:
            ack(response_action="errors", errors={"q": "雪のことだけお答えできます"})
            return
        ack()
        sent.append((question, view["state"]["values"]["name"]["text"]["value"], view["private_metadata"]))
        client.chat_postEphemeral(
            channel=world.channel("質問").id, user=body["user"]["id"], text="届きました"
        )

    run(app)
    form = takahashi.command("/fm", "りんごは？").modal()
    assert (form.title, form.fields) == ("質問する", {"質問": "りんごは？", "ラジオネーム": ""})
    assert form.submit().errors == {"質問": "雪のことだけお答えできます"}
    assert form.errors == {"質問": "雪のことだけお答えできます"}
    seen = form.fill("質問", "髙橋です 😀\n雪は？").submit()
    assert seen.told() == "届きました"
    assert not form.is_open
    assert sent == [("髙橋です 😀\n雪は？", None, "佐久")]


def test_slacks_client_checks_what_it_can_before_the_app_hears_of_it(app, run, sandbox, takahashi):
    @app.shortcut("ask")
    def ask(ack, body, client):
        ack()
        mail = {**text_input("メール", "mail"), "element": {"type": "email_text_input", "action_id": "a"}}
        view = modal(text_input(min_length=3, max_length=5), mail)
        client.views_open(trigger_id=body["trigger_id"], view=view)

    run(app)
    form = takahashi.shortcut("ask").modal()
    heard = len(sandbox.deliveries)
    assert form.submit().errors == {"質問": "required", "メール": "required"}
    assert form.fill("質問", "雪").fill("mail", "saku").submit().errors == {
        "質問": "too_short",
        "メール": "not_email",
    }
    assert form.fill("質問", "雪はいつ降る").submit().errors["質問"] == "too_long"
    assert len(sandbox.deliveries) == heard


def test_modals_are_pushed_updated_cleared_and_their_closing_is_told(app, run, world, takahashi):
    closed = []

    @app.shortcut("ask")
    def ask(ack, body, client):
        ack()
        first = modal(text_input(), actions(button("more")), notify_on_close=True)
        client.views_open(trigger_id=body["trigger_id"], view=first)

    @app.action("more")
    def more(ack, body, client):
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=modal(title="二枚目", callback_id="second"))

    @app.view("second")
    def second(ack):
        ack(response_action="push", view=modal(title="三枚目", callback_id="third"))

    @app.view("third")
    def third(ack, view):
        typed = view["state"]["values"]["q"]["text"]["value"]
        ack(response_action="update", view=modal(text_input(), title="直し", callback_id="last")) if (
            typed == "直す"
        ) else ack(response_action="clear")

    @app.view_closed("ask")
    def on_closed(ack, body):
        ack()
        closed.append((body["view"]["callback_id"], body["is_cleared"]))

    run(app)
    first = takahashi.shortcut("ask").modal()
    second_one = first.fill("質問", "書きかけ").press("more").modal()
    third_one = second_one.fill("質問", "x").submit().modal()
    assert [view.body["title"]["text"] for view in world.surfaces.stack(takahashi.id)] == [
        "質問する",
        "二枚目",
        "三枚目",
    ]
    changed = third_one.fill("質問", "直す").submit().modal()
    assert (changed.view_id, changed.title, changed.fields) == (
        third_one.view_id,
        "直し",
        {"質問": "直す"},  # what was typed stays where ids stay the same
    )
    changed.close()
    assert takahashi.modal.title == "二枚目"
    takahashi.modal.close()
    assert takahashi.modal.fields == {"質問": "書きかけ"}
    takahashi.modal.close()
    assert takahashi.modal is None
    assert closed == [("ask", False)]


def test_a_message_is_handed_on_and_its_author_asked_with_buttons(app, run, sandbox, takahashi):
    @app.shortcut("hand-on")
    def hand_on(ack, body, client, respond):
        ack()
        author = body["message"]["user"]
        direct = client.conversations_open(users=author)["channel"]["id"]
        text = "紹介してもよいですか"
        blocks = [section(text), actions(button("yes", "はい", value="1"), button("no", "いいえ"))]
        client.chat_postMessage(channel=direct, text=text, blocks=blocks)
        respond(f"{body['channel']['name']} から渡しました")

    @app.action("yes")
    def yes(ack, body, action, respond):
        ack()
        respond(replace_original=True, text=f"ありがとう {action['value']} {body['container']['type']}")

    run(app)
    message = sandbox.as_member("saku").say("質問", "信号が少ない")
    assert takahashi.message_shortcut("hand-on", "質問", message.ts).told() == "質問 から渡しました"
    saku = sandbox.as_member("saku")
    (asked,) = saku.wait_for(saku.direct)
    assert not saku.press("yes", on=asked).problem
    saku.wait_for(lambda: saku.direct()[0].text == "ありがとう 1 message")


def test_app_home_shows_what_was_published_and_follows_its_buttons(app, run, takahashi):
    @app.event("app_home_opened")
    def opened(event, client):
        blocks = [section("わたしの質問"), actions(button("withdraw", "取り下げる", value="q-1"))]
        view = {"type": "home", "blocks": blocks}
        client.views_publish(user_id=event["user"], view=view)

    @app.action("withdraw")
    def withdraw(ack, body, client):
        ack()
        view = {"type": "home", "blocks": [section("取り下げました")]}
        client.views_publish(user_id=body["user"]["id"], view=view, hash=body["view"]["hash"])

    run(app)
    takahashi.open_home()
    home = takahashi.wait_for(takahashi.home)
    takahashi.press("withdraw")
    takahashi.wait_for(lambda: takahashi.home().body["blocks"][0]["text"]["text"] == "取り下げました")
    assert takahashi.home().id == home.id


def test_choices_arrive_as_slack_words_them(app, run, takahashi):
    def option(value):
        return {"text": {"type": "plain_text", "text": f"{value}番"}, "value": value}

    def field(block_id, kind, **more):
        element = {"type": kind, "action_id": "x", **more}
        return {**text_input(block_id, block_id), "element": element, "optional": True}

    options = [option("1"), option("2")]
    heard, chosen = [], []

    @app.shortcut("ask")
    def ask(ack, body, client):
        ack()
        menu = {"type": "static_select", "action_id": "menu", "options": options}
        blocks = [
            field("radio", "radio_buttons", options=options, initial_option=options[0]),
            field("boxes", "checkboxes", options=options),
            field("day", "datepicker"),
            {**section("部署"), "block_id": "place", "accessory": menu},
        ]
        client.views_open(trigger_id=body["trigger_id"], view=modal(*blocks))

    @app.action("menu")
    def on_menu(ack, action, body):
        ack()
        chosen.append((action["selected_option"]["value"], action["type"], body["view"]["callback_id"]))

    @app.view("ask")
    def submitted(ack, view):
        ack()
        heard.append(view["state"]["values"])

    run(app)
    form = takahashi.shortcut("ask").modal()
    form.fill("boxes", ["1番", "2"]).fill("day", "2026-12-01").fill("部署", "2番")
    assert not form.submit().problem
    takahashi.wait_for(lambda: chosen and heard)
    assert chosen == [("2", "static_select", "ask")]
    (values,) = heard
    assert values["radio"]["x"]["selected_option"]["value"] == "1"
    assert [one["value"] for one in values["boxes"]["x"]["selected_options"]] == ["1", "2"]
    assert values["day"]["x"] == {"type": "datepicker", "selected_date": "2026-12-01"}
    assert values["place"]["menu"]["selected_option"]["value"] == "2"


def test_every_change_of_a_public_channel_reaches_the_app(app, run, world, sandbox, takahashi):
    heard = []

    def listener(event):  # Bolt hands over what an argument's name asks for
        heard.append(event)

    for name in ("message", "reaction_added", "reaction_removed", "user_change", "channel_rename"):
        app.event(name)(listener)
    for name in ("member_joined_channel", "file_shared", "team_join"):
        app.event(name)(listener)
    run(app)
    message = takahashi.say("質問", "雪は？ <b>")
    reply = takahashi.reply("質問", message.ts, "来週", broadcast=True)
    takahashi.edit("質問", message.ts, "雪はいつ？")
    world.unfurl("質問", message.ts, {"title": "天気", "from_url": "https://example.jp"})
    takahashi.react("質問", message.ts, "radio")
    takahashi.unreact("質問", message.ts, "radio")
    takahashi.delete("質問", reply.ts)
    takahashi.record("質問", b"clip")
    world.change_user("takahashi", display_name="高橋", locale="fr-FR")
    world.rename("質問", "しつもん")
    world.say("雑談", "takahashi", "アプリのいない所")
    world.add_user("new")
    world.join("しつもん", "new")
    assert sandbox.settle()
    takahashi.wait_for(lambda: len(heard) == 13)
    kinds = sorted((event["type"], event.get("subtype", "")) for event in heard)
    assert kinds == [
        ("channel_rename", ""),
        ("file_shared", ""),
        ("member_joined_channel", ""),
        ("message", ""),
        ("message", "file_share"),
        ("message", "message_changed"),
        ("message", "message_changed"),
        ("message", "message_deleted"),
        ("message", "thread_broadcast"),
        ("reaction_added", ""),
        ("reaction_removed", ""),
        ("team_join", ""),
        ("user_change", ""),
    ]
    changes = [event for event in heard if event.get("subtype") == "message_changed"]
    edit = next(event for event in changes if event["message"]["text"] != event["previous_message"]["text"])
    unfurl = next(event for event in changes if event is not edit)
    assert edit["message"]["edited"]["user"] == takahashi.id
    assert unfurl["message"]["attachments"][0]["title"] == "天気"
    profile = next(event for event in heard if event["type"] == "user_change")
    assert (profile["user"]["profile"]["display_name"], profile["user"]["locale"]) == ("高橋", "fr-FR")


def test_bolt_ignores_what_its_own_bot_said_and_slack_delivers_it(app, run, world, sandbox, takahashi):
    heard = []

    @app.event("message")
    def listener(event, client):
        heard.append(event["text"])
        client.chat_postMessage(channel=event["channel"], text="受け取りました")

    run(app)
    takahashi.say("質問", "雪は？")
    takahashi.wait_for(lambda: len(world.messages("質問")) == 2)
    assert sandbox.settle()
    events = [one.payload["event"] for one in sandbox.deliveries]
    assert [event.get("bot_id", "") != "" for event in events] == [False, True]
    assert heard == ["雪は？"]


def test_an_app_that_fails_leaves_the_member_with_a_complaint(app, run, world, takahashi):
    world.rules = Rules(ack_seconds=0.2)

    @app.command("/fm")
    def broken(body):
        raise RuntimeError(body["command"])

    run(app)
    assert takahashi.command("/fm").problem in ("operation_timeout", "dispatch_failed")
    assert takahashi.command("/unknown").problem == "unknown_command"
