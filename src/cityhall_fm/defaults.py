"""Where the default templates and the example show are: in the wheel, or in the checkout it was made from."""

from __future__ import annotations

from pathlib import Path


def defaults() -> Path:
    """Find the folder that holds `templates/`, and the example show's `feeds/` and `episodes/`."""
    here = Path(__file__).parent
    packed = here / "defaults"
    return packed if packed.is_dir() else here.parents[1]
