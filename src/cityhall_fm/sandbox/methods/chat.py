"""chat.*: what the bot says."""

from cityhall_fm.sandbox.blocks import MOST_CHARACTERS, block_problems, characters_in, with_ids
from cityhall_fm.sandbox.message import Message
from cityhall_fm.sandbox.methods.access import message_at, visible_channel
from cityhall_fm.sandbox.methods.metadata import checked_metadata
from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.methods.shapes import message_json
from cityhall_fm.sandbox.options import MessageFields
from cityhall_fm.sandbox.people import Channel, Json
from cityhall_fm.sandbox.refusals import RefusalError, missing_scope
from cityhall_fm.sandbox.surfaces import Whisper
from cityhall_fm.sandbox.text import as_stored
from cityhall_fm.sandbox.workspace import NotHereError

_LONGEST_TEXT = 40_000
_LONGEST_UPDATE = 4_000
_LONGEST_MARKDOWN = 12_000
_MOST_ATTACHMENTS = 100


def post_message(request: Request) -> Json:
    """Answer chat.postMessage."""
    app, world = request.app, request.world
    if request.has("as_user") and request.flag("as_user"):
        raise RefusalError("as_user_not_supported")
    customized = any(request.text(name) for name in ("username", "icon_emoji", "icon_url"))
    if customized and "chat:write.customize" not in app.scopes:
        raise missing_scope(app, "chat:write.customize")
    channel = _place(request)
    content = _content(request)
    content["bot_id"], content["app_id"] = app.bot_id, app.app_id
    text = _text(request)
    thread_ts = _parent_ts(request, channel)
    if thread_ts and request.flag("reply_broadcast"):
        content["subtype"] = "thread_broadcast"
    message = world.say(
        channel.id,
        app.user_id,
        text[:_LONGEST_TEXT],
        thread_ts=thread_ts,
        **content,
    )
    answer = {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_json(request, channel, message, metadata=True),
    }
    if len(text) > _LONGEST_TEXT:
        answer |= {
            "warning": "message_truncated",
            "response_metadata": {"warnings": ["message_truncated"]},
        }
    return answer


def update(request: Request) -> Json:
    """Answer chat.update; what the request leaves out stays as it was."""
    channel = visible_channel(request)
    message = message_at(request, channel, "ts", malformed="message_not_found")
    if message.user != request.app.user_id:
        raise RefusalError("cant_update_message")
    content = _content(request, before=message)
    text = _text(request, before=message)
    if len(text) > _LONGEST_UPDATE:
        raise RefusalError("msg_too_long")
    if request.flag("reply_broadcast") and message.is_reply:
        content["subtype"] = "thread_broadcast"
    changed = request.world.edit(channel.id, message.ts, text, by=request.app.user_id, **content)
    return {
        "channel": channel.id,
        "ts": changed.ts,
        "text": changed.text,
        "message": message_json(request, channel, changed, metadata=True),
    }


def delete(request: Request) -> Json:
    """Answer chat.delete; a bot deletes its own messages only."""
    channel = visible_channel(request)
    message = message_at(request, channel, "ts", malformed="message_not_found")
    if message.user != request.app.user_id:
        raise RefusalError("cant_delete_message")
    request.world.delete(channel.id, message.ts)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(request: Request) -> Json:
    """Answer chat.getPermalink."""
    channel = visible_channel(request)
    message = message_at(request, channel, "message_ts", malformed="message_not_found")
    return {"channel": channel.id, "permalink": request.world.permalink(channel.id, message.ts)}


def post_ephemeral(request: Request) -> Json:
    """Answer chat.postEphemeral: a message that one member sees, and nobody's history keeps."""
    world, app = request.world, request.app
    if request.has("as_user") and request.flag("as_user"):
        raise missing_scope(app, "chat:write:user")
    channel = _place(request)
    listener = request.text("user")
    if listener not in channel.members:
        raise RefusalError("user_not_in_channel")
    content = _content(request)
    text = _text(request)
    if len(text) > _LONGEST_TEXT:
        raise RefusalError("msg_too_long")
    whisper = world.surfaces.whisper(
        Whisper(
            "",
            channel.id,
            listener,
            app.app_id,
            as_stored(text),
            blocks=content.get("blocks", ()),
            thread_ts=_parent_ts(request, channel),
        )
    )
    return {"message_ts": whisper.ts}


def schedule_message(_request: Request) -> Json:
    """Refuse chat.scheduleMessage: with metadata Slack accepts such a message and never posts it."""
    problem = "[ERROR] sandbox: a scheduled message with metadata is never posted; use a clock of your own"
    raise RefusalError("invalid_arguments", problem)


def _place(request: Request) -> Channel:
    world, app = request.world, request.app
    wanted = request.text("channel")
    if any(user.id == wanted for user in world.users):
        return world.open_direct(app.user_id, wanted)
    try:
        channel = world.channel(wanted)
    except NotHereError as error:
        raise RefusalError("channel_not_found") from error
    member = app.user_id in channel.members
    if channel.kind != "public_channel" and not member:
        raise RefusalError("channel_not_found")
    if channel.is_archived:
        raise RefusalError("is_archived")
    if not member and "chat:write.public" not in app.scopes:
        raise RefusalError("not_in_channel")
    return channel


def _parent_ts(request: Request, channel: Channel) -> str:
    """Slack asks for the parent's ts; the sandbox insists, since other values make lost messages."""
    thread_ts = request.text("thread_ts")
    if not thread_ts:
        return ""
    try:
        parent = request.world.message(channel.id, thread_ts)
    except NotHereError as error:
        raise RefusalError("cannot_reply_to_message") from error
    if parent.is_reply:
        raise RefusalError("cannot_reply_to_message")
    return thread_ts


def _text(request: Request, before: Message | None = None) -> str:
    markdown = request.text("markdown_text")
    if markdown:
        if request.has("text") or request.has("blocks"):
            raise RefusalError("markdown_text_conflict")
        if len(markdown) > _LONGEST_MARKDOWN:
            raise RefusalError("invalid_arguments", "[ERROR] markdown_text is too long")
        return markdown
    text = request.text("text")
    if text.strip() or request.arguments.get("blocks") or request.arguments.get("attachments"):
        return text
    if before is not None and not request.has("text") and request.has("metadata"):
        return before.text
    raise RefusalError("no_text")


def _content(request: Request, before: Message | None = None) -> MessageFields:
    content: MessageFields = {}
    if request.has("blocks"):
        content["blocks"] = tuple(_checked_blocks(request))
    if request.has("attachments"):
        content["attachments"] = tuple(_checked_attachments(request))
    if request.has("metadata"):
        content["metadata"] = checked_metadata(request.arguments["metadata"], may_be_empty=before is not None)
    return content


def _checked_blocks(request: Request) -> list[Json]:
    blocks = request.arguments["blocks"]
    if not isinstance(blocks, list):
        raise RefusalError("invalid_blocks_format")
    problems = block_problems(blocks)
    if problems:
        raise RefusalError("invalid_blocks", *problems)
    if characters_in(blocks) > MOST_CHARACTERS:
        too_long = "msg_blocks_too_long" if request.method.allows("msg_blocks_too_long") else "invalid_blocks"
        raise RefusalError(too_long)
    has_video = any(block["type"] == "video" for block in blocks)
    if has_video and "links.embed:write" not in request.app.scopes:
        raise missing_scope(request.app, "links.embed:write")
    return with_ids(blocks)


def _checked_attachments(request: Request) -> list[Json]:
    attachments = request.arguments["attachments"]
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise RefusalError("invalid_arguments", "[ERROR] attachments must be a list of objects")
    if len(attachments) > _MOST_ATTACHMENTS:
        raise RefusalError("too_many_attachments")
    return attachments
