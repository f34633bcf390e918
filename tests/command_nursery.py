"""A process that has imported what commands need, and forks one for each command that a test runs.

A command imports for most of a second and then works for a tenth. An order is a line of JSON: {"arguments":
[…], "environment": {…}, "folder": path, "told": path, "errors": path}; the answers are two lines: the number
of the process, then its exit code. What depends on the environment as it is imported, the commands and their
help, is left to the child.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import runpy
import sys
from pathlib import Path

_LATER = {"__main__", "cli", "demo", "sandbox", "slack_app", "studio"}
_LIBRARIES = (
    *("av", "boto3", "boto3.s3.transfer", "click", "jinja2", "lameenc", "mutagen.id3", "numpy", "PIL.Image"),
    *("pydantic", "ruamel.yaml", "slack_sdk", "sqlalchemy", "sqlalchemy.dialects.sqlite"),
)


def main() -> None:
    _prepare()
    answers = os.fdopen(os.dup(1), "w")
    while line := sys.stdin.readline():
        order = json.loads(line)
        child = os.fork()
        if not child:
            answers.close()
            _become(order)
            return
        print(child, file=answers, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)
    os._exit(0)  # nothing is left to do, and the libraries' own endings are the children's


def _prepare() -> None:
    for name in _LIBRARIES:
        importlib.import_module(name)
    package = importlib.import_module("cityhall_fm")
    for top in pkgutil.iter_modules(package.__path__):
        if top.name not in _LATER:
            _import_all(f"cityhall_fm.{top.name}")
    importlib.import_module("warm").compile_templates()
    gc.freeze()  # so that collecting in a child copies no pages of the parent


def _import_all(name: str) -> None:
    module = importlib.import_module(name)
    for under in pkgutil.iter_modules(getattr(module, "__path__", ())):
        _import_all(f"{name}.{under.name}")


def _become(order: dict) -> None:
    """Turn into the process that the order describes, up to its first line of code."""
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    for standard, path in enumerate((os.devnull, order["told"], order["errors"])):
        opened = os.open(path, os.O_WRONLY if standard else os.O_RDONLY)
        os.dup2(opened, standard)
        os.close(opened)
    sys.path[0] = order["folder"]
    sys.argv = [str(Path(importlib.import_module("cityhall_fm").__file__ or "")), *order["arguments"]]


if __name__ == "__main__":
    main()
    runpy.run_module("cityhall_fm", run_name="__main__", alter_sys=True)
