"""Lengths and kinds of the texts inside blocks, each problem with a pointer to its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from cityhall_fm.sandbox.people import Json

PLAIN = frozenset({"plain_text"})
ANY_TEXT = frozenset({"plain_text", "mrkdwn"})


@dataclass(frozen=True, slots=True)
class Length:
    """From so many characters to so many."""

    least: int
    most: int


_URL = Length(1, 3000)


def text(value: object, length: Length, at: str, *, kinds: frozenset[str] = ANY_TEXT) -> Iterator[str]:
    """List the problems of a text object."""
    if not isinstance(value, dict) or value.get("type") not in kinds:
        yield problem(f"must be a text object: {' or '.join(sorted(kinds))}", at)
    else:
        yield from string(value, "text", length, at)


def string(holder: Json, name: str, length: Length, at: str) -> Iterator[str]:
    """List the problems of a plain string in an object."""
    value = holder.get(name)
    if not isinstance(value, str):
        yield problem(f"{name} must be text", f"{at}/{name}")
    elif len(value) < length.least:
        yield problem(f"must hold at least {length.least} character", f"{at}/{name}")
    elif len(value) > length.most:
        yield problem(f"must hold no more than {length.most} characters", f"{at}/{name}")


def url(
    holder: Json, name: str, at: str, *, schemes: tuple[str, ...] = ("https://", "http://")
) -> Iterator[str]:
    """List the problems of an address."""
    yield from string(holder, name, _URL, at)
    if not str(holder.get(name, "")).startswith(schemes):
        yield problem(f"must begin with {' or '.join(schemes)}", f"{at}/{name}")


def problem(what: str, where: str) -> str:
    """Write a problem as Slack does in response_metadata.messages."""
    return f"[ERROR] {what} [json-pointer:{where}]"
