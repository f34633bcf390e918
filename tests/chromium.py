"""A real Chromium, spoken to in its own DevTools protocol."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from websockets.sync.client import ClientConnection, connect

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
    "--autoplay-policy=no-user-gesture-required", "--disable-dev-shm-usage", "--lang=ja",
)  # fmt: skip
_KEYS: Final = {
    "Tab": (9, ""), "Enter": (13, "\r"), " ": (32, " "), "Escape": (27, ""), "ArrowLeft": (37, ""),
    "ArrowRight": (39, ""), "ArrowDown": (40, ""), "ArrowUp": (38, ""), "+": (187, "+"), "-": (189, "-"),
}  # fmt: skip
_SHIFT: Final = 8


def chromium_path() -> str | None:
    """Find the browser; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextlib.contextmanager
def chromium(profile: Path) -> Iterator[Chromium]:
    """Run a browser with a profile of its own, without a window."""
    path = chromium_path()
    assert path
    port_file = profile / "DevToolsActivePort"
    process = subprocess.Popen(  # noqa: S603 - the browser
        [path, *_QUIET, "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 30
        while not (port_file.exists() and port_file.read_text().count("\n")):
            assert process.poll() is None, "Chromium ended"
            assert time.monotonic() < end, "Chromium did not start"
            time.sleep(0.05)
        yield Chromium(int(port_file.read_text().split("\n")[0]))
    finally:
        process.terminate()
        process.wait(10)


class Chromium:
    """A running browser."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}/json/new?about:blank"

    @contextlib.contextmanager
    def page(self) -> Iterator[Page]:
        """Open a tab."""
        request = urllib.request.Request(self._address, method="PUT")  # noqa: S310 - loopback
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - same
            target = json.load(answer)
        with connect(target["webSocketDebuggerUrl"], max_size=None) as line:
            page = Page(line)
            yield page
            page.send("Page.close")


class Page:
    """A tab: what it shows, what is typed into it, and everything it complains about."""

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._count = 0
        self._events: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        self.requested: list[str] = []
        for area in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{area}.enable")

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self._count += 1
        self._line.send(json.dumps({"id": self._count, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._line.recv(timeout=30))
            if message.get("id") == self._count:
                assert "error" not in message, message
                return message["result"]
            self._note(message)

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded, scripts included."""
        self._events.clear()
        self.send("Page.navigate", url="about:blank")
        self.wait_until("location.href === 'about:blank'")
        self.send("Page.navigate", url=url)
        self.wait_until("location.href !== 'about:blank' && document.readyState === 'complete'")

    def run(self, script: str) -> Any:
        """Run a script in the page and give back its value, also a promised one."""
        answer = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_until(self, condition: str, seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while not self.run(f"Boolean({condition})"):
            assert time.monotonic() < end, f"never: {condition}"
            time.sleep(0.03)

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press a key and let it go, as a person does."""
        code, text = _KEYS.get(key, (ord(key[0].upper()), key))
        common = {"key": key, "windowsVirtualKeyCode": code, "modifiers": _SHIFT if shift else 0}
        if text:
            common |= {"text": text}
        self.send("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **common)
        common.pop("text", None)
        self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def tab_to(self, condition: str, most: int = 80) -> int:
        """Press Tab until the focused element fits; tells how often."""
        for presses in range(1, most + 1):
            self.press("Tab")
            if self.run(f"(element => Boolean({condition}))(document.activeElement)"):
                return presses
        raise AssertionError(f"Tab never came to: {condition}")

    def click(self, selector: str) -> None:
        """Click in the middle of an element's first line, with the mouse, once it stands still there."""
        box = self.run(
            f"(async () => {{ const element = document.querySelector({selector!r});"
            " const frame = () => new Promise((next) => requestAnimationFrame(next));"
            " const middle = () => { const { x, y, width, height } = element.getClientRects()[0];"
            " return [x + width / 2, y + height / 2]; };"
            " for (let tries = 0; ; tries += 1) {"
            " element.scrollIntoView({ block: 'center', behavior: 'instant' });"
            " const before = middle(); await frame(); await frame(); const after = middle();"
            " if (tries > 100 || `${before}` === `${after}`) return after; } })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def look(self, width: int, *, height: int = 900, dark: bool = False) -> None:
        """Set the width in CSS pixels, and the scheme that the reader prefers."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 500,
        )  # fmt: skip
        scheme = "dark" if dark else "light"
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        picture = self.send("Page.captureScreenshot", captureBeyondViewport=whole)
        if whole:
            size = self.send("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 8000), "scale": 1}
            picture = self.send("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(picture["data"]))

    def _note(self, message: dict[str, Any]) -> None:
        match message.get("method"), message.get("params", {}):
            case "Runtime.exceptionThrown", {"exceptionDetails": details}:
                self.complaints.append(str(details.get("exception", details).get("description", details)))
            case "Log.entryAdded", {"entry": {"level": "error" | "warning", "text": text}}:
                self.complaints.append(text)
            case "Runtime.consoleAPICalled", {"type": "error" | "warning", "args": args}:
                self.complaints.append(str(args))
            case "Network.requestWillBeSent", {"request": {"url": url}}:
                self.requested.append(url)
