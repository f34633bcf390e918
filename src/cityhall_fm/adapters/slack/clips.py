"""Recordings from Slack's own host: the token goes nowhere else, and what is no recording is refused."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from typing import IO, Final
from urllib.error import HTTPError
from urllib.parse import SplitResult, urlsplit

from cityhall_fm.adapters.slack.calls import SLACK_API, is_loopback
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.slack_thread import Clip
from cityhall_fm.show.voices import MOST_BYTES, SUFFIXES

_SLACKS_OWN: Final = (".slack.com", ".slack-files.com", ".slack-gov.com")
_TOO_MANY, _SERVER_ERROR = 429, 500


class SlackClips:
    """Fulfils ClipSource."""

    def __init__(
        self,
        token: str,
        base_url: str | None = None,
        *,
        timeout_seconds: float = 30,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._token = token
        self._api = urlsplit(base_url or SLACK_API)
        self._timeout_seconds = timeout_seconds
        self._most_bytes = most_bytes
        direct = [urllib.request.ProxyHandler({})] if is_loopback(self._api.hostname or "") else []
        self._opener = urllib.request.build_opener(_Redirects(self._is_slacks), *direct)

    def fetch(self, clip: Clip) -> bytes:
        """Fetch a recording whole.

        Raises SlackError where it does not lie with Slack, where Slack answers something else (with a token
        that it does not know: 200 and a page to sign in), and where it is larger than `most_bytes`.
        """
        url = clip.url.for_host()
        if not self._is_slacks(url):
            raise SlackError("slack_app.voice_elsewhere")
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self._token}"})  # noqa: S310
        where = urlsplit(url).hostname or ""
        try:
            with self._opener.open(request, timeout=self._timeout_seconds) as answer:
                kind = answer.headers.get_content_type()
                if kind not in SUFFIXES:
                    raise SlackError("slack_app.voice_page", kind=kind)
                content: bytes = answer.read(self._most_bytes + 1)
                expected = answer.headers.get("Content-Length", "")
        except HTTPError as error:
            error.close()
            retryable = error.code == _TOO_MANY or error.code >= _SERVER_ERROR
            if retryable:
                raise SlackError("slack.trouble", method="files", error=error.code, retryable=True) from None
            raise SlackError("slack.refused", method="files", error=error.code) from None
        except (OSError, HTTPException):
            raise SlackError("slack.unreachable", where=where, retryable=True) from None
        if len(content) > self._most_bytes:
            raise SlackError("slack_app.voice_too_large", most=self._most_bytes // 10**6)
        if not content or (expected.isdigit() and int(expected) != len(content)):
            raise SlackError("slack.unreadable", where=where, retryable=True)
        return content

    def _is_slacks(self, url: str) -> bool:
        """Tell whether an address is Slack's own, or that of the Slack which stands in for it."""
        try:
            parts = urlsplit(url)
            here, api = _place(parts), _place(self._api)
        except ValueError:
            return False
        if here == api:
            return True
        host = parts.hostname or ""
        api_is_slacks = f".{self._api.hostname}".endswith(_SLACKS_OWN)
        return api_is_slacks and here[0] == "https" and here[2] == 443 and host.endswith(_SLACKS_OWN)  # noqa: PLR2004


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to Slack's own hosts only: the header with the token goes along."""

    def __init__(self, is_slacks: Callable[[str], bool]) -> None:
        self._is_slacks = is_slacks

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not self._is_slacks(newurl):
            fp.close()
            raise SlackError("slack_app.voice_elsewhere")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _place(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
