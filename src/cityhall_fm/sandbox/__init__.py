"""A small stateful Slack workspace on loopback, for the demo and for tests."""

from cityhall_fm.sandbox.attempts import Delivery
from cityhall_fm.sandbox.faults import (
    AckLost,
    BadSignature,
    Duplicated,
    EmptyPage,
    ExpiredCursor,
    ExpiredTrigger,
    FailsAfter,
    FailsBefore,
    HeldBack,
    HtmlPage,
    Lost,
    RateLimited,
    ShortPage,
    SocketDropped,
    StaleSignature,
    TimesOut,
)
from cityhall_fm.sandbox.fields import NoSuchFieldError
from cityhall_fm.sandbox.member import Member
from cityhall_fm.sandbox.message import Message, Reaction
from cityhall_fm.sandbox.options import Rules
from cityhall_fm.sandbox.people import MINIMAL_SCOPES, App, Channel, User
from cityhall_fm.sandbox.seen import Modal, NotSeenError, Seen
from cityhall_fm.sandbox.server import Sandbox, serving
from cityhall_fm.sandbox.surfaces import View, Whisper
from cityhall_fm.sandbox.workspace import NotHereError
from cityhall_fm.sandbox.world import World

__all__ = [
    "MINIMAL_SCOPES",
    "AckLost",
    "App",
    "BadSignature",
    "Channel",
    "Delivery",
    "Duplicated",
    "EmptyPage",
    "ExpiredCursor",
    "ExpiredTrigger",
    "FailsAfter",
    "FailsBefore",
    "HeldBack",
    "HtmlPage",
    "Lost",
    "Member",
    "Message",
    "Modal",
    "NoSuchFieldError",
    "NotHereError",
    "NotSeenError",
    "RateLimited",
    "Reaction",
    "Rules",
    "Sandbox",
    "Seen",
    "ShortPage",
    "SocketDropped",
    "StaleSignature",
    "TimesOut",
    "User",
    "View",
    "Whisper",
    "World",
    "serving",
]
