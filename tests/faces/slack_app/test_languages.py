"""Members' languages: asked of Slack once an hour, and an old answer where Slack gives none."""

from __future__ import annotations

import pytest

from cityhall_fm.show.errors import SlackError
from cityhall_fm.slack_app.languages import Languages
from cityhall_fm.texts import Catalogue

SAKU, QUESTIONS = "U1", "ラジオへの質問"


@pytest.fixture
def asked():
    return []


@pytest.fixture
def slack():
    return {SAKU: "en-GB"}


@pytest.fixture
def languages(clock, asked, slack):
    def locale(user):
        asked.append(user)
        if user not in slack:
            raise SlackError("slack.trouble", method="users.info", error="500")
        return slack[user]

    return Languages(locale, clock, [].append, "ja-JP")


def test_a_change_that_another_process_heard_of_is_noticed_within_an_hour(languages, clock, slack, asked):
    assert languages.say(SAKU).language == "en"
    slack[SAKU] = "fr-FR"
    clock.pass_hours(0.9)
    assert languages.say(SAKU).language == "en"
    assert asked == [SAKU]
    clock.pass_hours(0.2)
    assert languages.say(SAKU).language == "fr"


def test_where_slack_does_not_tell_any_more_the_old_answer_holds(languages, clock, slack):
    languages.say(SAKU)
    del slack[SAKU]
    clock.pass_hours(30)
    assert languages.say(SAKU).language == "en"


def test_an_unknown_language_is_the_shows_own_and_nobody_is_asked_before_it_is_needed(
    languages, slack, asked
):
    slack[SAKU] = "de-DE"
    assert languages.known(SAKU).language == "ja"
    assert asked == []
    assert languages.say(SAKU).language == languages.say(None).language == "ja"


@pytest.mark.parametrize(("tag", "says"), [("fr-FR", "fr"), ("en-us", "en"), ("EN", "en")])
def test_the_shows_own_language_is_spoken_alike_to_all_and_to_one(clock, tag, says):
    languages = Languages(lambda _: "de-DE", clock, [].append, tag)
    assert languages.say(None).language == languages.say(SAKU).language == says


def test_a_french_show_posts_in_french_in_public(mode, start, show_folder):
    manifest = show_folder / "feeds" / "show.toml"
    written = manifest.read_text("utf-8")
    assert 'language = "ja"' in written
    manifest.write_text(written.replace('language = "ja"', 'language = "fr-FR"'), "utf-8")
    scene = start(mode)
    takahashi = scene.as_member("takahashi")
    form = takahashi.command("/fm", "雪の日の佐久は 😀", channel=QUESTIONS).modal()
    assert not form.fill("extras", ["publicly"]).submit().problem
    scene.wait_for(scene.questions)
    (post,) = scene.world.messages(QUESTIONS)
    assert post.text == Catalogue("fr")("slack_app.public_head", corner="Une question")


def test_a_change_that_was_heard_is_asked_for_at_once(languages, slack):
    languages.say(SAKU)
    slack[SAKU] = "fr-FR"
    languages.forget(SAKU)
    assert languages.say(SAKU).language == "fr"
