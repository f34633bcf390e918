"""Files and audio clips, ephemeral messages, response URLs, and what an app may know about people."""

import json
import urllib.error
import urllib.request

import pytest
from slack_sdk.webhook import WebhookClient

from cityhall_fm.sandbox import HtmlPage
from cityhall_fm.sandbox.surfaces import ResponseUrl

from bolt_apps import install, section


@pytest.fixture(autouse=True)
def _installed(world):
    install(world)


def download(url, token="xoxb-sandbox"):  # noqa: S107 - made up
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return answer.status, answer.headers["Content-Type"], answer.read()


def test_an_audio_clip_is_a_file_that_only_the_token_opens(sandbox, client, ids):
    sandbox.as_member("takahashi").record("質問", b"\x00clip", duration_ms=4200, transcript="雪は？")
    (message,) = client.conversations_history(channel=ids.questions)["messages"]
    (clip,) = message["files"]
    assert (message["subtype"], clip["subtype"], clip["mimetype"], clip["duration_ms"]) == (
        *("file_share", "slack_audio", "audio/mp4"),
        4200,
    )
    assert clip["transcription"]["preview"]["content"] == "雪は？"
    assert download(clip["url_private"]) == (200, "audio/mp4", b"\x00clip")
    status, kind, page = download(clip["url_private"], "xoxb-wrong")
    assert (status, kind.partition(";")[0], b"Sign in" in page) == (200, "text/html", True)
    sandbox.faults.add("files", HtmlPage())
    assert download(clip["url_private"])[1].startswith("text/html")
    assert client.files_info(file=clip["id"])["file"]["size"] == 5


def test_a_file_from_where_the_app_is_not_stays_closed(world, sandbox, refused):
    file = world.upload("saku", "内緒.txt", b"x")
    world.say("秘密", "saku", "", files=(file.id,))
    assert refused("files_info", file=file.id) == "file_not_found"
    assert download(f"{sandbox.page_url}files-pri/T-{file.id}/x")[1].startswith("text/html")


def test_the_app_uploads_in_two_steps(world, client, ids):
    client.files_upload_v2(
        channel=ids.questions, content=b"voice", filename="返事.m4a", initial_comment="お返事"
    )
    (message,) = world.messages("質問")
    file = world.file(message.files[0])
    assert (message.text, file.content, file.name, file.shares) == (
        "お返事",
        b"voice",
        "返事.m4a",
        ((ids.questions, message.ts),),
    )


def test_an_ephemeral_message_is_seen_by_one_and_kept_by_nobody(sandbox, client, refused, ids):
    client.chat_postEphemeral(channel=ids.questions, user=ids.takahashi, text="a < b")
    assert [one.text for one in sandbox.as_member("takahashi").whispers()] == ["a &lt; b"]
    assert not sandbox.as_member("saku").whispers()
    assert not client.conversations_history(channel=ids.questions)["messages"]
    assert (
        refused("chat_postEphemeral", channel=ids.questions, user="U404", text="x") == "user_not_in_channel"
    )
    assert refused("chat_postEphemeral", channel=ids.chat, user=ids.saku, text="x") == "not_in_channel"


@pytest.mark.usefixtures("sandbox")
def test_a_response_url_answers_five_times_in_half_an_hour(world, clock, ids):
    surfaces = world.surfaces
    app_id = world.apps[0].app_id

    def new_url():
        target = ResponseUrl(app_id, ids.takahashi, ids.questions, surfaces.until_response())
        return WebhookClient(surfaces.new_response_url(target), retry_handlers=[])

    url = new_url()
    assert url.send(text="こっそり").body == "ok"
    assert url.send(text="皆さんへ", response_type="in_channel").body == "ok"
    assert [message.text for message in world.messages("質問")] == ["皆さんへ"]
    assert json.loads(url.send(text="<!here>").body)["error"] == "invalid_arguments"
    assert json.loads(url.send(blocks=[section("")]).body)["error"] == "invalid_blocks"
    for _ in range(3):
        url.send(text="x")
    assert json.loads(url.send(text="x").body)["error"] == "used_url"
    late = new_url()
    clock.pass_seconds(31 * 60)
    assert json.loads(late.send(text="x").body)["error"] == "expired_url"


def test_locale_is_told_to_who_asks(world, client, ids):
    world.change_user("takahashi", locale="fr-FR")
    assert "locale" not in client.users_info(user=ids.takahashi)["user"]
    assert client.users_info(user=ids.takahashi, include_locale=True)["user"]["locale"] == "fr-FR"
    assert client.users_info(user=ids.saku, include_locale=True)["user"]["locale"] == "ja-JP"


def test_members_conversations_team_bot_and_emoji(world, client, ids):
    scopes = world.apps[0].scopes | {"team:read", "emoji:read"}
    world.install_app(name="fm", scopes=scopes)
    world.custom_emoji.add("sakucho")
    assert client.conversations_members(channel=ids.questions)["members"] == [
        ids.takahashi,
        ids.saku,
        ids.bot,
    ]
    assert [one["name"] for one in client.users_conversations()["channels"]] == ["質問"]
    theirs = client.users_conversations(user=ids.saku)["channels"]
    assert [one["name"] for one in theirs] == ["質問", "雑談"]
    assert client.team_info()["team"]["name"] == "リモート市役所"
    bot_id = client.auth_test()["bot_id"]
    assert client.bots_info(bot=bot_id)["bot"]["user_id"] == ids.bot
    assert list(client.emoji_list()["emoji"]) == ["sakucho"]


def test_scheduling_is_left_to_a_clock_of_our_own(refused, ids):
    metadata = {"event_type": "receipt", "event_payload": {}}
    later = {"channel": ids.questions, "text": "x", "post_at": 1_800_000_000}
    assert refused("chat_scheduleMessage", metadata=metadata, **later) == "invalid_arguments"


def test_an_address_of_files_that_are_not_there(sandbox):
    with pytest.raises(urllib.error.HTTPError) as caught:
        download(f"{sandbox.page_url}files-pri/T-F404/x")
    assert caught.value.code == 404
    caught.value.close()
