"""The page: the workspace as plain HTML, with an anchor for every message.

Nobody need be anyone to look. Who acts as a member sees what that member sees, and can do what they can.
"""

from collections.abc import Callable

from jinja2 import Environment, PackageLoader
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from cityhall_fm.sandbox.page_look import Look
from cityhall_fm.sandbox.page_texts import TEXTS, language_of
from cityhall_fm.sandbox.people import App, Channel, User
from cityhall_fm.sandbox.workspace import NotHereError, Workspace

_NEWEST_SHOWN = 100  # per channel where all channels share the page; a channel's own page shows everything
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; media-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
COOKIE = "sandbox_member"
_SLACKBOT = "USLACKBOT"  # Slack lists it as if it were a person
_PROBLEMS = frozenset(
    {"operation_timeout", "dispatch_failed", "unknown_command", "not_interactive", "bad_response", "gone"}
)
_TEMPLATES = Environment(loader=PackageLoader("cityhall_fm.sandbox", "."), autoescape=True, trim_blocks=True)


def page_routes(current: Callable[[], Workspace]) -> list[Route]:
    """Serve all channels at /, one at /archives/C…, permalinks as Slack shapes them, and /home/A…."""

    async def everything(request: Request) -> Response:
        world = current()
        with world.lock:
            me = acting_member(world, request)
            shown = [one for one in _visible(world, me) if not (me and one.is_direct)]
            return _page(world, request, shown, newest=_NEWEST_SHOWN)

    async def one_channel(request: Request) -> Response:
        world = current()
        with world.lock:
            channel = _channel(world, request)
            return _missing(request) if channel is None else _page(world, request, [channel], newest=None)

    async def home(request: Request) -> Response:
        world = current()
        with world.lock:
            me = acting_member(world, request)
            app = next((one for one in world.apps if one.app_id == request.path_params["app"]), None)
            return _page(world, request, [], newest=None, home=app) if me and app else _missing(request)

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
            language = f"?lang={language_of(request)}" if "lang" in request.query_params else ""
            return RedirectResponse(f"/archives/{channel.id}{language}#{channel.id}-{ts}", status_code=302)

    return [
        Route("/", everything),
        Route("/archives/{channel}", one_channel),
        Route("/archives/{channel}/p{digits:int}", permalink),
        Route("/home/{app}", home),
    ]


def acting_member(world: Workspace, request: Request) -> User | None:
    """Tell as whom this browser acts, if it does."""
    chosen = request.cookies.get(COOKIE, "")
    return next((user for user in world.users if user.id == chosen and not user.is_bot), None)


def _visible(world: Workspace, me: User | None) -> list[Channel]:
    """List what there is to see: without a member everything, since this workspace has no secrets."""
    return [
        one for one in world.channels if me is None or one.kind == "public_channel" or me.id in one.members
    ]


def _page(
    world: Workspace, request: Request, shown: list[Channel], *, newest: int | None, home: App | None = None
) -> Response:
    language = language_of(request)
    texts = TEXTS[language]
    me = acting_member(world, request)
    path = request.url.path
    chosen = {"lang": language} if "lang" in request.query_params else {}
    look = Look(world, texts, me, {"back": path, **chosen})
    page = _TEMPLATES.get_template("page.html.j2").render(
        team=world.team_name,
        language=language,
        content_language=world.language,
        chosen=f"?lang={language}" if chosen else "",
        texts=texts,
        languages=list(TEXTS),
        path=path,
        nav=[look.channel(channel, newest=0) for channel in _visible(world, me)],
        alone=newest is None and bool(shown),
        channels=[look.channel(channel, newest=newest) for channel in shown],
        me=me,
        people=[one for one in world.users if not (one.is_bot or one.deleted or one.id == _SLACKBOT)],
        apps=[(app, world.user(app.user_id).shown_name) for app in world.apps],
        home=None if home is None else look.home(home),
        modal=look.modal(),
        problem=texts[problem] if (problem := request.query_params.get("problem", "")) in _PROBLEMS else "",
    )
    return _response(page)


def _missing(request: Request) -> Response:
    texts = TEXTS[language_of(request)]
    page = _TEMPLATES.get_template("page.html.j2").render(
        team=texts["not_found"], language=language_of(request), texts=texts, channels=[], nav=[]
    )
    return _response(page, status=404)


def _response(page: str, status: int = 200) -> Response:
    headers = {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
    }
    return Response(page.encode("utf-8", "replace"), status, headers, media_type="text/html")


def _channel(world: Workspace, request: Request) -> Channel | None:
    wanted = request.path_params["channel"]
    visible = _visible(world, acting_member(world, request))
    return next((channel for channel in visible if channel.id == wanted), None)
