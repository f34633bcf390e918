"""Whatever goes wrong with Slack becomes one of our errors, tells what to do, and holds no secret."""

from __future__ import annotations

import errno
import http.server
import inspect
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import IncompleteRead, RemoteDisconnected
from urllib.error import URLError

import pytest
import slack_sdk.errors

from cityhall_fm.adapters.slack import SlackWorkspace
from cityhall_fm.adapters.slack.errors import slack_errors
from cityhall_fm.sandbox import MINIMAL_SCOPES, ExpiredCursor, FailsBefore, TimesOut
from cityhall_fm.show.announcement import Post, PostKey
from cityhall_fm.show.errors import CompanionError, SlackError, UnknownError
from cityhall_fm.show.outbox import took_nothing
from cityhall_fm.show.slack_thread import ChannelId, Ts, UserId
from cityhall_fm.texts import LANGUAGES, Catalogue

QUESTIONS = ChannelId("C0SHITSUMON")
SECRET = "xoxb-1234-very-secret"


def of_the_sdk() -> list[Exception]:
    classes = [
        one
        for _, one in inspect.getmembers(slack_sdk.errors, inspect.isclass)
        if issubclass(one, Exception) and one.__module__ == "slack_sdk.errors"
    ]
    api_error = slack_sdk.errors.SlackApiError(SECRET, {"ok": False, "error": "some_new_error"})
    given = {
        slack_sdk.errors.SlackApiError: api_error,
        slack_sdk.errors.SlackTokenRotationError: slack_sdk.errors.SlackTokenRotationError(api_error),
    }
    return [given.get(one) or one(SECRET) for one in classes]


OF_THE_NETWORK = [
    URLError(SECRET),
    TimeoutError(SECRET),
    ConnectionResetError(SECRET),
    RemoteDisconnected(SECRET),
    IncompleteRead(b""),
    socket.gaierror(SECRET),
    ValueError(SECRET),
    UnicodeDecodeError("utf-8", b"", 0, 1, SECRET),
    LookupError(SECRET),
]


@pytest.mark.parametrize("error", [*of_the_sdk(), *OF_THE_NETWORK], ids=lambda error: type(error).__name__)
def test_every_exception_is_translated(error):
    with pytest.raises(SlackError) as caught, slack_errors("chat.postMessage", where="slack.com"):
        raise error
    assert caught.value.retryable is (error in OF_THE_NETWORK or "NotConnected" in type(error).__name__)
    assert SECRET not in repr(caught.value)
    worded(caught.value)


def worded(error: CompanionError) -> list[str]:
    """Word an error in every language: two lines each, and no token."""
    sentences = [Catalogue(language).word(error.text) for language in LANGUAGES]
    assert all(len(sentence.strip().splitlines()) == 2 for sentence in sentences)
    assert all("xoxb-1234" not in sentence for sentence in sentences)
    return sentences


def problem(act) -> SlackError | UnknownError:
    with pytest.raises((SlackError, UnknownError)) as caught:
        act()
    worded(caught.value)
    return caught.value


@pytest.mark.parametrize("token", [None, "", "  "])
def test_without_a_token_it_says_where_to_put_one(sandbox, token):
    error = problem(SlackWorkspace(token, sandbox.api_url).channels)
    assert error.text.name == "slack.no_token"
    assert "SLACK_BOT_TOKEN" in worded(error)[0]
    assert sandbox.calls == []


@pytest.mark.parametrize("token", [SECRET, "xoxb-1234\nInjected: header", "xoxb-1234-佐久"])
def test_a_wrong_token_is_said_to_be_wrong_and_never_shown(sandbox, token):
    error = problem(SlackWorkspace(token, sandbox.api_url).channels)
    assert (error.text.name, error.retryable) == ("slack.bad_token", False)


@pytest.mark.parametrize(
    ("scope", "act"),
    [
        ("channels:read", lambda slack: slack.channels()),
        ("channels:history", lambda slack: list(slack.openings(QUESTIONS))),
        ("users:read", lambda slack: slack.members(frozenset({UserId("U0TAKA")}))),
        ("reactions:read", lambda slack: slack.reacted(QUESTIONS, Ts("1.000100"), "radio")),
        ("reactions:write", lambda slack: slack.react(QUESTIONS, Ts("1.000100"), "eyes")),
    ],
)
def test_a_missing_scope_is_named(world, workspace, scope, act):
    world.install_app("xoxb-sandbox", MINIMAL_SCOPES - {scope}, name="fm")
    error = problem(lambda: act(workspace))
    assert error.text.name == "slack.missing_scope"
    assert error.text.values["scope"] == scope


def test_a_channel_without_the_app_says_how_to_invite_it(workspace):
    error = problem(lambda: list(workspace.openings(ChannelId("C0ZATSUDAN"))))
    assert error.text.name == "slack.not_in_channel"
    assert error.text.values["channel"] == "雑談"
    assert "/invite" in worded(error)[0]


def test_an_unknown_channel_is_answered_with_the_ones_there_are(workspace):
    error = problem(lambda: workspace.channel_named("#子育て"))
    assert isinstance(error, UnknownError)
    assert error.text.values["known"] == "#暮らし, #質問, #雑談"


def test_slacks_own_trouble_is_tried_again_and_then_told(sandbox, workspace, clock):
    sandbox.faults.add("conversations.list", FailsBefore(), times=2)
    assert len(workspace.channels()) == 3
    assert clock.waits == [0.5, 1.0]
    sandbox.faults.add("users.list", FailsBefore(), times=9)
    error = problem(lambda: workspace.members(frozenset(UserId(f"U{n}") for n in range(9))))
    assert (error.text.name, error.retryable) == ("slack.trouble", True)
    assert sandbox.count("users.list") == 4


def test_an_expired_cursor_can_be_tried_again(sandbox, world, workspace):
    for number in range(1001):
        world.say("質問", "saku", str(number))
    sandbox.faults.add("conversations.history", ExpiredCursor())
    assert problem(lambda: list(workspace.openings(QUESTIONS))).retryable


def test_nobody_listening_is_told_with_the_host_only(clock):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    slack = SlackWorkspace(SECRET, f"http://127.0.0.1:{port}/api/", sleep=clock.sleep)
    error = problem(slack.channels)
    assert (error.text.name, error.retryable) == ("slack.unreachable", True)
    assert error.text.values["where"] == "127.0.0.1"
    assert len(clock.waits) == 3


def _post(slack: SlackWorkspace) -> None:
    slack.post(Post(PostKey("told/q-1"), QUESTIONS, "佐久 🎙", ()))


@pytest.mark.parametrize(
    ("error", "unsent"),
    [
        (URLError(ConnectionRefusedError(111, SECRET)), True),
        (URLError(socket.gaierror(-3, SECRET)), True),
        (URLError(OSError(errno.ENETUNREACH, SECRET)), True),
        (URLError(TimeoutError(SECRET)), False),
        (URLError(ConnectionResetError(104, SECRET)), False),
        (OSError(errno.EHOSTUNREACH, SECRET), False),
        (RemoteDisconnected(SECRET), False),
    ],
)
def test_what_never_left_is_known_from_what_may_have_arrived(error, unsent):
    with pytest.raises(SlackError) as caught, slack_errors("chat.postMessage", where="slack.com"):
        raise error
    assert (caught.value.unsent, took_nothing(caught.value)) == (unsent, unsent)


def test_a_post_that_nobody_was_there_to_hear_is_known_not_to_be_said(sandbox, clock):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = problem(lambda: _post(SlackWorkspace(SECRET, f"http://127.0.0.1:{port}/api/")))
    assert (error.text.name, error.unsent) == ("slack.unreachable", True)
    sandbox.faults.add("chat.postMessage", TimesOut(seconds=1.5))
    late = SlackWorkspace("xoxb-sandbox", sandbox.api_url, sleep=clock.sleep, timeout_seconds=1)
    assert not problem(lambda: _post(late)).unsent


@contextmanager
def answering(body: bytes, content_type: str, status: int = 200) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("body", "content_type", "status", "name"),
    [
        (b"<html>Login</html>", "text/html", 200, "slack.not_slack"),
        (b"<html>Bad gateway</html>", "text/html", 502, "slack.trouble"),
        (b'{"ok": tr', "application/json", 200, "slack.unreadable"),
        (b"\xff\xfe", "application/json", 200, "slack.unreadable"),
        (b"{}", "application/json; charset=klingon", 200, "slack.unreadable"),
        (b'{"ok": false, "error": "xoxb-1234 <b>"}', "application/json", 200, "slack.not_slack"),
    ],
)
def test_what_is_not_slacks_answer_is_told_from_it(clock, body, content_type, status, name):
    with answering(body, content_type, status) as url:
        error = problem(SlackWorkspace(SECRET, url, sleep=clock.sleep).channels)
    assert (error.text.name, error.retryable) == (name, True)


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(sandbox, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert SlackWorkspace("xoxb-sandbox", sandbox.api_url, sleep=lambda _: None).channels()
