"""Looks at a workspace without changing it: who we are there, what we may, how far back we see."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Final

from cityhall_fm.adapters.slack.calls import Calls, Sleep
from cityhall_fm.production.ports.doctor import Identity, Reach
from cityhall_fm.show import slack_json
from cityhall_fm.show.slack_json import Json
from cityhall_fm.show.slack_thread import Channel, ChannelId

_TIMEOUT_SECONDS: Final = 8
_LONGEST_WAIT_SECONDS: Final = 3
_MOST_CHANNELS: Final = 999
_BEYOND: Final = timedelta(days=92)
"""Surely hidden on a free plan, which shows 90 days."""
_NEAR: Final = timedelta(days=75)


class LiveCheckup:
    """Fulfils SlackCheckup; impatient, since somebody waits for it. What it was told once, it keeps."""

    def __init__(
        self, token: str, app_token: str = "", base_url: str | None = None, *, sleep: Sleep = time.sleep
    ) -> None:
        def calls(of: str) -> Calls:
            return Calls(
                of,
                base_url,
                sleep=sleep,
                timeout_seconds=_TIMEOUT_SECONDS,
                longest_wait_seconds=_LONGEST_WAIT_SECONDS,
            )

        self._calls, self._app_calls = calls(token), calls(app_token)
        self._lock = Lock()
        self._identity: Identity | None = None
        self._channels: Sequence[Channel] | None = None

    def identity(self) -> Identity:
        with self._lock:
            if self._identity is None:
                answer, headers = self._calls.read_with_headers("auth.test")
                scopes = headers.get("x-oauth-scopes")
                self._identity = Identity(
                    str(answer.get("team", "")),
                    None if scopes is None else frozenset(part.strip() for part in scopes.split(",")),
                    _moment(headers.get("date", "")),
                )
            return self._identity

    def channels(self) -> Sequence[Channel]:
        with self._lock:
            if self._channels is None:
                pages = self._calls.pages(
                    "conversations.list",
                    "channels",
                    types="public_channel",
                    exclude_archived=True,
                    limit=_MOST_CHANNELS,
                )
                found = [slack_json.public_channel(raw) for page in pages for raw in page]
                self._channels = tuple(channel for channel in found if channel)
            return self._channels

    def reach(self, channel: ChannelId, *, now: datetime) -> Reach:
        beyond = self._between(channel, None, now - _BEYOND)
        if slack_json.objects(beyond.get("messages")):
            return Reach(is_limited=bool(beyond.get("is_limited")), beyond=True, up_to_limit=False)
        near = self._between(channel, now - _BEYOND, now - _NEAR)
        return Reach(
            is_limited=bool(beyond.get("is_limited") or near.get("is_limited")),
            beyond=False,
            up_to_limit=bool(slack_json.objects(near.get("messages"))),
        )

    def open_socket(self) -> None:
        self._app_calls.write("apps.connections.open", {})

    def _between(self, channel: ChannelId, oldest: datetime | None, latest: datetime) -> Json:
        return self._calls.read(
            "conversations.history",
            place=channel,
            channel=channel,
            limit=1,
            oldest=_ts(oldest) if oldest else "0",
            latest=_ts(latest),
        )


def _ts(moment: datetime) -> str:
    return f"{int(moment.timestamp())}.000000"


def _moment(header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(header)
    except ValueError:
        return None
