"""The forms: what is asked for, and what was filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cityhall_fm.production.look_up import Answered
from cityhall_fm.show.asking import LONGEST_NAME, LONGEST_WORDS, Corner, Field, Submission
from cityhall_fm.show.consent import Consent, Naming, Private
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.text import Text
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.slack_app.blocks import (
    LONGEST_TITLE,
    Block,
    choice,
    context,
    header,
    link_title,
    option,
    plain,
    promise,
    promised,
    section,
    text_input,
)
from cityhall_fm.texts import LANGUAGES, Catalogue

ASK_VIEW: Final = "ask"
NAME_VIEW: Final = "name"
DONE_VIEW: Final = "done"
ANYWAY: Final = "anyway"
"""What the form carries once a similar answer was offered: sent again, it is stored."""
_NAMINGS: Final = (Naming.ANONYMOUS, Naming.RADIO_NAME, Naming.DISPLAY_NAME)
_PUBLICLY, _CONTACT, _VOICE = "publicly", "contact", "voice"
_THEN: Final = " "
_NO_ROOM: Final = 100
"""Slack's client counts otherwise than we do: a little more can be typed, and we say what is too much."""


def ask_form(
    say: Catalogue,
    submission: Submission,
    *,
    consent_wording: str,
    departments: Sequence[str] = (),
    publicly_possible: bool = True,
    problem: str = "",
    note: str = "",
    similar: Sequence[Answered] = (),
) -> Block:
    """Make the form to ask, filled in as far as known; with a problem or similar answers at its top."""
    extras = [(_PUBLICLY, "extras_publicly")] if publicly_possible else []
    # Only what stands in a channel has a thread into which its asker can speak.
    extras += [(_CONTACT, "extras_contact"), *([(_VOICE, "extras_voice")] if publicly_possible else [])]
    ticked = [
        name
        for name, on in (
            (_PUBLICLY, submission.publicly and publicly_possible),
            (_CONTACT, submission.may_contact),
            (_VOICE, submission.voice and publicly_possible),
        )
        if on
    ]
    blocks: list[Block] = [
        *([section(f":warning: {problem}")] if problem else []),
        *([context(note)] if note else []),
        *_offer(say, similar),
        choice(
            Field.CORNER,
            "radio_buttons",
            say("slack_app.corner_label"),
            [option(corner, say(f"slack_app.corner_{corner}")) for corner in Corner],
            initial=[submission.corner],
        ),
        text_input(
            Field.WORDS,
            say("slack_app.words_label"),
            initial=submission.words.for_host(),
            hint=say("slack_app.words_hint"),
            most=LONGEST_WORDS + _NO_ROOM,
            multiline=True,
        ),
        *_name_fields(say, submission, _NAMINGS),
    ]
    if departments:
        chosen = [submission.department] if submission.department in departments else []
        blocks.append(
            choice(
                Field.DEPARTMENT,
                "static_select",
                say("slack_app.department_label"),
                [option(name, name) for name in departments[:100]],
                initial=chosen,
                optional=True,
            )
        )
    blocks += [
        choice(
            Field.EXTRAS,
            "checkboxes",
            say("slack_app.extras_label"),
            [option(value, say(f"slack_app.{entry}")) for value, entry in extras],
            initial=ticked,
            optional=True,
        ),
        header(say("slack_app.purpose")),
        promise(consent_wording),
    ]
    send = say("slack_app.ask_anyway" if similar else "slack_app.form_send")
    made = _modal(
        say, ASK_VIEW, say("slack_app.form_title"), blocks, submit=send, carries=ANYWAY if similar else ""
    )
    return {**made, "notify_on_close": True}


def name_form(
    say: Catalogue, question: QuestionId, consent: Consent | None, *, consent_wording: str
) -> Block:
    """Make the form to choose how one is named for one question."""
    naming = consent.naming if consent and consent.stands else Naming.ANONYMOUS
    known = Submission(
        naming=naming,
        radio_name=(consent.radio_name if consent else None) or Private(""),
        reading=(consent.reading if consent else None) or Private(""),
    )
    blocks = [
        *_name_fields(say, known, (*_NAMINGS, Naming.DO_NOT_USE)),
        choice(
            Field.EXTRAS,
            "checkboxes",
            say("slack_app.voice_label"),
            [option(_VOICE, say("slack_app.extras_voice"))],
            initial=[_VOICE] if consent and consent.stands and consent.voice else [],
            optional=True,
        ),
        promise(consent_wording),
    ]
    return _modal(
        say,
        NAME_VIEW,
        say("slack_app.name_title"),
        blocks,
        submit=say("slack_app.name_save"),
        carries=question,
    )


def message_view(say: Catalogue, text: str) -> Block:
    """Make a modal that only says something."""
    return _modal(say, DONE_VIEW, say("slack_app.form_title"), [section(text)])


def agreed_to(view: Mapping[str, Any]) -> str:
    """Read what whoever filled in a form was shown that they agree to."""
    return promised(view.get("blocks"))


def language_of(view: Mapping[str, Any], otherwise: Catalogue) -> Catalogue:
    """Speak the language in which a form was shown; another process may have opened it."""
    language = str(view.get("private_metadata") or "").partition(_THEN)[0]
    return Catalogue(language) if language in LANGUAGES else otherwise


def carried(view: Mapping[str, Any]) -> str:
    """Read what a form carries beside its language: the question it is about, or `ANYWAY`."""
    metadata = str(view.get("private_metadata") or "")
    language, _, carries = metadata.partition(_THEN)
    # A form that an earlier version of the app opened carries no language.
    return carries if language in LANGUAGES else metadata


def filled_in(view: Mapping[str, Any]) -> Submission:
    """Read what was typed and chosen; a field that is missing counts as empty."""
    values = view.get("state", {}).get("values", {})
    ticked = {one.get("value") for one in _element(values, Field.EXTRAS).get("selected_options") or ()}
    return Submission(
        words=Private(_typed(values, Field.WORDS)),
        corner=Corner(_chosen(values, Field.CORNER) or Corner.QUESTION),
        naming=Naming(_chosen(values, Field.NAMING) or Naming.ANONYMOUS),
        radio_name=Private(_typed(values, Field.RADIO_NAME)),
        reading=Private(_typed(values, Field.READING)),
        department=_chosen(values, Field.DEPARTMENT),
        publicly=_PUBLICLY in ticked,
        may_contact=_CONTACT in ticked,
        voice=_VOICE in ticked,
    )


def under_fields(say: Catalogue, refused: Mapping[Field, Text]) -> dict[str, str]:
    """Word refusals for the fields that they stand under."""
    return {field: say.word(text) for field, text in refused.items()}


def answer_lines(say: Catalogue, similar: Sequence[Answered]) -> list[str]:
    """Word where something was answered, a line each, with the link to the second."""
    return [
        say(
            "slack_app.similar_line",
            url=one.url,
            number=one.episode.number,
            time=one.at if one.at is not None else Timecode(0),
            title=link_title(one.title),
        )
        for one in similar
    ]


def _offer(say: Catalogue, similar: Sequence[Answered]) -> list[Block]:
    lines = answer_lines(say, similar)
    return [section("\n".join([f"*{say('slack_app.similar')}*", *lines]))] if lines else []


def _name_fields(say: Catalogue, submission: Submission, namings: Sequence[Naming]) -> list[Block]:
    most = LONGEST_NAME + _NO_ROOM
    return [
        choice(
            Field.NAMING,
            "radio_buttons",
            say("slack_app.naming_label"),
            [option(naming, say(f"slack_app.naming_{naming}")) for naming in namings],
            initial=[submission.naming],
        ),
        text_input(
            Field.RADIO_NAME,
            say("slack_app.radio_name_label"),
            initial=submission.radio_name.for_host(),
            hint=say("slack_app.radio_name_hint"),
            most=most,
            optional=True,
        ),
        text_input(
            Field.READING,
            say("slack_app.reading_label"),
            initial=submission.reading.for_host(),
            most=most,
            optional=True,
        ),
    ]


def _modal(
    say: Catalogue, callback: str, title: str, blocks: Sequence[Block], *, submit: str = "", carries: str = ""
) -> Block:
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, LONGEST_TITLE),
        "close": plain(say("slack_app.form_close" if submit else "slack_app.form_done"), LONGEST_TITLE),
        **({"submit": plain(submit, LONGEST_TITLE)} if submit else {}),
        "private_metadata": f"{say.language}{_THEN}{carries}",
        "blocks": list(blocks),
    }


def _element(values: Mapping[str, Any], field: Field) -> Mapping[str, Any]:
    found = values.get(field, {}).get(field)
    return found if isinstance(found, dict) else {}


def _typed(values: Mapping[str, Any], field: Field) -> str:
    return str(_element(values, field).get("value") or "")


def _chosen(values: Mapping[str, Any], field: Field) -> str:
    return str((_element(values, field).get("selected_option") or {}).get("value") or "")
