"""How files are named where listeners fetch them."""

from __future__ import annotations

from typing import NewType

Key = NewType("Key", str)
"""A file's name under the show's public address: ASCII, with slashes."""
