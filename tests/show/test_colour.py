"""Colours that can be read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.colour import BLACK, READABLE, WHITE, contrast, palette

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


def test_contrast_is_that_of_wcag():
    assert contrast(WHITE, BLACK) == 21
    assert round(contrast((119, 119, 119), WHITE), 2) == 4.48  # the best known grey that just fails
    assert contrast(WHITE, WHITE) == 1


@given(COLOURS, COLOURS, st.booleans())
def test_whatever_the_artworks_colours_are_every_word_can_be_read(main, lively, dark):
    inks = palette(main, lively, dark=dark)
    assert contrast(inks.ink, inks.ground) >= 7
    assert contrast(inks.quiet, inks.ground) >= READABLE
    assert contrast(inks.on_accent, inks.accent) >= READABLE
