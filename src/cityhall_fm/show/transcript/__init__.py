"""The transcript: who says what, and when; read leniently, checked against the audio, written strictly."""

from __future__ import annotations

from cityhall_fm.show.transcript.checking import checked, unfit
from cityhall_fm.show.transcript.cue import (
    Cue,
    Transcribed,
    one_after_another,
    paragraphs,
    placed,
    shifted,
    together,
)
from cityhall_fm.show.transcript.draft import Draft
from cityhall_fm.show.transcript.formats import PUBLISHED, Form, transcript_key, written
from cityhall_fm.show.transcript.reading import parse, read
from cityhall_fm.show.transcript.released import transcript_of
from cityhall_fm.show.transcript.webvtt import write

__all__ = [
    "PUBLISHED",
    "Cue",
    "Draft",
    "Form",
    "Transcribed",
    "checked",
    "one_after_another",
    "paragraphs",
    "parse",
    "placed",
    "read",
    "shifted",
    "together",
    "transcript_key",
    "transcript_of",
    "unfit",
    "write",
    "written",
]
