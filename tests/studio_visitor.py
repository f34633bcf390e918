"""Visitors of a running studio, by plain HTTP: what a browser sends, and nothing that it would not."""

from __future__ import annotations

import html
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

from starlette.responses import Response

from cityhall_fm.sandbox import Sandbox
from cityhall_fm.show.roles import Role
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.wiring import Wired

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


class Clock:
    """A clock that moves when a test says so, and a little with every look."""

    def __init__(self) -> None:
        self.now = NOON
        self._looked: float | None = None

    def run(self) -> None:
        """Go on as clocks do."""
        self._looked = time.monotonic()

    def __call__(self) -> datetime:
        if self._looked is None:
            self.now += timedelta(milliseconds=7)
        else:
            before, self._looked = self._looked, time.monotonic()
            self.now += timedelta(seconds=self._looked - before)
        return self.now


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@dataclass
class Answer:
    status: int
    text: str
    headers: dict[str, str]

    @property
    def words(self) -> str:
        """What a person reads of it."""
        plain = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", self.text, flags=re.DOTALL)
        return re.sub(r"\s+", " ", html.unescape(plain))

    @property
    def json(self):
        return json.loads(self.text)


@dataclass
class Visitor:
    """A browser without a window: cookies, forms with their token, redirects not followed."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, None, headers)

    def post(self, path: str, *, csrf: str | None = None, **form: str) -> Answer:
        """Send a form as the page's own script does not: with the page's token and origin."""
        token = self.csrf() if csrf is None else csrf
        body = urllib.parse.urlencode({"csrf": token, **form}).encode()
        return self.send("POST", path, body, {"origin": self.address})

    def post_json(self, path: str, value: object) -> Answer:
        headers = {"origin": self.address, "content-type": "application/json", "accept": "application/json"}
        return self.send("POST", path, json.dumps(value).encode(), {**headers, "x-csrf": self.csrf()})

    def csrf(self) -> str:
        return re.search(r'name="csrf" content="(\w+)"', self.get("/").text)[1]

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        opener = urllib.request.build_opener(_Stay)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"cookie": cookies, "accept-language": "ja", **headers}
        request = urllib.request.Request(self.address + path, body, headers, method=method)  # noqa: S310 - loopback
        try:
            response = opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            for given in response.headers.get_all("set-cookie", []):
                self.cookies |= {name: one.value for name, one in SimpleCookie(given).items()}
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, response.read().decode(), headers)


@dataclass
class Opened:
    """A running studio and what is around it."""

    room: ControlRoom
    address: str
    companion: Wired
    sandbox: Sandbox
    clock: Clock
    folder: Path

    def visitor(self, role: Role = Role.PRODUCER, *, person: str = "local", name: str = "") -> Visitor:
        """Let somebody in."""
        visitor = Visitor(self.address)
        if person == "local" and role is Role.PRODUCER:
            visitor.get(f"/enter?link={self.room.entry.link()}")
            return visitor
        response = Response()
        self.room.entry.let_in(response, person=person, name=name, role=role)
        given = SimpleCookie(response.headers["set-cookie"])
        visitor.cookies = {one: morsel.value for one, morsel in given.items()}
        return visitor


def until(page, expression: str, seconds: float = 10) -> None:
    """Wait until something holds in a page; its policy lets Playwright's own waiting not evaluate strings."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        time.sleep(0.05)
