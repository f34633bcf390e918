"""The state of one Slack workspace: people, channels, messages, reactions, files."""

from bisect import bisect_left, insort
from dataclasses import replace
from datetime import datetime
from typing import Unpack

from cityhall_fm.sandbox.directory import Directory, NotHereError
from cityhall_fm.sandbox.files import File, type_of
from cityhall_fm.sandbox.happenings import Changed, Deleted, FileShared, Happening, Posted, Reacted
from cityhall_fm.sandbox.message import (
    MICROSECONDS,
    Edited,
    Message,
    microseconds_from_ts,
    tombstone_of,
    ts_from_microseconds,
    ts_order,
    with_reaction,
    without_reaction,
)
from cityhall_fm.sandbox.options import ClipFields, MessageFields, Options
from cityhall_fm.sandbox.people import Json, next_id
from cityhall_fm.sandbox.surfaces import Surfaces
from cityhall_fm.sandbox.text import as_stored, well_formed

__all__ = ["NotHereError", "Workspace"]

_STEP_MICROSECONDS = 100


class Workspace(Directory):
    """A workspace that remembers; every change of a message goes through `_put` or `_drop`."""

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.surfaces = Surfaces(self)
        self._files: dict[str, File] = {}
        self._messages: dict[str, dict[str, Message]] = {}
        self._timeline: dict[str, list[str]] = {}
        self._threads: dict[tuple[str, str], list[str]] = {}
        self._last_ts: dict[str, int] = {}
        self._pins: dict[str, list[str]] = {}

    # -- what is pinned --------------------------------------------------------------------------------

    def pin(self, channel: str, ts: str) -> None:
        """Pin a message to its channel."""
        with self.lock:
            place = self.channel(channel).id
            self._pins.setdefault(place, []).append(self.message(place, ts).ts)

    def pins(self, channel: str) -> list[str]:
        """List what is pinned to a channel and still there, the oldest pin first."""
        with self.lock:
            place = self.channel(channel).id
            standing = self._messages.get(place, {})
            return [ts for ts in self._pins.get(place, ()) if ts in standing]

    # -- what is said ----------------------------------------------------------------------------------

    def say(
        self,
        channel: str,
        user: str,
        text: str,
        *,
        thread_ts: str = "",
        at: datetime | None = None,
        **more: Unpack[MessageFields],
    ) -> Message:
        """Let someone post; `at` places it in the past, `more` are the other fields of Message."""
        with self.lock:
            place = self.channel(channel)
            if thread_ts and self.message(place.id, thread_ts).is_reply:
                raise ValueError(f"{thread_ts} is a reply: a thread is named by its parent")
            ts = self._next_ts(place.id, at)
            stored = as_stored(str(well_formed(text)))
            message = Message(ts, self.user(user).id, stored, thread_ts=thread_ts, **more)
            self._share(message.files, place.id, ts)
            self._put(place.id, message, Posted(place, message))
            for file_id in message.files:
                self.tell(FileShared(place, file_id, message.user))
            return message

    def load(self, channel: str, message: Message) -> Message:
        """Take a message as it stands, from an export."""
        with self.lock:
            return self._put(self.channel(channel).id, message)

    def edit(
        self, channel: str, ts: str, text: str, *, by: str = "", **more: Unpack[MessageFields]
    ) -> Message:
        """Change a message's text; `more` are other fields of Message that change with it."""
        with self.lock:
            place, before = self.channel(channel).id, self.message(channel, ts)
            edited = Edited(
                by or before.user, ts_from_microseconds(int(self.clock().timestamp()) * MICROSECONDS)
            )
            stored = as_stored(str(well_formed(text)))
            after = replace(before, text=stored, edited=edited, **more)
            return self._put(place, after, Changed(self.channel(channel), before, after))

    def unfurl(self, channel: str, ts: str, preview: Json) -> Message:
        """Attach the preview of a link, as Slack does by itself: a change that edits nothing."""
        with self.lock:
            place, before = self.channel(channel), self.message(channel, ts)
            after = replace(before, attachments=(*before.attachments, preview))
            return self._put(place.id, after, Changed(place, before, after))

    def delete(self, channel: str, ts: str) -> None:
        """Delete a message; a parent with replies leaves a tombstone over them."""
        with self.lock:
            place, message = self.channel(channel).id, self.message(channel, ts)
            if self.replies(place, ts):
                stone = tombstone_of(message)
                self._put(place, stone, Changed(self.channel(channel), message, stone))
                return
            self._drop(place, message)
            self.tell(Deleted(self.channel(channel), message))
            parent = self._messages[place].get(message.thread_ts)
            if parent is not None and parent.subtype == "tombstone" and not self.replies(place, parent.ts):
                self._drop(place, parent)

    def react(self, channel: str, ts: str, name: str, user: str) -> Message:
        with self.lock:
            place, message, member = self.channel(channel), self.message(channel, ts), self.user(user).id
            return self._put(
                place.id, with_reaction(message, name, member), Reacted(place, message, name, member)
            )

    def unreact(self, channel: str, ts: str, name: str, user: str) -> Message:
        with self.lock:
            place, message, member = self.channel(channel), self.message(channel, ts), self.user(user).id
            less = without_reaction(message, name, member)
            return self._put(place.id, less, Reacted(place, message, name, member, added=False))

    # -- files -----------------------------------------------------------------------------------------

    def upload(self, user: str, name: str, content: bytes, **more: Unpack[ClipFields]) -> File:
        """Bring a file into the workspace; `say(files=…)` shows it, `more` are other fields of File."""
        with self.lock:
            more.setdefault("mimetype", type_of(name))
            file = File(
                next_id("F", self._files),
                self.user(user).id,
                name,
                content,
                created=int(self.clock().timestamp()),
                **more,
            )
            self._files[file.id] = file
            return file

    def file(self, file_id: str) -> File:
        with self.lock:
            if file_id not in self._files:
                raise NotHereError(file_id)
            return self._files[file_id]

    def keep_file(self, file: File) -> File:
        """Put a file in the place of its earlier state."""
        with self.lock:
            self._files[file.id] = file
            return file

    def _share(self, file_ids: tuple[str, ...], place: str, ts: str) -> None:
        for file_id in file_ids:
            file = self.file(file_id)
            self._files[file_id] = replace(file, shares=(*file.shares, (place, ts)))

    # -- reading back ------------------------------------------------------------------------------------

    def message(self, channel: str, ts: str) -> Message:
        with self.lock:
            try:
                return self._messages[self.channel(channel).id][ts]
            except KeyError as error:
                raise NotHereError(f"{channel} {ts}") from error

    def messages(self, channel: str) -> list[Message]:
        """List all messages of a channel, replies included, oldest first."""
        with self.lock:
            place = self.channel(channel).id
            return [self._messages[place][ts] for ts in self._timeline.get(place, ())]

    def replies(self, channel: str, parent_ts: str) -> list[Message]:
        """List the replies of one thread, oldest first, without the parent."""
        with self.lock:
            place = self.channel(channel).id
            return [self._messages[place][ts] for ts in self._threads.get((place, parent_ts), ())]

    def permalink(self, channel: str, ts: str) -> str:
        """Tell the address at which the sandbox's page opens at this message."""
        with self.lock:
            place, message = self.channel(channel).id, self.message(channel, ts)
            link = f"{self.page_url}archives/{place}/p{message.ts.replace('.', '')}"
            parent = message.thread_ts or (message.ts if self.replies(place, ts) else "")
            return f"{link}?thread_ts={parent}&cid={place}" if parent else link

    # -- the one place where state changes --------------------------------------------------------------

    def _put(self, place: str, message: Message, happening: Happening | None = None) -> Message:
        known = self._messages.setdefault(place, {})
        if message.ts not in known:
            insort(self._timeline.setdefault(place, []), message.ts, key=ts_order)
            if message.is_reply:
                insort(self._threads.setdefault((place, message.thread_ts), []), message.ts, key=ts_order)
        known[message.ts] = message
        self._last_ts[place] = max(self._last_ts.get(place, 0), microseconds_from_ts(message.ts))
        if happening is not None:
            self.tell(happening)
        return message

    def _drop(self, place: str, message: Message) -> None:
        del self._messages[place][message.ts]
        _remove(self._timeline[place], message.ts)
        if message.is_reply:
            _remove(self._threads[place, message.thread_ts], message.ts)

    def _next_ts(self, place: str, at: datetime | None) -> str:
        first = int((at or self.clock()).timestamp()) * MICROSECONDS + _STEP_MICROSECONDS
        if at is None:
            return ts_from_microseconds(max(first, self._last_ts.get(place, 0) + _STEP_MICROSECONDS))
        while ts_from_microseconds(first) in self._messages.get(place, ()):
            first += _STEP_MICROSECONDS
        return ts_from_microseconds(first)


def _remove(ordered: list[str], ts: str) -> None:
    del ordered[bisect_left(ordered, ts_order(ts), key=ts_order)]
