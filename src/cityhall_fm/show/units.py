"""What keeps a show's dates and its Slack app running on a machine: a systemd unit, or a line for cron."""

from __future__ import annotations

import shlex
from pathlib import PurePath
from typing import Final

CRON_WITHIN_MINUTES: Final = 6
"""Cron begins anew every five minutes, and each run keeps only the dates that come so soon."""


_ENVIRONMENT: Final = '"$HOME/.config/cityhall-fm.env"'


def systemd_unit(python: str, folder: PurePath) -> str:
    r"""Write a unit of a user (systemd.service(5)); `%` and `$` mean something there (systemd.syntax(7)).

    >>> print(systemd_unit("/usr/bin/python3", PurePath("/srv/50% 佐久")).splitlines()[7])
    ExecStart="/usr/bin/python3" -m cityhall_fm --show "/srv/50%% 佐久" serve
    """
    return _UNIT.format(python=_in_unit(python), folder=_in_unit(str(folder)))


def cron_line(python: str, folder: PurePath) -> str:
    r"""Write a line of crontab(5), where `%` ends the command unless a backslash stands before it.

    Cron gives a command next to no environment: it is read from the file that the unit reads.

    >>> cron_line("/usr/bin/python3", PurePath("/srv/50% 佐久")).partition(" fi; ")[2]
    "exec /usr/bin/python3 -m cityhall_fm --show '/srv/50\\% 佐久' release --wait --within 6"
    """
    words = [python, "-m", "cityhall_fm", "--show", str(folder), "release", "--wait"]
    command = shlex.join([*words, "--within", str(CRON_WITHIN_MINUTES)])
    # A file that is not there would end the shell (POSIX, 2.14: `.` is a special built-in).
    known = f"if [ -r {_ENVIRONMENT} ]; then set -a; . {_ENVIRONMENT}; fi;"
    return f"*/5 * * * * {known} exec {command}".replace("%", "\\%")


def _in_unit(word: str) -> str:
    for special, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(special, written)
    return f'"{word}"'


_UNIT: Final = """\
# ~/.config/systemd/user/cityhall-fm.service
# systemctl --user enable --now cityhall-fm; loginctl enable-linger
[Unit]
Description=Remote City Hall on FM
StartLimitIntervalSec=0

[Service]
ExecStart={python} -m cityhall_fm --show {folder} serve
EnvironmentFile=-%h/.config/cityhall-fm.env
Environment=PYTHONUNBUFFERED=1
Restart=always
RestartSec=20
TimeoutStopSec=60
NoNewPrivileges=true

[Install]
WantedBy=default.target
"""
