from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.fingerprint import fingerprint
from cityhall_fm.show.notes import as_asked
from cityhall_fm.show.question import Status

from builders import a_consent, a_published_episode, a_question, a_show

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.datetimes(),
    lambda inner: st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN, PLAIN)
def test_different_values_have_different_fingerprints(one, other):
    same = repr(one) == repr(other) or (one == other and type(one) is type(other))
    assert same or fingerprint(one) != fingerprint(other)


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_words_do_not_run_into_each_other(one, other):
    assert (fingerprint(*one) == fingerprint(*other)) == (one == other)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "佐久の春支度"},
        {"city": "髙橋市"},
        {"explicit": True},
        {"people": ()},
        {"categories": (("Arts", None),)},
        {"listed": (("apple", "https://example.jp/"),)},
    ],
)
def test_any_setting_of_a_show_counts(changed):
    assert fingerprint(a_show()) == fingerprint(a_show())
    assert fingerprint(a_show(**changed)) != fingerprint(a_show())


def test_an_episode_has_one_too_with_all_that_mastering_noted():
    episode = a_published_episode()
    louder = replace(episode.enclosure, processing=MappingProxyType({"levelling": True}))
    assert fingerprint(episode) == fingerprint(a_published_episode())
    assert fingerprint(replace(episode, enclosure=louder)) != fingerprint(episode)


@pytest.mark.parametrize(
    "changed",
    [
        {"status": Status.WITHDRAWN},
        {"consent": None},
        {"consent": a_consent(Naming.RADIO_NAME, radio_name=Private("冬の入門生"))},
        {"consent": a_consent(withdrawn_at=datetime(2026, 12, 1, tzinfo=UTC))},
        {"words": Private("ちがう言葉👨‍👩‍👧")},
    ],
)
def test_whatever_changes_what_may_be_said_of_a_question_counts(changed):
    question = a_question("1763600001.000100", "灯油代は?", consent=a_consent())
    assert fingerprint(as_asked(replace(question, **changed))) != fingerprint(as_asked(question))


def test_what_is_withheld_or_unknown_is_refused_and_not_left_out():
    @dataclass(frozen=True)
    class Holder:
        words: object

    for unfit in (Private("秘密"), object(), Holder(Private("秘密"))):
        with pytest.raises(TypeError, match="no plain value"):
            fingerprint(unfit)


def test_fields_that_are_not_compared_are_not_counted():
    @dataclass(frozen=True)
    class Marked:
        words: str
        mark: object = field(compare=False, default_factory=object)

    assert fingerprint(Marked("佐久")) == fingerprint(Marked("佐久"))
