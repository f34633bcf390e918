"""Show notes and the feed's description."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.adapters.jinja import JinjaRenderer
from cityhall_fm.adapters.jinja.description import within_limit
from cityhall_fm.adapters.jinja.markdown import to_html, to_text
from cityhall_fm.show.episode import Person
from cityhall_fm.show.notes import show_notes
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode

from builders import a_published_episode, a_question, a_show

RENDERER = JinjaRenderer([Path(__file__).parents[3] / "templates"])
EPISODE = a_published_episode()
NOTES = show_notes(EPISODE, {}, withdrawn_title="おたより")


def test_the_description_has_times_that_apps_make_chapters_of():
    assert RENDERER.description(a_show(), EPISODE, NOTES) == (
        "<p>灯油と冬タイヤの質問に答えます。</p>"
        "<ul><li>00:00:00 オープニング</li>"
        "<li>00:00:17 灯油代は月にいくら?</li>"
        "<li>00:01:05 エンディング</li></ul>"
        '<p><a href="https://fm.example.jp/7/">くわしい内容はこちら</a></p>'
        "<p>今日の<strong>おたより</strong>、ありがとうございました。</p>"
    )


def test_two_chapters_are_too_few_for_apps():
    episode = a_published_episode(
        rundown=Rundown((Segment("一", at=Timecode(0)), Segment("二", at=Timecode(9000))))
    )
    notes = show_notes(episode, {}, withdrawn_title="おたより")
    assert "00:00" not in RENDERER.description(a_show(), episode, notes)


def test_the_full_notes_link_every_part_to_its_second():
    html = RENDERER.notes_html(a_show(), EPISODE, NOTES)
    assert '<a href="https://fm.example.jp/7/#t=17" rel="noopener">0:17</a> 灯油代は月にいくら?' in html
    assert "<strong>おたより</strong>" in html


def test_the_notes_can_be_read_as_plain_text():
    question = a_question()
    episode = a_published_episode(
        rundown=Rundown((Segment("灯油", at=Timecode(0), question=question.id, summary="**家**による"),))
    )
    notes = show_notes(episode, {question.id: question}, withdrawn_title="おたより")
    text = RENDERER.notes_text(a_show(), episode, notes)
    assert "「灯油代は月にいくら?」\n匿名希望さん\n家による" in text
    assert "<" not in text
    assert "\n\n\n" not in text


def test_a_withdrawn_question_leaves_a_neutral_title_and_nothing_else():
    question = a_question(words="とりさげた質問")
    withdrawn = type(question.status)("withdrawn")
    question = a_question(words="とりさげた質問", status=withdrawn)
    episode = a_published_episode(
        rundown=Rundown((Segment("とりさげた話", at=Timecode(0), question=question.id, summary="ひみつ"),))
    )
    notes = show_notes(episode, {question.id: question}, withdrawn_title="おたより")
    html = RENDERER.notes_html(a_show(), episode, notes)
    assert "おたより" in html
    assert "とりさげた" not in html
    assert "ひみつ" not in html


@pytest.mark.parametrize(
    ("language", "quoted", "people"),
    [("ja", "「灯油代は月にいくら?」", "課長、髙橋"), ("fr", "« 灯油代は月にいくら? »", "課長, 髙橋")],
)
def test_marks_and_commas_are_the_languages_own(language, quoted, people):
    question = a_question()
    episode = a_published_episode(
        people=(Person("課長"), Person("髙橋")), rundown=Rundown((Segment("灯油", question=question.id),))
    )
    notes = show_notes(episode, {question.id: question}, withdrawn_title="おたより")
    text = RENDERER.notes_text(a_show(language=language), episode, notes)
    assert quoted in text
    assert people in text


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("今日の**「灯油」**の話", "<p>今日の<strong>「灯油」</strong>の話</p>"),
        ("*佐久*と**冬。**の話", "<p><em>佐久</em>と<strong>冬。</strong>の話</p>"),
        ("2 * 3 * 4 と a*b", "<p>2 * 3 * 4 と a*b</p>"),
        ("<b onclick=x>太字</b>", "<p>&lt;b onclick=x&gt;太字&lt;/b&gt;</p>"),
        ("一行目\n二行目", "<p>一行目<br>\n二行目</p>"),
        ("# 見出し\n\n## 小見出し", "<h3>見出し</h3>\n<h4>小見出し</h4>"),
        ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
        ("[x](https://e.jp)", '<p><a href="https://e.jp" rel="noopener">x</a></p>'),
        ("~~古い~~", "<p><s>古い</s></p>"),
        ("", ""),
    ],
)
def test_the_hosts_markdown_becomes_clean_html(markdown, html):
    assert str(to_html(markdown)) == html


def test_pictures_from_elsewhere_are_not_loaded():
    assert "<img" not in to_html("![x](https://tracker.example/x.png)")


def test_markdown_as_text_keeps_addresses():
    assert to_text("- [お便り](https://e.jp/a)はこちら\n- <https://e.jp>\n\n次回も。") == (
        "• お便り (https://e.jp/a)はこちら\n• https://e.jp\n\n次回も。"
    )


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=200))
def test_no_text_breaks_the_markdown(text):
    html = to_html(text)
    assert "<script" not in html
    assert "<img" not in html
    assert "<" not in to_text(text.replace("<", "").replace("&", ""))


def test_a_long_description_loses_whole_elements_from_its_end():
    html = "<p>はじめ</p>" + "<p>佐久</p>" * 400 + "<p>おわり</p>"
    kept = within_limit(html)
    assert len(kept.encode()) <= 4000
    assert kept.startswith("<p>はじめ</p><p>佐久</p>")
    assert kept.endswith("<p>佐久</p>")


def test_a_long_list_loses_its_last_items():
    kept = within_limit("<ul>" + "".join(f"<li>00:00:{n:02} 章</li>" for n in range(60)) + "</ul>", 200)
    assert kept.startswith("<ul><li>00:00:00 章</li><li>00:00:01 章</li>")
    assert kept.endswith("</li></ul>")
    assert len(kept.encode()) <= 200


def test_a_first_paragraph_that_is_too_long_is_cut_between_letters():
    kept = within_limit(f"<p><b>{'家族👨‍👩‍👧' * 500}</b></p><p>次</p>")
    assert kept.endswith(("👨‍👩‍👧…</p>", "家…</p>", "族…</p>"))
    assert len(kept.encode()) <= 4000


def test_what_apps_do_not_know_is_left_out():
    kept = within_limit(
        "<h2>見出し</h2><p>一<br>二 <code>x</code></p><script>x</script>裸の文<hr><em>強く</em>"
    )
    assert kept == "<p><strong>見出し</strong></p><p>一 二 x</p><p>裸の文</p><p><em>強く</em></p>"


@given(st.text(max_size=400), st.integers(60, 300))
def test_a_description_always_fits_and_is_well_formed(text, most):
    kept = within_limit(text, most)
    assert len(kept.encode()) <= most
    assert within_limit(kept) == kept
