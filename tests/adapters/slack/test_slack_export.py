"""An export is read whole or refused with its broken file's name; private parts are never opened."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityhall_fm.adapters import slack_export
from cityhall_fm.adapters.slack_export import SlackExport
from cityhall_fm.production.collect import collect
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.consent import Private
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.question import Kind
from cityhall_fm.show.slack_thread import ChannelId, Ts, UserId
from cityhall_fm.texts import LANGUAGES, Catalogue
from thorough import examples

from fakes.inbox import FakeInbox

REAL = Path(__file__).parents[4] / "shared/slack/export/slack-export-viewer/testarchive.zip"
LIFE = ChannelId("C0KURASHI")
CHANNELS = [{"id": LIFE, "name": "暮らし"}]


def message(ts, text="灯油代は?", user="U0SAKU", **more):
    return {"type": "message", "ts": ts, "user": user, "text": text, **more}


def an_export(tmp_path, *messages, channels=CHANNELS, more=(), name="export.zip") -> Path:
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("channels.json", json.dumps(channels))
        archive.writestr("暮らし/2026-11-20.json", json.dumps(messages))
        for member, content in dict(more).items():
            archive.writestr(member, content)
    return path


def openings(path, channel=LIFE):
    return [message for page in SlackExport(path).openings(channel) for message in page]


def problem(act) -> InputError:
    with pytest.raises(InputError) as caught:
        act()
    for language in LANGUAGES:
        assert len(Catalogue(language).word(caught.value.text).strip().splitlines()) == 2
    return caught.value


class Silent:
    def step(self, text) -> None: ...

    def advance(self, done, total) -> None: ...


@pytest.mark.skipif(not REAL.exists(), reason="no real export beside this checkout (../shared/slack/export)")
def test_a_real_export_imports_whole():
    export = SlackExport(REAL, "https://example.slack.com")
    names = tuple(channel.name for channel in export.channels())
    inbox = FakeInbox()
    rules = CollectingRules(channels=names, question_channels=names)
    arguments = {"source": export, "inbox": inbox, "rules": rules, "in_rundowns": {}, "emoji": lambda _: None}
    read = [
        message for channel in export.channels() for page in export.openings(channel.id) for message in page
    ]
    with zipfile.ZipFile(REAL) as archive:
        days = [name for name in archive.namelist() if name.count("/") == 1 and name.endswith(".json")]
        raw = [one for day in days for one in json.loads(archive.read(day))]
    assert len(read) == len({one["ts"] for one in raw}) == len(raw) == 158
    asked = [one for one in read if one.from_person and one.mrkdwn.for_host().strip()]
    collected = collect(**arguments, now=None, progress=Silent())
    assert sum(one.questions for one in collected) == len(asked) == len(inbox.questions()) > 0
    assert all(question.asker_name for question in inbox.questions())
    assert not any("<@" in question.words.for_host() for question in inbox.questions())
    again = collect(**arguments, now=None, progress=Silent())
    assert all((one.questions, one.topics, one.changed, one.withdrawn) == (0, 0, 0, 0) for one in again)


def test_threads_are_grouped_by_thread_ts_whatever_the_list_of_replies_says(tmp_path):
    path = an_export(
        tmp_path,
        message(
            "10.000100", thread_ts="10.000100", reply_count=9, replies=[{"user": "U1", "ts": "99.000100"}]
        ),
        message("12.000100", "二", thread_ts="10.000100"),
        message("11.000100", "一", thread_ts="10.000100"),
        message("13.000100", "親のない返信", thread_ts="9.000100"),
    )
    (opening,) = openings(path)
    assert (opening.reply_count, opening.latest_reply) == (2, "12.000100")
    replies = SlackExport(path).replies(LIFE, Ts("10.000100"))
    assert [reply.mrkdwn for reply in replies] == [Private("一"), Private("二")]


def test_a_message_that_stands_in_two_days_is_one(tmp_path):
    twice = json.dumps([message("10.000100", "直した")])
    path = an_export(tmp_path, message("10.000100"), more={"暮らし/2026-11-21.json": twice})
    (opening,) = openings(path)
    assert opening.mrkdwn == Private("直した")


def test_old_exports_without_threads_and_with_one_file_are_read(tmp_path):
    path = an_export(
        tmp_path,
        message("10.000100", "<@U0SAKU|saku> uploaded a file", subtype="file_share", file={"id": "F1"}),
        message("11.000100", "来ました", subtype="channel_join"),
        {"type": "message", "ts": "12.000100", "text": "bot", "subtype": "bot_message", "bot_id": "B1"},
        {"type": "message", "text": "時のない話"},
        "not a message",
    )
    assert [(one.ts, one.from_person) for one in openings(path)] == [
        ("12.000100", False),
        ("11.000100", False),
        ("10.000100", True),
    ]


def test_people_who_are_not_in_users_json_are_known_from_their_messages(tmp_path):
    profile = {"display_name": "", "real_name": "髙橋 はな"}
    export = SlackExport(an_export(tmp_path, message("10.000100", user="W0GUEST", user_profile=profile)))
    list(export.openings(LIFE))
    found = export.members(frozenset({UserId("W0GUEST"), UserId("U0GONE")}))
    assert {id_: member.name for id_, member in found.items()} == {"W0GUEST": Private("髙橋 はな")}


def test_private_parts_are_never_opened(tmp_path, monkeypatch):
    secret = json.dumps([message("10.000100", "内緒")])
    groups = json.dumps([{"id": "G0UNEI", "name": "運営"}])
    private = {"id": "C0JINJI", "name": "人事", "is_private": True}
    path = an_export(
        tmp_path,
        message("10.000100"),
        channels=[*CHANNELS, private],
        more={
            "dms.json": "{broken",
            "groups.json": groups,
            "mpims.json": "{broken",
            "運営/2026-11-20.json": secret,
            "人事/2026-11-20.json": secret,
            "D0DIRECT/2026-11-20.json": secret,
        },
    )
    opened = []
    original = zipfile.ZipFile.open
    monkeypatch.setattr(
        zipfile.ZipFile, "open", lambda self, name, *rest: opened.append(name) or original(self, name, *rest)
    )
    export = SlackExport(path)
    for channel in export.channels():
        list(export.openings(channel.id))
    export.members(frozenset({UserId("U0SAKU")}))
    assert {info.filename for info in opened} == {"channels.json", "暮らし/2026-11-20.json"}


def test_a_repacked_export_with_a_folder_around_is_read(tmp_path):
    path = tmp_path / "mac.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("佐久 export/channels.json", json.dumps(CHANNELS))
        archive.writestr("佐久 export/暮らし/2026-11-20.json", json.dumps([message("10.000100")]))
        archive.writestr("__MACOSX/佐久 export/._channels.json", b"\x00\x05\x16\x07")
    assert len(openings(path)) == 1


def test_names_that_do_not_say_they_are_utf_8_are_read_as_such(tmp_path):
    path = an_export(tmp_path, message("10.000100"))
    content = path.read_bytes()
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        while start != -1:
            flags = start + offset + 1
            content = content[:flags] + bytes([content[flags] & ~0x08]) + content[flags + 1 :]
            start = content.find(signature, start + 4)
    path.write_bytes(content)
    assert len(openings(path)) == 1


def test_a_folder_does_not_follow_links_to_elsewhere(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "2026-11-20.json").write_text(json.dumps([message("10.000100", "内緒")]), "utf-8")
    folder = tmp_path / "export"
    (folder / "暮らし").mkdir(parents=True)
    (folder / "channels.json").write_text(json.dumps([*CHANNELS, {"id": "C1", "name": "外"}]), "utf-8")
    (folder / "暮らし/2026-11-20.json").symlink_to(outside / "2026-11-20.json")
    (folder / "外").symlink_to(outside)
    assert openings(folder) == []
    assert openings(folder, ChannelId("C1")) == []


def test_a_channel_whose_name_climbs_out_holds_nothing(tmp_path):
    channels = [{"id": LIFE, "name": "../../etc"}, {"id": "C1", "name": ".."}]
    path = an_export(tmp_path, channels=channels, more={"../../etc/2026-11-20.json": "[]"})
    assert openings(path) == []
    assert openings(path, ChannelId("C1")) == []


def test_what_is_not_there_is_said(tmp_path):
    error = problem(SlackExport(tmp_path / "無い.zip").channels)
    assert error.text.name == "slack.export_missing"


@pytest.mark.parametrize("kept", [0, 10, -30])
def test_a_truncated_zip_is_refused(tmp_path, kept):
    path = an_export(tmp_path, message("10.000100"))
    path.write_bytes(path.read_bytes()[:kept])
    assert problem(SlackExport(path).channels).text.name == "slack.export_not_zip"


def test_a_foreign_zip_and_a_foreign_folder_are_refused(tmp_path):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.json", "{}")
    assert problem(SlackExport(path).channels).text.name == "slack.export_foreign"
    assert problem(SlackExport(tmp_path).channels).text.name == "slack.export_foreign"


@pytest.mark.parametrize(
    "content",
    [b"[{", b"\xff\xfe[", b"[" * 200_000, b"[" + b"9" * 5000 + b"]"],
    ids=["cut", "utf-16", "deep", "number"],
)
def test_a_broken_day_is_named_before_anything_of_its_channel_is_read(tmp_path, content):
    path = an_export(tmp_path, message("10.000100"), more={"暮らし/2026-11-21.json": content})
    error = problem(lambda: next(iter(SlackExport(path).openings(LIFE))))
    assert error.text.name == "slack.export_broken_file"
    assert error.text.values["file"] == "暮らし/2026-11-21.json"


def test_a_damaged_member_is_named(tmp_path):
    path = an_export(tmp_path, message("10.000100", "灯油代は? " * 50))
    content = path.read_bytes()
    spot = content.find("灯油代".encode("unicode_escape")[:6])
    path.write_bytes(content[: spot + 20] + b"\x00\x00\x00" + content[spot + 23 :])
    assert problem(lambda: openings(path)).text.values["file"] == "暮らし/2026-11-20.json"


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(slack_export, "_LARGEST_FILE_BYTES", 100_000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("channels.json", json.dumps(CHANNELS))
        archive.writestr("暮らし/2026-11-20.json", b" " * 10_000_000)
    assert problem(lambda: openings(path)).text.name == "slack.export_too_large"


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(slack_export, "_MOST_FILES", 3)
    path = an_export(tmp_path, more={f"暮らし/{number}.json": "[]" for number in range(5)})
    assert problem(SlackExport(path).channels).text.name == "slack.export_too_large"


def test_messages_from_the_marker_to_the_topic_are_collected_from_an_export(tmp_path):
    path = an_export(
        tmp_path,
        message("10.000100", "灯油代は? :radio:"),
        message("11.000100", "雪かきのこつ"),
        message("12.000100", "早起きです", thread_ts="11.000100"),
    )
    inbox = FakeInbox()
    rules = CollectingRules(channels=("暮らし",))
    collect(
        source=SlackExport(path),
        inbox=inbox,
        rules=rules,
        in_rundowns={},
        now=None,
        emoji={}.get,
        progress=Silent(),
    )
    assert [question.kind for question in inbox.questions()] == [Kind.QUESTION, Kind.TOPIC]


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_damage_makes_it_fail_otherwise(tmp_path, data):
    content = bytearray(an_export(tmp_path, message("10.000100"), name="whole.zip").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.zip"
    path.write_bytes(
        content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content
    )
    try:
        export = SlackExport(path)
        for channel in export.channels():
            list(export.openings(channel.id))
    except InputError:
        pass
