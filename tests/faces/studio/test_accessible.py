"""WCAG 2.2 AA, as far as axe-core can tell, on every page of the studio: a dark phone and a light desk."""

from __future__ import annotations

import json

import pytest

from cityhall_fm.show.question import Status
from cityhall_fm.studio.app import create_app

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    *("/", "/inbox", "/inbox/{question}", "/inbox/{question}/slot", "/inbox/{question}/decline"),
    *("/inbox/{question}/consent", "/handover", "/acts", "/episodes/3/rundown", "/episodes/3/script"),
    *("/episodes/3/air", "/episodes/3/sound", "/episodes/3/transcript", "/episodes/3/notes"),
    *("/episodes/3/release", "/episodes/1/release", "/episodes/99/rundown"),
)
WITHOUT_A_LOOK = (
    *("/live", "/enter", "/sign-in", "/sign-in/back", "/episodes/3/air/clock", "/episodes/3/air/state"),
    *("/episodes/3/air/worker.js", "/episodes/3/script/worker.js", "/episodes/3/finished"),
    *("/episodes/3/peaks", "/episodes/3/artwork", "/episodes/3/notes/app/{draft}"),
    *("/voices/{question}/{clip}", "/episodes/3/rundown/clash"),
)
"""Data and files; and the choice between two versions, which its own test looks at."""


def _complaints(page, axe):
    page.evaluate(f"{axe}; true")
    rules = json.dumps({"runOnly": LEVELS, "resultTypes": ["violations"]})
    return page.evaluate(
        f"axe.run(document, {rules}).then(({{ violations }}) => violations.map((one) =>"
        " `${one.id}: ${one.nodes.map((node) => node.html + node.failureSummary).join(' ')}`))"
    )


@pytest.fixture(scope="module")
def full(lasting):
    """A studio with something on every shelf; its pages are only looked at."""
    questions = lasting.companion.inbox.questions()
    for question, status in zip(questions, (Status.SHORTLISTED, Status.NEXT_TIME), strict=False):
        lasting.companion.inbox.set_status(question.id, status, at=lasting.clock())
    return lasting


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(path, full, page_of, axe):
    page = page_of(full)
    question = full.companion.inbox.questions()[0].id
    page.goto(full.address + path.format(question=question))
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for width, scheme in ((390, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        assert _complaints(page, axe) == [], (path, width, scheme)


@pytest.mark.parametrize("language", ["en-GB", "fr-FR"])
def test_axe_finds_nothing_in_the_other_languages(language, full, page_of, axe):
    page = page_of(full, language=language)
    for path in ("/inbox", "/episodes/3/rundown", "/episodes/3/release", "/handover"):
        page.goto(full.address + path)
        assert page.evaluate("document.documentElement.lang") == language[:2]
        assert _complaints(page, axe) == [], path


def test_axe_finds_nothing_at_the_entrance(full, browser, axe):
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.goto(full.address)
    assert _complaints(page, axe) == []
    context.close()


def test_no_page_is_left_out_above(full):
    """Every address that shows a page to look at stands in the list."""
    shown = {
        route.path.replace("{number:int}", "3")
        for route in create_app(full.room, addresses=[full.address]).routes
        if "GET" in (getattr(route, "methods", None) or ()) and ":path}" not in route.path
    }
    assert shown - {*PAGES, *WITHOUT_A_LOOK} == set()
