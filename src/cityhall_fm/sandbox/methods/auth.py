"""auth.test: who a token belongs to."""

from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.people import Json


def test(request: Request) -> Json:
    """Answer auth.test."""
    world, app = request.world, request.app
    return {
        "url": world.page_url,
        "team": world.team_name,
        "user": world.user(app.user_id).name,
        "team_id": world.team_id,
        "user_id": app.user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }
