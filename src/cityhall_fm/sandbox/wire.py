"""What lies beside the Web API: Socket Mode's connections, response URLs, files."""

import json
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from cityhall_fm.sandbox.dispatch import Call, Desk
from cityhall_fm.sandbox.faults import HtmlPage
from cityhall_fm.sandbox.files import File
from cityhall_fm.sandbox.methods.files import visible_file
from cityhall_fm.sandbox.refusals import RefusalError
from cityhall_fm.sandbox.responses import respond_at
from cityhall_fm.sandbox.text import well_formed
from cityhall_fm.sandbox.workspace import NotHereError

_SIGN_IN = "<!doctype html><html lang=en><title>Sandbox</title><h1>Sign in to Sandbox</h1>"


def wire_routes(desk: Desk) -> list[BaseRoute]:
    """Serve /link/, /actions/…, /files-pri/… and /upload/…."""

    async def link(websocket: WebSocket) -> None:
        await desk.post.sockets.serve(websocket)

    async def response_url(request: Request) -> Response:
        return _respond(desk, request.path_params["token"], await request.body())

    async def download(request: Request) -> Response:
        return _download(desk, request)

    async def upload(request: Request) -> Response:
        # slack_sdk sends the bare bytes.
        return _upload(desk, request.path_params["file"], await request.body())

    return [
        WebSocketRoute("/link/", link),
        Route("/actions/{team}/{token}", response_url, methods=["POST"]),
        Route("/files-pri/{key}/{name}", download),
        Route("/upload/v1/{file}", upload, methods=["POST"]),
    ]


def _respond(desk: Desk, token: str, body: bytes) -> Response:
    try:
        given = well_formed(json.loads(body))
    except ValueError:
        given = None
    if not isinstance(given, dict):
        return PlainTextResponse("invalid_payload", 400)
    given = {name: value for name, value in given.items() if value is not None}
    world = desk.world
    with world.lock:
        desk.calls.append(Call("response_url", given))
        try:
            respond_at(world, token, given)
        except RefusalError as refusal:
            # The status codes are unverified; that such an answer is refused is documented.
            return JSONResponse({"ok": False, "error": refusal.error}, 404)
        except NotHereError:
            return JSONResponse({"ok": False, "error": "message_not_found"}, 404)
    return PlainTextResponse("ok")


def _download(desk: Desk, request: Request) -> Response:
    """Send a file; a wrong token is not told so: Slack answers 200 and a page to sign in."""
    world = desk.world
    with world.lock:
        desk.calls.append(Call("files", {"file": request.path_params["key"]}))
        fault = desk.faults.take("files", {})
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        app = world.app(token.strip()) if scheme.lower() == "bearer" else None
        try:
            file = world.file(str(request.path_params["key"]).rpartition("-")[2])
        except NotHereError:
            return PlainTextResponse("not found", 404)
        opens = app is not None and "files:read" in app.scopes and visible_file(world, app, file.id)
        if isinstance(fault, HtmlPage) or not opens:
            return Response(_SIGN_IN, media_type="text/html")
        return _file(file)


def _file(file: File) -> Response:
    return Response(file.content, headers={"Content-Type": file.mimetype})


def _upload(desk: Desk, file_id: str, content: bytes) -> Response:
    world = desk.world
    with world.lock:
        try:
            file = world.file(file_id)
        except NotHereError:
            return PlainTextResponse("not found", 404)
        if file.is_complete:
            return PlainTextResponse("already complete", 409)
        world.keep_file(replace(file, content=content))
    return PlainTextResponse(f"OK - {len(content)}")
