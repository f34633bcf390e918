"""users.*: who is in the workspace."""

from cityhall_fm.sandbox.methods.paging import page_of
from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.methods.shapes import user_json
from cityhall_fm.sandbox.people import Json
from cityhall_fm.sandbox.refusals import RefusalError

_MOST_PER_PAGE = 1000


def info(request: Request) -> Json:
    """Answer users.info."""
    wanted = request.text("user")
    found = next((user for user in request.world.users if user.id == wanted), None)
    if found is None:
        raise RefusalError("user_not_found")
    return {"user": user_json(request.world, found, locale=request.flag("include_locale"))}


def list_(request: Request) -> Json:
    """Answer users.list; without a limit Slack tries to deliver everyone."""
    users = request.world.users
    limit = request.number("limit", 0)
    if limit > _MOST_PER_PAGE:
        raise RefusalError("invalid_arguments", f"[ERROR] limit must be at most {_MOST_PER_PAGE}")
    page = page_of(request, users, key=lambda user: user.id, limit=limit or max(1, len(users)))
    locale = request.flag("include_locale")
    return {
        "members": [user_json(request.world, user, locale=locale) for user in page.items],
        "cache_ts": int(request.world.clock().timestamp()),
        "response_metadata": {"next_cursor": page.next_cursor},
    }
