"""What every Renderer does: the fake, and the real one over the default templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityhall_fm.adapters.jinja import JinjaRenderer
from cityhall_fm.production.ports.words import Site
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.episode import Key
from cityhall_fm.show.notes import ShowNotes, show_notes
from cityhall_fm.show.question import Question
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.timecode import Timecode

from builders import a_consent, a_published_episode, a_question, a_show, a_topic
from fakes.renderer import FakeRenderer

TEMPLATES = Path(__file__).parents[3] / "templates"
ARTWORK = Key("artwork-0123456789ab.png")


@pytest.fixture(params=[FakeRenderer, lambda: JinjaRenderer([TEMPLATES])], ids=["fake", "jinja"])
def renderer(request):
    return request.param()


def answering(*questions: Question, number: int = 7):
    segments = [
        Segment(f"お答え{place}", at=Timecode.of_seconds(10 * place), question=question.id)
        for place, question in enumerate(questions)
    ]
    episode = a_published_episode(number, rundown=Rundown(tuple(segments)))
    return episode, notes_for(episode, *questions)


def notes_for(episode, *questions: Question) -> ShowNotes:
    return show_notes(episode, {question.id: question for question in questions}, withdrawn_title="おたより")


def everything(renderer, episode, notes: ShowNotes) -> str:
    """All that the renderer says in public."""
    show = a_show()
    messages = [renderer.announcement(show, episode, notes, ARTWORK)]
    messages += [renderer.receipt(show, episode, part) for part in notes.answers]
    pages = renderer.pages(Site(show, ARTWORK, ((episode, notes),)))
    return "\n".join(
        [
            renderer.notes_html(show, episode, notes),
            renderer.notes_text(show, episode, notes),
            renderer.description(show, episode, notes),
            *(str((message.text, message.blocks)) for message in messages),
            *(page.decode() for page in pages.values()),
        ]
    )


def test_there_is_a_page_for_every_episode_and_a_first_one(renderer):
    noted = tuple((episode, notes_for(episode)) for episode in map(a_published_episode, (8, 7)))
    pages = renderer.pages(Site(a_show(), ARTWORK, noted))
    assert {"index.html", "7/index.html", "8/index.html"} <= set(pages)


def test_the_same_site_gives_the_same_bytes(renderer):
    episode, notes = answering(a_question())
    site = Site(a_show(), ARTWORK, ((episode, notes),))
    assert renderer.pages(site) == renderer.pages(site)


def test_a_description_has_at_most_four_thousand_bytes(renderer):
    episode = a_published_episode(summary="佐久の冬。" * 2000)
    assert len(renderer.description(a_show(), episode, notes_for(episode)).encode()) <= 4000


def test_whoever_stays_anonymous_is_named_nowhere(renderer):
    episode, notes = answering(a_question())
    said = everything(renderer, episode, notes)
    assert "灯油代は月にいくら?" in said
    assert "髙橋はな" not in said
    assert "U0SAKU001" not in said


def test_a_radio_name_that_was_agreed_to_is_read(renderer):
    consent = a_consent(Naming.RADIO_NAME, radio_name=Private("そばの花"))
    said = everything(renderer, *answering(a_question(consent=consent)))
    assert "そばの花" in said
    assert "髙橋はな" not in said


def test_a_topics_words_stay_in_slack(renderer):
    said = everything(renderer, *answering(a_topic(words="うちの庭の雪かき")))
    assert "うちの庭" not in said
    assert "髙橋はな" not in said


def test_a_receipt_leads_to_the_second_and_names_nobody(renderer):
    consent = a_consent(Naming.RADIO_NAME, radio_name=Private("そばの花"))
    episode, notes = answering(a_question(consent=consent))
    words = renderer.receipt(a_show(), episode, notes.answers[0])
    assert "https://fm.example.jp/7/#t=3" in words.text
    assert "そばの花" not in str(words)


def test_messages_are_such_as_slack_takes(renderer):
    episode, notes = answering(*(a_question(f"17636004{n:02}.000100") for n in range(90)))
    words = renderer.announcement(a_show(), episode, notes, ARTWORK)
    assert words.text
    assert 1 <= len(words.blocks) <= 50
    assert len(str(words.blocks)) < 16_000
