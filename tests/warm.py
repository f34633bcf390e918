"""What a process that others are forked from does once for all of them."""

from __future__ import annotations

from cityhall_fm.adapters.jinja.templates import Templates
from cityhall_fm.defaults import defaults


def compile_templates() -> None:
    """Compile all templates that come with the program, which most commands need."""
    for kind, environment in Templates([defaults() / "templates"])._environments.items():
        for name in environment.list_templates(extensions=["j2"]):
            if name.endswith(f".{kind}.j2"):
                environment.get_template(name)
