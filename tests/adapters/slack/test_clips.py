"""Fetching recordings: from Slack's own host only, and nothing that is no recording."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cityhall_fm.adapters.slack import SlackClips
from cityhall_fm.show.consent import Private
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.slack_thread import Clip


@dataclass
class Host:
    """A host of files that answers as it is told, and remembers which tokens it was shown."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "audio/mp4"})
    body: bytes = b"\x00\x00\x00\x18ftypM4A "
    tokens: list[str | None] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving_files(host: Host) -> Iterator[Host]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.tokens.append(self.headers["Authorization"])
            self.send_response(host.status)
            for name, value in host.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(host.body)

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 - its name

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    host.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def slack():
    with serving_files(Host()) as host:
        yield host


@pytest.fixture
def elsewhere():
    with serving_files(Host()) as host:
        yield host


def a_clip(url):
    return Clip("F01", "audio/mp4", 12, 5.0, Private(url), Private(""))


def fetched(slack, url="", **options):
    source = SlackClips("xoxb-secret", f"{slack.url}/api/", **options)
    return source.fetch(a_clip(url or f"{slack.url}/files-pri/T-F01/声.m4a".replace("声", "voice")))


def refused(slack, url="", **options):
    with pytest.raises(SlackError) as error:
        fetched(slack, url, **options)
    assert "xoxb" not in repr(error.value.text)
    return error.value.text.name


def test_slack_is_shown_the_token_and_gives_the_recording(slack):
    assert fetched(slack) == b"\x00\x00\x00\x18ftypM4A "
    assert slack.tokens == ["Bearer xoxb-secret"]


def test_no_other_host_is_even_asked(slack, elsewhere):
    assert refused(slack, f"{elsewhere.url}/F01") == "slack_app.voice_elsewhere"
    for odd in ("file:///etc/passwd", "ftp://127.0.0.1/x", "//127.0.0.1/x", "http://[", "x", ""):
        assert refused(slack, odd or "nowhere") == "slack_app.voice_elsewhere"
    assert elsewhere.tokens == []


def test_a_redirect_to_another_host_gets_neither_visit_nor_token(slack, elsewhere):
    slack.status, slack.headers = 302, {"Location": f"{elsewhere.url}/F01"}
    assert refused(slack) == "slack_app.voice_elsewhere"
    assert elsewhere.tokens == []


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json", "image/png", ""])
def test_what_is_no_recording_is_refused(slack, kind):
    slack.headers = {"Content-Type": kind} if kind else {}
    slack.body = b"<!doctype html><h1>Sign in</h1>"
    assert refused(slack) == "slack_app.voice_page"


def test_what_is_too_large_is_not_read_to_the_end(slack):
    slack.body = b"x" * 2000
    assert refused(slack, most_bytes=1000) == "slack_app.voice_too_large"


def test_what_breaks_off_is_not_kept(slack):
    slack.headers["Content-Length"] = "99"
    assert refused(slack) in ("slack.unreadable", "slack.unreachable")


@pytest.mark.parametrize(
    ("status", "name"), [(429, "slack.trouble"), (503, "slack.trouble"), (404, "slack.refused")]
)
def test_slacks_own_trouble_is_told_as_such(slack, status, name):
    slack.status = status
    assert refused(slack) == name


@pytest.mark.parametrize(
    ("url", "is_slacks"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.m4a", True),
        ("https://saku.slack.com/files/a.m4a", True),
        ("http://files.slack.com/files-pri/T1-F1/a.m4a", False),
        ("https://files.slack.com.example.jp/a.m4a", False),
        ("https://fakeslack.com/a.m4a", False),
        ("https://files.slack.com:8443/a.m4a", False),
        ("https://files.slack.com@example.jp/a.m4a", False),
    ],
)
def test_which_hosts_are_slacks_own(url, is_slacks):
    assert SlackClips("xoxb-secret")._is_slacks(url) is is_slacks
