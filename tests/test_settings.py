from __future__ import annotations

from pathlib import Path

import pytest

from cityhall_fm.settings import read_settings
from cityhall_fm.show.errors import InputError
from cityhall_fm.texts import Catalogue

MANIFEST = """\
# 番組の設定
[show]
title = "FMリモート市役所"
description = "佐久市の番組です。"
language = "ja"
link = "https://example.jp/fm"
author = "リモート市役所"
owner = { name = "リモート市役所", email = "fm@example.jp" }
guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
categories = ["Government", "Society & Culture > Places & Travel"]

[[show.people]]
name = "髙橋はな"
reading = "たかはしはな"

[slack]
channels = ["移住相談"]
marker = ":radio:"

[publish]
target = "s3://saku-fm/show"
public_url = "https://fm.example.jp/"
"""


def a_folder(tmp_path: Path, manifest: str = MANIFEST) -> Path:
    path = tmp_path / "feeds" / "show.toml"
    path.parent.mkdir()
    path.write_text(manifest, "utf-8")
    return tmp_path


def test_a_manifest_becomes_settings(tmp_path):
    settings = read_settings(a_folder(tmp_path), {})
    assert settings.show.title == "FMリモート市役所"
    assert settings.show.people[0].name == "髙橋はな"
    assert settings.show.categories == (("Government", None), ("Society & Culture", "Places & Travel"))
    assert settings.show.public_url == "https://fm.example.jp"
    assert settings.collecting.marker == "radio"
    assert settings.target == "s3://saku-fm/show"
    assert settings.mastering.target.integrated == -16.0


def test_a_folder_target_is_within_the_show(tmp_path):
    folder = a_folder(tmp_path, MANIFEST.replace("s3://saku-fm/show", "feeds/site"))
    assert read_settings(folder, {}).target == str(folder / "feeds" / "site")


def test_secrets_come_from_the_environment_and_never_show(tmp_path):
    environment = {"SLACK_BOT_TOKEN": "xoxb-secret", "CITYHALL_FM_DATABASE_URL": "postgresql://a:geheim@h/d"}
    settings = read_settings(a_folder(tmp_path), environment)
    assert settings.slack.token == "xoxb-secret"
    assert "xoxb-secret" not in repr(settings)
    assert "geheim" not in repr(settings)


def test_without_a_database_url_the_memory_is_a_file_in_the_show(tmp_path):
    assert read_settings(a_folder(tmp_path), {}).database == tmp_path / "feeds" / "memory.sqlite3"


def test_every_problem_is_told_at_once_with_its_line(tmp_path):
    broken = (
        MANIFEST.replace('language = "ja"', 'langauge = "ja"')
        .replace("https://example.jp/fm", "example.jp")
        .replace('email = "fm@example.jp"', 'email = "fm"')
        .replace('name = "髙橋はな"\n', "")
        .replace("s3://saku-fm/show", "ftp://saku")
        .replace("佐久市の番組です。", "佐" * 1334)
    )
    with pytest.raises(InputError) as error:
        read_settings(a_folder(tmp_path, broken), {})
    problems = {problem.field: (problem.line, problem.text.name) for problem in error.value.problems}
    assert problems == {
        "show.description": (4, "files.bytes"),
        "show.language": (2, "files.missing"),
        "show.langauge": (5, "files.unknown_near"),
        "show.link": (6, "files.web_address"),
        "show.owner.email": (8, "files.wrong"),
        "show.people.1.name": (12, "files.missing"),
        "publish.target": (20, "files.target"),
    }


def test_broken_toml_is_told_in_two_lines(tmp_path):
    with pytest.raises(InputError) as error:
        read_settings(a_folder(tmp_path, "[show\n"), {})
    assert error.value.text.name == "files.toml"


def test_a_folder_that_is_no_show_is_told(tmp_path):
    with pytest.raises(InputError) as error:
        read_settings(tmp_path, {})
    assert error.value.text.name == "files.absent"


def test_what_shall_be_done_to_the_sound_is_read(tmp_path):
    more = (
        '[master]\noutro = "owari.flac"\nhigh_pass = true\nlevelling = true\ntrim = false\n'
        'bed = "bgm.flac"\nbed_duck = 12\nalternates = ["opus", "m4a", "opus"]\nfm_bits = 16\n'
    )
    folder = a_folder(tmp_path, MANIFEST + more)
    mastering = read_settings(folder, {}).mastering
    assert (mastering.outro, mastering.bed) == (folder / "feeds/owari.flac", folder / "feeds/bgm.flac")
    assert (mastering.high_pass, mastering.levelling, mastering.trim) == (80, True, False)
    assert (mastering.bed_duck, mastering.alternates) == (12.0, ("opus", "m4a"))
    assert (mastering.station.integrated, mastering.station_bits) == (-24.0, 16)


SUBSCRIBE = """
[subscribe]
apple = "https://podcasts.apple.com/jp/podcast/id1"
spotify = "https://open.spotify.com/show/1"

[accessibility]
transcript = "required"
contact = "https://example.jp/contact"

[accessibility.test]
tested_on = 2026-11-23
tester = "広報広聴課 髙橋"
tools = ["axe-core 4.14"]
met = ["2.1.1"]
failed = ["1.4.3"]
"""


def test_where_the_show_is_listed_and_what_it_promises_is_read(tmp_path):
    show = read_settings(a_folder(tmp_path, MANIFEST + SUBSCRIBE), {}).show
    assert show.listed == (
        ("apple", "https://podcasts.apple.com/jp/podcast/id1"),
        ("spotify", "https://open.spotify.com/show/1"),
    )
    assert show.accessibility.transcript_required
    test = show.accessibility.test
    assert test
    assert (test.tester, test.met, test.failed) == (
        "広報広聴課 髙橋",
        frozenset({"2.1.1"}),
        frozenset({"1.4.3"}),
    )


def test_without_a_word_about_it_transcripts_are_recommended_only(tmp_path):
    show = read_settings(a_folder(tmp_path), {}).show
    assert (show.listed, show.accessibility.transcript_required, show.accessibility.test) == ((), False, None)


def test_a_wrong_directory_or_criterion_is_told_with_its_line(tmp_path):
    wrong = SUBSCRIBE.replace("https://open.spotify.com/show/1", "https://example.jp/show/1")
    wrong = wrong.replace('["2.1.1"]', '["9.9.9"]').replace('"required"', '"maybe"')
    with pytest.raises(InputError) as told:
        read_settings(a_folder(tmp_path, MANIFEST + wrong), {})
    first = len(MANIFEST.splitlines())
    assert [(problem.field.split(".met")[0], problem.line) for problem in told.value.problems] == [
        ("subscribe.spotify", first + 4),
        ("accessibility.transcript", first + 7),
        ("accessibility.test", first + 14),
    ]
    assert "open.spotify.com" in Catalogue("ja").word(told.value.problems[0].text)


def test_the_show_says_how_long_it_is_and_which_corners_recur(tmp_path):
    corners = (
        'minutes = 15\n\n[[show.corners]]\ntitle = "髙橋の🍎"\nlength = "2:30"\nscript = "こんばんは。"\n\n'
    )
    written = MANIFEST.replace("\n[[show.people]]", f"{corners}[[show.people]]", 1)
    airtime = read_settings(a_folder(tmp_path, written), {}).airtime
    assert str(airtime.length) == "15:00"
    (corner,) = airtime.corners
    assert (corner.title, str(corner.length), corner.script) == ("髙橋の🍎", "2:30", "こんばんは。")


@pytest.mark.parametrize("line", ["minutes = 0", 'minutes = "長め"', 'corners = [{ title = "" }]'])
def test_a_wrong_length_or_corner_is_told_with_an_example(tmp_path, line):
    written = MANIFEST.replace("\n[[show.people]]", f"{line}\n\n[[show.people]]", 1)
    with pytest.raises(InputError) as told:
        read_settings(a_folder(tmp_path, written), {})
    assert told.value.problems


def test_what_askers_agree_to_is_there_in_every_language(tmp_path):
    rules = read_settings(a_folder(tmp_path), {}).collecting
    title = "FMリモート市役所"
    assert {language: title in words for language, words in rules.wordings.items()} == {
        "ja": True,
        "en": True,
        "fr": True,
    }
    assert "any time" in rules.wordings["en"]
    assert rules.consent_wording == rules.wordings["ja"]


def test_a_promise_that_is_written_once_is_in_the_language_of_the_show(tmp_path):
    once = MANIFEST.replace("[slack]\n", '[slack]\nconsent_wording = "Lu à l’antenne."\n')
    french = once.replace('language = "ja"', 'language = "fr-FR"')
    rules = read_settings(a_folder(tmp_path, french), {}).collecting
    assert (rules.consent_wording, rules.wording_in("fr")) == ("Lu à l’antenne.", "Lu à l’antenne.")
    assert "いつでも" in rules.wording_in("ja")


def test_a_promise_may_be_written_in_each_language(tmp_path):
    table = '[slack.consent_wording]\nja = "読まれます。"\nfr = "On vous lira."\n\n[publish]'
    rules = read_settings(a_folder(tmp_path, MANIFEST.replace("[publish]", table)), {}).collecting
    assert (rules.consent_wording, rules.wording_in("fr")) == ("読まれます。", "On vous lira.")
    assert "any time" in rules.wording_in("en")


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (f'consent_wording = "{"佐" * 1400}"', ("slack.consent_wording.ja", 18, "files.bytes")),
        ('consent_wording = { jp = "読みます" }', ("slack.consent_wording.jp", 18, "files.unknown")),
        ("consent_wording = 3", ("slack.consent_wording", 18, "files.wrong")),
    ],
)
def test_a_promise_that_cannot_be_shown_is_told_with_its_line(tmp_path, written, problem):
    broken = MANIFEST.replace('marker = ":radio:"', written)
    with pytest.raises(InputError) as error:
        read_settings(a_folder(tmp_path, broken), {})
    (found,) = error.value.problems
    assert (found.field, found.line, found.text.name) == problem
