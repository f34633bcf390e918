from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.timecode import Timecode

SOME_MILLISECONDS = st.integers(min_value=0, max_value=99 * 3600 * 1000)


@given(SOME_MILLISECONDS)
def test_what_is_written_is_read_back(milliseconds):
    timecode = Timecode(milliseconds)
    assert Timecode.parse(timecode.exact()) == timecode
    assert Timecode.parse(timecode.precise()) == timecode


@pytest.mark.parametrize(
    "text", ["", "abc", "1:60", "1:2:3:4", "-1", "１２:３４", "12:34:", "1:61:00", "1.2.3"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        Timecode.parse(text)


@given(st.text())
def test_reading_never_fails_in_another_way(text):
    with suppress(ValueError):
        assert Timecode.parse(text).milliseconds >= 0
