"""Chapters: read from files of editors and podcasters, laid on a rundown, written for players."""

from cityhall_fm.show.chapters.files import Form, read, write
from cityhall_fm.show.chapters.laying import How, Laid, Placed, lay
from cityhall_fm.show.chapters.start import from_the_start, in_finished, linked

__all__ = [
    "Form",
    "How",
    "Laid",
    "Placed",
    "from_the_start",
    "in_finished",
    "lay",
    "linked",
    "read",
    "write",
]
