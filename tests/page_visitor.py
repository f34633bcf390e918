"""Somebody at the practice Slack's page, with a browser without scripts: cookies, forms, redirects."""

from __future__ import annotations

import http.cookiejar
import re
import time
import urllib.parse
import urllib.request
from collections import defaultdict
from html import unescape
from html.parser import HTMLParser

_PATIENCE_SECONDS = 15.0


class Browser:
    """What a page says comes back with its entities read."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def look(self, path: str = "/") -> str:
        with self._opener.open(f"{self.address}{path}", timeout=5) as answer:
            return unescape(answer.read().decode())

    def look_for(self, what: str, path: str = "/") -> str:
        """Load a page again until it shows something: an app answers behind its acknowledgement."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while what not in (page := self.look(path)):
            assert time.monotonic() < until, f"never shown: {what}"
            time.sleep(0.01)
        return page

    def send(self, path: str, *, origin: str | None = None, **fields: object) -> str:
        body = urllib.parse.urlencode({"back": "/", **fields}, doseq=True).encode()
        return self.send_raw(path, body, "application/x-www-form-urlencoded", origin=origin)

    def send_clip(self, content: bytes, **fields: str) -> str:
        """Upload an audio clip with the form that says something."""
        line = b"--xyz\r\nContent-Disposition: form-data; name="
        parts = [line + f'"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
        head = line + b'"clip"; filename="a.m4a"\r\nContent-Type: audio/mp4\r\n\r\n'
        body = b"".join([*parts, head, content, b"\r\n--xyz--\r\n"])
        return self.send_raw("/act/say", body, "multipart/form-data; boundary=xyz")

    def send_raw(self, path: str, body: bytes, content_type: str, *, origin: str | None = None) -> str:
        request = urllib.request.Request(f"{self.address}{path}", data=body)  # noqa: S310 - loopback
        request.add_header("Content-Type", content_type)
        request.add_header("Origin", origin or self.address)
        with self._opener.open(request, timeout=10) as answer:
            return unescape(answer.read().decode())


def form_on(page: str) -> dict[str, list[str]]:
    """Read the form that lies open, as a browser would send it if nothing was touched."""
    reading = _Form()
    reading.feed(page[page.index("<dialog") : page.index("</dialog>")])
    return reading.values


def button_on(page: str, label: str) -> str:
    """Name the last button of that label, as its form sends it."""
    return re.findall(rf'name="press" value="([^"]+)"[^>]*>{re.escape(label)}<', page)[-1]


class _Form(HTMLParser):
    """The successful controls of a form, in HTML's words."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = defaultdict(list)
        self._within = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name, is_choice = given.get("name") or "", given.get("type") in ("radio", "checkbox")
        if tag == "input" and (not is_choice or "checked" in given):
            self.values[name].append(given.get("value") or "")
        if tag in ("select", "textarea"):
            self._within = name
            self.values[name] = [""]
        if tag == "option" and "selected" in given:
            self.values[self._within] = [given.get("value") or ""]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self._within = ""

    def handle_data(self, text: str) -> None:
        if self._within and self.get_starttag_text().startswith("<textarea"):
            self.values[self._within] = [text.removeprefix("\n")]
