"""What the app says to one member in private, and the post that carries a question and nobody's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cityhall_fm.production.ask import escaped
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.asking import Submission
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.question import Question, QuestionId
from cityhall_fm.show.slack_app import COMMAND
from cityhall_fm.slack_app.blocks import Block, actions, button, context, header, promise, quoted, section
from cityhall_fm.slack_app.home import ASK, name_button, voice_button, withdraw_button
from cityhall_fm.texts import Catalogue

MAY_READ: Final = "may_read_"
"""Begins the action of each button under the request to an author; the naming follows."""


def receipt(
    say: Catalogue, submission: Submission, question: QuestionId | None, *, welcome: Words | None
) -> Words:
    """Say that a form is arriving, and once it has, what follows and how to change one's mind."""
    if question is None:
        return _words(say("slack_app.receiving"), quoted(submission.words.for_host()))
    told = say("slack_app.received")
    greeted = [dict(block) for block in welcome.blocks] if welcome else []
    buttons = actions(name_button(say, question), withdraw_button(say, question), block_id=question)
    return _words(told, *greeted, quoted(submission.words.for_host()), context(told), buttons)


def failed(say: Catalogue, submission: Submission) -> Words:
    """Say that a form could not be stored, and give the words back."""
    return _words(
        say("slack_app.failed"), section(say("slack_app.failed")), quoted(submission.words.for_host())
    )


def public_post(say: Catalogue, submission: Submission) -> Words:
    """Word the post in the question channel: the asker's words, and nobody's name."""
    head = say("slack_app.public_head", corner=say(f"slack_app.corner_{submission.corner}"))
    words = submission.cleaned().words.for_host()
    return _words(head, header(head), quoted(words), context(say("slack_app.public_foot")))


def public_post_withdrawn(say: Catalogue) -> Words:
    """Word what stands there instead once the question was withdrawn."""
    return _words(say("slack_app.public_withdrawn"), section(say("slack_app.public_withdrawn")))


def ask_button(say: Catalogue, title: str) -> Words:
    """Word the message that is pinned to a channel: what the show is for, and the button to ask."""
    text = say("slack_app.pinned", title=escaped(title))
    return _words(
        text,
        section(text),
        actions(button(ASK, say("slack_app.home_ask"), style="primary"), block_id="ask"),
        context(say("slack_app.pinned_foot", command=COMMAND)),
    )


def consent_request(say: Catalogue, question: Question, *, consent_wording: str) -> Words:
    """Ask the author of a topic whether, and how, it may be read."""
    link = question.thread.permalink
    choices: list[Block] = [
        button(f"{MAY_READ}{naming}", say(f"slack_app.naming_{naming}"), value=question.id)
        for naming in Naming
    ]
    return _words(
        say("slack_app.author_asked"),
        section(say("slack_app.author_asked")),
        *([section(say("slack_app.author_link", url=link))] if link else []),
        promise(consent_wording),
        actions(*choices, block_id=question.id),
    )


def handed_on_own(say: Catalogue, question: QuestionId) -> Words:
    """Say that somebody's own message is their question now, and how to change one's mind."""
    text = say("slack_app.handed_on_own")
    buttons = actions(name_button(say, question), withdraw_button(say, question), block_id=question)
    return _words(text, section(text), buttons)


def noted(say: Catalogue, naming: Naming) -> Words:
    """Say which name was noted."""
    text = say("slack_app.name_noted", naming=say(f"slack_app.naming_{naming}"))
    return _words(text, section(text))


def answered_before(say: Catalogue, lines: Sequence[str]) -> Words:
    """Show where questions like theirs were answered, to somebody who asked in a channel."""
    text = say("slack_app.similar_told")
    return _words(text, section("\n".join([text, *lines])))


def greeting(say: Catalogue, welcome: Words, question: QuestionId) -> Words:
    """Greet somebody's first question in a channel, with the button to choose a name."""
    buttons = actions(name_button(say, question), block_id=question)
    return Words(welcome.text, (*welcome.blocks, buttons))


def voice_request(say: Catalogue, question: QuestionId) -> Words:
    """Say that a recording arrived, and ask whether it may be played."""
    text = say("slack_app.voice_arrived")
    return _words(text, section(text), actions(voice_button(say, question), block_id=question))


def told(text: str) -> Words:
    """Say one sentence."""
    return _words(text, section(text))


def _words(text: str, *blocks: Block) -> Words:
    return Words(text, blocks or (section(text),))
