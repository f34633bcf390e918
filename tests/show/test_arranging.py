"""Two people on one rundown: whatever they do in whichever order, nothing that one of them did is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.show.arranging import (
    Add,
    Arranged,
    Clash,
    Describe,
    Move,
    Remove,
    Rewrite,
    Seen,
    Several,
    arranged,
    differing,
    field_seen,
    seen,
)
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode
from thorough import examples

from builders import an_episode

TITLES = ("オープニング", "灯油代は月にいくら?", "髙橋さんの🍎", "エンディング")


def an_episode_of(*titles: str):
    return an_episode(rundown=Rundown(tuple(Segment(title) for title in titles)))


def titles(episode):
    return [segment.title for segment in episode.rundown.segments]


def the(episode, title: str) -> Seen:
    place = titles(episode).index(title)
    return seen(episode.rundown)[place]


def test_a_segment_goes_before_another_and_back():
    episode = an_episode_of("a", "b", "c")
    moved = arranged(episode, Move(the(episode, "c"), before=the(episode, "a")))
    assert (titles(moved.episode), moved.at, moved.places) == (["c", "a", "b"], 1, (2, 0, 1))
    assert arranged(moved.episode, moved.undo).episode == episode


def test_what_one_rewrote_and_another_moved_merges_when_they_are_different_segments():
    before = an_episode_of("a", "b", "c")
    one = arranged(before, Rewrite(the(before, "b"), Segment("b", summary="雪"))).episode
    both = arranged(one, Move(the(before, "a"))).episode
    assert both.rundown.segments == (Segment("b", summary="雪"), Segment("c"), Segment("a"))


def test_the_same_segment_rewritten_meanwhile_is_a_clash_that_shows_both():
    before = an_episode_of("a", "b")
    theirs = Segment("b", summary="雪")
    now = arranged(before, Rewrite(the(before, "b"), theirs)).episode
    clash = arranged(now, Rewrite(the(before, "b"), Segment("b", length=Timecode(60_000))))
    assert isinstance(clash, Clash)
    assert clash.now == theirs
    assert differing(theirs, clash.change.segment) == ["length", "summary"]
    chosen = arranged(now, Rewrite(clash.seen, clash.change.segment))
    assert chosen.episode.rundown.segments[1].length == Timecode(60_000)


def test_a_segment_that_is_gone_is_a_clash_even_if_another_stands_in_its_place():
    before = an_episode_of("a", "b", "c")
    now = arranged(before, Remove(the(before, "b"))).episode
    clash = arranged(now, Rewrite(the(before, "b"), Segment("b", summary="雪")))
    assert isinstance(clash, Clash)
    assert clash.now is None


def test_both_writing_the_same_is_no_clash():
    before = an_episode_of("a")
    change = Rewrite(the(before, "a"), Segment("a", summary="雪"))
    now = arranged(before, change).episode
    assert arranged(now, change).episode == now


def test_a_landmark_that_was_rewritten_is_one_still():
    before = an_episode_of("a", "b", "c")
    now = arranged(before, Rewrite(the(before, "b"), Segment("b", summary="雪"))).episode
    assert titles(arranged(now, Move(the(before, "c"), before=the(before, "b"))).episode) == ["a", "c", "b"]


def test_of_twins_the_nearer_one_is_meant():
    before = an_episode_of("音楽", "a", "音楽")
    assert titles(arranged(before, Remove(seen(before.rundown)[2])).episode) == ["音楽", "a"]


def test_fields_of_the_episode_merge_one_by_one():
    before = an_episode()
    one = arranged(before, Describe({"title": (field_seen(before, "title"), "冬")})).episode
    both = arranged(one, Describe({"summary": (field_seen(before, "summary"), "雪")})).episode
    assert (both.title, both.summary) == ("冬", "雪")
    clash = arranged(
        both, Describe({"title": (field_seen(before, "title"), "春"), "notes": ("x", both.notes)})
    )
    assert clash.fields == {"title": "冬"}


def test_several_changes_are_made_together_or_not_at_all():
    episode = an_episode_of("a", "b")
    gone = Remove(Seen.of(Segment("c"), 1))
    assert isinstance(arranged(episode, Several((Remove(the(episode, "a")), gone))), Clash)
    made = arranged(episode, Several((Add(Segment("x")), Move(the(episode, "b"), before=the(episode, "a")))))
    assert (titles(made.episode), made.places) == (["b", "a", "x"], (1, 0, None))
    assert arranged(made.episode, made.undo).episode == episode


@pytest.mark.parametrize("written", ["", "1", "1.a.b", "x.a.b.c", "1.a.b.c.d"])
def test_what_no_page_of_ours_wrote_is_no_segment(written):
    with pytest.raises(ValueError, match=r"unpack|invalid literal"):
        Seen.read(written)


def test_a_segment_is_named_by_a_page_and_found_again():
    one = Seen.of(Segment("髙橋"), 3)
    assert Seen.read(str(one)) == one


SEGMENTS = st.builds(
    Segment,
    title=st.sampled_from(TITLES),
    summary=st.sampled_from(["", "雪", "灯油"]),
    length=st.sampled_from([None, Timecode(60_000)]),
)


@st.composite
def a_change(draw, view: Rundown):
    """Draw what somebody may do who sees this rundown."""
    known = seen(view)
    kind = draw(st.sampled_from(["add", "remove", "move", "rewrite"] if known else ["add"]))
    before = draw(st.sampled_from([None, *known]))
    if kind == "add":
        return Add(draw(SEGMENTS), before)
    one = draw(st.sampled_from(known))
    if kind == "remove":
        return Remove(one)
    return Move(one, before) if kind == "move" else Rewrite(one, draw(SEGMENTS))


@settings(max_examples=examples(60), deadline=None)
@given(data=st.data(), begin=st.lists(SEGMENTS, max_size=5))
def test_two_people_lose_nothing_of_each_other(data, begin):
    episode = an_episode(rundown=Rundown(tuple(begin)))
    views = {"one": episode.rundown, "other": episode.rundown}
    for _ in range(data.draw(st.integers(1, 8))):
        who = data.draw(st.sampled_from(["one", "other"]))
        if data.draw(st.booleans()):
            views[who] = episode.rundown  # their page was fetched anew
        change = data.draw(a_change(views[who]))
        made = arranged(episode, change)
        if isinstance(made, Clash):
            assert not isinstance(change, Add)
            continue
        then, now = episode.rundown.segments, made.episode.rundown.segments
        meant = None if isinstance(change, Add) else views[who].segments[change.seen.place - 1]
        gone, new = Counter(then) - Counter(now), Counter(now) - Counter(then)
        # Only what the person saw, letter by letter, goes away; only what they wrote comes.
        assert gone <= (Counter([meant]) if isinstance(change, Remove | Rewrite) else Counter())
        assert new <= (Counter([change.segment]) if isinstance(change, Add | Rewrite) else Counter())
        assert len(now) - len(then) == {Add: 1, Remove: -1}.get(type(change), 0)
        # Everybody else's segments keep their order.
        others = [
            place
            for place in made.places
            if place is not None and (made.at is None or made.places[made.at - 1] != place)
        ]
        assert others == sorted(others)
        assert all(
            now[here] == then[place]
            for here, place in enumerate(made.places)
            if place is not None and here + 1 != made.at
        )
        back = arranged(made.episode, made.undo)
        assert isinstance(back, Arranged)
        assert Counter(back.episode.rundown.segments) == Counter(then)
        episode = made.episode


def test_taking_back_at_once_restores_the_very_order():
    episode = an_episode_of(*TITLES)
    for change in (
        Add(Segment("x"), the(episode, TITLES[2])),
        Remove(the(episode, TITLES[1])),
        Move(the(episode, TITLES[0])),
        Rewrite(the(episode, TITLES[3]), Segment("y")),
        Describe({"season": (field_seen(episode, "season"), 9)}),
    ):
        made = arranged(episode, change)
        assert made.episode != episode
        assert arranged(made.episode, made.undo).episode == replace(episode)
