"""Renderer over Jinja2: the show's own templates first, then the defaults."""

from cityhall_fm.adapters.jinja.renderer import JinjaRenderer

__all__ = ["JinjaRenderer"]
