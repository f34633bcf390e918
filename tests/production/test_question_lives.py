"""Whatever becomes of a question, nothing is public beyond what its asker agrees to.

A hundred and fifty lives in the suite; `LIVES=10000` lives as many as it says.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_lives import ACTIONS, LIVES, World

WORLDS = int(os.environ.get("LIVES", "150")) // LIVES


@settings(max_examples=WORLDS, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from(ACTIONS), st.integers(0, LIVES - 1), st.integers(0, 11)),
        min_size=25,
        max_size=50,
    )
)
def test_no_name_id_or_withdrawn_word_is_ever_public(happenings):
    world = World()
    for action, which, detail in happenings:
        if action != "build":
            world.act(action, which, detail)
    world.act("build", 0, 0)


def test_the_world_finds_what_must_not_be_there():
    world = World()
    for action in ("ask", "collect", "slot", "publish", "build"):
        world.act(action, 0, 0)
    public = b"".join(world.folder.contents.values()).decode("utf-8", "replace")
    assert "hikotoba0x" in public  # consented to, so the search is able to see it
    world.lives[0].withdrawn = True  # without telling the inbox
    try:
        world.check_public()
    except AssertionError:
        return
    raise AssertionError("the check sees nothing")


def test_the_world_finds_words_that_stay_in_a_post():
    world = World()
    world.act("ask_by_form", 0, 1)
    assert "hikotoba0x" in "".join(world.slack.standing(public=True))
    assert "hikotoba0x" in "".join(world.slack.standing(public=False))
    world.lives[0].withdrawn = True  # without telling the app
    try:
        world.check_posts()
    except AssertionError:
        world.act("withdraw", 0, 0)
        world.check_posts()
        return
    raise AssertionError("the check sees nothing")
