"""Notes of another host become Markdown that our own renderer gives back as it was."""

from __future__ import annotations

import re
from html import escape, unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.adapters.jinja.markdown import to_html
from cityhall_fm.adapters.old_notes import as_markdown
from thorough import examples

FRAMES = (
    "<p>{}</p>",
    "<p><strong>{}</strong></p>",
    "<ul><li>{}</li></ul>",
    "<p>前<br>{}</p>",
    "<p>{}<em>佐久</em></p>",
    "<h2>{}</h2>",
    "<p><a href='https://x.jp/'>{}</a></p>",
    "<ol><li>{}<br>b</li></ol>",
    "<blockquote>{}</blockquote>",
    "<p>前<b>{}</b>後</p>",
)
SIGNS = st.text(st.sampled_from("a佐冬 #*_-+=~`[]()<>|\\&;.:1!\n\"'髙👨‍👩‍👧"), min_size=1, max_size=14)


def markdown(written: str, base: str = "https://old.example/e/1") -> str:
    return as_markdown(written, base=base)[0]


def bare(html: str) -> str:
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", html)))


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<p>語って<strong>「灯油」</strong>の話。<br>次の行</p>", "語って**「灯油」**の話。\n次の行"),
        ("<p>一</p><p><br></p><p>二</p>", "一\n\n二"),
        ("<ul><li>一<ul><li>内</li></ul></li><li>二</li></ul>", "- 一\n  - 内\n- 二"),
        ("<ol><li>一</li><li>二</li></ol>", "1. 一\n2. 二"),
        ("<h3>題</h3><p>a</p>", "### 題\n\na"),
        ("<p>1. いち<br># 冬<br>- 点</p>", "1\\. いち\n\\# 冬\n\\- 点"),
        ("<p>12.5 と a_b と 3 - 2 = 1</p>", "12.5 と a\\_b と 3 - 2 = 1"),
        ("<p>  多く\n の \t 空白 </p>", "多く の 空白"),
        ("<span style='color:red'>色</span><script>alert(1)</script>", "色"),
    ],
)
def test_html_becomes_markdown_as_a_host_would_write_it(html, written):
    assert markdown(html) == written


def test_plain_words_keep_their_lines():
    assert markdown("一行目 <3\n二行目\n\n- 点") == "一行目 \\<3\n二行目\n\n\\- 点"


def test_relative_links_are_completed_and_whole_ones_stay():
    assert markdown('<a href="/x?a=1">あ</a> <a href="b.html">い</a>') == (
        "[あ](https://old.example/x?a=1) [い](https://old.example/e/b.html)"
    )
    assert markdown('<a href="https://x.jp/%2f?u=https%3A%2F%2Fy">う</a>') == (
        "[う](https://x.jp/%2f?u=https%3A%2F%2Fy)"
    )


def test_bare_addresses_become_links():
    assert markdown("<p>くわしくは https://x.jp/a_b?c=1&amp;d。</p>") == (
        "くわしくは <https://x.jp/a_b?c=1&d>。"
    )
    assert markdown('<a href="https://x.jp/a_b">https://x.jp/a_b</a>') == "<https://x.jp/a_b>"


def test_a_link_that_runs_something_is_only_its_words():
    assert markdown('<a href="javascript:alert(1)">押す</a><a href="data:x">押す</a>') == "押す押す"


def test_brackets_in_an_address_do_not_end_the_link():
    html = str(to_html(markdown('<a href="https://x.jp/a)b(c_(d)">リ[ン]ク</a>')))
    assert 'href="https://x.jp/a%29b%28c_%28d%29"' in html
    assert "リ[ン]ク</a>" in html


def test_pictures_are_left_out_and_counted():
    assert as_markdown('<p>あ<img src="https://x.jp/a.png"/>い<img src=b></p>', base="") == ("あい", 2)


def test_a_break_within_strong_words_does_not_end_them():
    assert str(to_html(markdown("<p><strong>太<br><br>字</strong>の</p>"))).startswith("<p><strong>太")


@given(st.lists(st.tuples(st.sampled_from(FRAMES), SIGNS), min_size=1, max_size=3))
@settings(max_examples=examples(150), deadline=None)
def test_whatever_the_words_are_our_renderer_gives_them_back(parts):
    html = "".join(frame.format(escape(words)) for frame, words in parts)
    assert bare(str(to_html(markdown(html)))) == bare(html)


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
@settings(max_examples=examples(100), deadline=None)
def test_no_words_are_a_crash(words):
    to_html(markdown(words))
    to_html(markdown(f"<p>{words}</p>"))
