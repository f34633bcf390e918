"""conversations.*: channels, their history and their threads."""

from collections.abc import Callable

from cityhall_fm.sandbox.message import Message, ts_order
from cityhall_fm.sandbox.methods.access import SCOPE_PREFIX, joined_channel, visible_channel
from cityhall_fm.sandbox.methods.paging import Page, page_of
from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.methods.shapes import channel_json, message_json
from cityhall_fm.sandbox.people import Channel, Json, User
from cityhall_fm.sandbox.refusals import RefusalError, missing_scope
from cityhall_fm.sandbox.workspace import NotHereError

_MOST_HISTORY = 999
_MOST_REPLIES = 1000
_MOST_CHANNELS = 999  # "under 1000"
_DEFAULT_PAGE = 100
_MOST_IN_GROUP = 8


def list_(request: Request) -> Json:
    """Answer conversations.list: public channels, and the private places the bot is in."""
    kinds, limit = _kinds(request), _limit(request)
    shown = [
        channel
        for channel in request.world.channels
        if channel.kind in kinds
        and (channel.kind == "public_channel" or request.app.user_id in channel.members)
        and not (channel.is_archived and request.flag("exclude_archived"))
    ]
    page = page_of(request, shown, key=lambda channel: channel.id, limit=limit)
    return {
        "channels": [channel_json(request.app, channel) for channel in page.items],
        "response_metadata": {"next_cursor": page.next_cursor},
    }


def of_user(request: Request) -> Json:
    """Answer users.conversations: where somebody is a member, the bot itself if nobody is named."""
    kinds, limit = _kinds(request), _limit(request)
    member = request.text("user", request.app.user_id)
    shown = [
        channel
        for channel in request.world.channels
        if channel.kind in kinds
        and member in channel.members
        and (channel.kind == "public_channel" or request.app.user_id in channel.members)
        and not (channel.is_archived and request.flag("exclude_archived"))
    ]
    page = page_of(request, shown, key=lambda channel: channel.id, limit=limit)
    return {
        "channels": [channel_json(request.app, channel) for channel in page.items],
        "response_metadata": {"next_cursor": page.next_cursor},
    }


def members(request: Request) -> Json:
    """Answer conversations.members."""
    channel = visible_channel(request, right="read")
    page = page_of(request, channel.members, key=str, limit=_limit(request))
    return {"members": list(page.items), "response_metadata": {"next_cursor": page.next_cursor}}


def info(request: Request) -> Json:
    """Answer conversations.info."""
    shape = channel_json(request.app, visible_channel(request, right="read"))
    if not request.flag("include_num_members"):
        shape.pop("num_members", None)
    return {"channel": shape}


def join(request: Request) -> Json:
    """Answer conversations.join; as in Slack the channel sees that somebody came."""
    channel = visible_channel(request)
    if channel.kind != "public_channel":
        raise RefusalError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise RefusalError("is_archived")
    bot = request.app.user_id
    if bot in channel.members:
        warning = "already_in_channel"
        return {
            "channel": channel_json(request.app, channel),
            "warning": warning,
            "response_metadata": {"warnings": [warning]},
        }
    joined = request.world.join(channel.id, bot)
    request.world.say(channel.id, bot, f"<@{bot}> has joined the channel", subtype="channel_join")
    return {"channel": channel_json(request.app, joined)}


def open_(request: Request) -> Json:
    """Answer conversations.open: direct messages with one person or a few."""
    if request.text("channel"):
        channel = visible_channel(request)
        if not channel.is_direct:
            raise RefusalError("method_not_supported_for_channel_type")
        return _opened(request, channel, already=True)
    names = [name.strip() for name in request.text("users").split(",") if name.strip()]
    if not names:
        raise RefusalError("users_list_not_supplied")
    if len(names) > _MOST_IN_GROUP:
        raise RefusalError("too_many_users")
    scope = "im:write" if len(names) == 1 else "mpim:write"
    if scope not in request.app.scopes:
        raise missing_scope(request.app, scope)
    members = [_reachable(request, name).id for name in names]
    before = {channel.id for channel in request.world.channels}
    if request.flag("prevent_creation") and not _has_direct(request, members):
        raise RefusalError("channel_not_found")
    channel = request.world.open_direct(request.app.user_id, *members)
    return _opened(request, channel, already=channel.id in before)


def history(request: Request) -> Json:
    """Answer conversations.history: top-level messages and broadcast replies, newest first."""
    channel = joined_channel(request, right="history")
    within = _window(request)
    messages = [
        message
        for message in reversed(request.world.messages(channel.id))
        if message.is_in_channel and within(message)
    ]
    page = _message_page(
        request, messages, default=_DEFAULT_PAGE, most=_MOST_HISTORY, reached=lambda ts, mark: ts <= mark
    )
    return _messages(request, channel, page) | {
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }


def replies(request: Request) -> Json:
    """Answer conversations.replies: the parent, then its replies, oldest first.

    Slack returns the one message alone when `ts` names a reply (bolt-python issue 783).
    """
    channel = joined_channel(request, right="history")
    try:
        named = request.world.message(channel.id, request.text("ts"))
    except NotHereError as error:
        raise RefusalError("thread_not_found") from error
    within = _window(request)
    thread = [] if named.is_reply else request.world.replies(channel.id, named.ts)
    messages = [named, *filter(within, thread)]
    page = _message_page(
        request, messages, default=_MOST_REPLIES, most=_MOST_REPLIES, reached=lambda ts, mark: ts >= mark
    )
    return _messages(request, channel, page)


def _kinds(request: Request) -> list[str]:
    kinds = [kind.strip() for kind in request.text("types", "public_channel").split(",")]
    if not set(kinds) <= SCOPE_PREFIX.keys():
        raise RefusalError("invalid_types")
    needed = [f"{SCOPE_PREFIX[kind]}:read" for kind in kinds]
    if not request.app.scopes.issuperset(needed):
        raise missing_scope(request.app, *needed)
    return kinds


def _limit(request: Request) -> int:
    limit = request.number("limit", _DEFAULT_PAGE, error="invalid_limit")
    if not 1 <= limit <= _MOST_CHANNELS:
        raise RefusalError("invalid_limit")
    return limit


def _window(request: Request) -> Callable[[Message], bool]:
    oldest = request.moment("oldest", error="invalid_ts_oldest") or (0, 0)
    latest = request.moment("latest", error="invalid_ts_latest")
    inclusive = request.flag("inclusive")

    def within(message: Message) -> bool:
        at = ts_order(message.ts)
        if inclusive and at in (oldest, latest):
            return True
        return at > oldest and (latest is None or at < latest)

    return within


def _message_page(
    request: Request,
    messages: list[Message],
    *,
    default: int,
    most: int,
    reached: Callable[[tuple[int, int], tuple[int, int]], bool],
) -> Page[Message]:
    limit = request.number("limit", default)
    if limit < 1:
        raise RefusalError("invalid_arguments", "[ERROR] limit must be at least 1")
    return page_of(
        request,
        messages,
        key=lambda message: message.ts,
        limit=min(limit, most),
        reached=lambda ts, mark: reached(ts_order(ts), ts_order(mark)),
    )


def _messages(request: Request, channel: Channel, page: Page[Message]) -> Json:
    metadata = request.flag("include_all_metadata")
    return {
        "messages": [message_json(request, channel, one, metadata=metadata) for one in page.items],
        "has_more": bool(page.next_cursor),
        "response_metadata": {"next_cursor": page.next_cursor},
    }


def _reachable(request: Request, user_id: str) -> User:
    user = next((one for one in request.world.users if one.id == user_id), None)
    if user is None:
        raise RefusalError("user_not_found")
    if user.deleted:
        raise RefusalError("user_disabled")
    return user


def _has_direct(request: Request, members: list[str]) -> bool:
    everyone = {request.app.user_id, *members}
    return any(channel.is_direct and set(channel.members) == everyone for channel in request.world.channels)


def _opened(request: Request, channel: Channel, *, already: bool) -> Json:
    shape = channel_json(request.app, channel) if request.flag("return_im") else {"id": channel.id}
    return {"channel": shape} | ({"no_op": True, "already_open": True} if already else {})
