"""Chapters as podcast apps want them: from the very first second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from cityhall_fm.show.episode import Episode, Key
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.show.rundown import Chapter, is_file
from cityhall_fm.show.timecode import Timecode


def from_the_start(
    chapters: Sequence[Chapter], *, programme_at: Timecode, opening: str
) -> tuple[Chapter, ...]:
    """Order chapters and let the first begin at 0:00: the jingle belongs to it, or to an opening of its own.

    Apple reads times in a description only where the first is 0:00. Two chapters in one second are one.

    >>> two = [Chapter(Timecode(3000), "はじめに"), Chapter(Timecode(20_000), "灯油")]
    >>> [str(chapter.at) for chapter in from_the_start(two, programme_at=Timecode(3000), opening="始まり")]
    ['0:00', '0:20']
    >>> [chapter.title for chapter in from_the_start(two[1:], programme_at=Timecode(3000), opening="始まり")]
    ['始まり', '灯油']
    """
    ordered: dict[int, Chapter] = {}
    for chapter in sorted(chapters, key=lambda chapter: chapter.at):
        ordered.setdefault(chapter.at.whole_seconds, chapter)
    if not ordered:
        return ()
    first, *others = ordered.values()
    if first.at <= programme_at:
        return (replace(first, at=Timecode(0)), *others)
    return (Chapter(Timecode(0), opening), first, *others)


def in_finished(
    episode: Episode, notes: ShowNotes, *, opening: str, url: Callable[[Key], str]
) -> tuple[Chapter, ...]:
    """List an episode's chapters as its finished audio has them; before mastering, as its recording has.

    A picture from the episode's folder has the address under which mastering put it, and none before.
    """
    enclosure = episode.enclosure
    public = {name: url(file.key) for name, file in enclosure.pictures} if enclosure else {}
    listed = [
        replace(chapter, image=public.get(chapter.image)) if is_file(chapter.image) else chapter
        for chapter in notes.chapters
    ]
    jingle = enclosure.programme_at if enclosure else Timecode(0)
    return from_the_start(listed, programme_at=jingle, opening=opening)


def linked(chapters: Sequence[Chapter], page: str) -> tuple[Chapter, ...]:
    """Let every chapter without a link of its own link to its second on the episode's page.

    >>> linked([Chapter(Timecode(17_200), "灯油")], "https://fm.example.jp/7/")[0].url
    'https://fm.example.jp/7/#t=17'
    """
    return tuple(
        chapter if chapter.url else replace(chapter, url=f"{page}{chapter.at.fragment}")
        for chapter in chapters
    )
