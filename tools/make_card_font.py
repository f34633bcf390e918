"""Makes the font of the cards from Noto Sans CJK JP: `python tools/make_card_font.py FOLDER_OF_NOTO`.

The folder is where Debian's fonts-noto-cjk puts its collections. Needs fonttools (`pip install fonttools`).
The same collection and the same fonttools give the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

CARDS: Final = Path(__file__).parents[1] / "src" / "cityhall_fm" / "adapters" / "cards"
WEIGHT: Final = "Bold"
JAPANESE: Final = 0
"""The place of Noto Sans CJK JP in the collection: its shapes are Japan's."""
BLOCKS: Final = (
    (0x0020, 0x017F),  # Latin with what French and its neighbours need
    (0x2000, 0x206F),  # punctuation
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x22FF),  # units, Roman numerals, arrows, mathematics
    (0x2460, 0x24FF),  # letters and numbers in circles
    (0x25A0, 0x27BF),  # shapes, suits, notes, weather
    (0x3000, 0x33FF),  # Japanese punctuation, kana, ㈱ and ㍻
    (0xF900, 0xFAFF),  # kanji that older standards told apart
    (0xFF00, 0xFFEF),  # wide letters, narrow kana
    (0x20000, 0x323AF),  # 𠮷 and other kanji of names and places
)


def main() -> int:
    """Write the font beside what draws with it."""
    collection = Path(sys.argv[1]) / f"NotoSansCJK-{WEIGHT}.ttc"
    font = TTFont(collection, fontNumber=JAPANESE, recalcTimestamp=False)
    family = font["name"].getDebugName(4)
    if family != f"Noto Sans CJK JP {WEIGHT}":
        print(f"{collection}: {family}?")
        return 1
    subsetter = Subsetter(_options())
    subsetter.populate(unicodes=set(_characters()))
    subsetter.subset(font)
    made = CARDS / f"NotoSansCJKjp-{WEIGHT}.subset.otf"
    font.save(made)
    print(f"{made.name}: {len(font.getBestCmap())} characters, {made.stat().st_size} bytes")
    return 0


def _characters() -> Iterator[int]:
    """Everything of JIS X 0208, 0212 and 0213 (four levels), IBM's kanji of Windows-31J, and the blocks."""
    for first, last in BLOCKS:
        yield from range(first, last + 1)
    pairs = [bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF)]
    marked = [b"\x8f" + pair for pair in pairs]  # the second plane of JIS X 0213, and JIS X 0212
    for encoding, codes in (("euc_jis_2004", [*pairs, *marked]), ("cp932", pairs)):
        for code in codes:
            yield from map(ord, code.decode(encoding, "ignore"))


def _options() -> Options:
    options = Options()
    options.layout_features = []  # horizontal text, letter by letter: nothing is exchanged or moved
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx", "DSIG"]
    options.hinting = False  # cards are drawn large
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # whose it is, and under which licence
    options.name_languages = [0x409]
    options.glyph_names = False
    options.notdef_outline = True
    options.recalc_timestamp = False
    return options


if __name__ == "__main__":
    sys.exit(main())
