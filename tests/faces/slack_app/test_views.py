"""Whatever is written and whatever language is read: every view and message stays within Slack's limits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.production.look_up import Answered, Mine, Standing
from cityhall_fm.sandbox.blocks import block_problems
from cityhall_fm.sandbox.view_rules import is_too_large, view_problems
from cityhall_fm.show.asking import Corner, Submission
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.question import QuestionId, Status
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.slack_app import home, messages, modal
from cityhall_fm.slack_app.hearing import place_of
from cityhall_fm.texts import LANGUAGES, Catalogue
from thorough import examples

from builders import NOON, a_consent, a_published_episode, a_question, a_show, an_episode
from fakes.renderer import FakeRenderer

ANYTHING = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["髙橋はな😀" * 700, "<!channel> <@U1> &", "家族👨‍👩‍👧" * 900, "a" * 4000, "\n" * 3000, "|>*_~`"]
)
SUBMISSIONS = st.builds(
    Submission,
    words=ANYTHING.map(Private),
    corner=st.sampled_from(Corner),
    naming=st.sampled_from([Naming.ANONYMOUS, Naming.RADIO_NAME, Naming.DISPLAY_NAME]),
    radio_name=ANYTHING.map(lambda text: Private(text[:100])),
    reading=ANYTHING.map(lambda text: Private(text[:100])),
    department=st.sampled_from(["", "子育て課", "もうない課"]),
    publicly=st.booleans(),
    may_contact=st.booleans(),
)
SAY = st.sampled_from(LANGUAGES).map(Catalogue)
ANSWERED = st.builds(
    Answered,
    st.just(a_published_episode(7)),
    ANYTHING,
    st.just("https://fm.example.jp/7/#t=12"),
    st.none() | st.integers(0, 10**7).map(Timecode),
)
WELCOME = FakeRenderer().greeting(a_show(), in_private=True)


@settings(max_examples=examples(60), deadline=None)
@given(SAY, SUBMISSIONS, st.lists(ANSWERED, max_size=2), ANYTHING, st.booleans())
def test_the_form_holds_anything(say, submission, similar, problem, publicly):
    submission = Submission(
        Private(submission.words.for_host()[:2100]),
        submission.corner,
        submission.naming,
        submission.radio_name,
    )
    form = modal.ask_form(
        say,
        submission,
        consent_wording="番組で読まれます。" * 200,
        departments=["子育て課", "課" * 75],
        publicly_possible=publicly,
        problem=problem,
        similar=similar,
    )
    assert view_problems(form, kind="modal") == []
    assert not is_too_large(form)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("naming", Naming)
def test_the_form_about_the_name_stays_within_the_limits(language, naming):
    say = Catalogue(language)
    consent = a_consent(naming, radio_name=Private("う" * 40), reading=Private("う" * 40))
    form = modal.name_form(say, QuestionId("q-12345678"), consent, consent_wording="約束")
    assert view_problems(form, kind="modal") == []
    assert view_problems(modal.message_view(say, "x" * 5000), kind="modal") == []


@settings(max_examples=examples(40), deadline=None)
@given(SAY, st.lists(st.tuples(ANYTHING, st.sampled_from(Status), ANSWERED), max_size=40), ANYTHING)
def test_a_home_holds_any_number_of_questions(say, written, title):
    coming = an_episode(9, title=title, planned_for=NOON + timedelta(days=3))
    mine = tuple(
        Mine(
            a_question(f"17636004{number:02}.000100", words, status=status),
            airs_in=coming if number % 2 else None,
            answered=answered if number % 3 == 0 else None,
        )
        for number, (words, status, answered) in enumerate(written)
    )
    view = home.home_view(
        say, Standing(mine, next=coming, newest=a_published_episode(8, title=title)), a_show()
    )
    assert view_problems(view, kind="home") == []
    assert not is_too_large(view)


@pytest.mark.parametrize("count", [0, 1, 20, 21, 40, 53])
@pytest.mark.parametrize("begin", [0, 7, 20, 40, 10**9, -5])
def test_whoever_turns_the_pages_of_a_home_meets_every_question_once(count, begin):
    mine = tuple(Mine(a_question(f"17636004{number:02}.000100")) for number in range(count))
    met, views, first = [], 0, 0
    while first is not None:
        view = home.home_view(Catalogue("ja"), Standing(mine), a_show(), first=first)
        assert view_problems(view, kind="home") == []
        pressed = {button["action_id"]: button for block in view["blocks"] for button in _buttons(block)}
        met += [block["block_id"] for block in view["blocks"] if _withdraws(block)]
        assert home.first_shown(view) == first
        older = pressed.get(f"{home.PAGE}older")
        views, first = views + 1, int(older["value"]) if older else None
    assert met == [one.question.id for one in mine]
    assert views == max(1, -(-count // 20))
    anywhere = home.home_view(Catalogue("ja"), Standing(mine), a_show(), first=begin)
    assert any(_withdraws(block) for block in anywhere["blocks"]) == bool(mine)


def _buttons(block):
    return block["elements"] if block["type"] == "actions" else ()


def _withdraws(block):
    return any(button["action_id"] == home.WITHDRAW for button in _buttons(block))


@settings(max_examples=examples(40), deadline=None)
@given(SAY, SUBMISSIONS, st.booleans())
def test_messages_hold_anything(say, submission, first):
    id_ = QuestionId("q-12345678")
    for words in (
        messages.receipt(say, submission, None, welcome=WELCOME if first else None),
        messages.receipt(say, submission, id_, welcome=WELCOME if first else None),
        messages.failed(say, submission),
        messages.public_post(say, submission),
        messages.public_post_withdrawn(say),
        messages.consent_request(say, a_question(), consent_wording="約束 <!here> " * 500),
        messages.greeting(say, WELCOME, id_),
        messages.voice_request(say, id_),
        messages.ask_button(say, "髙橋の <番組> & 佐久"),
        *(messages.noted(say, naming) for naming in Naming),
    ):
        assert block_problems(list(words.blocks), most=50) == []
        assert words.text


def test_the_public_post_names_nobody():
    named = Submission(Private("灯油の話"), naming=Naming.RADIO_NAME, radio_name=Private("うさぎ王"))
    assert "うさぎ王" not in repr(messages.public_post(Catalogue("ja"), named))


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_buttons_of_forms_are_not_cut(language):
    say = Catalogue(language)
    for entry in (
        "form_title",
        "form_send",
        "form_close",
        "form_done",
        "name_title",
        "name_save",
        "ask_anyway",
    ):
        assert len(say(f"slack_app.{entry}")) <= 24
    for entry in ("extras_publicly", "extras_contact", "home_ask", "withdraw", "change_name"):
        assert len(say(f"slack_app.{entry}")) <= 75


def test_times_are_shown_in_the_readers_own_zone():
    assert home.moment(NOON) == "<!date^1763607600^{date_long} {time}|2026-11-20 12:00>".replace(
        "1763607600", str(int(NOON.timestamp()))
    )


@pytest.mark.parametrize(
    ("event", "place"),
    [
        ({"type": "message", "channel": "C1", "user": "U1", "ts": "1.0"}, ("C1", "1.0")),
        ({"type": "message", "channel": "C1", "user": "U1", "ts": "2.0", "thread_ts": "1.0"}, ("C1", "1.0")),
        ({"type": "message", "channel": "C1", "user": "UME", "ts": "1.0"}, None),
        ({"type": "message", "channel": "C1", "user": "U1", "ts": "1.0", "subtype": "channel_join"}, None),
        (
            {"type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": "1.0"},
            ("C1", "1.0"),
        ),
        ({"type": "message", "subtype": "message_changed", "channel": "C1"}, None),
        (
            {
                "type": "reaction_added",
                "user": "UME",
                "item": {"type": "message", "channel": "C1", "ts": "1.0"},
            },
            None,
        ),
        ({"type": "reaction_added", "user": "U1", "item": {"type": "file", "file": "F1"}}, None),
        ({"type": "message", "channel": "C1", "ts": "not a ts"}, None),
        ({"type": "message"}, None),
    ],
)
def test_an_event_is_about_one_thread_or_about_nothing(event, place):
    assert place_of(event, me="UME") == place
