"""How Slack writes down channels, members and messages: the same in its Web API and in its exports."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from cityhall_fm.show.consent import Private
from cityhall_fm.show.slack_thread import Channel, ChannelId, Clip, Member, Message, Reaction, Ts, UserId

Json = Mapping[str, object]

_TS: Final = re.compile(r"[0-9]{1,16}\.[0-9]{1,9}")
_SLACKBOT: Final = "USLACKBOT"
_SAID_BY_PEOPLE: Final = frozenset({"", "me_message", "file_share", "thread_broadcast", "reply_broadcast"})
_SAID: Final = _SAID_BY_PEOPLE | {"bot_message"}
_DELETED: Final = "tombstone"
_CLIP: Final = re.compile(r"F[A-Z0-9]{1,32}")
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+\-]+")
_NOT_HERE: Final = frozenset({"external", "tombstone", "hidden_by_limit"})
_NOT_PUBLIC: Final = ("is_private", "is_im", "is_mpim", "is_group")


def public_channel(raw: Json) -> Channel | None:
    """Read a channel; None for one that is not public, and must not be looked at."""
    id_, name = _text(raw, "id"), _text(raw, "name")
    if not id_ or not name or any(raw.get(mark) for mark in _NOT_PUBLIC):
        return None
    return Channel(ChannelId(id_), name, is_member=bool(raw.get("is_member", True)))


def member(raw: Json) -> Member | None:
    """Read a member under the name that Slack shows: the display name, or the real one where it is empty."""
    id_, profile = _text(raw, "id"), _object(raw, "profile")
    names = (_text(profile, "display_name"), _text(profile, "real_name"), _text(raw, "real_name"))
    name = next((name for name in (*names, _text(raw, "name")) if name.strip()), "")
    is_bot = bool(raw.get("is_bot")) or id_ == _SLACKBOT
    return Member(UserId(id_), Private(name.strip()), is_bot=is_bot) if id_ else None


def message(raw: Json) -> Message | None:
    """Read a message; None where it has no proper ts.

    What Slack itself notes (somebody joined, a topic was set) keeps its place and loses its words.
    """
    ts, subtype, user = timestamp(raw, "ts"), _text(raw, "subtype"), _text(raw, "user")
    if ts is None:
        return None
    deleted = subtype == _DELETED
    return Message(
        ts,
        UserId(user) if user and not deleted else None,
        Private(_text(raw, "text") if subtype in _SAID else ""),
        edited=timestamp(_object(raw, "edited"), "ts"),
        deleted=deleted,
        from_person=_is_from_person(raw, subtype, user),
        reactions=tuple(_reactions(raw)),
        reply_count=_count(raw, "reply_count"),
        latest_reply=timestamp(raw, "latest_reply"),
        clips=() if deleted else tuple(_clips(raw)),
    )


def timestamp(raw: Json, name: str) -> Ts | None:
    """Read a ts; None where there is none."""
    value = _text(raw, name)
    return Ts(value) if _TS.fullmatch(value) else None


def parent(raw: Json) -> Ts | None:
    """Tell under which opening message a reply stands; None for an opening message.

    A reply that was also sent to the channel is still a reply.
    """
    thread_ts = timestamp(raw, "thread_ts")
    return thread_ts if thread_ts != timestamp(raw, "ts") else None


def objects(value: object) -> Sequence[Json]:
    """Take the objects of a list, and nothing else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _is_from_person(raw: Json, subtype: str, user: str) -> bool:
    is_bots = bool(raw.get("bot_id")) or user == _SLACKBOT
    return subtype in _SAID_BY_PEOPLE and user != "" and not is_bots


def _reactions(raw: Json) -> Sequence[Reaction]:
    read = []
    for one in objects(raw.get("reactions")):
        users = one.get("users")
        ids = tuple(UserId(id_) for id_ in users if isinstance(id_, str)) if isinstance(users, list) else ()
        if name := _text(one, "name"):
            read.append(Reaction(name, max(_count(one, "count"), len(ids)), ids))
    return read


def _clips(raw: Json) -> Sequence[Clip]:
    """Read what was recorded with Slack's microphone, and other audio; no film, nothing kept elsewhere."""
    read = []
    for one in objects(raw.get("files")):
        id_, kind, media_type = _text(one, "id"), _text(one, "subtype"), _text(one, "mimetype").lower()
        is_audio = kind == "slack_audio" or (not kind and media_type.startswith("audio/"))
        # What an export names carries a token of its own behind the question mark.
        url = _text(one, "url_private").partition("?")[0]
        if not is_audio or not url or _text(one, "mode") in _NOT_HERE or not _CLIP.fullmatch(id_):
            continue
        heard = _text(_object(_object(one, "transcription"), "preview"), "content")
        known_type = media_type if _MEDIA_TYPE.fullmatch(media_type) else ""
        seconds = _count(one, "duration_ms") / 1000
        read.append(Clip(id_, known_type, _count(one, "size"), seconds, Private(url), Private(heard)))
    return read


def _text(raw: Json, name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def _count(raw: Json, name: str) -> int:
    value = raw.get(name)
    return max(0, value) if isinstance(value, int) else 0


def _object(raw: Json, name: str) -> Json:
    value = raw.get(name)
    return value if isinstance(value, dict) else {}
