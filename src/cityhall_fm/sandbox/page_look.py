"""What somebody sees of the workspace: channels, messages, ephemeral ones, modal and App Home."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from cityhall_fm.sandbox.emoji import glyph
from cityhall_fm.sandbox.fields import initial_entries
from cityhall_fm.sandbox.message import Message, moment_of, ts_order
from cityhall_fm.sandbox.mrkdwn import html, plain_html
from cityhall_fm.sandbox.page_blocks import blocks_html
from cityhall_fm.sandbox.page_forms import Controls
from cityhall_fm.sandbox.people import App, Channel, User
from cityhall_fm.sandbox.surfaces import View, Whisper
from cityhall_fm.sandbox.workspace import NotHereError, Workspace


@dataclass(frozen=True, slots=True)
class ReactionView:
    """An emoji under a message."""

    name: str
    shown: str
    count: int
    who: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as the page shows it, with its replies."""

    anchor: str
    ts: str
    channel_id: str
    name: str
    initial: str
    hue: int
    is_app: bool
    is_deleted: bool
    is_edited: bool
    at: datetime
    body: Markup
    reactions: tuple[ReactionView, ...]
    replies: tuple["MessageView", ...]
    is_mine: bool = False
    is_pinned: bool = False
    is_whisper: bool = False
    is_reply: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel as the page shows it."""

    id: str
    sign: str
    name: str
    topic: str
    is_archived: bool
    is_cut: bool
    is_direct: bool
    messages: tuple[MessageView, ...]


@dataclass(frozen=True, slots=True)
class Surface:
    """A modal or App Home as the page shows it."""

    view_id: str
    title: str
    body: Markup
    submit: str = ""
    close: str = ""
    is_stacked: bool = False
    app_id: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """One reader's eyes; `me` is the member they act as, if any, and `kept` what their forms carry along."""

    world: Workspace
    texts: Mapping[str, str]
    me: User | None
    kept: Mapping[str, str]

    def channel(self, channel: Channel, *, newest: int | None) -> ChannelView:
        """Show a channel with so many of its newest messages; all of them if None."""
        world = self.world
        everything = [] if newest == 0 else world.messages(channel.id)
        top = [one for one in everything if not self._has_parent(channel, one)]
        cut = top if newest is None else top[-newest:] if newest else []
        whispers = self._whispers(channel, "") if newest != 0 else []
        shown = [*(self._message(channel, message) for message in cut), *whispers]
        name = channel.name
        if channel.is_direct:
            others = [one for one in channel.members if self.me is None or one != self.me.id]
            name = "、".join(self._name(member) for member in others)
        return ChannelView(
            id=channel.id,
            sign={"public_channel": "#", "private_channel": "🔒"}.get(channel.kind, "✉"),
            name=name,
            topic=channel.topic or channel.purpose,
            is_archived=channel.is_archived,
            is_cut=len(cut) < len(top),
            is_direct=channel.is_direct,
            messages=tuple(sorted(shown, key=lambda one: ts_order(one.ts))),
        )

    def home(self, app: App) -> Surface:
        """Show an App Home, empty until the app has published one."""
        name = self._name(app.user_id)
        view = self.world.surfaces.home(app.app_id, self.me.id) if self.me else None
        if view is None:
            return Surface("", name, Markup("<p>{}</p>").format(self.texts["no_home"]), app_id=app.app_id)
        return Surface(view.id, name, self._view_body(view), app_id=app.app_id)

    def modal(self) -> Surface | None:
        """Show the modal on top, if one is open."""
        stack = self.world.surfaces.stack(self.me.id) if self.me else ()
        if not stack:
            return None
        view = stack[-1]
        submit, close = view.body.get("submit"), view.body.get("close")
        return Surface(
            view.id,
            str(view.body["title"]["text"]),
            self._view_body(view),
            submit=plain_html(submit["text"]) if submit else "",
            close=plain_html(close["text"]) if close else self.texts["close"],
            is_stacked=len(stack) > 1,
        )

    def _view_body(self, view: View) -> Markup:
        hidden = {"view_id": view.id, **self.kept}
        controls = Controls(
            self.world,
            self.texts,
            hidden,
            entries=view.entries,
            errors=view.errors,
            in_form=view.kind == "modal",
        )
        return blocks_html(self.world, view.body["blocks"], controls)

    def _message(self, channel: Channel, message: Message) -> MessageView:
        spoken = self._name(message.user) if message.user else message.extra.get("username")
        name = str(spoken or message.bot_id)
        is_deleted = message.subtype == "tombstone"
        replies: list[MessageView] = []
        if not message.is_reply:
            replies = [self._message(channel, one) for one in self.world.replies(channel.id, message.ts)]
            replies += self._whispers(channel, message.ts)
        return MessageView(
            anchor=f"{channel.id}-{message.ts}",
            ts=message.ts,
            channel_id=channel.id,
            name="" if is_deleted else name,
            initial="" if is_deleted else name[:1].upper(),
            hue=_hue(message.user or name),
            is_app=bool(message.bot_id),
            is_deleted=is_deleted,
            is_edited=message.edited is not None,
            is_pinned=message.ts in self.world.pins(channel.id),
            at=moment_of(message.ts).astimezone(self.world.zone),
            body=self._body(channel, message),
            reactions=tuple(
                ReactionView(
                    name=reaction.name,
                    shown=glyph(reaction.name) or f":{reaction.name}:",
                    count=reaction.count,
                    who="、".join(map(self._name, reaction.users)),
                )
                for reaction in message.reactions
            ),
            replies=tuple(sorted(replies, key=lambda one: ts_order(one.ts))),
            is_mine=self.me is not None and message.user == self.me.id,
            is_reply=message.is_reply,
            text=message.text,
        )

    def _whispers(self, channel: Channel, thread_ts: str) -> list[MessageView]:
        if self.me is None:
            return []
        heard = self.world.surfaces.whispers_to(self.me.id, channel.id)
        return [self._whisper(channel, one) for one in heard if one.thread_ts == thread_ts]

    def _whisper(self, channel: Channel, whisper: Whisper) -> MessageView:
        bot = self.world.app_by_id(whisper.app_id).user_id
        name = self._name(bot)
        return MessageView(
            anchor=f"{channel.id}-{whisper.ts}",
            ts=whisper.ts,
            channel_id=channel.id,
            name=name,
            initial=name[:1].upper(),
            hue=_hue(bot),
            is_app=True,
            is_deleted=False,
            is_edited=False,
            at=moment_of(whisper.ts).astimezone(self.world.zone),
            body=self._body(channel, whisper),
            reactions=(),
            replies=(),
            is_whisper=True,
        )

    def _body(self, channel: Channel, shown: Message | Whisper) -> Markup:
        parts = []
        if shown.blocks:
            parts.append(blocks_html(self.world, shown.blocks, self._controls(channel, shown)))
        elif shown.text:
            parts.append(Markup("<p>{}</p>").format(html(self.world, shown.text)))
        if isinstance(shown, Message):
            if not parts:
                fallbacks = (str(one.get("text") or one.get("fallback") or "") for one in shown.attachments)
                parts += [Markup("<p>{}</p>").format(html(self.world, text)) for text in fallbacks if text]
            parts += self._files(shown.files)
        return Markup().join(parts)

    def _controls(self, channel: Channel, shown: Message | Whisper) -> Controls | None:
        if self.me is None or not shown.app_id:
            return None
        known = {app.app_id for app in self.world.apps}
        if shown.app_id not in known:
            return None  # an app that an export brought along is not there to answer
        hidden = {"channel": channel.id, "ts": shown.ts, **self.kept}
        return Controls(self.world, self.texts, hidden, entries=initial_entries({"blocks": shown.blocks}))

    def _files(self, file_ids: Iterable[str]) -> list[Markup]:
        shown = []
        for file_id in file_ids:
            file = self.world.file(file_id)
            kind = self.texts["clip"] if file.subtype == "slack_audio" else file.name
            line = Markup('<p class="file">{} {} <small>{} kB</small></p>')
            sign = "🎤" if file.subtype == "slack_audio" else "📎"
            shown.append(line.format(sign, kind, -(-len(file.content) // 1000)))
            if file.transcript:
                shown.append(Markup('<p class="context">{}</p>').format(file.transcript))
        return shown

    def _has_parent(self, channel: Channel, message: Message) -> bool:
        """Tell whether a message belongs under another; a reply whose parent an export lacks stands alone."""
        if not message.is_reply:
            return False
        try:
            self.world.message(channel.id, message.thread_ts)
        except NotHereError:
            return False
        return True

    def _name(self, user_id: str) -> str:
        try:
            return self.world.user(user_id).shown_name
        except NotHereError:
            return user_id


def _hue(name: str) -> int:
    return sum(map(ord, name)) * 47 % 360
