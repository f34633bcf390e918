"""Times of the recording and of the finished file lead to each other and back."""

from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.placement import Placement
from cityhall_fm.show.timecode import Timecode

TIMES = st.builds(Timecode, st.integers(0, 12 * 3_600_000))
PLACEMENTS = st.builds(Placement, TIMES, TIMES)


@given(placement=PLACEMENTS, at=TIMES)
def test_there_and_back_is_the_same_place_or_the_programmes_beginning(placement, at):
    assert placement.recorded(placement.finished(at)) == max(at, placement.trimmed)
    assert placement.finished(placement.recorded(at)) == max(at, placement.programme_at)


@given(placement=PLACEMENTS, one=TIMES, other=TIMES)
def test_what_came_first_stays_first(placement, one, other):
    early, late = sorted((one, other))
    assert placement.programme_at <= placement.finished(early) <= placement.finished(late)
