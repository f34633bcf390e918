"""Serves a published folder on loopback as a web server would: HEAD, ranges, ETag, the right types."""

from __future__ import annotations

import os
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from cityhall_fm.show.episode import Key
from cityhall_fm.show.publication import public_file


def create_app(site: Path) -> Starlette:
    """Make the web application for listeners."""
    return Starlette(routes=[Mount("/", _Site(directory=site, html=True))])


def serve(site: Path, *, port: int) -> None:
    """Serve until Ctrl-C."""
    uvicorn.run(create_app(site), host="127.0.0.1", port=port, log_level="warning", access_log=False)


class _Site(StaticFiles):
    """Files with the types that a publication gives them, for apps of any origin."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        if "content-type" in response.headers:
            key = Key(Path(full_path).name)
            known = public_file(key, sha256="", length_bytes=0).fingerprint
            response.headers["content-type"] = known.content_type
        response.headers["access-control-allow-origin"] = "*"
        response.headers["cache-control"] = "no-cache"
        return response
