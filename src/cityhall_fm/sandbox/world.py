"""The sandbox's world: a workspace that begins from an export and can be written as one."""

from pathlib import Path
from typing import Self, Unpack

from cityhall_fm.sandbox.export import read_export, write_export
from cityhall_fm.sandbox.options import Options
from cityhall_fm.sandbox.workspace import Workspace


class World(Workspace):
    """All that the API, the page and the export show."""

    @classmethod
    def from_export(cls, path: Path, **options: Unpack[Options]) -> Self:
        """Begin with what a Slack export holds, a folder or a ZIP; `options` are those of World."""
        world = cls(**options)
        read_export(world, path)
        return world

    def write_export(self, path: Path, *, direct: bool = False) -> Path:
        """Write the public channels as Slack exports them: a ZIP if the path says so, else a folder.

        `direct` adds what two people wrote to each other, as the exports of Slack's larger plans do.
        """
        return write_export(self, path, direct=direct)
