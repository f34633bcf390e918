"""Voices whose question was withdrawn, purged or erased, or whose message is gone -> removed."""

from __future__ import annotations

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.voices import VoiceShelf
from cityhall_fm.show.voices import all_wanted


def drop_unwanted(inbox: Inbox, voices: VoiceShelf | None) -> int:
    """Remove every recording that no question holds any more; tells how many.

    What is here is held against the inbox, so also what another machine withdrew goes from this one.
    """
    kept = voices.kept() if voices else {}
    if not voices or not kept:
        return 0
    wanted = all_wanted(inbox.questions())
    gone = [(id_, clip) for id_, clips in kept.items() for clip in clips - wanted.get(id_, frozenset())]
    for id_, clip in sorted(gone):
        voices.remove(id_, clip)
    return len(gone)
