"""Line breaks between phrases."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape

from cityhall_fm.adapters.jinja.markdown import to_html
from cityhall_fm.adapters.jinja.phrases import in_phrases


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("水道管を凍らせないために", "水道管を<wbr>凍らせない<wbr>ために"),
        ("FMリモート市役所", "FMリモート市役所"),
        ("<b>髙橋</b>", "&lt;b&gt;髙橋&lt;/b&gt;"),
        ("", ""),
    ],
)
def test_lines_may_break_between_phrases(text, broken):
    assert in_phrases(text) == broken


def test_emphasis_does_not_end_a_phrase_and_blocks_do():
    made = in_phrases(Markup("<p>家の広さと<strong>「断熱」</strong>で変わります。</p><p>灯油</p>"))
    assert made.replace("<wbr>", "") == "<p>家の広さと<strong>「断熱」</strong>で変わります。</p><p>灯油</p>"
    assert "</strong><wbr>で" not in made
    assert "<wbr></p>" not in made


def test_code_and_readings_stay_whole():
    made = in_phrases(
        Markup(
            "<p>これは<code>あれはなんですか</code>と<ruby>冬の入門生<rt>ふゆのにゅうもんせい</rt></ruby>です</p>"
        )
    )
    assert "<code>あれはなんですか</code>" in made
    assert "<ruby>冬の入門生<rt>ふゆのにゅうもんせい</rt></ruby>" in made


@given(st.text(max_size=80))
@settings(deadline=None)
def test_breaks_change_no_word_and_no_tag(text):
    assert in_phrases(text).replace("<wbr>", "") == escape(text)
    html = to_html(text)
    assert unescape(str(in_phrases(html)).replace("<wbr>", "")) == unescape(str(html))
