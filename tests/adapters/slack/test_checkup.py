"""The doctor's view of a workspace, through the real slack_sdk."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from cityhall_fm.adapters.slack import LiveCheckup
from cityhall_fm.production.ports.doctor import Reach
from cityhall_fm.sandbox.people import MINIMAL_SCOPES
from cityhall_fm.show.errors import SlackError

TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
CHANNEL = "C0SHITSUMON"


@pytest.fixture
def checkup(sandbox, world):
    world.install_app(TOKEN, name="fm", app_token=APP_TOKEN)
    return LiveCheckup(TOKEN, APP_TOKEN, sandbox.api_url)


def test_it_knows_workspace_scopes_and_slacks_clock(checkup, sandbox):
    identity = checkup.identity()
    assert (identity.workspace, identity.scopes) == ("リモート市役所", MINIMAL_SCOPES)
    assert identity.at.tzinfo is UTC
    checkup.identity()
    assert sandbox.count("auth.test") == 1


def test_channels_tell_whether_we_are_in_them(checkup):
    assert {one.name: one.is_member for one in checkup.channels()} == {
        "質問": True,
        "暮らし": True,
        "雑談": False,
    }


@pytest.mark.parametrize(
    ("days_ago", "reach"),
    [
        ((200, 80), Reach(is_limited=False, beyond=True, up_to_limit=False)),
        ((89, 5), Reach(is_limited=False, beyond=False, up_to_limit=True)),
        ((5,), Reach(is_limited=False, beyond=False, up_to_limit=False)),
        ((), Reach(is_limited=False, beyond=False, up_to_limit=False)),
    ],
)
def test_two_calls_tell_how_far_back_a_channel_shows(checkup, sandbox, world, clock, days_ago, reach):
    now = clock.now
    for days in days_ago:
        clock.now = now - timedelta(days=days)
        world.say(CHANNEL, "U0SAKU", "佐久の冬")
    clock.now = now
    assert checkup.reach(CHANNEL, now=now) == reach
    assert sandbox.count("conversations.history") <= 2


def test_socket_mode_opens_with_its_own_token_only(checkup, sandbox):
    checkup.open_socket()
    with pytest.raises(SlackError) as refused:
        LiveCheckup(TOKEN, "xapp-wrong", sandbox.api_url).open_socket()
    assert "xapp-wrong" not in repr(refused.value)


def test_a_wrong_token_is_refused_and_never_shown(sandbox):
    with pytest.raises(SlackError) as refused:
        LiveCheckup("xoxb-wrong", "", sandbox.api_url).identity()
    assert refused.value.text.name == "slack.bad_token"
    assert "xoxb-wrong" not in repr(refused.value)
