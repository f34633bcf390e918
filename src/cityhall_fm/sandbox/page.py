"""The page: the workspace as plain HTML, with an anchor for every message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from cityhall_fm.sandbox.emoji import glyph
from cityhall_fm.sandbox.message import Message, moment_of
from cityhall_fm.sandbox.mrkdwn import html
from cityhall_fm.sandbox.page_blocks import blocks_html
from cityhall_fm.sandbox.people import Channel
from cityhall_fm.sandbox.workspace import NotHereError, Workspace

_NEWEST_SHOWN = 100  # per channel where all channels share the page; a channel's own page shows everything
_TEXTS: Mapping[str, Mapping[str, str]] = {
    "ja": {
        "app": "アプリ",
        "archived": "アーカイブ済み",
        "channels": "チャンネル",
        "deleted": "このメッセージは削除されました",
        "edited": "編集済み",
        "empty": "まだメッセージはありません",
        "earlier": "以前のメッセージ",
        "not_found": "見つかりません",
        "sandbox": "練習用のSlack",
        "skip": "本文へ",
        "replies": "返信",
    },
    "en": {
        "app": "app",
        "archived": "archived",
        "channels": "Channels",
        "deleted": "This message was deleted",
        "edited": "edited",
        "empty": "No messages yet",
        "earlier": "Earlier messages",
        "not_found": "Not found",
        "sandbox": "Practice Slack",
        "skip": "To the messages",
        "replies": "Replies",
    },
    "fr": {
        "app": "appli",
        "archived": "archivé",
        "channels": "Canaux",
        "deleted": "Ce message a été supprimé",
        "edited": "modifié",
        "empty": "Aucun message",
        "earlier": "Messages précédents",
        "not_found": "Introuvable",
        "sandbox": "Slack d’entraînement",
        "skip": "Aller aux messages",
        "replies": "Réponses",
    },
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; base-uri 'none'"
_TEMPLATES = Environment(loader=PackageLoader("cityhall_fm.sandbox", "."), autoescape=True, trim_blocks=True)


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


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel as the page shows it."""

    id: str
    sign: str
    name: str
    topic: str
    is_archived: bool
    is_cut: bool
    messages: tuple[MessageView, ...]


def page_routes(current: Callable[[], Workspace]) -> list[Route]:
    """Serve all channels at /, one at /archives/C…, and permalinks as Slack shapes them."""

    async def everything(request: Request) -> Response:
        world = current()
        with world.lock:
            return _page(world, request, world.channels, newest=_NEWEST_SHOWN)

    async def one_channel(request: Request) -> Response:
        world = current()
        with world.lock:
            channel = _channel(world, request)
            return _missing(request) if channel is None else _page(world, request, [channel], newest=None)

    async def permalink(request: Request) -> Response:
        world = current()
        with world.lock:
            channel = _channel(world, request)
            digits = str(request.path_params["digits"])
            ts = f"{digits[:-6]}.{digits[-6:]}"
            try:
                known = channel is not None and world.message(channel.id, ts)
            except NotHereError:
                known = False
            if channel is None or not known:
                return _missing(request)
            language = f"?lang={_language(request)}" if "lang" in request.query_params else ""
            return RedirectResponse(f"/archives/{channel.id}{language}#{channel.id}-{ts}", status_code=302)

    return [
        Route("/", everything),
        Route("/archives/{channel}", one_channel),
        Route("/archives/{channel}/p{digits:int}", permalink),
    ]


def _page(world: Workspace, request: Request, shown: list[Channel], *, newest: int | None) -> Response:
    language = _language(request)
    page = _TEMPLATES.get_template("page.html.j2").render(
        team=world.team_name,
        language=language,
        content_language=world.language,
        chosen=f"?lang={language}" if "lang" in request.query_params else "",
        texts=_TEXTS[language],
        languages=list(_TEXTS),
        path=request.url.path,
        nav=[_channel_view(world, channel, newest=0) for channel in world.channels],
        alone=newest is None,
        channels=[_channel_view(world, channel, newest=newest) for channel in shown],
    )
    return _response(page)


def _missing(request: Request) -> Response:
    language = _language(request)
    page = _TEMPLATES.get_template("page.html.j2").render(
        team=_TEXTS[language]["not_found"], language=language, texts=_TEXTS[language], channels=[], nav=[]
    )
    return _response(page, status=404)


def _response(page: str, status: int = 200) -> Response:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return Response(page.encode("utf-8", "replace"), status, headers, media_type="text/html")


def _language(request: Request) -> str:
    asked = [request.query_params.get("lang", "")]
    asked += [part.partition(";")[0] for part in request.headers.get("accept-language", "").split(",")]
    known = (one.strip().lower().partition("-")[0] for one in asked)
    return next((one for one in known if one in _TEXTS), "ja")


def _channel(world: Workspace, request: Request) -> Channel | None:
    wanted = request.path_params["channel"]
    return next((channel for channel in world.channels if channel.id == wanted), None)


def _channel_view(world: Workspace, channel: Channel, *, newest: int | None) -> ChannelView:
    top = (
        []
        if newest == 0
        else [one for one in world.messages(channel.id) if not _has_parent(world, channel, one)]
    )
    cut = top if newest is None else top[-newest:] if newest else []
    signs = {"public_channel": "#", "private_channel": "🔒", "im": "✉", "mpim": "✉"}
    name = channel.name
    if channel.is_direct:
        name = "、".join(_name(world, member) for member in channel.members)
    return ChannelView(
        id=channel.id,
        sign=signs[channel.kind],
        name=name,
        topic=channel.topic or channel.purpose,
        is_archived=channel.is_archived,
        is_cut=len(cut) < len(top),
        messages=tuple(_message_view(world, channel, message) for message in cut),
    )


def _has_parent(world: Workspace, channel: Channel, message: Message) -> bool:
    """Tell whether a message belongs under another; a reply whose parent an export lacks stands alone."""
    if not message.is_reply:
        return False
    try:
        world.message(channel.id, message.thread_ts)
    except NotHereError:
        return False
    return True


def _message_view(world: Workspace, channel: Channel, message: Message) -> MessageView:
    name = (
        _name(world, message.user) if message.user else str(message.extra.get("username") or message.bot_id)
    )
    is_deleted = message.subtype == "tombstone"
    return MessageView(
        anchor=f"{channel.id}-{message.ts}",
        name="" if is_deleted else name,
        initial="" if is_deleted else name[:1].upper(),
        hue=sum(map(ord, message.user or name)) * 47 % 360,
        is_app=bool(message.bot_id),
        is_deleted=is_deleted,
        is_edited=message.edited is not None,
        at=moment_of(message.ts).astimezone(world.zone),
        body=_body(world, message),
        reactions=tuple(
            ReactionView(
                name=reaction.name,
                shown=glyph(reaction.name) or f":{reaction.name}:",
                count=reaction.count,
                who="、".join(_name(world, user) for user in reaction.users),
            )
            for reaction in message.reactions
        ),
        replies=tuple(
            _message_view(world, channel, reply)
            for reply in (() if message.is_reply else world.replies(channel.id, message.ts))
        ),
    )


def _body(world: Workspace, message: Message) -> Markup:
    if message.blocks:
        return blocks_html(world, message.blocks)
    if message.text:
        return Markup("<p>{}</p>").format(html(world, message.text))
    fallbacks = (str(one.get("text") or one.get("fallback") or "") for one in message.attachments)
    return Markup().join(Markup("<p>{}</p>").format(html(world, text)) for text in fallbacks if text)


def _name(world: Workspace, user_id: str) -> str:
    try:
        return world.user(user_id).shown_name
    except NotHereError:
        return user_id
