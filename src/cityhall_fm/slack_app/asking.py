"""Listeners for asking: the form opens, is refused in its fields, or goes on its way."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack

from cityhall_fm.production.ask import Wording, ask
from cityhall_fm.production.look_up import Answered, answered_before
from cityhall_fm.show.asking import Submission, last_radio_name, refusals
from cityhall_fm.show.consent import Private
from cityhall_fm.show.errors import CompanionError
from cityhall_fm.show.slack_thread import UserId
from cityhall_fm.slack_app import messages, modal
from cityhall_fm.slack_app.voice import Body, Voice, user_of, worded
from cityhall_fm.texts import Catalogue


class Asking:
    """The command, the shortcut, the button in Home, and the form that they open."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def command(self, ack: Ack, body: Body) -> None:
        ack()
        self._open_form(body, body.get("text") or "")

    def shortcut(self, ack: Ack, body: Body) -> None:
        ack()
        self._open_form(body, "")

    def submitted(self, ack: Ack, body: Body, view: Body) -> None:
        """Refuse in the fields, or say at once that it is being sent; the rest comes behind that."""
        user, submission = user_of(body), modal.filled_in(view)
        say = self._voice.known_language(user)
        refused = refusals(submission)
        if refused:
            ack(response_action="errors", errors=modal.under_fields(say, refused))
            return
        ack(response_action="update", view=modal.message_view(say, say("slack_app.sending")))
        anyway = view.get("private_metadata") == modal.ANYWAY
        view_id = str(view["id"])
        say = self._voice.say(user)
        try:
            similar = [] if anyway else self._answered_before(submission)
            if similar:
                self._voice.update(view_id, self._form(say, submission, similar=similar))
                return
            held_back = self._ask(submission, user, view_id, say)
        except CompanionError as error:
            self._voice.complain(error)
            problem = worded(say, error, "slack_app.trouble")
            self._voice.update(view_id, self._form(say, submission, problem=problem))
            return
        self._voice.update(
            view_id,
            modal.message_view(say, say("slack_app.sent_held_back" if held_back else "slack_app.sent")),
        )
        self._voice.quietly(self._voice.show_status)

    def _open_form(self, body: Body, words: str) -> None:
        user = user_of(body)

        def prepare() -> Body:
            name, reading = Private(""), Private("")
            try:
                name, reading = last_radio_name(user, self._voice.companion.inbox.questions())
            except CompanionError as error:  # a form that is not filled in is better than none
                self._voice.complain(error)
            known = Submission(Private(words), radio_name=name, reading=reading)
            return self._form(self._voice.say(user), known)

        empty = self._form(self._voice.known_language(user), Submission(Private(words)))
        self._voice.open(body, self._voice.in_time(prepare, empty))

    def _form(self, say: Catalogue, submission: Submission, **more: Any) -> Body:  # noqa: ANN401 - as ask_form takes them
        parts = self._voice.companion
        return modal.ask_form(
            say,
            submission,
            consent_wording=parts.rules.consent_wording,
            departments=parts.settings.slack.asking.departments,
            publicly_possible=bool(parts.rules.question_channels),
            **more,
        )

    def _answered_before(self, submission: Submission) -> list[Answered]:
        parts = self._voice.companion
        try:
            words = submission.words.for_host()
            return list(answered_before(words, show=parts.show, inbox=parts.inbox, shelf=parts.shelf))
        except CompanionError as error:  # an offer that fails keeps nobody from asking
            self._voice.complain(error)
            return []

    def _ask(self, submission: Submission, user: UserId, view_id: str, say: Catalogue) -> bool:
        parts = self._voice.companion
        to_all = Catalogue(parts.show.language)
        wording = Wording(
            receipt=lambda question, first: messages.receipt(say, submission, question, first=first),
            public=lambda: messages.public_post(to_all, submission),
            failed=lambda: messages.failed(say, submission),
        )
        asked = ask(
            submission,
            user,
            form=view_id,
            wording=wording,
            desk=parts.desk,
            inbox=parts.inbox,
            ledger=parts.ledger,
            memory=parts.app_memory,
            rules=parts.rules,
            asking=parts.settings.slack.asking,
            now=self._voice.clock(),
        )
        return asked.held_back
