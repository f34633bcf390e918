"""The announcement and the receipts, as Slack gets them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.adapters.jinja import JinjaRenderer
from cityhall_fm.adapters.jinja.blocks import problem
from cityhall_fm.adapters.jinja.mrkdwn import escaped, in_sections, link
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.episode import Key
from cityhall_fm.show.notes import Part, ShowNotes, show_notes
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.timecode import Timecode
from thorough import examples

from builders import a_consent, a_published_episode, a_question, a_show

RENDERER = JinjaRenderer([Path(__file__).parents[3] / "templates"])
ARTWORK = Key("artwork-0123456789ab.png")
EPISODE = a_published_episode()


def an_answer(title: str = "灯油代は月にいくら?", seconds: float | None = 754) -> Part:
    at = None if seconds is None else Timecode.of_seconds(seconds)
    return Part(title, at, question=QuestionId("q-xmqpev6a"))


def announced(*parts: Part, episode=EPISODE, **show_changes):
    return RENDERER.announcement(a_show(**show_changes), episode, ShowNotes(parts), ARTWORK)


def all_texts(blocks) -> list[str]:
    def walk(value):
        if isinstance(value, dict):
            if isinstance(value.get("text"), str):
                yield value
            for inner in value.values():
                yield from walk(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                yield from walk(inner)

    return list(walk(blocks))


def test_the_announcement_tells_what_is_answered_and_when():
    words = announced(Part("オープニング", Timecode(3000)), an_answer(), an_answer("冬タイヤは?", 900.9))
    assert words.text == "FMリモート市役所 第7回「佐久の冬支度」を公開しました。"
    header, summary, answers, context = words.blocks
    assert header["text"]["text"] == "📻 第7回 佐久の冬支度"
    assert "<https://fm.example.jp/7/|▶ いますぐ聴く（1分30秒）>" in summary["text"]["text"]
    assert summary["accessory"]["image_url"] == "https://fm.example.jp/artwork-0123456789ab.png"
    assert summary["accessory"]["alt_text"] == "FMリモート市役所の番組アートワーク"
    assert answers["text"]["text"].splitlines() == [
        "*今回お答えした質問*",
        "• <https://fm.example.jp/7/#t=754|12:34 灯油代は月にいくら?>",
        "• <https://fm.example.jp/7/#t=900|15:00 冬タイヤは?>",
    ]
    assert "<https://fm.example.jp/feed.xml|" in context["elements"][0]["text"]


def test_without_answers_it_tells_what_the_episode_holds():
    words = announced(Part("オープニング", Timecode(3000)))
    assert "*この回の内容*" in words.blocks[2]["text"]["text"]


def test_without_parts_there_is_no_list():
    assert [block["type"] for block in announced().blocks] == ["header", "section", "context"]


def test_artwork_is_shown_only_where_slack_can_fetch_it():
    assert "accessory" not in announced(public_url="file:///srv/fm").blocks[1]


def test_many_questions_are_split_over_sections_and_the_rest_is_told():
    some = announced(*(an_answer(f"質問{n}の、少し長い題名です" * 2, 10 * n) for n in range(60)))
    assert sum(block["type"] == "section" for block in some.blocks) > 2
    many = announced(*(an_answer(f"質問{n}の、少し長い題名です" * 6, 10 * n) for n in range(300)))
    assert "このほかの内容" in many.blocks[-2]["text"]["text"]
    assert problem({"text": many.text, "blocks": list(many.blocks)}) is None


def test_a_receipt_tells_the_second_and_thanks():
    words = RENDERER.receipt(a_show(), EPISODE, an_answer())
    assert words.text.splitlines() == [
        "ご質問に、第7回の12:34でお答えしました。",
        "<https://fm.example.jp/7/#t=754|12:34から聴く>",
        "番組にお寄せいただき、ありがとうございました。またのおたよりを、お待ちしています。",
    ]
    assert "<https://fm.example.jp/7/#t=754|12:34から聴く>" in words.blocks[0]["text"]["text"]


def test_a_receipt_without_a_time_leads_to_the_episode():
    words = RENDERER.receipt(a_show(language="en"), EPISODE, an_answer(seconds=None))
    assert (
        "Your question is answered in episode 7.\n<https://fm.example.jp/7/|Listen to the episode>"
        in words.text
    )


@pytest.mark.parametrize(("naming", "said"), [(None, "こちらの話題を"), (Naming.ANONYMOUS, "ご質問に")])
def test_a_topic_was_no_question(naming, said):
    question = a_question(consent=a_consent(naming) if naming else None)
    episode = replace(
        EPISODE, rundown=type(EPISODE.rundown)((replace(EPISODE.rundown.segments[1], question=question.id),))
    )
    (part,) = show_notes(episode, {question.id: question}, withdrawn_title="おたより").answers
    assert RENDERER.receipt(a_show(), episode, part).text.startswith(said)


def test_a_receipt_names_nobody():
    question = a_question(consent=a_consent(Naming.RADIO_NAME, radio_name=Private("そばの花")))
    episode = replace(
        EPISODE, rundown=type(EPISODE.rundown)((replace(EPISODE.rundown.segments[1], question=question.id),))
    )
    (part,) = show_notes(episode, {question.id: question}, withdrawn_title="おたより").answers
    assert "そばの花" not in json.dumps(RENDERER.receipt(a_show(), episode, part).blocks, ensure_ascii=False)


HOSTILE = st.sampled_from(
    [
        "<!channel>",
        "<@U0SAKU001>",
        "@here",
        '"}],"x":[{"',
        "&amp;<b>",
        "{{ show }}",
        "a|b>c",
        "冬" * 6000,
        "&" * 6000,
        "\ud800\x00",
        "\n\n",
    ]
) | st.text(st.characters(codec=None, exclude_categories=()), max_size=30)


@given(HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=examples(60), deadline=None)
def test_no_words_ping_anybody_or_break_a_message(title, summary, part):
    episode = replace(EPISODE, title=title, summary=summary)
    for words in (
        announced(an_answer(part), an_answer(part, 900), episode=episode, title=title or "x"),
        RENDERER.receipt(a_show(), episode, an_answer(part)),
    ):
        assert problem({"text": words.text, "blocks": list(words.blocks)}) is None
        for text in all_texts(words.blocks):
            if text["type"] == "mrkdwn":
                assert text["verbatim"] is True
                assert not any(sign in text["text"] for sign in ("<!", "<@", "<#"))


def test_text_is_escaped_once():
    assert escaped("<b> & &amp;") == "&lt;b&gt; &amp; &amp;amp;"
    assert link("https://e.jp/?a=1&b=|", "a > b") == "<https://e.jp/?a=1&amp;b=%7C|a &gt; b>"
    assert escaped("&&&&", 11) == "&amp;&amp;…"


def test_lines_are_gathered_up_to_the_limit():
    assert in_sections(["一", "二", "三"], most=3) == ["一\n二", "三"]
    assert in_sections(["一", "二", "三"], most=1, sections=2, rest="ほか") == ["一", "二", "ほか"]
