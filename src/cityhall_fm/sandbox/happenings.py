"""What happens in a workspace, told to whoever listens: the apps' events are made of it."""

from dataclasses import dataclass

from cityhall_fm.sandbox.message import Message
from cityhall_fm.sandbox.people import Channel, User


@dataclass(frozen=True, slots=True)
class Posted:
    """A message was sent."""

    channel: Channel
    message: Message


@dataclass(frozen=True, slots=True)
class Changed:
    """A message was edited, unfurled, or replaced by a tombstone."""

    channel: Channel
    before: Message
    after: Message


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message is gone."""

    channel: Channel
    before: Message


@dataclass(frozen=True, slots=True)
class Reacted:
    """Somebody added an emoji to a message, or took theirs away."""

    channel: Channel
    message: Message
    name: str
    user: str
    added: bool = True


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody joined a channel, or left it."""

    channel: Channel
    user: str
    joined: bool = True


@dataclass(frozen=True, slots=True)
class ChannelChanged:
    """A channel was created, renamed or archived; `what` is Slack's name of the event."""

    channel: Channel
    what: str
    user: str = ""


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """A member's profile changed, or a new member came (`what` is team_join)."""

    user: User
    what: str = "user_change"


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody opened an app's Home."""

    app_id: str
    user: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class FileShared:
    """A file was shared in a channel."""

    channel: Channel
    file_id: str
    user: str


Happening = (
    Posted | Changed | Deleted | Reacted | Came | ChannelChanged | MemberChanged | HomeOpened | FileShared
)
