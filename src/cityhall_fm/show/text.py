"""A sentence for a person, named but not yet worded: its language is chosen where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Text:
    """The name of an entry in the catalogues (`area.name`) and the values it is filled with.

    >>> Text.of("audio.silent", number=3)
    Text(audio.silent, number=3)
    """

    name: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, name: str, /, **values: object) -> Text:
        return cls(name, MappingProxyType(values))

    def __repr__(self) -> str:
        return f"Text({', '.join([self.name, *(f'{key}={value}' for key, value in self.values.items())])})"
