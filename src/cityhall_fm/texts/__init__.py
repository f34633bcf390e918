"""Every sentence for people in Japanese, English and French: one TOML file an area, the three together."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from cityhall_fm.show.text import Text

LANGUAGES: Final = ("ja", "en", "fr")


class Catalogue:
    """The sentences of one language, by its tag (BCP 47: `fr`, `fr-FR`, `en-us`); Japanese for any other."""

    def __init__(self, language: str) -> None:
        primary = language.replace("_", "-").partition("-")[0].lower()  # RFC 5646, 2.2.1
        self.language = primary if primary in LANGUAGES else LANGUAGES[0]

    def __call__(self, name: str, /, **values: object) -> str:
        """Word the entry `area.name`, filled with the values; a Text among them is worded too."""
        area, _, entry = name.partition(".")
        words = _area(area)[entry]
        worded = {
            key: self.word(value) if isinstance(value, Text) else value for key, value in values.items()
        }
        return words[self.language].format(**worded)

    def word(self, text: Text) -> str:
        return self(text.name, **text.values)


def entries(area: str) -> Mapping[str, Mapping[str, str]]:
    """Read one area whole: entry -> language -> sentence."""
    return _area(area)


def areas() -> tuple[str, ...]:
    """Name every area there is."""
    return tuple(
        sorted(
            file.name.removesuffix(".toml")
            for file in files(__name__).iterdir()
            if file.name.endswith(".toml")
        )
    )


@cache
def _area(area: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files(__name__).joinpath(f"{area}.toml").read_text("utf-8"))
