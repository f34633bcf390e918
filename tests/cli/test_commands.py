"""All commands are listed without loading any, and each is what the list says."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from cityhall_fm import cli
from commands import QUIET


@pytest.mark.parametrize("name", cli._WHERE)
def test_the_list_says_of_each_command_what_the_command_says_of_itself(name):
    _, _, about = cli._WHERE[name]

    assert cli.commands.commands[name].help == cli.FACE.say(about)
    assert cli.commands.commands[name].name == name


def test_the_list_names_them_all():
    shown = CliRunner().invoke(cli.commands, ["--help"]).output

    assert [name for name in cli._WHERE if f"\n  {name} " not in shown] == []


def test_a_command_that_is_not_there_is_wrong_usage():
    run = CliRunner().invoke(cli.commands, ["publsh"])

    assert (run.exit_code, "publsh" in run.output) == (2, True)


def test_to_list_them_loads_none():
    script = (
        "import sys\n"
        "from cityhall_fm.cli import commands\n"
        "try:\n    commands(['--help'])\n"
        "finally:\n    print([name for name in sys.modules if name.startswith('cityhall_fm.cli.')])\n"
    )
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", script], env=QUIET, capture_output=True, text=True, check=True
    )

    assert run.stdout.splitlines()[-1] == "['cityhall_fm.cli.console']"
