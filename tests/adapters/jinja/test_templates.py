"""Templates of a show: what they may print, and what a person is told who wrote them wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityhall_fm.adapters.jinja import JinjaRenderer
from cityhall_fm.adapters.jinja.templates import Templates
from cityhall_fm.production.ports.words import Site
from cityhall_fm.show.consent import Consent, Private
from cityhall_fm.show.episode import Key
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.texts import Catalogue

from builders import a_message, a_published_episode, a_question, a_show, a_thread, a_topic

DEFAULTS = Path(__file__).parents[3] / "templates"
WITHHELD = [Private("ないしょ"), a_question(), a_topic(), a_thread(), a_message(), a_question().consent]


def rendered(tmp_path, name: str, template: str, **values: object) -> str:
    (tmp_path / name).write_text(template, "utf-8")
    return Templates([tmp_path]).render(name, values)


@pytest.mark.parametrize("kind", ["html", "txt", "json"])
@pytest.mark.parametrize("value", WITHHELD, ids=lambda value: type(value).__name__)
def test_what_slack_members_wrote_is_never_printed(tmp_path, kind, value):
    with pytest.raises(TypeError, match="without a consent"):
        rendered(tmp_path, f"page.{kind}.j2", "{{ value }}", value=value)


@pytest.mark.parametrize(
    "expression", ["value|string", "value ~ ''", "[value]|join", "'%s' % value", "value|e"]
)
@pytest.mark.parametrize("kind", ["html", "txt", "json"])
def test_no_detour_prints_them_either(tmp_path, kind, expression):
    try:
        said = rendered(tmp_path, f"page.{kind}.j2", f"{{{{ {expression} }}}}", value=Private("ないしょ"))
    except TypeError:
        return
    assert "ないしょ" not in said


@pytest.mark.parametrize("values", [[Private("ないしょ")], {"words": Private("ないしょ")}])
def test_lists_do_not_carry_them_into_messages(tmp_path, values):
    with pytest.raises(TypeError, match="without a consent"):
        rendered(tmp_path, "page.json.j2", "{{ values }}", values=values)


def test_a_value_that_is_no_text_is_a_mistake_of_the_template(tmp_path):
    with pytest.raises(InputError) as told:
        rendered(tmp_path, "page.html.j2", "\n\n{{ episode }}", episode=a_published_episode())
    assert told.value.problems[0].line == 3
    assert "Episode is not text" in Catalogue("en").word(told.value.text)


def test_html_is_escaped_and_json_quoted(tmp_path):
    assert rendered(tmp_path, "a.html.j2", "{{ x }}", x="<b>&") == "&lt;b&gt;&amp;"
    assert rendered(tmp_path, "a.txt.j2", "{{ x }}", x="<b>&") == "<b>&"
    assert rendered(tmp_path, "a.json.j2", "[{{ x }}, {{ x|tojson }}]", x='"\n') == '["\\"\\n", "\\"\\n"]'


def test_the_shows_own_template_comes_before_the_default(tmp_path):
    (tmp_path / "notes.txt.j2").write_text(
        "{{ show.city }}だより {{ say('episode', number=episode.number) }}", "utf-8"
    )
    text = JinjaRenderer([tmp_path, DEFAULTS]).notes_text(a_show(), a_published_episode(), ShowNotes(()))
    assert text == "佐久市だより 第7回\n"


def test_a_page_may_be_given_another_style(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "style.css").write_text("body { color: green }", "utf-8")
    pages = JinjaRenderer([tmp_path, DEFAULTS]).pages(Site(a_show(), Key("a.png"), ()))
    assert pages[Key("style.css")] == b"body { color: green }"
    assert b"<!doctype html>" in pages[Key("index.html")].lower()


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{\n{% if %}\n}", 2),
        ('{"text":\n\n{{ episod.title }}}', 3),
        ('{"text": {{ show.nickname }}}', 1),
        ('{"text":\n{{ say("no_such_entry") }}}', 2),
        ("\n{{ 1 / 0 }}", 2),
        ("\n\n{% include 'nowhere.j2' %}", None),
    ],
)
def test_a_wrong_template_is_named_with_its_line(tmp_path, template, line):
    (tmp_path / "receipt.json.j2").write_text(template, "utf-8")
    with pytest.raises(InputError) as told:
        _receipt(tmp_path)
    for language in ("ja", "en", "fr"):
        assert len(Catalogue(language).word(told.value.text).splitlines()) == 2
    if line:
        assert told.value.path == str(tmp_path / "receipt.json.j2")
        assert told.value.problems[0].line == line


def _message(*blocks: str) -> str:
    return '{"text": "はい", "blocks": [' + ", ".join(blocks) + "]}"


def _section(text: str, kind: str = "mrkdwn", block: str = "section") -> str:
    return f'{{"type": "{block}", "text": {{"type": "{kind}", "text": {text} }} }}'


DIVIDER = '{"type": "divider"}'


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ('{"text": "いいえ"', "JSON"),
        ('["いいえ"]', '"text"'),
        (_message(), "blocks: 1-50"),
        (_message('{"type": "poem"}'), "poem"),
        ('{"text": "<!channel> はい", "blocks": [{"type": "divider"}]}', "<!"),
        ('{"text": "", "blocks": [{"type": "divider"}]}', "text: 1-4000"),
        (_message(_section('"<@U0SAKU001>"')), "<@"),
        (_message(_section('{{ "長" * 151 }}', "plain_text", "header")), "1-150"),
        (_message(_section('{{ "長" * 3001 }}')), "1-3000"),
        (_message('{"type": "image", "image_url": "file:///x", "alt_text": "x"}'), "image_url"),
        (_message('{"type": "image", "image_url": "https://x.jp/x"}'), "alt_text"),
        (_message('{"type": "context", "elements": []}'), "elements 1-10"),
        (_message(*[DIVIDER] * 51), "1-50"),
        (_message(*[_section('{{ "長" * 2900 }}')] * 5), "13000"),
        (
            _message('{"type": "actions", "elements": [' + _section('"x"', block="button") + "]}"),
            "plain_text",
        ),
    ],
)
def test_a_message_that_slack_would_refuse_is_told_before_it_is_posted(tmp_path, template, reason):
    (tmp_path / "receipt.json.j2").write_text(template, "utf-8")
    with pytest.raises(InputError) as told:
        _receipt(tmp_path)
    words = Catalogue("ja").word(told.value.text)
    assert str(tmp_path / "receipt.json.j2") in words
    assert reason in words
    assert len(words.splitlines()) == 2


def test_a_template_in_another_encoding_is_told(tmp_path):
    (tmp_path / "receipt.json.j2").write_bytes("{# 佐久 #}".encode("shift-jis"))
    with pytest.raises(InputError):
        _receipt(tmp_path)


def test_withheld_words_raise_even_where_mistakes_are_told(tmp_path):
    consent: Consent | None = a_question().consent
    with pytest.raises(TypeError):
        rendered(tmp_path, "a.html.j2", "{% for c in cs %}{{ c }}{% endfor %}", cs=[consent])


def _receipt(folder: Path):
    from cityhall_fm.show.notes import Part  # noqa: PLC0415

    return JinjaRenderer([folder, DEFAULTS]).receipt(a_show(), a_published_episode(), Part("灯油"))
