"""files.*: what a file is, and the two steps of an upload."""

from dataclasses import replace
from typing import Any

from cityhall_fm.sandbox.methods.access import SCOPE_PREFIX
from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.methods.shapes import file_json
from cityhall_fm.sandbox.people import App, Channel, Json
from cityhall_fm.sandbox.refusals import RefusalError, missing_scope
from cityhall_fm.sandbox.workspace import NotHereError, Workspace

_LARGEST = 1_000_000_000  # 1 GB


def info(request: Request) -> Json:
    """Answer files.info for a file that was shared where the bot is."""
    file = next(iter(_files(request, [{"id": request.text("file")}])))
    if not visible_file(request.world, request.app, file):
        raise RefusalError("file_not_found")
    found = file_json(request.world, request.world.file(file))
    return {"file": found, "comments": [], "response_metadata": {"next_cursor": ""}}


def upload_url(request: Request) -> Json:
    """Answer files.getUploadURLExternal: where the bytes go."""
    world = request.world
    length = request.number("length", 0)
    if length < 1:
        raise RefusalError("missing_argument")
    if length > _LARGEST:
        raise RefusalError("file_upload_size_restricted")
    file = world.upload(request.app.user_id, request.text("filename"), b"", is_complete=False)
    return {"upload_url": f"{world.page_url}upload/v1/{file.id}", "file_id": file.id}


def complete_upload(request: Request) -> Json:
    """Answer files.completeUploadExternal: share what was uploaded, in one channel or none."""
    world, app = request.world, request.app
    given = request.arguments["files"]
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise RefusalError("invalid_arguments", "[ERROR] files must be a list of objects")
    file_ids = _files(request, given)
    titles = {str(one["id"]): str(one.get("title") or "") for one in given}
    for file_id in file_ids:
        file = world.file(file_id)
        if file.user != app.user_id or not file.content:
            raise RefusalError("file_not_found")
        world.keep_file(replace(file, is_complete=True, title=titles[file_id]))
    place = request.text("channel_id") or request.text("channels")
    if place:
        channel = _channel(request, place)
        if app.user_id not in channel.members:
            raise RefusalError("not_in_channel")
        world.say(
            channel.id,
            app.user_id,
            request.text("initial_comment"),
            thread_ts=request.text("thread_ts"),
            subtype="file_share",
            bot_id=app.bot_id,
            app_id=app.app_id,
            files=tuple(file_ids),
        )
    return {"files": [file_json(world, world.file(file_id)) for file_id in file_ids]}


def visible_file(world: Workspace, app: App, file_id: str) -> bool:
    """Tell whether an app may see a file: its own, or shared where it is and may read."""
    file = world.file(file_id)
    if file.user == app.user_id:
        return True
    places = (world.channel(channel_id) for channel_id, _ in file.shares)
    return any(
        place.kind == "public_channel"
        or (app.user_id in place.members and f"{SCOPE_PREFIX[place.kind]}:history" in app.scopes)
        for place in places
    )


def _files(request: Request, given: list[dict[str, Any]]) -> list[str]:
    try:
        return [request.world.file(str(one.get("id"))).id for one in given]
    except NotHereError as error:
        raise RefusalError("file_not_found") from error


def _channel(request: Request, place: str) -> Channel:
    if "chat:write" not in request.app.scopes:
        raise missing_scope(request.app, "chat:write")
    try:
        return request.world.channel(place)
    except NotHereError as error:
        raise RefusalError("channel_not_found") from error
