"""What was published last, still the same in all that decides: then there is nothing to publish.

This job rests on nothing but the plan, so that a publication without changes is over before another one has
loaded what it needs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from cityhall_fm.show.errors import CompanionError
from cityhall_fm.show.keys import Key
from cityhall_fm.show.publication import (
    Manifest,
    Publication,
    PublicFile,
    changes_anything,
    plan_publication,
    wanted_files,
)

if TYPE_CHECKING:
    from cityhall_fm.production.ports.storage import Bucket


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a publication found out about the show: it holds as long as nothing that decides it changes."""

    target: str
    media: tuple[PublicFile, ...]
    """What its episodes publish beside the feed."""
    endpoint: str = ""
    conditions: str = ""
    """How the service at this endpoint wants conditions, as `Conditions` names it; empty where not known."""
    until: datetime | None = None
    """When a kept feed has outlived its time, so that there is something to do though nothing changed."""


class Remembering(Protocol):
    """What a show folder remembers of its last publication."""

    def remembered(self) -> Remembered | None:
        """Tell what still holds; None where something that decides it has changed, or nobody knows."""

    def here(self) -> Sequence[PublicFile]:
        """Describe what is in the public folder; OSError where it cannot be read."""

    def keep(self, remembered: Remembered) -> None:
        """Remember a publication; where the disk refuses, the next one takes longer, and that is all."""

    def renew(self, remembered: Remembered) -> None:
        """Note that the same files lie there under new dates."""

    def begin_sending(self, where: str, keys: Collection[Key]) -> int | None:
        """Note, as the archive of feeds does, what is about to be sent; None where that could not be."""

    def end_sending(self, where: str, numbers: Collection[int]) -> None:
        """Note that a manifest tells of it; where that cannot be noted, it is sent once more."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is wanted and what is stored, as it was a moment ago."""

    here: Sequence[PublicFile]
    stored: Manifest
    remembered: Remembered
    last: Remembering


def look_once(
    last: Remembering, open_bucket: Callable[[str], Bucket], *, now: datetime
) -> tuple[Publication | None, Known | None]:
    """Tell of a publication that has nothing to do, and what is known; None where a whole one must look.

    The bucket is asked while the files are read. Whatever goes wrong here, a whole publication tells.
    """
    remembered = last.remembered()
    if remembered is None or (remembered.until and remembered.until <= now):
        return None, None
    bucket = open_bucket(remembered.target)
    stored: list[Manifest] = []

    def ask() -> None:
        with suppress(CompanionError):
            stored.append(bucket.manifest())

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        here = last.here()
    except OSError:
        here = None
    asking.join()
    if here is None or not stored:
        return None, None
    known = Known(here, stored[0], remembered, last)
    plan = plan_publication(wanted_files(here, remembered.media), known.stored, now)
    if plan.missing or changes_anything(plan, known.stored):
        return None, known
    last.renew(remembered)
    return Publication(plan, bucket.where), known
