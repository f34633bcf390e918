"""Chapters as the finished file has them: moved with the recording, linked, cut at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cityhall_fm.adapters.audio.pictures import local_image
from cityhall_fm.show.chapters import from_the_start, linked
from cityhall_fm.show.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cityhall_fm.show.mastering import Tags
    from cityhall_fm.show.placement import Placement
    from cityhall_fm.show.rundown import Chapter
    from cityhall_fm.show.timecode import Timecode


def laid(
    tags: Tags, placement: Placement, duration: Timecode
) -> tuple[tuple[Chapter, ...], tuple[Text, ...]]:
    """Give the chapters in the finished file's times; remarks tell which lie behind its end."""
    moved = [replace(chapter, at=placement.finished(chapter.at)) for chapter in tags.chapters]
    ordered = sorted((chapter for chapter in moved if chapter.at < duration), key=lambda one: one.at)
    remarks = [
        Text.of("audio.chapter_after_end", title=chapter.title, at=chapter.at, end=duration)
        for chapter in moved
        if chapter.at >= duration
    ]
    if tags.opening:
        ordered = list(from_the_start(ordered, programme_at=placement.programme_at, opening=tags.opening))
    return linked(ordered, tags.url) if tags.url else tuple(ordered), (*remarks, *_elsewhere(ordered))


def _elsewhere(chapters: Sequence[Chapter]) -> Iterator[Text]:
    count = sum(1 for chapter in chapters if chapter.image and not local_image(chapter))
    if count:
        yield Text.of("audio.chapter_images_elsewhere", count=count)
