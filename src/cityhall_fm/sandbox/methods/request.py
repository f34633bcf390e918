"""One checked request, as a method sees it: the world, who asks, and typed arguments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cityhall_fm.sandbox.contract import Method
from cityhall_fm.sandbox.message import ts_order
from cityhall_fm.sandbox.people import App
from cityhall_fm.sandbox.refusals import RefusalError
from cityhall_fm.sandbox.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Request:
    """Arguments have passed the contract; `most_items` caps a page when a fault asks for that."""

    world: Workspace
    app: App
    method: Method
    arguments: Mapping[str, Any]
    most_items: int | None = None

    def text(self, name: str, default: str = "") -> str:
        return str(self.arguments.get(name, default) or default)

    def flag(self, name: str) -> bool:
        return bool(self.arguments.get(name, False))

    def has(self, name: str) -> bool:
        return name in self.arguments

    def number(self, name: str, default: int, *, error: str = "invalid_arguments") -> int:
        text = self.text(name, str(default))
        if not text.isdecimal() or not text.isascii():
            raise RefusalError(error, f"[ERROR] {name} must be a number")
        return int(text)

    def moment(self, name: str, *, error: str) -> tuple[int, int] | None:
        """Read a ts; Slack also takes whole seconds."""
        text = self.text(name)
        if not text:
            return None
        try:
            return ts_order(text if "." in text else f"{text}.0")
        except ValueError as problem:
            raise RefusalError(error) from problem
