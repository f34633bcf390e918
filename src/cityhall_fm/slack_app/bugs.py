"""A fault of our own, as it may be told: its kind and its place, and no words of anybody."""

from __future__ import annotations

import traceback
from pathlib import Path

from cityhall_fm.show.errors import SlackError


def bug_in(error: Exception) -> SlackError:
    """Name a bug by its type and the place in our code: its message may quote a member."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "cityhall_fm" in Path(frame.filename).parts]
    place = next((f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(ours or frames)), "?")
    return SlackError("slack_app.unforeseen", kind=type(error).__name__, place=place)
