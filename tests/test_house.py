"""README, commands, templates and folders agree with each other."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from commands import QUIET

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text("utf-8")
HOUSE = REPOSITORY / "src" / "cityhall_fm"


def _python(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False, env=QUIET
    )


def test_the_readmes_table_of_commands_is_that_of_the_commands():
    run = _python("tools/readme_commands.py", "--check")
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_two_commands_stand_at_the_top_and_in_the_makefile():
    top = README.partition("## For hosts")[0]
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    for command in ("demo", "test"):
        assert f"$ make {command}" in top
        assert re.search(rf"^{command}:", makefile, re.MULTILINE)


def test_every_command_that_the_readme_tells_to_run_is_there():
    from cityhall_fm.cli import commands  # noqa: PLC0415 - words its help when it is imported

    told = re.findall(r"`cityhall-fm ((?:[a-z-]+ ?)+)", README)
    assert told
    for words in told:
        command = commands
        for word in words.split():
            if not hasattr(command, "commands"):
                break
            assert word in command.commands, words
            command = command.commands[word]


def test_every_room_of_the_map_is_there_and_every_room_is_on_the_map():
    drawn = README.partition("### The house")[2].partition("### Tests")[0]
    on_the_map = set(re.findall(r"([a-z_0-9]+(?:/|\.py))", drawn))
    rooms = {
        path.name + ("/" if path.is_dir() else "")
        for path in [*HOUSE.iterdir(), *(HOUSE / "adapters").iterdir()]
        if not path.name.startswith(("_", "."))
        and path.name != "py.typed"
        and (path.suffix == ".py" or (path / "__init__.py").exists())
    }
    assert rooms - on_the_map == set()


def test_every_environment_variable_that_is_read_is_told():
    source = "".join(path.read_text("utf-8") for path in HOUSE.rglob("*.py"))
    read = set(re.findall(r"\"((?:SLACK|CITYHALL_FM)_[A-Z_]+)\"", source))
    assert read
    assert {name for name in read if name not in README} == set()


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], ["av", "boto3", "numpy", "pydantic", "slack_sdk", "sqlalchemy"]),
        (["build"], ["av", "boto3", "numpy", "slack_sdk"]),
        (["episode", "list"], ["av", "boto3", "jinja2", "numpy", "slack_sdk", "sqlalchemy"]),
    ],
)
def test_a_command_loads_only_what_it_needs(tmp_path, arguments, unwanted):
    script = (
        "import sys\n"
        "from cityhall_fm.cli import commands\n"
        f"sys.argv = ['cityhall-fm', '--show', {str(tmp_path)!r}, *{arguments!r}]\n"
        "try:\n"
        "    commands(prog_name='cityhall-fm')\n"
        "finally:\n"
        f"    print('LOADED', sorted(set({unwanted!r}) & set(sys.modules)), file=sys.stderr)\n"
    )
    for part in ("feeds", "episodes"):
        built = shutil.ignore_patterns("public", "site", "*sqlite*")
        shutil.copytree(REPOSITORY / part, tmp_path / part, ignore=built)
    run = _python("-c", script)
    assert "LOADED []" in run.stderr


def test_no_committed_file_names_a_package_registry_or_pins_a_download():
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - whichever git there is
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    hosts = re.compile("py" + r"pi\.org|python" + r"hosted|deb" + r"\.debian\.org|npm" + r"js\.(?:org|com)")
    naming = [
        name
        for name in listed.stdout.splitlines()
        if Path(name).suffix in {".md", ".py", ".toml", ".txt", ".json", ".lock", ""}
        and (REPOSITORY / name).is_file()
        and hosts.search((REPOSITORY / name).read_text("utf-8", errors="ignore"))
    ]
    assert naming == []


def test_the_wheel_carries_the_templates_and_the_example_show():
    wheel = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"][
        "targets"
    ]["wheel"]
    carried = wheel["force-include"]
    assert {"templates", "episodes", "feeds/show.toml"} <= set(carried)
    assert all((REPOSITORY / source).exists() for source in carried)
