"""Makes `builders` and `fakes` importable from every test, and keeps the real servers that tests share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# ruff: noqa: PLC0415 - what is imported below is found through this path
sys.path.insert(0, str(Path(__file__).parent))

collect_ignore = ["benchmarks", "torture"]  # scripts, with targets of their own in the Makefile

# The tests start hundreds of processes, which otherwise would all compile the same modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

import memories  # noqa: E402
from thorough import examples  # noqa: E402

settings.register_profile("suite", max_examples=examples(100))
settings.load_profile("suite")

if memories.IN_POSTGRESQL:
    memories.use_postgresql()

_ran_on: dict[str, str] = {}


@pytest.fixture(scope="session")
def s3():
    """An S3 server: radosgw where it is installed, the mock otherwise."""
    from s3_server import s3_server

    with s3_server() as server:
        _ran_on["S3 tests"] = server.name
        yield server


@pytest.fixture(scope="session")
def postgresql():
    from postgresql_server import why_not

    missing = why_not()
    if missing:
        _ran_on["Database tests"] = f"SQLite only ({missing})"
        pytest.skip(missing)
    server = memories.server()
    _ran_on["Database tests"] = f"SQLite and PostgreSQL {server.version}"
    return server


@pytest.fixture(autouse=memories.IN_POSTGRESQL)
def _memories_end_with_their_test(request):
    if not memories.IN_POSTGRESQL or "tmp_path" not in request.fixturenames:
        yield
        return
    folder = request.getfixturevalue("tmp_path")
    yield
    memories.drop_memories_under(folder.resolve())


def pytest_sessionfinish(session):
    """Tell the controller, where tests run on several processes, which servers this one used."""
    memories.let_go()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["ran_on"] = dict(_ran_on)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    _ran_on.update(getattr(node, "workeroutput", {}).get("ran_on", {}))


def pytest_terminal_summary(terminalreporter):
    for tests, server in sorted(_ran_on.items()):
        terminalreporter.write_line(f"{tests} ran on: {server}")
