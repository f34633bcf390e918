"""An episode's file changed as a person would: segments move as they are written, remarks with them."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString
from ruamel.yaml.tokens import CommentToken

from cityhall_fm.adapters.episode_folder.document import Document, as_written, yaml_reader
from cityhall_fm.adapters.episode_folder.forms import segment_as_written
from cityhall_fm.show.arranging import DESCRIBED
from cityhall_fm.show.episode import Episode, Person, Promise
from cityhall_fm.show.mastering import Bite
from cityhall_fm.show.rundown import Segment

_FRONT_ORDER: Final = (
    "number", "title", "guid", "season", "kind", "explicit", "summary", "department", "topics",
    "planned_for", "published_at", "people", "promises", "rundown", "soundbites",
)  # fmt: skip
_SEGMENT_ORDER: Final = (
    "title", "question", "at", "length", "summary", "links", "url", "image", "topics", "checked_at", "script",
)  # fmt: skip
_QUOTED: Final = frozenset({"at", "length"})
"""What other readers of YAML take for numbers to the base of sixty."""


def rewritten(
    document: Document, before: Episode, after: Episode, places: Sequence[int | None]
) -> tuple[str, str]:
    """Give front matter and body with the changes between two states of an episode.

    Remarks (comments) above a segment go where it goes, and stay where a segment is taken out.
    """
    remarks = Counter(_remarks(document.front))
    _describe(document.front, before, after)
    front = _dumped(document.front, document)
    if before.rundown != after.rundown:
        front = _lay(front, before, after, places, document)
    lost = remarks - Counter(_remarks(yaml_reader().load(front)))
    body = document.body
    if before.notes != after.notes:
        body = f"\n{after.notes}\n" if after.notes else "\n"
    return "".join(f"{remark}\n" for remark in lost.elements()) + front, body


def replaced(document: Document, before: Episode, after: Episode, places: Sequence[int | None]) -> str:
    """Give front matter whose rundown is written anew: for those who write it in one line, or oddly."""
    _describe(document.front, before, after)
    written = document.front.get("rundown") or []
    segments = CommentedSeq()
    for segment, place in zip(after.rundown.segments, places, strict=True):
        same = written[place] if place is not None and place < len(written) else CommentedMap()
        for key in [key for key in same if key in _SEGMENT_ORDER]:
            del same[key]
        for key, value in segment_as_written(segment).items():
            same[key] = _value(key, value)
        segments.append(same)
    document.front["rundown"] = segments
    return _dumped(document.front, document)


def _describe(front: CommentedMap, before: Episode, after: Episode) -> None:
    for name in DESCRIBED:
        value = getattr(after, name)
        if name == "notes" or value == getattr(before, name):
            continue
        if name == "people":
            _set(front, name, _people(front.get(name) or [], value) if value else None, _FRONT_ORDER)
        elif name == "promises":
            _set(front, name, _promises(value) if value else None, _FRONT_ORDER)
        elif name == "bites":
            _set(front, "soundbites", _bites(value) if value else None, _FRONT_ORDER)
        elif name == "planned_for":
            _set(front, name, as_written(value) if value else None, _FRONT_ORDER)
        elif name == "topics":
            _set(front, name, _in_one_line(list(value)) if value else None, _FRONT_ORDER)
        elif name in ("title", "summary"):
            _set(front, name, _value(name, value), _FRONT_ORDER)
        else:
            _set(front, name, value or None, _FRONT_ORDER)


def _bites(bites: Sequence[Bite]) -> CommentedSeq:
    made = CommentedSeq()
    for bite in bites:
        at, length = (DoubleQuotedScalarString(time.exact()) for time in (bite.at, bite.length))
        lines = CommentedMap(at=at, length=length)
        if bite.title:
            lines["title"] = bite.title
        lines.fa.set_flow_style()
        made.append(lines)
    return made


def _promises(promises: Sequence[Promise]) -> CommentedSeq:
    made = CommentedSeq()
    for promise in promises:
        lines = CommentedMap(what=promise.what)
        for key, day in (("by", promise.by), ("kept_on", promise.kept_on)):
            if day:
                lines[key] = day
        made.append(lines)
    return made


def _people(written: Sequence[Any], people: Sequence[Person]) -> CommentedSeq:
    """Keep each person as they are written, where there is nothing new to say."""
    known = {str(one.get("name")): one for one in written}
    made = CommentedSeq()
    for person in people:
        said = {"name": person.name, "role": person.role, "reading": person.reading, "url": person.url}
        said |= {"image": person.image, "group": person.group}
        lines = known.pop(person.name, None)
        if lines is None:
            lines = CommentedMap()
            lines.fa.set_flow_style()
        for key, value in said.items():
            if value != lines.get(key):
                _set(lines, key, value, tuple(said))
        made.append(lines)
    return made


def _set(mapping: CommentedMap, key: str, value: object, order: Sequence[str]) -> None:
    """Write a value where it stands, or in its place in the order; None takes the key away."""
    if value is None:
        mapping.pop(key, None)
    elif key in mapping:
        mapping[key] = value
    else:
        earlier = order[: order.index(key)]
        place = max((number for number, one in enumerate(mapping, 1) if one in earlier), default=0)
        mapping.insert(place, key, value)


@dataclass(frozen=True, slots=True)
class _Block:
    """One segment as lines of the file: remarks above it, and itself."""

    remarks: tuple[str, ...]
    lines: tuple[str, ...]


def _lay(
    front: str, before: Episode, after: Episode, places: Sequence[int | None], document: Document
) -> str:
    """Write the rundown in its new order: each segment in the very lines that it had."""
    found = _blocks(front)
    if found is None or len(found[1]) != len(before.rundown.segments):
        return replaced(Document(yaml_reader().load(front), ""), before, after, places)
    head, blocks, tail = found
    kept = {place for place in places if place is not None}
    waiting = sorted(set(range(len(blocks))) - kept)
    made = list(head)
    for segment, place in zip(after.rundown.segments, places, strict=True):
        if place is None:
            made += _new_lines(segment, document)
            continue
        while waiting and waiting[0] < place:
            made += [line for line in blocks[waiting.pop(0)].remarks if line.strip()]
        block = blocks[place]
        known = before.rundown.segments[place]
        made += block.remarks
        made += block.lines if segment == known else _changed_lines(block.lines, known, segment, document)
    for place in waiting:
        made += [line for line in blocks[place].remarks if line.strip()]
    if not after.rundown.segments:
        made[_opening(made)] = "rundown: []"
    return "\n".join([*made, *tail])


def _opening(lines: Sequence[str]) -> int:
    return next(number for number, line in enumerate(lines) if re.match(r"rundown\s*:", line))


def _blocks(front: str) -> tuple[list[str], list[_Block], list[str]] | None:
    """Cut the front matter into what is before the first segment, the segments, and the rest.

    None where the rundown is empty or written in one line.
    """
    read = yaml_reader().load(front)
    rundown = read.get("rundown")
    if not isinstance(rundown, CommentedSeq) or not rundown or rundown.fa.flow_style():
        return None
    lines = front.split("\n")
    starts = [rundown.lc.item(number)[0] for number in range(len(rundown))]
    if len(set(starts)) != len(starts) or not all(lines[at].lstrip().startswith("-") for at in starts):
        return None
    dash = len(lines[starts[0]]) - len(lines[starts[0]].lstrip())
    later = (read.lc.key(key)[0] for key in read)
    end = min((line for line in later if line > starts[-1]), default=len(lines))
    while end > starts[-1] + 1 and _is_remark(lines[end - 1], dash):
        end -= 1
    heads = [starts[0]]
    for start in starts[1:]:
        at = start
        while _is_remark(lines[at - 1], dash):
            at -= 1
        heads.append(at)
    ends = [*heads[1:], end]
    blocks = [
        _Block(tuple(lines[head:start]), tuple(lines[start:stop]))
        for head, start, stop in zip(heads, starts, ends, strict=True)
    ]
    return lines[: starts[0]], blocks, lines[end:]


def _is_remark(line: str, dash: int) -> bool:
    """Tell a remark between segments, or an empty line, from what belongs to a segment."""
    bare = line.lstrip()
    return not bare or (bare.startswith("#") and len(line) - len(bare) <= dash)


def _changed_lines(lines: Sequence[str], known: Segment, segment: Segment, document: Document) -> list[str]:
    read = yaml_reader().load("\n".join(lines))
    remarks = Counter(_remarks(read))
    old, new = segment_as_written(known), segment_as_written(segment)
    for key in _SEGMENT_ORDER:
        if old.get(key) != new.get(key):
            _set(read[0], key, _value(key, new[key]) if key in new else None, _SEGMENT_ORDER)
    made = _listed(read, document)
    lost = remarks - Counter(_remarks(yaml_reader().load("\n".join(made))))
    margin = " " * (len(made[0]) - len(made[0].lstrip()))
    return [*(margin + remark for remark in lost.elements()), *made]


def _new_lines(segment: Segment, document: Document) -> list[str]:
    written = CommentedMap((key, _value(key, value)) for key, value in segment_as_written(segment).items())
    return _listed(CommentedSeq([written]), document)


def _listed(segments: CommentedSeq, document: Document) -> list[str]:
    whole = _dumped(CommentedMap(rundown=segments), document)
    return whole.rstrip("\n").split("\n")[1:]


def _value(key: str, value: object) -> object:
    if key in _QUOTED:
        return DoubleQuotedScalarString(str(value))
    if key == "links" and isinstance(value, list):
        return CommentedSeq(_in_one_line(dict(link)) for link in value)
    if isinstance(value, list):
        return _in_one_line(value)
    if isinstance(value, str) and "\n" in value:
        return LiteralScalarString(value)
    return value


def _in_one_line(value: list[Any] | Mapping[str, object]) -> CommentedSeq | CommentedMap:
    made = CommentedSeq(value) if isinstance(value, list) else CommentedMap(value)
    made.fa.set_flow_style()
    return made


def _dumped(front: CommentedMap, document: Document) -> str:
    yaml = yaml_reader()
    yaml.indent(mapping=2, sequence=document.indent, offset=document.offset)
    text = io.StringIO()
    yaml.dump(front, text)
    return text.getvalue()


def _remarks(node: object) -> Iterator[str]:
    """List every comment in a part of the front matter."""
    remarks = getattr(node, "ca", None)
    if remarks is not None:
        for token in _tokens([remarks.comment, remarks.end, list(remarks.items.values())]):
            yield from (line.strip() for line in token.value.split("\n") if line.strip().startswith("#"))
    inner = node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
    for one in inner:
        yield from _remarks(one)


def _tokens(value: object) -> Iterator[CommentToken]:
    if isinstance(value, CommentToken):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _tokens(one)
