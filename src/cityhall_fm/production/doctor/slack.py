"""What the doctor looks at in Slack: token, scopes, channels, Socket Mode, how far back it shows, clock."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cityhall_fm.production.doctor import Check, Finding, right, skipped, wrong
from cityhall_fm.production.ports.doctor import SlackCheckup
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.slack_app import APP_SCOPE, BOT_SCOPES
from cityhall_fm.show.slack_thread import Channel, ts_order

_FREE_PLAN: Final = timedelta(days=90)
"""Slack, "Feature limitations on the free version": messages of the last 90 days."""
_CLOCKS_DIFFER_BY: Final = timedelta(seconds=60)
"""Signed requests are refused from five minutes on (Slack) or fifteen (S3): one is soon enough to say so."""
_TOKENS_BEGIN: Final = ("xoxb-", "xoxp-", "xapp-")
_MOST_CHANNELS: Final = 10
"""So many are asked how far back they show; all are alike in this."""

Clock = Callable[[], datetime]


def slack_checks(
    checkup: SlackCheckup,
    *,
    rules: CollectingRules,
    announce_channel: str,
    has_app_token: bool,
    signing_secret: str,
    inbox: Inbox,
    timezone: str,
    clock: Clock,
) -> Sequence[Check]:
    """List what to look at in Slack."""
    wanted = tuple(dict.fromkeys((*rules.channels, *rules.question_channels)))
    return (
        Check("doctor.token", lambda: _token(checkup)),
        Check("doctor.channels", lambda: _known(checkup) or _channels(checkup, wanted)),
        Check("doctor.announce", lambda: _known(checkup) or _announce(checkup, announce_channel)),
        Check("doctor.history", lambda: _known(checkup) or _history(checkup, wanted, inbox, clock)),
        Check("doctor.socket", lambda: _socket(checkup, has_token=has_app_token)),
        Check("doctor.signed_http", lambda: _signed_http(signing_secret)),
        Check("doctor.clock", lambda: _clock(checkup, timezone, clock)),
    )


def _token(checkup: SlackCheckup) -> Finding:
    identity = checkup.identity()
    if identity.scopes is None:
        return right("doctor.token_right_unscoped", workspace=identity.workspace)
    missing = [scope for scope in BOT_SCOPES if scope not in identity.scopes]
    if missing:
        return wrong("doctor.scopes_missing", scopes=", ".join(missing), workspace=identity.workspace)
    return right("doctor.token_right", workspace=identity.workspace, count=len(BOT_SCOPES))


def _known(checkup: SlackCheckup) -> Finding | None:
    """Leave it at one complaint where Slack does not know us, or is not there."""
    try:
        checkup.identity()
    except SlackError:
        return skipped("doctor.needs_token")
    return None


def _channels(checkup: SlackCheckup, wanted: Sequence[str]) -> Finding:
    if not wanted:
        return wrong("doctor.no_channels")
    known = checkup.channels()
    found = {name: _named(name, known) for name in wanted}
    absent = [name for name, channel in found.items() if channel is None]
    if absent:
        return wrong("doctor.channels_absent", channels=_list(absent))
    outside = [channel.name for channel in found.values() if channel and not channel.is_member]
    if outside:
        return wrong("doctor.channels_outside", channels=_list(outside))
    return right("doctor.channels_right", count=len({channel.id for channel in found.values() if channel}))


def _announce(checkup: SlackCheckup, name: str) -> Finding:
    if not name:
        return wrong("doctor.no_announce")
    channel = _named(name, checkup.channels())
    if channel is None:
        return wrong("doctor.channels_absent", channels=_list([name]))
    if not channel.is_member:
        return wrong("doctor.channels_outside", channels=_list([channel.name]))
    return right("doctor.announce_right", channel=channel.name)


def _history(checkup: SlackCheckup, wanted: Sequence[str], inbox: Inbox, clock: Clock) -> Finding:
    now = clock()
    readable = [
        channel
        for name in wanted
        if (channel := _named(name, checkup.channels())) is not None and channel.is_member
    ]
    if not readable:
        return skipped("doctor.history_unseen")
    reaches = [checkup.reach(channel.id, now=now) for channel in readable[:_MOST_CHANNELS]]
    limited = any(reach.is_limited for reach in reaches)
    if any(reach.beyond for reach in reaches) and not limited:
        return right("doctor.history_whole")
    if not limited and not any(reach.up_to_limit for reach in reaches):
        return skipped("doctor.history_young")
    oldest = min(_opened(inbox), default=None)
    if oldest is None or oldest > (now - _FREE_PLAN).timestamp():
        return wrong("doctor.history_hidden")
    return right("doctor.history_kept")


def _socket(checkup: SlackCheckup, *, has_token: bool) -> Finding:
    if not has_token:
        return skipped("doctor.no_app_token", scope=APP_SCOPE)
    try:
        checkup.open_socket()
    except SlackError as error:
        if error.retryable:
            raise
        return wrong("doctor.app_token_refused", scope=APP_SCOPE, error=error.text.values.get("error", "–"))
    return right("doctor.socket_right")


def _signed_http(secret: str) -> Finding:
    if not secret.strip():
        return skipped("doctor.no_signing_secret")
    if secret.strip().startswith(_TOKENS_BEGIN):
        return wrong("doctor.signing_secret_is_token")
    return right("doctor.signed_http_right")


def _clock(checkup: SlackCheckup, timezone: str, clock: Clock) -> Finding:
    here = clock()
    there = f"{here.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"
    try:
        at = checkup.identity().at
    except SlackError:
        at = None  # told above
    if at is None:
        return skipped("doctor.clock_alone", time=there, timezone=timezone)
    apart = abs(here - at)
    if apart > _CLOCKS_DIFFER_BY:
        return wrong(
            "doctor.clock_wrong", seconds=round(apart.total_seconds()), time=there, timezone=timezone
        )
    return right("doctor.clock_right", time=there, timezone=timezone)


def _named(name: str, channels: Sequence[Channel]) -> Channel | None:
    return next(
        (one for one in channels if _comparable(name) in (_comparable(one.name), _comparable(one.id))), None
    )


def _comparable(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip().removeprefix("#")).casefold()


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"#{name.removeprefix('#')}" for name in names)


def _opened(inbox: Inbox) -> Iterator[int]:
    """Tell when the threads in the inbox were opened, in seconds since 1970."""
    return (ts_order(question.thread.ts)[0] for question in inbox.questions())
