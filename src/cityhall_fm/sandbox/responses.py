"""What an app answers to an interaction: in its acknowledgement, or later at its response_url."""

from dataclasses import replace
from typing import Any

from cityhall_fm.sandbox.blocks import block_problems, with_ids
from cityhall_fm.sandbox.people import Json
from cityhall_fm.sandbox.refusals import RefusalError, check_pings
from cityhall_fm.sandbox.surfaces import MOST_RESPONSES, ResponseUrl, Whisper
from cityhall_fm.sandbox.text import as_stored
from cityhall_fm.sandbox.workspace import Workspace

_KNOWN = frozenset(
    {
        *("attachments", "blocks", "delete_original", "link_names", "markdown_text", "metadata", "mrkdwn"),
        *("parse", "replace_original", "response_type", "text", "thread_ts", "unfurl_links"),
        "unfurl_media",
    }
)


def respond_at(world: Workspace, token: str, body: Json) -> None:
    """Take what an app posted to a response_url.

    Raises RefusalError: Slack documents the limits (five times in 30 minutes) but not these errors' names.
    """
    target = world.surfaces.response_urls.get(token)
    if target is None:
        raise RefusalError("no_active_hooks")
    if world.clock() > target.until:
        raise RefusalError("expired_url")
    if target.uses >= MOST_RESPONSES:
        raise RefusalError("used_url")
    respond(world, target, body)
    world.surfaces.response_urls[token] = replace(target, uses=target.uses + 1)


def respond(world: Workspace, target: ResponseUrl, body: Json) -> None:
    """Show an answer: to one person alone, or to the channel; in the original's place, or beside it."""
    unknown = body.keys() - _KNOWN
    if unknown:
        raise RefusalError("invalid_arguments", *(f"[ERROR] unknown argument: {one}" for one in unknown))
    check_pings(world, body)
    if body.get("delete_original"):
        _delete_original(world, target)
        return
    text, blocks = str(body.get("text") or body.get("markdown_text") or ""), _blocks(body)
    if not text.strip() and not blocks and not body.get("attachments"):
        raise RefusalError("no_text")
    if body.get("replace_original"):
        _replace_original(world, target, text, blocks)
    elif body.get("response_type", "ephemeral") == "in_channel":
        _say(world, target, text, blocks, str(body.get("thread_ts") or target.thread_ts))
    else:
        thread_ts = str(body.get("thread_ts") or target.thread_ts)
        whisper = Whisper(
            "", target.channel_id, target.user_id, target.app_id, as_stored(text), blocks, thread_ts
        )
        world.surfaces.whisper(whisper)


def _say(world: Workspace, target: ResponseUrl, text: str, blocks: tuple[Json, ...], thread_ts: str) -> None:
    app = world.app_by_id(target.app_id)
    world.say(
        target.channel_id,
        app.user_id,
        text,
        thread_ts=thread_ts,
        blocks=blocks,
        bot_id=app.bot_id,
        app_id=app.app_id,
    )


def _delete_original(world: Workspace, target: ResponseUrl) -> None:
    surfaces = world.surfaces
    if target.whisper_ts:
        surfaces.whispers = [one for one in surfaces.whispers if one.ts != target.whisper_ts]
    elif target.message_ts:
        world.delete(target.channel_id, target.message_ts)


def _replace_original(world: Workspace, target: ResponseUrl, text: str, blocks: tuple[Json, ...]) -> None:
    surfaces = world.surfaces
    if target.whisper_ts:
        surfaces.whispers = [
            replace(one, text=as_stored(text), blocks=blocks) if one.ts == target.whisper_ts else one
            for one in surfaces.whispers
        ]
    elif target.message_ts:
        world.edit(target.channel_id, target.message_ts, text, blocks=blocks)
    else:
        raise RefusalError("invalid_arguments", "[ERROR] there is no original to replace")


def _blocks(body: Json) -> tuple[Json, ...]:
    blocks: Any = body.get("blocks") or []
    if not isinstance(blocks, list):
        raise RefusalError("invalid_blocks_format")
    problems = block_problems(blocks)
    if problems:
        raise RefusalError("invalid_blocks", *problems)
    return tuple(with_ids(blocks))
