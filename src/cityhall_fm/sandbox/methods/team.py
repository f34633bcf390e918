"""team.info, bots.info and emoji.list: what an app may know about the house it is in."""

from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.people import Json
from cityhall_fm.sandbox.refusals import RefusalError


def info(request: Request) -> Json:
    """Answer team.info."""
    world = request.world
    if request.text("team", world.team_id) != world.team_id:
        raise RefusalError("team_not_found")
    team = {"id": world.team_id, "name": world.team_name, "domain": "sandbox", "email_domain": "", "icon": {}}
    return {"team": team | {"url": world.page_url}}


def bot_info(request: Request) -> Json:
    """Answer bots.info."""
    wanted = request.text("bot", request.app.bot_id)
    bot = next((user for user in request.world.users if user.bot_id == wanted != ""), None)
    if bot is None:
        raise RefusalError("bot_not_found")
    known = {"id": bot.bot_id, "deleted": bot.deleted, "name": bot.shown_name, "updated": 0}
    return {"bot": known | {"app_id": bot.app_id, "user_id": bot.id, "icons": {}}}


def emoji_list(request: Request) -> Json:
    """Answer emoji.list: the custom ones only, as in Slack."""
    world = request.world
    named = {name: f"{world.page_url}emoji/{name}.png" for name in sorted(world.custom_emoji)}
    return {"emoji": named, "cache_ts": f"{int(world.clock().timestamp())}.000000"}
