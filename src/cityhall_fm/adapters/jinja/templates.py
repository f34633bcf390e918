"""The templates of a show: found by name, strict about what they print, and clear about what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb
from typing import Any, Final

import jinja2
from jinja2.bccache import Bucket
from markupsafe import Markup

from cityhall_fm.adapters.jinja import markdown, mrkdwn
from cityhall_fm.show.clean import clean, cut, one_line
from cityhall_fm.show.consent import Consent, Private
from cityhall_fm.show.errors import InputError, Problem
from cityhall_fm.show.question import Question
from cityhall_fm.show.slack_thread import Member, Message, Thread
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode

_WITHHELD: Final = (Private, Question, Thread, Message, Member, Consent)
_LONGEST_REASON: Final = 200


class _Compiled(jinja2.BytecodeCache):
    """Templates as this process has compiled them, by their files and what was in them."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := self._compiled.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED: Final = {kind: _Compiled() for kind in ("html", "json", "txt")}
"""One for each kind: a template that two kinds include is compiled for each in its own way."""


class WithheldError(TypeError):
    """A template was about to print what a Slack member wrote or is called: a bug of ours, never input."""


class Templates:
    """Renders templates of `folders`; the first folder that has a name wins.

    `*.html.j2` escapes HTML, `*.json.j2` writes every value as JSON, `*.txt.j2` leaves text as it is.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._loader = jinja2.FileSystemLoader([str(folder) for folder in folders])
        self._environments = {
            "html": self._environment("html", autoescape=True, finalize=_text),
            "json": self._environment("json", autoescape=False, finalize=_json),
            "txt": self._environment("txt", autoescape=False, finalize=_text),
        }
        self._environments["html"].filters["markdown"] = markdown.to_html
        self._environments["html"].filters["json_ld"] = _json_ld
        self._environments["txt"].filters["markdown"] = markdown.to_text
        self._environments["json"].filters["mrkdwn"] = mrkdwn.escaped
        self._environments["json"].globals["link"] = mrkdwn.link

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """Fill one template; InputError names the file and line that a person must mend."""
        kind = name.removesuffix(".j2").rpartition(".")[2]
        with _told(name):
            return clean(self._environments[kind].get_template(name).render(values))

    def plain(self, name: str) -> str:
        """Read a file that is no template, such as the style sheet."""
        with _told(name):
            return self._loader.get_source(self._environments["txt"], name)[0]

    def path(self, name: str) -> Path:
        """Tell which file a name stands for."""
        filename = self._loader.get_source(self._environments["txt"], name)[1]
        return Path(filename)

    def _environment(self, kind: str, **options: Any) -> jinja2.Environment:  # noqa: ANN401  Jinja's own options
        return jinja2.Environment(  # noqa: S701  each kind of text says how it escapes
            loader=self._loader,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_COMPILED[kind],
            **options,
        )


def _text(value: object) -> object:
    """Let through what a reader may see: text, numbers, times."""
    _refuse_withheld(value)
    if isinstance(value, str | int | float | Timecode | jinja2.Undefined):
        return value
    raise jinja2.TemplateRuntimeError(f"{type(value).__name__} is not text")


def _json(value: object) -> object:
    """Write a value as JSON, quotes included, so that no text can end its own string."""
    if isinstance(value, jinja2.Undefined | Markup):  # Markup: Jinja's own `tojson` made it
        return value
    return json.dumps(value, ensure_ascii=False, default=_no_json)


def _json_ld(value: object) -> Markup:
    """Write data for a script element: no text in it can end the element (HTML, 4.12.1.3)."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_no_json)
    for letter in "<>&":
        written = written.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(written)  # noqa: S704  as above


def _no_json(value: object) -> str:
    _refuse_withheld(value)
    if isinstance(value, Timecode):
        return str(value)
    raise jinja2.TemplateRuntimeError(f"{type(value).__name__} is not text")


def _refuse_withheld(value: object) -> None:
    if isinstance(value, _WITHHELD):
        raise WithheldError(f"{type(value).__name__} never goes into a public text without a consent")


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn what Jinja says into two lines for whoever wrote the template."""
    try:
        yield
    except WithheldError:
        raise
    except jinja2.TemplateNotFound as error:
        raise InputError("feed.template_missing", path=error.name or name) from error
    except jinja2.TemplateSyntaxError as error:
        raise wrong(error.filename or name, error.lineno, error.message or "") from error
    except jinja2.TemplateError as error:
        path, line = _place(error, name)
        raise wrong(path, line, error.message or "") from error
    except UnicodeDecodeError as error:
        raise wrong(name, 1, "UTF-8?") from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        path, line = _place(error, name)
        raise wrong(path, line, f"{type(error).__name__}: {error}") from error


def wrong(path: object, line: int, reason: str) -> InputError:
    """Say that a template does not work, where, and why."""
    why = cut(one_line(reason), _LONGEST_REASON)
    problem = Problem("template", Text.of("feed.template_wrong", path=path, line=line, reason=why), line)
    return InputError("feed.template_wrong", path=path, line=line, reason=why, problems=(problem,))


def _place(error: BaseException, name: str) -> tuple[str, int]:
    """Find the innermost template among the frames: Jinja gives them the template's file and line."""
    places = [
        (frame.f_code.co_filename, line)
        for frame, line in walk_tb(error.__traceback__)
        if "__jinja_template__" in frame.f_globals or frame.f_code.co_filename.endswith(".j2")
    ]
    return places[-1] if places else (name, 1)
