from __future__ import annotations

from datetime import timedelta

import pytest

from cityhall_fm.show.consent import Naming, Private, PublicName, Quote, public_name, quote

from builders import NOON, a_consent

DISPLAY_NAME = Private("髙橋はな🌸")
WORDS = Private("灯油代は月にいくら?")


def test_without_consent_nobody_is_named_and_nothing_is_quoted():
    assert public_name(None, DISPLAY_NAME).name is None
    assert quote(None, WORDS) is None


def test_anonymous_is_quoted_but_not_named():
    consent = a_consent(Naming.ANONYMOUS, radio_name=Private("たぬき"))
    assert public_name(consent, DISPLAY_NAME).name is None
    assert quote(consent, WORDS).words == "灯油代は月にいくら?"


def test_a_radio_name_is_read_as_typed_with_its_reading():
    consent = a_consent(Naming.RADIO_NAME, radio_name=Private("髙橋\u3000一号"), reading=Private("たかはし"))
    name = public_name(consent, DISPLAY_NAME)
    assert (name.name, name.reading) == ("髙橋\u3000一号", "たかはし")


def test_a_display_name_is_used_only_when_that_was_agreed():
    assert public_name(a_consent(Naming.DISPLAY_NAME), DISPLAY_NAME).name == "髙橋はな🌸"


@pytest.mark.parametrize("naming", list(Naming))
def test_a_withdrawn_consent_releases_nothing(naming):
    consent = a_consent(naming, radio_name=Private("たぬき"), withdrawn_at=NOON + timedelta(days=1))
    assert public_name(consent, DISPLAY_NAME).name is None
    assert quote(consent, WORDS) is None


def test_do_not_use_releases_nothing():
    consent = a_consent(Naming.DO_NOT_USE)
    assert not consent.stands
    assert quote(consent, WORDS) is None


def test_nobody_else_can_make_a_public_name_or_a_quote():
    with pytest.raises(TypeError):
        PublicName("髙橋はな", None, released=object())
    with pytest.raises(TypeError):
        Quote("灯油代は?", released=None)


@pytest.mark.parametrize("show_it", [str, repr, "{}".format, "%s".__mod__])
def test_private_words_never_show_when_printed_formatted_or_logged(show_it):
    assert "髙橋" not in show_it(DISPLAY_NAME)
    assert "髙橋" not in show_it(a_consent(Naming.RADIO_NAME, radio_name=DISPLAY_NAME))
