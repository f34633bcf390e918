"""Tells the world that a feed is new: a WebSub hub, podping, the cache of a CDN."""

from __future__ import annotations

import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from cityhall_fm.show.heralding import Heralding
from cityhall_fm.show.text import Text

_PATIENCE = 20.0


class WebHeralds:
    """Fulfils Heralds."""

    def __init__(self, heralding: Heralding) -> None:
        self._heralding = heralding

    def purge(self, feed_url: str) -> Sequence[Text]:
        return _run_all(self._heralding.purges, feed_url, failed="publish.purge_failed")

    def tell(self, feed_url: str) -> Sequence[Text]:
        hub = self._heralding.hub
        pinged = _pinged(hub, feed_url) if hub else ()
        return [*pinged, *_run_all(self._heralding.commands, feed_url, failed="publish.herald_failed")]


def _pinged(hub: str, feed_url: str) -> Sequence[Text]:
    """Publish as hubs take it: W3C WebSub leaves it open; this form is PubSubHubbub 0.4's, 7.1."""
    body = urlencode({"hub.mode": "publish", "hub.url": feed_url}).encode()
    request = urllib.request.Request(hub, body, {"User-Agent": "cityhall-fm"})  # noqa: S310 - https by the form
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE):  # noqa: S310
            return ()
    except urllib.error.HTTPError as error:
        error.close()
        return (Text.of("publish.herald_failed", herald=hub, reason=error.code),)
    except OSError as error:
        return (Text.of("publish.herald_failed", herald=hub, reason=type(error).__name__),)


def _run_all(commands: Iterable[Sequence[str]], feed_url: str, *, failed: str) -> Sequence[Text]:
    return [
        Text.of(failed, herald=command[0], reason=reason)
        for command in commands
        if (reason := _run([word.replace("{url}", feed_url) for word in command]))
    ]


def _run(command: Sequence[str]) -> str:
    """Run a command; gives why it failed, empty where it did not."""
    try:
        done = subprocess.run(  # noqa: S603 - commands that the show's makers wrote into their own settings
            command, capture_output=True, check=False, stdin=subprocess.DEVNULL, timeout=_PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    return str(done.returncode or "")
