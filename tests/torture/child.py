"""A process that releases an episode and is killed, if asked to, right before or after one of its effects.

It is forked from one that has imported everything and waits for orders, a line of JSON each: {"arguments":
[…], "environment": {…}, "result": path}. The result is written as JSON: how many effects there were, the
error's name, code and lines where it ended with one, and which modules it still had to load, so that the
next one need not.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import io
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from contextlib import contextmanager, redirect_stderr, suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from cityhall_fm.adapters.database import Database
from cityhall_fm.adapters.slack import SlackWorkspace
from cityhall_fm.cli.console import Console
from cityhall_fm.defaults import edition
from cityhall_fm.production.go_public import build, publish_all
from cityhall_fm.production.hear import take_back
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.production.release import correct, master_episode, release
from cityhall_fm.production.scheduling import cancel, keep_dates, prepare
from cityhall_fm.settings import read_settings
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import CompanionError, NotReadyError
from cityhall_fm.wiring import Wired

sys.path.insert(0, str(Path(__file__).parents[1]))
from warm import compile_templates

NEEDED = (
    *("av", "boto3", "s3transfer.manager", "lameenc", "mutagen.id3", "numpy", "PIL.Image", "slack_sdk"),
    *(f"cityhall_fm.adapters.{name}" for name in ("audio", "database", "episode_folder", "jinja", "rss")),
    *(f"cityhall_fm.adapters.{name}" for name in ("public_folder", "s3", "slack", "feed_inspector")),
)
_BEFORE = timedelta(seconds=90)
"""So long before its hour an episode is prepared."""
_LATE = {"release.late", "release.late_at_work"}
"""What is said of a date that is kept minutes afterwards."""
WATCHED = (
    *("shelf", "inbox", "ledger", "outbox", "feeds", "dates", "folder", "bucket", "workspace"),
    *("listener", "heralds"),
)


class Effects:
    """Counts the moments before and after every call that leaves production; kills at one of them."""

    def __init__(self, kill_at):
        self.count = 0
        self._kill_at = kill_at
        self._lock = Lock()

    def moment(self):
        with self._lock:
            self.count += 1
            if self.count == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(60)  # no further effect: the signal is on its way


class Watched:
    """A port that tells when it is called."""

    def __init__(self, port, effects):
        self._port, self._effects = port, effects

    def __getattr__(self, name):
        of_port = getattr(self._port, name)
        if not callable(of_port):
            return of_port

        def call(*arguments, **named):
            self._effects.moment()
            result = of_port(*arguments, **named)
            self._effects.moment()
            return result

        return call


def job(arguments):
    """Do with one episode what is wanted, at a given time; gives what it came to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("show", type=Path)
    parser.add_argument("number", type=int)
    parser.add_argument("now", type=datetime.fromisoformat)
    parser.add_argument("--do", choices=sorted(DOING), default="release")
    parser.add_argument("--kill-at", type=int, default=0)
    parser.add_argument("--largest-file", type=int, default=resource.RLIM_INFINITY)
    parser.add_argument("--obey-modes", action="store_true", help="root may write only what its mode allows")
    parser.add_argument("--patience", type=float, help="seconds to wait for a locked database")
    parser.add_argument("--slack-timeout", type=float, default=30)
    given = parser.parse_args(arguments)
    if given.obey_modes:
        obey_modes()
    resource.setrlimit(resource.RLIMIT_FSIZE, (given.largest_file, resource.RLIM_INFINITY))
    effects = Effects(given.kill_at)
    companion = Wired(read_settings(given.show, os.environ))
    slack = companion.settings.slack
    companion.workspace = SlackWorkspace(slack.token, slack.api_url, timeout_seconds=given.slack_timeout)
    if given.patience is not None:
        companion._database = Database(companion.settings.database, patience=given.patience)
    found = {name: getattr(companion, name) for name in WATCHED}
    watched = {name: port and Watched(port, effects) for name, port in found.items()}
    torn = type("Torn", (Wired,), {name: property(lambda _, name=name: watched[name]) for name in WATCHED})
    torn = torn.__new__(torn)
    torn.__dict__.update(companion.__dict__)
    error, code, told = "", 0, io.StringIO()
    try:
        with redirect_stderr(told), Console({"LANG": "en"}).errors_told():
            try:
                DOING[given.do](EpisodeNumber(given.number), torn, given.now)
            except CompanionError as raised:
                error = raised.text.name
                raise
    except SystemExit as ended:
        code = ended.code
    return {"effects": effects.count, "error": error, "code": code, "told": told.getvalue().splitlines()}


def pause(seconds):
    time.sleep(min(seconds, 0.05))


def do_release(number, companion, now):
    release(number, companion, now=now, progress=Silence(), pause=pause)


def do_correct(number, companion, now):
    correct(number, companion, now=now, progress=Silence(), pause=pause)


def do_master(number, companion, now):  # noqa: ARG001
    master_episode(number, companion, progress=Silence())


def do_publish(number, companion, now):  # noqa: ARG001
    build(companion, progress=Silence())
    publish_all(companion, now=now, progress=Silence())


def do_rollback(number, companion, now):
    """Take the last feed back, as a host does who looks first whether that has happened."""
    guid = companion.shelf.episode(number).guid
    if companion.feeds.rollback(companion.bucket.where) or guid.encode() in companion.bucket.feed().content:
        take_back(companion, now=now)


def do_date(number, companion, now):
    """Prepare an episode for a time and keep that date."""
    with unless_it_is_out():
        do_prepare(number, companion, now)
    do_keep(number, companion, now)


def do_prepare(number, companion, now):
    prepare(number, companion, at=now, now=now - _BEFORE, token="佐久", progress=Silence())


def do_cancel(number, companion, now):
    cancel(number, companion, now=now)


def do_keep(number, companion, now):  # noqa: ARG001
    """Keep all dates, by a clock that goes as fast as somebody sleeps."""
    clock = [now - _BEFORE]

    def sleep(seconds):
        clock[0] += timedelta(seconds=seconds)

    def told(text):
        if text.name in _LATE:
            return
        raise NotReadyError(text.name, **dict(text.values))

    keep_dates(
        companion,
        clock=lambda: clock[0],
        sleep=sleep,
        progress=Silence(),
        told=told,
        out=lambda released: None,  # noqa: ARG005
    )


@contextmanager
def unless_it_is_out():
    """Go on where an episode is out already: then its date is all there is to keep."""
    try:
        yield
    except NotReadyError as error:
        if error.text.name != "release.is_out":
            raise


DOING = {
    "release": do_release,
    "cancel": do_cancel,
    "correct": do_correct,
    "date": do_date,
    "keep": do_keep,
    "prepare": do_prepare,
    "master": do_master,
    "publish": do_publish,
    "rollback": do_rollback,
}


def obey_modes():
    """Give up what root may do against the modes of files (capabilities(7), capset(2))."""
    if os.geteuid():
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    sets = (ctypes.c_uint32 * 6)()
    if libc.capget(header, sets):
        raise OSError(ctypes.get_errno(), "capget")
    for place in range(3):
        sets[place] &= ~0b1110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
    if libc.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")


def main():
    """Fork a process for each order, tell its number, wait for it, tell how it ended."""
    for module in NEEDED:
        importlib.import_module(module)
    edition()
    compile_templates()
    for line in sys.stdin:
        order, known = json.loads(line), set(sys.modules)
        result = Path(order["result"])
        pid = os.fork()
        if not pid:
            os.environ.update(order["environment"])
            tempfile.tempdir = None  # to be asked for once more, in this environment
            try:
                told = job(order["arguments"])
            except BaseException:  # noqa: BLE001 - a bug, to be seen by whoever gave the order
                told = {"bug": traceback.format_exc()}
            with suppress(FileNotFoundError):  # whoever gave the order has gone, and the folder too
                result.write_text(json.dumps({**told, "loaded": sorted(set(sys.modules) - known)}), "utf-8")
            os._exit(0)
        print(pid, flush=True)  # noqa: T201
        _, status = os.waitpid(pid, 0)
        told = read(result)  # before the next order, which removes it
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201
        if "loaded" in told:
            for module in told["loaded"]:
                with suppress(ImportError):  # some libraries make modules that no file holds
                    importlib.import_module(module)


def read(result):
    """Read what a process told; nothing where it was killed."""
    return json.loads(result.read_text("utf-8")) if result.exists() else {}


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # whoever gave the orders has gone
        main()
