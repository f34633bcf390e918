"""XML of strangers, read safely: no document type, and with it no entity, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from cityhall_fm.show.chapters.parts import problem
from cityhall_fm.show.errors import Problem


@dataclass(frozen=True, slots=True)
class Element:
    """One start tag; `name` has its namespace and a space before it, where it has one."""

    name: str
    attributes: Mapping[str, str]
    line: int


class _DoctypeError(Exception):
    """A document type: entities that grow, or that fetch what they should not, are declared there only."""


def elements(text: str, names: Collection[str]) -> tuple[Element, ...] | Problem:
    """List the elements of these names in the order of the document, or say why it cannot be read."""
    found: list[Element] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, attributes: dict[str, str]) -> None:
        if name in names:
            found.append(Element(name, attributes, parser.CurrentLineNumber))

    def doctype(*_: object) -> None:
        raise _DoctypeError

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text, True)  # noqa: FBT003 - expat's word for: this is the whole document
    except _DoctypeError:
        return problem("chapters.doctype", parser.CurrentLineNumber)
    except expat.ExpatError as error:
        return problem("chapters.bad_xml", error.lineno, reason=expat.ErrorString(error.code))
    return tuple(found)
