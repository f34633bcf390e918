"""The on-air card and the pages after recording for everybody: axe in Chromium, narrow and dark."""

from __future__ import annotations

import pytest

from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.production.release import master_episode
from cityhall_fm.show.episode import EpisodeNumber

PAGES = ("air", "sound", "transcript", "notes")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def test_no_page_has_a_fault_that_a_machine_can_find_and_none_is_wider_than_a_phone(opened, page_of, axe):
    master_episode(EpisodeNumber(3), opened.companion, progress=Silence())
    found = {}
    for scheme, width in (("light", 1280), ("dark", 390)):
        page = page_of(opened, width=width, color_scheme=scheme)
        page.evaluate(axe)
        for name in PAGES:
            page.goto(f"{opened.address}/episodes/3/{name}")
            page.wait_for_timeout(300)
            page.evaluate(axe)
            run = "tags => axe.run({runOnly: tags, iframes: false}).then(told => told.violations)"
            for fault in page.evaluate(run, TAGS):
                found[f"{name} {scheme}", fault["id"]] = [node["html"] for node in fault["nodes"]][:3]
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert found == {}


@pytest.mark.parametrize("language", ["en-GB", "fr-FR"])
def test_every_page_speaks_the_visitors_language(opened, language):
    host = opened.visitor()
    for name in PAGES:
        page = host.get(f"/episodes/3/{name}", **{"accept-language": language})
        assert page.status == 200
        assert f'<html lang="{language[:2]}"' in page.text
        assert "録音" not in page.words
