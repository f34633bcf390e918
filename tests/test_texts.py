"""The catalogues agree with each other and with the code."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from cityhall_fm.texts import LANGUAGES, Catalogue, areas, entries

SOURCE = Path(__file__).parents[1] / "src" / "cityhall_fm"
TEMPLATES = Path(__file__).parents[1] / "templates"
ENTRIES = [(area, name) for area in areas() for name in entries(area)]
RAISED = re.compile(r"\b\w*Error\(\s*\"([a-z_]+\.[a-z0-9_]+)\"")
NAMED = re.compile(r"[\"']([a-z_]+\.[a-z0-9_]*[a-z0-9])[\"']")


def _fields(sentence: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(sentence) if field is not None}


def _code() -> str:
    # The sandbox knows no texts; its methods (`files.info`) only look like their names.
    ours = [path for path in SOURCE.rglob("*.py") if not path.is_relative_to(SOURCE / "sandbox")]
    files = [*ours, *TEMPLATES.rglob("*.j2"), *(SOURCE / "studio").rglob("*.j2")]
    return "\n".join(path.read_text("utf-8") for path in files)


@pytest.mark.parametrize(("area", "name"), ENTRIES, ids=lambda part: part)
def test_every_sentence_stands_in_every_language_with_the_same_blanks(area, name):
    sentences = entries(area)[name]
    assert set(sentences) == set(LANGUAGES)
    assert all(sentence.strip() for sentence in sentences.values())
    assert len({frozenset(_fields(sentence)) for sentence in sentences.values()}) == 1


def test_every_error_says_what_happened_and_what_to_do():
    raised = set(RAISED.findall(_code()))
    assert raised
    short = {
        f"{name} ({language})"
        for name in raised
        for language, sentence in entries(name.partition(".")[0])[name.partition(".")[2]].items()
        if len(sentence.strip().splitlines()) != 2
    }
    assert short == set()


def test_every_sentence_that_the_code_names_is_there():
    known = {f"{area}.{name}" for area, name in ENTRIES}
    named = {name for name in NAMED.findall(_code()) if name.partition(".")[0] in areas()}
    file_names_and_hosts = (".com", ".json", ".md", ".toml", ".xml")
    assert {name for name in named - known if not name.endswith(file_names_and_hosts)} == set()


def test_an_unknown_language_is_answered_in_japanese():
    assert Catalogue("tlh").language == Catalogue("").language == "ja"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en-us", "en"), ("fr-FR", "fr"), ("FR", "fr"), ("fr_CA", "fr"), ("ja-JP", "ja"), ("frr", "ja")],
)
def test_a_language_is_known_by_its_tag_however_it_is_written(tag, language):
    assert Catalogue(tag).language == language
