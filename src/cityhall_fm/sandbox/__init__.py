"""A small stateful Slack workspace on loopback, for the demo and for tests."""

from cityhall_fm.sandbox.faults import (
    EmptyPage,
    ExpiredCursor,
    FailsAfter,
    FailsBefore,
    RateLimited,
    ShortPage,
    TimesOut,
)
from cityhall_fm.sandbox.message import Message, Reaction
from cityhall_fm.sandbox.options import Rules
from cityhall_fm.sandbox.people import MINIMAL_SCOPES, App, Channel, User
from cityhall_fm.sandbox.server import Sandbox, serving
from cityhall_fm.sandbox.workspace import NotHereError
from cityhall_fm.sandbox.world import World

__all__ = [
    "MINIMAL_SCOPES",
    "App",
    "Channel",
    "EmptyPage",
    "ExpiredCursor",
    "FailsAfter",
    "FailsBefore",
    "Message",
    "NotHereError",
    "RateLimited",
    "Reaction",
    "Rules",
    "Sandbox",
    "ShortPage",
    "TimesOut",
    "User",
    "World",
    "serving",
]
