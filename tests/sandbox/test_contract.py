"""The tables of methods and events, and the payloads, against what Slack publishes."""

import json
from pathlib import Path

import pytest

from cityhall_fm.sandbox.contract import METHODS
from cityhall_fm.sandbox.manifest import EVENT_SCOPES
from cityhall_fm.sandbox.methods import ANSWERS
from cityhall_fm.sandbox.surfaces import Whisper

from bolt_apps import actions, button, install, modal, section

SLACK = Path(__file__).parents[2].parent / "shared" / "slack"
PUBLISHED = SLACK / "slack-api-ref" / "methods"
SAMPLES = SLACK / "java-slack-sdk"
needs_published_data = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="Slack's published data lies beside the checkout, not in it"
)


OLD_DATA = SLACK / "slack-api-specs" / "web-api" / "slack_web_openapi_v2.json"
ONLY_IN_OLD_DATA = {"usergroups.list"}


@needs_published_data
@pytest.mark.parametrize("name", sorted(ONLY_IN_OLD_DATA))
def test_the_table_agrees_with_slacks_archived_methods(name):
    published = json.loads(OLD_DATA.read_text())["paths"][f"/{name}"]["get"]
    method = METHODS[name]
    assert method.known == {one["name"] for one in published["parameters"]}
    assert [{scope for scopes in published["security"] for scope in scopes["slackAuth"]}] == [
        set(method.scopes)
    ]


@needs_published_data
@pytest.mark.parametrize(
    "method",
    [method for name, method in METHODS.items() if name not in ONLY_IN_OLD_DATA],
    ids=lambda method: method.name,
)
def test_the_table_agrees_with_slacks_published_methods(method):
    published = json.loads((PUBLISHED / f"{method.name}.json").read_text())
    arguments = published["args"]
    assert {"token", *method.required} == set(arguments["required"])
    assert method.known == set(arguments["properties"])
    assert set(method.scopes) == set(published["scope"].get("bot", []))
    assert method.tier == published["rate_limits"]
    assert method.takes_json == published.get("json_input_supported", False)
    assert method.errors <= set(published["errors"])


def test_every_method_of_the_table_has_an_answer():
    assert METHODS.keys() == ANSWERS.keys()


@needs_published_data
def test_events_need_the_scopes_that_slack_publishes():
    published = json.loads((SLACK / "slack-api-ref" / "events" / "events.json").read_text())
    scopes = {
        event["name"]: {one.replace(".", ":") for one in event.get("scopes", ())} for event in published
    }
    for name, needed in EVENT_SCOPES.items():
        assert set(needed) == scopes.get(name, set(needed)), name


# What newer Slack sends and the samples, which are older or blanked, do not show.
NOT_IN_SAMPLES = {
    *("context_team_id", "context_enterprise_id", "event.event_ts", "event.cache_ts"),
    *("event.parent_user_id", "event.view.blocks", "response_urls", "state.values"),
    *("view.blocks", "view.state.values"),
}


SKIPPED = ("message", "previous_message", "root", "user", "values", "blocks", "files")


def keys_of(value, at=""):
    """List the keys of a JSON value down to the third level, as paths."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield f"{at}{key}"
            if at.count(".") < 2 and key not in SKIPPED:
                yield from keys_of(inside, f"{at}{key}.")
    elif isinstance(value, list) and value:
        yield from keys_of(value[0], f"{at}0.")


@needs_published_data
def test_payloads_have_the_keys_that_slack_sends(world, sandbox, ids):
    install(world)
    saku = sandbox.as_member("saku")
    message = saku.say("質問", "雪は？")
    saku.reply("質問", message.ts, "来週", broadcast=True)
    saku.edit("質問", message.ts, "雪はいつ？")
    saku.record("質問", b"clip")
    saku.delete("質問", saku.say("質問", "x").ts)
    saku.react("質問", message.ts, "radio")
    saku.unreact("質問", message.ts, "radio")
    world.change_user("takahashi", display_name="高橋")
    world.join("質問", world.add_user("new").id)
    world.rename("質問", "しつもん")
    world.archive("雑談", by="saku")
    app = world.apps[0]
    world.surfaces.publish(app.app_id, saku.id, {"type": "home", "blocks": [section("x")]})
    saku.open_home()
    assert sandbox.settle()
    saku.command("/fm", "x")
    saku.message_shortcut("hand-on", ids.questions, message.ts)
    blocks = (actions(button("yes", value="1")),)
    world.surfaces.whisper(Whisper("", ids.questions, saku.id, app.app_id, "x", blocks))
    saku.press("yes")
    world.surfaces.open(app.app_id, saku.id, modal({"type": "divider"}, notify_on_close=True))
    saku.modal.submit()
    saku.modal.close()
    sent = {}
    for one in sandbox.deliveries:
        event = one.payload.get("event", {})
        kind = event.get("subtype") or event.get("type") or one.payload.get("type") or one.kind
        sent.setdefault(kind, one.payload)
    unknown = {}
    for kind, sample in {
        "message": "events/MessagePayload",
        "thread_broadcast": "events/MessageThreadBroadcastPayload",
        "message_changed": "events/MessageChangedPayload",
        "message_deleted": "events/MessageDeletedPayload",
        "file_share": "events/MessageFileSharePayload",
        "reaction_added": "events/ReactionAddedPayload",
        "reaction_removed": "events/ReactionRemovedPayload",
        "user_change": "events/UserChangePayload",
        "team_join": "events/TeamJoinPayload",
        "member_joined_channel": "events/MemberJoinedChannelPayload",
        "channel_rename": "events/ChannelRenamePayload",
        "channel_archive": "events/ChannelArchivePayload",
        "app_home_opened": "events/AppHomeOpenedPayload",
        "file_shared": "events/FileSharedPayload",
        "slash_commands": "app-backend/slash-commands/SlashCommandPayload",
        "message_action": "app-backend/interactive-components/MessageShortcutPayload",
        "block_actions": "app-backend/interactive-components/BlockActionPayload",
        "view_submission": "app-backend/views/ViewSubmissionPayload",
        "view_closed": "app-backend/views/ViewClosedPayload",
    }.items():
        known = set(keys_of(json.loads((SAMPLES / f"{sample}.json").read_text())))
        unknown |= {kind: extra} if (extra := set(keys_of(sent[kind])) - known - NOT_IN_SAMPLES) else {}
    assert not unknown
