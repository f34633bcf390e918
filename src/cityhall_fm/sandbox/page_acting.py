"""What a person does on the page as a member: plain forms, each answered with a redirect."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from cityhall_fm.sandbox.acting import Actor, Outcome
from cityhall_fm.sandbox.directory import NotHereError
from cityhall_fm.sandbox.dispatch import Desk
from cityhall_fm.sandbox.emoji import canonical_name
from cityhall_fm.sandbox.fields import NoSuchFieldError, fields_of
from cityhall_fm.sandbox.message import Message
from cityhall_fm.sandbox.page import COOKIE, acting_member
from cityhall_fm.sandbox.page_forms import field_name, place_of
from cityhall_fm.sandbox.surfaces import View, Whisper

_LARGEST_FORM = 5_000_000
_QUIET_SECONDS = 0.15
_PATIENCE_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class _Form:
    """What was sent: texts, by name, and at most one file."""

    values: Mapping[str, tuple[str, ...]]
    file: bytes = b""

    def text(self, name: str) -> str:
        return (self.values.get(name) or ("",))[0]


def acting_routes(desk: Desk) -> list[Route]:
    """Serve /act/…: only for pages of this very address, and never from another site."""

    def route(name: str, act: Callable[[Desk, Actor, _Form], Outcome]) -> Route:
        async def handle(request: Request) -> Response:
            if not _is_our_own(request):
                return PlainTextResponse("This form belongs to another site.", 403)
            form = _read(request.headers.get("content-type", ""), await request.body())
            me = acting_member(desk.world, request)
            if me is None or form is None:
                return PlainTextResponse("Nobody acts here.", 400)
            actor = Actor(desk.world, desk.post, me.id)
            outcome = await run_in_threadpool(partial(_do, desk, act, actor, form))
            return _back(form, outcome)

        return Route(f"/act/{name}", handle, methods=["POST"])

    async def choose(request: Request) -> Response:
        form = _read(request.headers.get("content-type", ""), await request.body())
        if form is None or not _is_our_own(request):
            return PlainTextResponse("This form belongs to another site.", 403)
        response = _back(form, Outcome())
        response.set_cookie(COOKIE, form.text("user"), httponly=True, samesite="strict")
        return response

    routes = [route(name, act) for name, act in _ACTS.items()]
    return [Route("/act/as", choose, methods=["POST"]), *routes]


def _do(desk: Desk, act: Callable[[Desk, Actor, _Form], Outcome], actor: Actor, form: _Form) -> Outcome:
    calls, triggers = len(desk.calls), desk.world.surfaces.triggers_given
    try:
        _check_place(desk, actor, form.text("channel"))
        outcome = act(desk, actor, form)
    except (NotHereError, NoSuchFieldError, ValueError):
        return Outcome("gone")
    may_open_a_form = desk.world.surfaces.triggers_given > triggers and act is not _modal
    if may_open_a_form and not outcome.problem:
        _wait_for(lambda: len(desk.calls) != calls)  # it follows the acknowledgement
    _wait_until_quiet(desk)
    return outcome


def _check_place(desk: Desk, actor: Actor, channel_id: str) -> None:
    if channel_id:
        place = desk.world.channel(channel_id)
        if place.kind != "public_channel" and actor.user_id not in place.members:
            raise NotHereError(channel_id)


def _say(desk: Desk, actor: Actor, form: _Form) -> Outcome:
    channel, text, thread_ts = form.text("channel"), form.text("text").strip(), form.text("thread_ts")
    if text.startswith("/") and not thread_ts:
        name, _, rest = text.partition(" ")
        return actor.command(name, rest.strip(), channel)
    world = desk.world
    with world.lock:
        place = world.join(channel, actor.user_id) if _is_public(desk, channel) else world.channel(channel)
        files: tuple[str, ...] = ()
        subtype = "thread_broadcast" if thread_ts and form.text("broadcast") else ""
        if form.file:
            clip = world.upload(
                actor.user_id, "audio_message.m4a", form.file, subtype="slack_audio", duration_ms=5_000
            )
            files, subtype = (clip.id,), "file_share"
        if text or files:
            world.say(place.id, actor.user_id, text, thread_ts=thread_ts, subtype=subtype, files=files)
    return Outcome()


def _react(desk: Desk, actor: Actor, form: _Form) -> Outcome:
    world, channel, ts = desk.world, form.text("channel"), form.text("ts")
    name = canonical_name(form.text("name"), custom=world.custom_emoji)
    if name is None:
        return Outcome("gone")
    with world.lock:
        held = [one for one in world.message(channel, ts).reactions if one.name == name]
        has_it = any(actor.user_id in one.users for one in held)
        (world.unreact if has_it else world.react)(channel, ts, name, actor.user_id)
    return Outcome()


def _change(desk: Desk, actor: Actor, form: _Form) -> Outcome:
    world, channel, ts = desk.world, form.text("channel"), form.text("ts")
    with world.lock:
        if world.message(channel, ts).user != actor.user_id:
            return Outcome("gone")
        if form.text("do") == "delete":
            world.delete(channel, ts)
        elif form.text("text").strip():
            world.edit(channel, ts, form.text("text"), by=actor.user_id)
    return Outcome()


def _shortcut(_desk: Desk, actor: Actor, form: _Form) -> Outcome:
    if form.text("ts"):
        return actor.message_shortcut(form.text("callback_id"), form.text("channel"), form.text("ts"))
    return actor.shortcut(form.text("callback_id"))


def _home(desk: Desk, actor: Actor, form: _Form) -> Outcome:
    app, surfaces = desk.world.app_by_id(form.text("app")), desk.world.surfaces
    before = surfaces.home(app.app_id, actor.user_id)
    actor.open_home(app)
    if app.manifest.has_home:  # it is published behind the acknowledgement
        _wait_for(lambda: surfaces.home(app.app_id, actor.user_id) is not before)
    return Outcome()


def _press(desk: Desk, actor: Actor, form: _Form) -> Outcome:
    block_id, action_id = place_of(form.text("press"))
    typed = [one for one in form.values.get(form.text("press"), ()) if one]
    if form.text("view_id"):
        view = _own_view(desk, actor, form)
        return actor.press_in(view, action_id, typed=typed, block_id=block_id)
    shown = _shown(desk, actor, form.text("channel"), form.text("ts"))
    return actor.press_on(shown, form.text("channel"), action_id, typed=typed, block_id=block_id)


def _modal(desk: Desk, actor: Actor, form: _Form) -> Outcome:
    view = _own_view(desk, actor, form)
    for one in fields_of(view.body):
        view = actor.type_in(view, one, form.values.get(field_name(one.place), ()))
    if form.text("press"):
        return _press(desk, actor, form)
    if form.text("do") == "submit":
        return actor.submit(view)
    return actor.close(view, whole_stack=form.text("do") == "close-all")


_ACTS: Mapping[str, Callable[[Desk, Actor, _Form], Outcome]] = {
    "say": _say,
    "react": _react,
    "change": _change,
    "shortcut": _shortcut,
    "home": _home,
    "press": _press,
    "modal": _modal,
}


def _own_view(desk: Desk, actor: Actor, form: _Form) -> View:
    view = desk.world.surfaces.view(form.text("view_id"))
    if view.user_id != actor.user_id:
        raise NotHereError(view.id)
    return view


def _shown(desk: Desk, actor: Actor, channel_id: str, ts: str) -> Message | Whisper:
    for whisper in desk.world.surfaces.whispers_to(actor.user_id, channel_id):
        if whisper.ts == ts:
            return whisper
    return desk.world.message(channel_id, ts)


def _is_public(desk: Desk, channel: str) -> bool:
    return desk.world.channel(channel).kind == "public_channel"


def _wait_for(look: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not look() and time.monotonic() < until:
        time.sleep(0.01)


def _wait_until_quiet(desk: Desk) -> None:
    """Give the app a moment: what it does after its acknowledgement should be on the next page."""
    until = time.monotonic() + _PATIENCE_SECONDS
    desk.post.settle(_PATIENCE_SECONDS)
    calls, since = len(desk.calls), time.monotonic()
    while time.monotonic() < min(until, since + _QUIET_SECONDS):
        time.sleep(0.01)
        if len(desk.calls) != calls:
            calls, since = len(desk.calls), time.monotonic()


def _is_our_own(request: Request) -> bool:
    """Tell whether a form came from this page: loopback is no protection against other sites' forms."""
    host = request.headers.get("host", "")
    name = urlsplit(f"//{host}").hostname
    return name in ("127.0.0.1", "localhost") and request.headers.get("origin") == f"http://{host}"


def _back(form: _Form, outcome: Outcome) -> Response:
    wanted = form.text("back")
    safe = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    address, _, anchor = (wanted if safe else "/").partition("#")
    query = {"problem": outcome.problem} if outcome.problem else {}
    if form.text("lang"):
        query["lang"] = form.text("lang")
    asked = "&".join(f"{name}={value}" for name, value in query.items() if value.replace("_", "").isalpha())
    target = address + (f"?{asked}" if asked else "") + (f"#{anchor}" if anchor else "")
    return RedirectResponse(target, status_code=303)


def _read(content_type: str, body: bytes) -> _Form | None:
    if len(body) > _LARGEST_FORM:
        return None
    if content_type.startswith("multipart/form-data"):
        return _read_multipart(content_type, body)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except ValueError:
        return None
    return _Form(_gathered(pairs))


def _read_multipart(content_type: str, body: bytes) -> _Form:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    pairs, content = [], b""
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if part.get_filename() is not None:
            content = payload if isinstance(payload, bytes) else b""
        elif isinstance(name, str) and isinstance(payload, bytes):
            pairs.append((name, payload.decode("utf-8", "replace")))
    return _Form(_gathered(pairs), content)


def _gathered(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        values[name] = (*values.get(name, ()), value)
    return values
