"""What the doctor finds in Slack."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityhall_fm.production.doctor import Mark, examine
from cityhall_fm.production.doctor.slack import slack_checks
from cityhall_fm.production.ports.doctor import Reach
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.slack_thread import Channel, ChannelId

from builders import NOON, a_question
from fakes.checkup import FakeCheckup
from fakes.inbox import FakeInbox

RULES = CollectingRules(channels=("移住相談",), question_channels=("ラジオへの質問",))
CHANNELS = [
    Channel(ChannelId("C01"), "移住相談"),
    Channel(ChannelId("C02"), "ラジオへの質問"),
    Channel(ChannelId("C03"), "fmリモート市役所"),
]
OUTSIDE = [*CHANNELS[:1], Channel(ChannelId("C02"), "ラジオへの質問", is_member=False), *CHANNELS[2:]]
AT_THE_LIMIT = Reach(is_limited=False, beyond=False, up_to_limit=True)
SAYS_SO = Reach(is_limited=True, beyond=False, up_to_limit=False)
YOUNG = Reach(is_limited=False, beyond=False, up_to_limit=False)


def examined(
    checkup, *, rules=RULES, announce="fmリモート市役所", inbox=None, has_app_token=True, signing_secret=""
):
    checks = slack_checks(
        checkup,
        rules=rules,
        announce_channel=announce,
        has_app_token=has_app_token,
        signing_secret=signing_secret,
        inbox=inbox or FakeInbox(),
        timezone="Asia/Tokyo",
        clock=lambda: NOON,
    )
    return {one.check.name: one.finding for one in examine(checks)}


def test_all_is_right_where_everything_is():
    found = examined(FakeCheckup(CHANNELS, at=NOON), signing_secret="0123456789abcdef")
    assert {one.mark for one in found.values()} == {Mark.RIGHT}


def test_missing_scopes_are_named():
    found = examined(FakeCheckup(CHANNELS, scopes=("channels:read", "chat:write")))["doctor.token"]
    assert found.mark is Mark.WRONG
    assert {"channels:history", "im:write"} <= set(str(found.text.values["scopes"]).split(", "))
    assert "chat:write" not in str(found.text.values["scopes"])


def test_a_refused_token_is_told_once_and_the_rest_waits():
    found = examined(FakeCheckup(CHANNELS, refuses="token_revoked"))
    assert [name for name, one in found.items() if one.mark is Mark.WRONG] == ["doctor.token"]
    assert {found[f"doctor.{name}"].mark for name in ("channels", "announce", "history")} == {Mark.SKIPPED}


@pytest.mark.parametrize(
    ("channels", "text"),
    [(OUTSIDE, "doctor.channels_outside"), (CHANNELS[:1], "doctor.channels_absent")],
)
def test_channels_are_there_and_the_app_is_in_them(channels, text):
    found = examined(FakeCheckup(channels))["doctor.channels"]
    assert (found.mark, found.text.name) == (Mark.WRONG, text)
    assert found.text.values["channels"] == "#ラジオへの質問"


def test_a_channel_to_announce_in_is_needed():
    assert examined(FakeCheckup(CHANNELS), announce="")["doctor.announce"].mark is Mark.WRONG
    assert examined(FakeCheckup(CHANNELS[:2]))["doctor.announce"].mark is Mark.WRONG


@pytest.mark.parametrize(
    ("reach", "mark"), [(AT_THE_LIMIT, Mark.WRONG), (SAYS_SO, Mark.WRONG), (YOUNG, Mark.SKIPPED)]
)
def test_a_plan_that_hides_the_past_urges_an_export(reach, mark):
    assert examined(FakeCheckup(CHANNELS, reach=reach))["doctor.history"].mark is mark


def test_with_the_export_in_the_inbox_the_plan_may_hide_what_it_likes():
    old = a_question(f"{int((NOON - timedelta(days=200)).timestamp())}.000100")
    found = examined(FakeCheckup(CHANNELS, reach=AT_THE_LIMIT), inbox=FakeInbox([old]))
    assert found["doctor.history"].text.name == "doctor.history_kept"


def test_socket_mode_needs_its_own_token():
    without = examined(FakeCheckup(CHANNELS), has_app_token=False)["doctor.socket"]
    refused = examined(FakeCheckup(CHANNELS, refuses_socket="not_allowed_token_type"))["doctor.socket"]
    assert (without.mark, refused.mark) == (Mark.SKIPPED, Mark.WRONG)
    assert refused.text.values["error"] == "not_allowed_token_type"


@pytest.mark.parametrize(
    ("secret", "mark", "told"),
    [
        ("0123456789abcdef0123456789abcdef", Mark.RIGHT, "signed_http_right"),
        ("", Mark.SKIPPED, "no_signing_secret"),
        ("  ", Mark.SKIPPED, "no_signing_secret"),
        ("xapp-1-A0-佐久", Mark.WRONG, "signing_secret_is_token"),
        (" xoxb-1", Mark.WRONG, "signing_secret_is_token"),
    ],
)
def test_signed_http_needs_slacks_signing_secret_which_is_never_shown(secret, mark, told):
    found = examined(FakeCheckup(CHANNELS), signing_secret=secret)["doctor.signed_http"]
    assert (found.mark, found.text.name) == (mark, f"doctor.{told}")
    assert found.text.values == {}


@pytest.mark.parametrize(("seconds", "mark"), [(59, Mark.RIGHT), (-61, Mark.WRONG), (3600, Mark.WRONG)])
def test_a_clock_that_is_off_is_told(seconds, mark):
    found = examined(FakeCheckup(CHANNELS, at=NOON + timedelta(seconds=seconds)))
    assert found["doctor.clock"].mark is mark
