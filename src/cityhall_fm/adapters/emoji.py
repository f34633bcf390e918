"""The characters behind emoji shortcodes, from the `emoji` package's tables."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_FLAG: Final = "flag-"
_REGION_A: Final = 0x1F1E6
_TONE: Final = "skin-tone-"
_TONES: Final = {f"{_TONE}{number}": chr(0x1F3FB + number - 2) for number in range(2, 7)}
_VARIATION: Final = "\ufe0f"
_OTHER_NAMES: Final = {
    "simple_smile": "slightly_smiling_face",
    "face_palm": "person_facepalming",
    "hotspring": "hotsprings",
}
_COUNTRY_LETTERS: Final = 2


@lru_cache(maxsize=4096)
def emoji_character(name: str) -> str | None:
    """Find the character of a shortcode, with Slack's skin tones and flags; None where there is none.

    >>> emoji_character("radio"), emoji_character("wave::skin-tone-3"), emoji_character("flag-jp")
    ('📻', '👋🏼', '🇯🇵')
    """
    base, _, tone = name.partition("::")
    if base in _TONES and not tone:
        return _TONES[base]
    character = _flag(base.removeprefix(_FLAG)) if base.startswith(_FLAG) else _listed(base)
    return _in_tone(character, tone) if character and tone else character


def _listed(name: str) -> str | None:
    from emoji import emojize  # noqa: PLC0415 - its tables take a tenth of a second

    lower = _OTHER_NAMES.get(name.lower(), name.lower())
    # Slack says male-cook, man-bowing, man-woman-boy where the tables say man_cook, man_bowing, family_man_…
    underlined = lower.replace("female-", "woman-").replace("male-", "man-").replace("-", "_")
    for candidate in (lower, underlined, f"family_{underlined}"):
        shown = emojize(f":{candidate}:", language="alias")
        if shown != f":{candidate}:":
            return shown
    return None


def _flag(country: str) -> str | None:
    if len(country) != _COUNTRY_LETTERS or not (country.isascii() and country.isalpha()):
        return None
    return "".join(chr(_REGION_A + ord(letter) - ord("a")) for letter in country.lower())


def _in_tone(character: str, tone: str) -> str:
    from emoji import is_emoji  # noqa: PLC0415 - same

    toned = f"{character[0]}{_TONES.get(tone, '')}{character[1:].removeprefix(_VARIATION)}"
    return toned if is_emoji(toned) else character
