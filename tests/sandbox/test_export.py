"""Slack's export format, written and read."""

import json
import zipfile
from pathlib import Path

import pytest
from slack_sdk import WebClient

from cityhall_fm.sandbox import World, serving
from cityhall_fm.sandbox.surfaces import Whisper
from page_visitor import Browser

from bolt_apps import install, modal

REAL = Path(__file__).parents[2].parent / "shared/slack/export/slack-export-viewer/testarchive.zip"


@pytest.fixture
def busy(world, clock, ids):
    """A workspace in which everything that an export can hold has happened."""
    world.clock = clock
    parent = world.say(ids.questions, "takahashi", "雪は & <いつ> :snowflake:")
    world.react(ids.questions, parent.ts, "eyes", "saku")
    world.say(ids.questions, "saku", "来月", thread_ts=parent.ts)
    world.say(
        ids.questions, "fm", "お答え", thread_ts=parent.ts, bot_id=world.user("fm").bot_id, app_id="A1",
        metadata={"event_type": "receipt", "event_payload": {"key": "k"}},
        blocks=({"type": "divider", "block_id": "b0"},),
    )  # fmt: skip
    clock.pass_seconds(5 * 3600)  # 01:00 in Japan: the next day's file
    gone = world.say(ids.questions, "saku", "消える")
    world.say(ids.questions, "takahashi", "残る", thread_ts=gone.ts)
    world.delete(ids.questions, gone.ts)
    world.edit(ids.questions, parent.ts, "雪は & <いつ> ですか")
    world.say(ids.chat, "saku", "雑談です")
    world.say(ids.office, "saku", "内緒")
    return world


def test_the_folder_has_slacks_layout_and_public_channels_only(busy, tmp_path):
    busy.write_export(tmp_path)
    files = sorted(file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.json"))
    days = ["質問/2026-11-23.json", "質問/2026-11-24.json", "雑談/2026-11-24.json"]
    assert files == ["channels.json", "users.json", *days]
    assert "内緒" not in "".join(file.read_text() for file in tmp_path.rglob("*.json"))


def test_a_message_carries_what_slack_exports(busy, tmp_path, ids):
    busy.write_export(tmp_path)
    parent, _reply, answer = json.loads((tmp_path / "質問/2026-11-23.json").read_text())
    assert parent["text"] == "雪は &amp; &lt;いつ&gt; ですか"
    assert (parent["thread_ts"], parent["reply_count"], len(parent["replies"])) == (parent["ts"], 2, 2)
    assert (parent["edited"]["user"], parent["reactions"][0]["users"]) == (ids.takahashi, [ids.saku])
    assert answer["metadata"]["event_payload"] == {"key": "k"}
    assert (answer["bot_id"], answer["app_id"]) == (busy.user("fm").bot_id, "A1")


@pytest.mark.parametrize("name", ["export", "export.zip"])
def test_a_world_comes_back_from_its_export(busy, tmp_path, name, ids):
    again = World.from_export(busy.write_export(tmp_path / name), clock=busy.clock)
    assert again.messages(ids.questions) == busy.messages(ids.questions)
    assert [user.shown_name for user in again.users] == [user.shown_name for user in busy.users]
    first = busy.write_export(tmp_path / "first.zip").read_bytes()
    assert again.write_export(tmp_path / "second.zip").read_bytes() == first


def test_the_bot_of_an_export_is_taken_over_with_its_ids(busy, tmp_path):
    again = World.from_export(busy.write_export(tmp_path / "x.zip"), clock=busy.clock)
    before = again.user("fm")
    assert again.install_app(name="fm") == before
    assert before.is_bot


def test_new_messages_follow_the_exported_ones(busy, clock, tmp_path, ids):
    again = World.from_export(busy.write_export(tmp_path / "x.zip"), clock=clock)
    clock.pass_seconds(-24 * 3600)
    assert again.say(ids.questions, "saku", "新しい").ts > busy.messages(ids.questions)[-1].ts


def test_the_same_world_gives_the_same_bytes(busy, tmp_path):
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    assert busy.write_export(one).read_bytes() == busy.write_export(two).read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert archive.namelist() == sorted(archive.namelist())
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_day_without_messages_loses_its_file(busy, tmp_path, ids):
    busy.write_export(tmp_path)
    busy.delete(ids.chat, busy.messages(ids.chat)[0].ts)
    busy.say(ids.chat, "saku", "今日", at=busy.clock().replace(day=20))
    busy.write_export(tmp_path)
    assert [file.name for file in (tmp_path / "雑談").iterdir()] == ["2026-11-21.json"]  # in Japan


def test_a_repacked_archive_with_a_folder_around_everything_is_read(busy, tmp_path, ids):
    folder = busy.write_export(tmp_path / "inner")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        for file in folder.rglob("*.json"):
            archive.write(file, f"my export/{file.relative_to(folder).as_posix()}")
    assert World.from_export(tmp_path / "outer.zip").messages(ids.chat)


def test_missing_users_and_parents_are_tolerated(tmp_path):
    (tmp_path / "general").mkdir()
    (tmp_path / "users.json").write_text("[]")
    (tmp_path / "channels.json").write_text('[{"id": "C1", "name": "general", "members": ["U404"]}]')
    orphan = [
        {"ts": "5.000100", "thread_ts": "4.000100", "user": "U404", "text": "返事", "bot_id": "B1"},
        {"x": 1},
    ]
    (tmp_path / "general" / "2026-01-01.json").write_text(json.dumps(orphan))
    world = World.from_export(tmp_path)
    world.install_app()
    world.join("C1", "cityhall-fm")
    with serving(world) as sandbox:
        client = WebClient("xoxb-sandbox", base_url=sandbox.api_url)
        assert client.conversations_history(channel="C1")["messages"] == []
        assert client.conversations_replies(channel="C1", ts="5.000100")["messages"][0]["user"] == "U404"


@pytest.mark.skipif(not REAL.is_file(), reason="the real export lies beside the checkout, not in it")
def test_a_real_export_of_2016_can_be_read_and_served():
    world = World.from_export(REAL)
    assert sum(len(world.messages(channel.id)) for channel in world.channels) == 158
    bot = world.install_app()
    world.join("enrique", bot.id)
    with serving(world) as sandbox:
        client = WebClient("xoxb-sandbox", base_url=sandbox.api_url)
        messages = client.conversations_history(channel="C0JGLMMNX", limit=999)["messages"]
        assert len(messages) == len(world.messages("enrique"))


@pytest.mark.parametrize("name", ["export", "export.zip"])
def test_direct_messages_come_along_if_they_are_wanted_and_only_then(busy, tmp_path, name):
    direct = busy.open_direct("fm", "takahashi").id
    busy.say(direct, "fm", "髙橋さんだけに 😀")
    again = World.from_export(busy.write_export(tmp_path / name, direct=True), clock=busy.clock)
    assert again.open_direct("fm", "takahashi").id == direct
    assert again.messages(direct) == busy.messages(direct)
    without = World.from_export(busy.write_export(tmp_path / "without.zip"), clock=busy.clock)
    assert not [channel for channel in without.channels if channel.is_direct]


def test_a_world_that_comes_back_repeats_no_id_that_an_app_has_met(one_server, busy, clock, tmp_path):
    export = busy.write_export(tmp_path / "x.zip")

    def ids(first):
        """Tell an app of a message, open a form, whisper; gives what they are called."""
        world = World.from_export(export, clock=clock, ids_from=first)
        one_server.start_over(world)
        bot = install(world)
        saku, place = world.user("saku").id, world.channel("質問").id
        view = world.surfaces.push(bot.app_id, saku, modal())
        world.say(place, saku, "雪は?")
        assert one_server.settle()
        whispered = world.surfaces.whisper(Whisper("", place, saku, bot.app_id, "しー 😀"))
        browser = Browser(one_server.page_url)
        assert "しー 😀" in browser.send("/act/as", user=saku, back=f"/archives/{place}")
        return {view.id, whispered.ts, *(one.event_id for one in one_server.deliveries)}

    then = int(clock().timestamp())
    assert len(ids(then)) == 3
    assert not ids(then) & ids(then + 60)
