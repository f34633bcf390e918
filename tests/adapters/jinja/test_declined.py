"""The private message to whoever's question is not in the show this time."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from cityhall_fm.adapters.jinja import JinjaRenderer
from cityhall_fm.adapters.jinja.blocks import problem
from cityhall_fm.production.tell_asker import Reason

from builders import a_show

TEMPLATES = Path(__file__).parents[3] / "templates"
OPTIONS = list(product([True, False], [True, False], ["", *(reason.value for reason in Reason)]))


def worded(language="ja", folders=(TEMPLATES,), **changes):
    options = {"later": False, "first": False, "reason": "", "permalink": None, **changes}
    return JinjaRenderer(folders).declined(a_show(language=language), **options)


@pytest.mark.parametrize("language", ["ja", "en", "fr"])
def test_slack_takes_every_wording_of_it(language):
    for later, first, reason in OPTIONS:
        words = worded(
            language, later=later, first=first, reason=reason, permalink="https://saku.slack.com/p1"
        )
        assert problem({"text": words.text, "blocks": list(words.blocks)}) is None


def test_no_two_of_them_read_alike_and_each_says_thank_you():
    texts = [worded(later=later, first=first, reason=reason).text for later, first, reason in OPTIONS]
    assert len(set(texts)) == len(texts)
    assert all("ありがとうございました" in text and "お待ちしています" in text for text in texts)


def test_it_leads_to_the_askers_own_message():
    words = worded(permalink="https://saku.slack.com/archives/C1/p1")
    assert "<https://saku.slack.com/archives/C1/p1|いただいたおたより>" in str(words.blocks)


def test_a_city_may_word_it_itself(tmp_path):
    own = '{"text": {{ "佐久より" }}, "blocks": [{"type": "divider"}]}'
    (tmp_path / "declined.json.j2").write_text(own, "utf-8")
    assert worded(folders=(tmp_path, TEMPLATES)).text == "佐久より"
