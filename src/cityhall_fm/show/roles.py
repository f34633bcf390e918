"""Who may do what in the studio: writing is one thing, publishing another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from cityhall_fm.show.slack_thread import UserId


class Role(StrEnum):
    """What somebody is to the show; each may do all that those before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    HOST = "host"
    PRODUCER = "producer"


class Right(StrEnum):
    """Something that a page lets people do."""

    LOOK = "look"
    WRITE = "write"
    """Choose questions, order the rundown, write script and notes."""
    AIR = "air"
    """Run the show: the on-air card, recordings, mastering."""
    PUBLISH = "publish"
    """Let the world see it: release, correct, roll back, tell askers."""


_RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.VIEWER: frozenset({Right.LOOK}),
    Role.EDITOR: frozenset({Right.LOOK, Right.WRITE}),
    Role.HOST: frozenset({Right.LOOK, Right.WRITE, Right.AIR}),
    Role.PRODUCER: frozenset(Right),
}


def may(role: Role, right: Right) -> bool:
    """Tell whether a role includes a right.

    >>> may(Role.HOST, Right.AIR), may(Role.HOST, Right.PUBLISH)
    (True, False)
    """
    return right in _RIGHTS[role]


def role_of(person: UserId, groups: Iterable[str], listed: Mapping[Role, frozenset[str]]) -> Role | None:
    """Find the highest role whose list names somebody, or one of their user groups; None for a stranger.

    `listed` holds member ids and user groups, the latter as `@handle`.
    """
    names = {str(person), *(f"@{group}" for group in groups)}
    return next((role for role in reversed(Role) if names & listed.get(role, frozenset())), None)
