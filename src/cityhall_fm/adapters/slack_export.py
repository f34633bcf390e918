"""The same reading from Slack's export, a ZIP or a folder: ThreadSource of one day, public channels only."""

from __future__ import annotations

import json
import lzma
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

from cityhall_fm.show import slack_json
from cityhall_fm.show.errors import InputError, UnknownError
from cityhall_fm.show.slack_json import Json
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Thread, Ts, UserId, ts_order

_PAGE: Final = 500
_LARGEST_FILE_BYTES: Final = 64 * 1024 * 1024
_MOST_FILES: Final = 200_000
_CHANNELS: Final = "channels.json"
_USERS: Final = "users.json"
_UTF8_NAME: Final = 0x800  # ZIP, general purpose bit 11
_MOST_NAMED: Final = 20
_DAMAGED: Final = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError)
"""What reading a damaged or encrypted archive raises (NotImplementedError is a RuntimeError)."""


class SlackExport:
    """What an export holds. `workspace_url` (https://saku.slack.com) is needed for permalinks.

    Only channels that channels.json lists as public are opened: never direct messages or private groups.
    """

    def __init__(self, path: Path, workspace_url: str | None = None) -> None:
        self._path = path
        self._workspace_url = workspace_url.rstrip("/") if workspace_url else None
        self._threads: tuple[ChannelId, Mapping[Ts, Thread]] | None = None
        self._met: dict[UserId, Member] = {}

    @property
    def live(self) -> bool:
        return False

    def channels(self) -> Sequence[Channel]:
        """List the channels; InputError where this is no export."""
        return tuple(self._channels.values())

    def members(self, ids: frozenset[UserId]) -> Mapping[UserId, Member]:
        known = {**self._met, **self._users}
        return {id_: known[id_] for id_ in ids if id_ in known}

    def openings(self, channel: ChannelId) -> Iterator[Sequence[Message]]:
        """Yield the opening messages, newest first; InputError names a broken file before anything."""
        threads = self._threads_of(channel)
        openings = [threads[ts].opening for ts in sorted(threads, key=ts_order, reverse=True)]
        for start in range(0, len(openings), _PAGE):
            yield openings[start : start + _PAGE]

    def opening(self, channel: ChannelId, ts: Ts) -> Message | None:
        threads = self._threads_of(channel).values()
        found = (one.opening for one in threads if ts in (one.ts, *(reply.ts for reply in one.replies)))
        return next(found, None)

    def replies(self, channel: ChannelId, ts: Ts) -> Sequence[Message]:
        thread = self._threads_of(channel).get(ts)
        return thread.replies if thread else ()

    def permalink(self, channel: ChannelId, ts: Ts) -> str | None:
        if self._workspace_url is None:
            return None
        return f"{self._workspace_url}/archives/{channel}/p{ts.replace('.', '')}"

    def reacted(self, channel: ChannelId, ts: Ts, emoji: str) -> frozenset[UserId]:
        thread = self._threads_of(channel).get(ts)
        reactions = thread.opening.reactions if thread else ()
        return frozenset(user for one in reactions if one.emoji == emoji for user in one.users)

    @cached_property
    def _files(self) -> _Files:
        return _open(self._path)

    @cached_property
    def _channels(self) -> Mapping[ChannelId, Channel]:
        found = map(slack_json.public_channel, self._files.objects(_CHANNELS))
        return {channel.id: channel for channel in found if channel}

    @cached_property
    def _users(self) -> Mapping[UserId, Member]:
        found = map(slack_json.member, self._files.objects(_USERS))
        return {member.id: member for member in found if member}

    @cached_property
    def _bots(self) -> frozenset[UserId]:
        return frozenset(member.id for member in self._users.values() if member.is_bot)

    def _threads_of(self, channel: ChannelId) -> Mapping[Ts, Thread]:
        if self._threads is None or self._threads[0] != channel:
            if channel not in self._channels:
                names = sorted(f"#{one.name}" for one in self._channels.values())
                known = ", ".join(names[:_MOST_NAMED]) or "-"
                raise UnknownError("slack.unknown_channel", channel=channel, known=known)
            self._threads = channel, self._read(self._channels[channel])
        return self._threads[1]

    def _read(self, channel: Channel) -> Mapping[Ts, Thread]:
        """Group a channel's messages by `thread_ts`: the lists of replies beside openings may lack some."""
        openings: dict[Ts, Message] = {}
        replies: dict[Ts, dict[Ts, Message]] = {}
        for raw in self._raw_messages(channel):
            message = slack_json.message(raw)
            if message is None:
                continue
            self._meet(raw, message)
            parent = slack_json.parent(raw)
            read = message.without_reactions_of(self._bots)
            if parent is None:
                openings[message.ts] = read
            else:
                replies.setdefault(parent, {})[message.ts] = read
        return {ts: _thread(channel.id, one, replies.get(ts, {})) for ts, one in openings.items()}

    def _raw_messages(self, channel: Channel) -> Iterator[Json]:
        for day in self._files.json(self._files.days(channel.name)):
            yield from slack_json.objects(day)

    def _meet(self, raw: Json, message: Message) -> None:
        """Remember under which name a message shows its author: guests may be missing in users.json."""
        profile = raw.get("user_profile")
        if message.author and isinstance(profile, dict):
            met = slack_json.member({"id": message.author, "profile": profile})
            if met and met.name:
                self._met.setdefault(met.id, met)


def _thread(channel: ChannelId, opening: Message, replies: Mapping[Ts, Message]) -> Thread:
    ordered = tuple(replies[ts] for ts in sorted(replies, key=ts_order))
    latest = ordered[-1].ts if ordered else None
    return Thread(channel, replace(opening, reply_count=len(ordered), latest_reply=latest), ordered)


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of an export by their names inside it: `channels.json`, `質問/2026-11-20.json`."""

    path: Path
    names: Mapping[str, zipfile.ZipInfo | Path]
    folders: Mapping[str, Sequence[str]]

    def days(self, channel_name: str) -> Sequence[str]:
        return self.folders.get(unicodedata.normalize("NFC", channel_name), ())

    def objects(self, name: str) -> Sequence[Json]:
        """Read the objects that a file lists; none where there is no such file."""
        return slack_json.objects(next(iter(self.json([name])))) if name in self.names else []

    def json(self, names: Sequence[str]) -> Iterator[object]:
        """Read files one after the other; InputError names the one that is damaged."""
        with ExitStack() as stack:
            archive = None if self.path.is_dir() else stack.enter_context(_archive(self.path))
            for name in names:
                try:
                    content = self._content(name, archive)
                    parsed = json.loads(content.decode("utf-8-sig")) if content is not None else None
                except (*_DAMAGED, ValueError, RecursionError) as error:
                    raise InputError("slack.export_broken_file", path=self.path, file=name) from error
                if content is None:
                    raise InputError("slack.export_too_large", path=self.path, file=name)
                yield parsed

    def _content(self, name: str, archive: zipfile.ZipFile | None) -> bytes | None:
        """Read one file; None where it is larger than any of an export's."""
        place = self.names[name]
        opened = place.open("rb") if isinstance(place, Path) else archive.open(place) if archive else None
        if opened is None:
            raise KeyError(name)
        with opened as file:
            content = file.read(_LARGEST_FILE_BYTES + 1)
        return content if len(content) <= _LARGEST_FILE_BYTES else None


def _open(path: Path) -> _Files:
    if path.is_dir():
        names: Mapping[str, zipfile.ZipInfo | Path] = _in_folder(path)
    elif path.is_file():
        names = _in_zip(path)
    else:
        raise InputError("slack.export_missing", path=path)
    around = min(
        (name.removesuffix(_CHANNELS) for name in names if PurePosixPath(name).name == _CHANNELS),
        key=lambda folder: (folder.count("/"), folder),
        default=None,
    )
    if around is None:
        raise InputError("slack.export_foreign", path=path)
    inside = {name.removeprefix(around): place for name, place in names.items() if name.startswith(around)}
    return _Files(path, inside, _by_folder(inside))


def _by_folder(names: Iterable[str]) -> Mapping[str, Sequence[str]]:
    folders: dict[str, list[str]] = {}
    for name in sorted(names):
        folder, _, file = name.rpartition("/")
        if file.endswith(".json"):
            folders.setdefault(folder, []).append(name)
    return folders


def _in_zip(path: Path) -> Mapping[str, zipfile.ZipInfo]:
    """List the archive's files. Nothing is ever unpacked to disk; what climbs out of the archive is left."""
    with _archive(path) as archive:
        members = archive.infolist()
    if len(members) > _MOST_FILES:
        raise InputError("slack.export_too_large", path=path, file=path.name)
    return {name: info for info in members if not info.is_dir() and _is_inside(name := _zip_name(info))}


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (*_DAMAGED, ValueError) as error:
        raise InputError("slack.export_not_zip", path=path) from error


def _in_folder(path: Path) -> Mapping[str, Path]:
    """List the folder's JSON files two levels deep, as exports are; links are not followed."""
    found: dict[str, Path] = {}
    for pattern in ("*.json", "*/*.json", "*/*/*.json"):
        for file in path.glob(pattern):
            steps = [path.joinpath(*file.relative_to(path).parts[:end]) for end in (1, 2, 3)]
            if all(not stat.S_ISLNK(step.lstat().st_mode) for step in steps) and file.is_file():
                found[unicodedata.normalize("NFC", file.relative_to(path).as_posix())] = file
            if len(found) > _MOST_FILES:
                raise InputError("slack.export_too_large", path=path, file=path.name)
    return found


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Read a name as it was meant: some programs write UTF-8 without saying so, macOS takes が apart."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return unicodedata.normalize("NFC", name)


def _is_inside(name: str) -> bool:
    return not name.startswith(("/", "__MACOSX/")) and ".." not in PurePosixPath(name).parts
