"""The manifest that a city pastes into Slack."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cityhall_fm.production.slack_manifest import is_request_url, slack_manifest
from cityhall_fm.sandbox.manifest import read_manifest
from cityhall_fm.sandbox.people import MINIMAL_SCOPES
from cityhall_fm.show.slack_app import ASK, BOT_SCOPES, COMMAND, HAND_ON

from builders import a_show

SHARED = Path(__file__).parents[2].parent / "shared" / "slack"
published = pytest.mark.skipif(
    not SHARED.is_dir(), reason="Slack's published data lies beside the checkout, not in it"
)


@pytest.mark.parametrize("language", ["ja", "en", "fr", "tlh"])
@pytest.mark.parametrize("http", [None, "https://fm.example.jp"])
def test_slack_takes_it_in_every_language_and_both_modes(language, http):
    read = read_manifest(slack_manifest(a_show(language=language), http=http))
    assert (read.socket_mode, read.has_home, read.is_interactive) == (http is None, True, True)
    assert read.commands.keys() == {COMMAND}
    assert {(one.callback_id, one.kind) for one in read.shortcuts.values()} == {
        (ASK, "global"),
        (HAND_ON, "message"),
    }


def test_it_asks_for_no_more_than_the_minimal_scopes():
    read = read_manifest(slack_manifest(a_show()))
    assert read.scopes == MINIMAL_SCOPES == set(BOT_SCOPES)


def test_the_message_shortcut_says_what_members_know():
    shortcuts = slack_manifest(a_show())["features"]["shortcuts"]
    assert [one["name"] for one in shortcuts] == ["番組に質問する", "ラジオで取り上げてほしい"]


def test_a_long_title_is_shortened_to_what_slack_takes_between_letters():
    made = slack_manifest(a_show(title="髙橋さんの👨‍👩‍👧の町" * 20))
    assert len(made["display_information"]["name"]) <= 35
    assert made["display_information"]["name"].endswith("…")
    read_manifest(made)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://fm.example.jp", "https://fm.example.jp/slack/events"),
        ("https://fm.example.jp/", "https://fm.example.jp/slack/events"),
        ("https://fm.example.jp/ours", "https://fm.example.jp/ours"),
    ],
)
def test_over_http_every_request_goes_to_one_address(given, used):
    made = slack_manifest(a_show(), http=given)
    assert made["settings"]["event_subscriptions"]["request_url"] == used
    assert made["settings"]["interactivity"]["request_url"] == used
    assert [one["url"] for one in made["features"]["slash_commands"]] == [used]


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("https://fm.example.jp", True),
        ("http://fm.example.jp", False),
        ("https://localhost", False),
        ("https://[broken", False),
        ("fm.example.jp", False),
        ("https://fm.example.jp/a b", False),
    ],
)
def test_slack_reaches_only_https_addresses_of_the_internet(url, right):
    assert is_request_url(url) is right


@published
@pytest.mark.parametrize("name", ["main-bot-app", "socket-mode-app"])
def test_it_has_the_shape_of_manifests_that_slack_uses_itself(name):
    theirs = json.loads((SHARED / f"node-slack-sdk/manifests/{name}.manifest.json").read_text("utf-8"))
    theirs["oauth_config"]["scopes"].pop("user", None)  # we act for nobody
    ours = _shape(slack_manifest(a_show()))
    assert _shape(theirs).items() <= ours.items()


@published
def test_every_scope_opens_a_method_or_a_feature_and_every_event_is_published():
    methods = [
        json.loads(path.read_text("utf-8")) for path in (SHARED / "slack-api-ref/methods").glob("*.json")
    ]
    scopes = {scope for method in methods for scope in method.get("scope", {}).get("bot", [])}
    read = read_manifest(slack_manifest(a_show()))
    assert read.scopes - scopes <= {"commands"}  # slash commands and shortcuts: no method of its own
    events = {path.stem for path in (SHARED / "slack-api-ref/events-detail").glob("*.json")}
    assert read.events - events <= {"reaction_removed"}  # the sample names only its sister


def _shape(value: object, path: str = "") -> dict[str, type]:
    if not isinstance(value, dict):
        return {path: type(value)}
    return {
        key: kind for name, inner in value.items() for key, kind in _shape(inner, f"{path}/{name}").items()
    }
