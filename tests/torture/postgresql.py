"""A database in PostgreSQL that can be put back to how it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg

from free_port import free_ports
from postgresql_server import PostgreSQLServer, postgresql_server, why_not


@contextmanager
def postgresql() -> Iterator[PostgreSQLServer | None]:
    """Start a server of its own; None where none is installed."""
    if why_not():
        yield None
        return
    with postgresql_server(*free_ports(1)) as server:
        yield server


class KeptDatabase:
    """One show's memory, and a copy of it from which it is made anew."""

    def __init__(self, server: PostgreSQLServer, name: str) -> None:
        self._name, self._server = name, server
        self.url = server.create_database(name)

    def keep(self) -> None:
        self._do(f"CREATE DATABASE {self._name}_kept TEMPLATE {self._name}")

    def put_back(self) -> None:
        self._do(f"DROP DATABASE {self._name} WITH (FORCE)")
        self._do(f"CREATE DATABASE {self._name} TEMPLATE {self._name}_kept")

    def _do(self, statement: str) -> None:
        to: dict[str, Any] = {"host": str(self._server.folder), "port": self._server.port, "user": "postgres"}
        with closing(psycopg.connect(dbname="postgres", autocommit=True, **to)) as connection:
            connection.execute(statement)
