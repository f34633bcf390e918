"""Opening an address: bounded redirects, the proxies of the environment, and every failure as a WebError."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import string
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from cityhall_fm.show.errors import WebError

if TYPE_CHECKING:
    from http.client import HTTPMessage
    from typing import IO

UNSATISFIABLE: Final = 416
_TOO_MANY, _NOT_FOUND, _GONE, _SERVER = 429, 404, 410, 500
_REDIRECTS: Final = range(300, 400)
_LOOPBACK: Final = re.compile(r"(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?")


def opener() -> urllib.request.OpenerDirector:
    """Open http and https only; urllib's own would open files and FTP as well."""
    return _opener_with(
        urllib.request.HTTPDefaultErrorHandler(), _Redirects(), urllib.request.HTTPErrorProcessor()
    )


def asking_opener() -> urllib.request.OpenerDirector:
    """Open http and https only, and follow nothing: every status is an answer."""
    return _opener_with()


def _opener_with(*handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    for handler in (
        _Proxies(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=_trust()),
        *handlers,
    ):
        opener.add_handler(handler)
    return opener


def as_sent(url: str) -> str:
    """Write an address as HTTP carries it: percent signs stay, only what is not ASCII is encoded."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
            raise WebError("web.not_an_address", url=shown(url))
        netloc = parts.netloc if host.isascii() else parts.netloc.encode("idna").decode("ascii")
    except ValueError as error:
        raise WebError("web.not_an_address", url=shown(url)) from error
    start = url.index("//") + 2
    return url[:start] + netloc + quote(url[start + len(parts.netloc) :], safe=string.punctuation)


def shown(url: str) -> str:
    """Name an address in a message: without password and query, which may be keys."""
    match = re.match(r"(https?://)(?:[^/?#]*@)?([^?#]*)", url)
    short = match[1] + match[2] if match else url.partition("?")[0]
    return short if len(short) <= 120 else f"{short[:119]}…"  # noqa: PLR2004 - a line and a half


@contextmanager
def web_errors(url: str) -> Iterator[None]:
    """Turn what urllib, http.client and sockets raise into WebError."""
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        raise _answered(url, error) from error
    except urllib.error.URLError as error:
        reason = error.reason if isinstance(error.reason, Exception) else error
        raise _unreached(url, reason) from error
    except (http.client.InvalidURL, UnicodeError) as error:
        raise WebError("web.not_an_address", url=shown(url)) from error
    except (OSError, http.client.HTTPException) as error:
        raise _unreached(url, error) from error


def _answered(url: str, error: urllib.error.HTTPError) -> WebError:
    code = error.code
    if code in _REDIRECTS:
        return WebError("web.redirects", url=shown(url), code=code)
    if code in {_NOT_FOUND, _GONE}:
        return WebError("web.gone", url=shown(url), code=code)
    if code == _TOO_MANY or code >= _SERVER:
        written = error.headers.get("Retry-After", "") if error.headers else ""
        wait = float(written) if written.isascii() and written.isdigit() else 0.0
        return WebError("web.busy", retryable=True, wait=wait, url=shown(url), code=code)
    return WebError("web.refused", retryable=code == UNSATISFIABLE, url=shown(url), code=code)


def _unreached(url: str, reason: Exception) -> WebError:
    match reason:
        case ssl.SSLCertVerificationError():
            return WebError("web.tls", url=shown(url))
        case TimeoutError():
            return WebError("web.silent", retryable=True, url=shown(url))
        case socket.gaierror():
            return WebError("web.no_such_host", url=shown(url))
        case _:
            return WebError("web.unreachable", retryable=True, url=shown(url), reason=type(reason).__name__)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Proxies(urllib.request.ProxyHandler):
    """The proxies of the environment; none leads to this machine itself."""

    def proxy_open(self, req: urllib.request.Request, proxy: str, type: str) -> object:  # noqa: A002
        if _LOOPBACK.fullmatch(req.host):
            return None
        return super().proxy_open(req, proxy, type)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows ten redirects, as browsers do about, and never from the web to somewhere else."""

    max_redirections = 10
    max_repeats = 2

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not newurl.startswith(("http://", "https://")):
            raise urllib.error.HTTPError(req.full_url, code, msg, headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
