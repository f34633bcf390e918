"""The on-air card, as desks and phones use it while the show is recorded."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from cityhall_fm.production.curate import move, slot
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.on_air import Tap, TapKind, keys_of, on_air
from cityhall_fm.show.question import EMOJI, Kind, Status
from cityhall_fm.show.roles import Role
from thorough import examples

THREE = EpisodeNumber(3)
CARD = "/episodes/3/air"


def now() -> datetime:
    return datetime.now(UTC)


def keys(opened) -> tuple[str, ...]:
    return keys_of(opened.companion.shelf.episode(THREE).rundown)


def times(opened) -> list[str | None]:
    segments = opened.companion.shelf.episode(THREE).rundown.segments
    return [segment.at.exact() if segment.at is not None else None for segment in segments]


def sent(kind: str, seconds: float, segment: str = "", *, name: str = "", **more) -> dict:
    at = 1_795_400_000_000 + round(seconds * 1000)
    name = name or f"{kind}-{round(seconds * 1000)}"
    return {"id": name, "kind": kind, "at": at, "offset": 0, "segment": segment, **more}


def with_question(opened):
    """Slot the first question of the inbox into the third episode."""
    inbox = opened.companion.inbox
    asked = (one for one in inbox.questions() if one.kind is Kind.QUESTION)
    question = next(one for one in asked if one.status is Status.RECEIVED)
    slot(
        question.id, THREE, shelf=opened.companion.shelf, inbox=inbox, links=lambda _: [], now=opened.clock(),
        title="髙橋さんの😀灯油",
    )  # fmt: skip
    return question.id


def test_taps_become_chapters_and_statuses_at_once(opened):
    question, host = with_question(opened), opened.visitor()
    opening, *_, last = keys(opened)
    taps = [sent("sync", 0), sent("begin", 2, opening), sent("begin", 63.8, last)]
    answer = host.post_json(f"{CARD}/taps", {"taps": taps})
    assert (answer.status, len(answer.json["kept"])) == (200, 3)
    assert (times(opened)[0], times(opened)[-1]) == ("0:02", "1:03.8")
    assert opened.companion.inbox.question(question).status is Status.RECORDED
    assert host.post_json(f"{CARD}/taps", {"taps": taps}).json["kept"] == []


def test_the_asker_sees_in_slack_that_their_question_was_recorded(opened):
    question, host = with_question(opened), opened.visitor()
    key = next(key for key in keys(opened) if key == question)
    host.post_json(f"{CARD}/taps", {"taps": [sent("sync", 0), sent("begin", 2, key)]})
    soon = time.monotonic() + 10
    while opened.companion.app_memory.marks().get(question) != EMOJI[Status.RECORDED]:
        assert time.monotonic() < soon
        time.sleep(0.1)


def test_the_log_tells_that_the_recording_began_and_nothing_that_was_said(opened):
    with_question(opened)
    host = opened.visitor()
    host.post_json(f"{CARD}/taps", {"taps": [sent("sync", 0), sent("begin", 3, keys(opened)[0])]})
    log = host.get("/acts").words
    assert "第3回の録音を始めました" in log
    assert "髙橋" not in log


def test_the_card_shows_what_is_on_and_what_comes(opened):
    host = opened.visitor()
    assert "録音スタート" in host.get(CARD).words
    host.post_json(f"{CARD}/taps", {"taps": [sent("sync", 0), sent("begin", 2, keys(opened)[0])]})
    words = host.get(CARD).words
    assert "いま オープニング" in words
    assert "つぎへ: 灯油代は月にいくらかかりますか" in words


def test_a_withdrawn_question_is_passed_over_and_says_so(opened):
    question, host = with_question(opened), opened.visitor()
    move(question, Status.WITHDRAWN, inbox=opened.companion.inbox, now=opened.clock())
    host.post_json(f"{CARD}/taps", {"taps": [sent("sync", 0), sent("begin", 2, keys(opened)[-2])]})
    words = host.get(CARD).words
    assert "取り下げられました。読まないでください" in words
    assert "録音を終わる" in words


def test_without_script_the_button_is_a_form(opened):
    host = opened.visitor()
    answer = host.post(f"{CARD}/tap", id="one", kind="sync", segment="", undoes="", jump="")
    assert (answer.status, answer.headers["location"]) == (303, CARD)
    opened.clock.now = opened.clock.now.replace(minute=1)
    host.post(f"{CARD}/tap", id="two", kind="begin", segment=keys(opened)[1], undoes="", jump="yes")
    assert times(opened)[1].startswith("1:00")


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (Role.EDITOR, 403), (Role.HOST, 200)])
def test_only_those_who_run_the_show_press_the_button(opened, role, status):
    visitor = opened.visitor(role, person=f"U0{role.value}", name="佐久")
    assert visitor.get(CARD).status == 200
    assert visitor.post_json(f"{CARD}/taps", {"taps": [sent("sync", 0)]}).status == status


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {"taps": 3},
        {"taps": ["sync"]},
        {"taps": [{}]},
        {"taps": [sent("explode", 0)]},
        {"taps": [sent("shift", 0)]},
        {"taps": [sent("begin", 0)]},
        {"taps": [sent("sync", 0, name="../../etc")]},
        {"taps": [sent("begin", 0, "<script>")]},
        {"taps": [{**sent("sync", 0), "at": 10**30}]},
        {"taps": [{**sent("sync", 0), "at": 1.5}]},
        {"taps": [{**sent("sync", 0), "at": True}]},
        {"taps": [{**sent("sync", 0), "offset": None}]},
        {"taps": [sent("sync", 0)] * 501},
    ],
)
def test_what_no_card_would_send_is_refused_whole(opened, wrong):
    answer = opened.visitor().post_json(f"{CARD}/taps", wrong)
    assert answer.status == 422
    assert opened.companion.taps.taps(THREE) == []


def test_an_unknown_episode_has_no_card(opened):
    host = opened.visitor()
    assert host.get("/episodes/99/air").status == 404
    assert host.post_json("/episodes/99/air/taps", {"taps": [sent("sync", 0)]}).status == 404


# In real browsers


def press(page, *, guarded: bool = True) -> None:
    """Press the space bar, once a hand could mean it."""
    if guarded:
        page.wait_for_timeout(1550)
    page.keyboard.press(" ")


def until(true, seconds: float = 8) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    assert true()


@pytest.fixture
def on_card(open_studio, page_of):
    opened = open_studio(collecting=False, clock=now)

    def run(**more):
        page = page_of(opened, **more)
        page.goto(opened.address + CARD)
        page.wait_for_function("document.getElementById('card').dataset.pending === '0'")
        return page

    return opened, run


def test_two_screens_are_one_card(on_card):
    opened, open_card = on_card
    desk, phone = open_card(), open_card(width=390, height=800, has_touch=True)
    press(desk, guarded=False)
    phone.wait_for_selector(".tap.next")
    phone.wait_for_timeout(1550)
    phone.tap("#air-button")
    desk.keyboard.press(" ")  # the other host, at the same moment
    until(lambda: times(opened)[0] not in (None, "0:00"))
    desk.wait_for_selector("li.current >> text=オープニング")
    phone.wait_for_selector("li.current >> text=オープニング")
    counted = on_air(opened.companion.taps.taps(THREE)).counted
    assert [tap.kind for tap in counted] == [TapKind.SYNC, TapKind.BEGIN]
    phone.tap("#air-undo")
    desk.wait_for_selector("#air-now >> text=まだ始まっていません")
    until(lambda: times(opened)[0] is None)


def test_without_network_and_after_a_reload_no_tap_is_lost(on_card):
    opened, open_card = on_card
    page = open_card()
    page.evaluate("navigator.serviceWorker.ready")
    press(page, guarded=False)
    until(lambda: len(opened.companion.taps.taps(THREE)) == 1)
    page.context.set_offline(True)
    press(page)
    page.wait_for_selector("text=1件をこの端末に預かっています")
    page.reload()
    page.wait_for_selector("li.current >> text=オープニング")
    press(page)
    page.wait_for_selector("text=2件をこの端末に預かっています")
    assert len(opened.companion.taps.taps(THREE)) == 1
    page.context.set_offline(False)
    until(lambda: len(opened.companion.taps.taps(THREE)) == 3)
    page.wait_for_selector("text=みんなの画面に届いています")
    assert times(opened)[:2] == [
        at.exact() for at in on_air(opened.companion.taps.taps(THREE)).starts.values()
    ]


def test_a_device_whose_clock_is_wrong_measures_how_far(open_studio, page_of):
    opened = open_studio(collecting=False, clock=now)
    page = page_of(opened)
    page.add_init_script("const real = Date.now; Date.now = () => real() - 3600000;")
    page.goto(opened.address + CARD)
    page.wait_for_timeout(300)
    page.keyboard.press(" ")
    until(lambda: opened.companion.taps.taps(THREE))
    (tap,) = opened.companion.taps.taps(THREE)
    assert abs(tap.at - now().timestamp() * 1000) < 3000
    assert tap.offset == pytest.approx(3_600_000, abs=500)


def test_a_held_space_bar_is_one_tap_and_on_another_button_it_is_that_button(on_card):
    opened, open_card = on_card
    page = open_card()
    page.keyboard.down(" ")
    for _ in range(5):
        page.keyboard.down(" ")  # repeats, as a held key does
    page.keyboard.up(" ")
    page.wait_for_selector(".tap.next")
    page.focus("#air-skip")
    press(page)
    page.wait_for_selector("li.skipped >> text=オープニング")
    until(lambda: len(opened.companion.taps.taps(THREE)) == 2)
    page.wait_for_selector("#air-button >> text=つぎへ: 灯油代")


TAPS = some.lists(
    some.builds(
        Tap,
        some.text("abcdefgh", min_size=1, max_size=2),
        some.sampled_from(TapKind),
        some.integers(0, 20_000),
        some.integers(-2000, 2000),
        segment=some.sampled_from(("one", "two", "three")),
        jump=some.booleans(),
        undoes=some.text("abcdefgh", min_size=1, max_size=2),
        shift=some.integers(-5000, 5000),
    ),
    max_size=25,
    unique_by=lambda one: one.id,
)


@pytest.fixture(scope="module")
def reckon(browser):
    context = browser.new_context()
    page = context.new_page()
    script = Path("src/cityhall_fm/studio/static/on-air.js").read_text("utf-8")
    page.evaluate(f"{script}; window.onAir = onAir")

    yield lambda many: page.evaluate("many => many.map(taps => onAir.reckon(taps))", many)
    context.close()


@settings(
    max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(some.lists(TAPS, min_size=25, max_size=25), some.randoms())
def test_the_card_reckons_as_the_studio_does(reckon, many, chance):
    def as_sent(tap: Tap) -> dict:
        return {
            "id": tap.id, "kind": tap.kind.value, "at": tap.tapped, "offset": tap.offset,
            "segment": tap.segment, "jump": tap.jump, "undoes": tap.undoes, "shift": tap.shift,
        }  # fmt: skip

    mixed = [chance.sample(taps, len(taps)) for taps in many]
    told = reckon(json.loads(json.dumps([[as_sent(tap) for tap in taps] for taps in mixed])))
    for taps, here in zip(many, told, strict=True):
        ours = on_air(taps)
        assert here["starts"] == {key: at.milliseconds for key, at in ours.starts.items()}
        assert (here["began"], here["current"]) == (ours.began, ours.current)
        assert here["ended"] == (ours.ended.milliseconds if ours.ended is not None else None)
        assert here["skipped"] == sorted(ours.skipped)
        assert [tap["id"] for tap in here["counted"]] == [tap.id for tap in ours.counted]
