"""The one place that picks adapters; each is imported and made when it is first needed."""

from cityhall_fm.wiring.companion import Wired
from cityhall_fm.wiring.movers import WiredMovers
from cityhall_fm.wiring.parts import (
    bucket_at,
    erased_file,
    feed_inspector,
    last_publication,
    machine,
    memory_of,
    new_home,
    saved_memory,
    vault,
    web_probe,
)

__all__ = [
    "Wired",
    "WiredMovers",
    "bucket_at",
    "erased_file",
    "feed_inspector",
    "last_publication",
    "machine",
    "memory_of",
    "new_home",
    "saved_memory",
    "vault",
    "web_probe",
]
