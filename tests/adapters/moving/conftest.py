"""A web server that does what other hosts do."""

from __future__ import annotations

import pytest

from web_server import web_server


@pytest.fixture
def host():
    with web_server() as server:
        yield server
