"""views.*: modals and App Home."""

from typing import Literal

from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.methods.shapes import view_json
from cityhall_fm.sandbox.people import Json
from cityhall_fm.sandbox.refusals import RefusalError
from cityhall_fm.sandbox.surfaces import MOST_VIEWS, Trigger, TriggerError, View
from cityhall_fm.sandbox.view_rules import is_too_large, view_body, view_problems
from cityhall_fm.sandbox.workspace import NotHereError


def open_(request: Request) -> Json:
    """Answer views.open."""
    body = _body(request, "modal")
    trigger = _trigger(request)
    return _shown(request, request.world.surfaces.open(request.app.app_id, trigger.user_id, body))


def push(request: Request) -> Json:
    """Answer views.push: on top of the modal in which the trigger arose."""
    body = _body(request, "modal")
    surfaces = request.world.surfaces
    trigger = _trigger(request)
    stack = surfaces.stack(trigger.user_id)
    if trigger.view_id not in {view.id for view in stack}:
        raise RefusalError("not_found")
    if len(stack) >= MOST_VIEWS:
        raise RefusalError("push_limit_reached")
    return _shown(request, surfaces.push(request.app.app_id, trigger.user_id, body))


def update(request: Request) -> Json:
    """Answer views.update."""
    if not (request.text("view_id") or request.text("external_id")):
        raise RefusalError("invalid_arguments", "[ERROR] missing required field: view_id")
    view = _wanted(request)
    body = _body(request, "home" if view.kind == "home" else "modal", replaced=view)
    _check_hash(request, view)
    return _shown(request, request.world.surfaces.update(view, body))


def publish(request: Request) -> Json:
    """Answer views.publish."""
    surfaces = request.world.surfaces
    user_id = request.text("user_id")
    if not any(user.id == user_id and not user.is_bot for user in request.world.users):
        raise RefusalError("invalid_arguments", "[ERROR] invalid `user_id`")
    if request.app.manifest.scopes and not request.app.manifest.has_home:
        raise RefusalError("not_enabled")
    known = surfaces.home(request.app.app_id, user_id)
    body = _body(request, "home", replaced=known)
    if known is not None:
        _check_hash(request, known)
    return _shown(request, surfaces.publish(request.app.app_id, user_id, body))


def _body(request: Request, kind: Literal["modal", "home"], *, replaced: View | None = None) -> Json:
    view = request.arguments["view"]
    problems = view_problems(view, kind=kind)
    if problems:
        raise RefusalError("invalid_arguments", *problems)
    if is_too_large(view):
        raise RefusalError("view_too_large")
    wanted = view.get("external_id")
    taken = {
        one.external_id
        for one in request.world.surfaces.views()
        if one.app_id == request.app.app_id and one is not replaced
    }
    if wanted and wanted in taken:
        raise RefusalError("duplicate_external_id")
    return view_body(view)


def _trigger(request: Request) -> Trigger:
    name = request.text("trigger_id")
    if not name:
        raise RefusalError("invalid_arguments", "[ERROR] missing required field: trigger_id")
    try:
        return request.world.surfaces.redeem(name, request.app.app_id)
    except TriggerError as error:
        raise RefusalError(str(error)) from error


def _wanted(request: Request) -> View:
    surfaces = request.world.surfaces
    external_id = request.text("external_id")
    try:
        if external_id:
            view = next((one for one in surfaces.views() if one.external_id == external_id), None)
        else:
            view = surfaces.view(request.text("view_id"))
    except NotHereError as error:
        raise RefusalError("not_found") from error
    if view is None or view.app_id != request.app.app_id:
        raise RefusalError("not_found")
    return view


def _check_hash(request: Request, view: View) -> None:
    if request.text("hash", view.hash) != view.hash:
        raise RefusalError("hash_conflict")


def _shown(request: Request, view: View) -> Json:
    return {"view": view_json(request.world, view)}
