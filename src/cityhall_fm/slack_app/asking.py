"""Listeners for asking: the form opens, is refused in its fields, or goes on its way."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from threading import BoundedSemaphore
from typing import Any, Final

from slack_bolt import Ack

from cityhall_fm.production.ask import Asked, Wording, ask, confirm
from cityhall_fm.production.look_up import Answered, answered_before
from cityhall_fm.show.asking import DRAFT_KEPT, Submission, last_radio_name, refusals
from cityhall_fm.show.consent import Private
from cityhall_fm.show.errors import CompanionError, SlackError, UnknownError
from cityhall_fm.show.outbox import pause_after
from cityhall_fm.show.slack_thread import UserId
from cityhall_fm.slack_app import messages, modal
from cityhall_fm.slack_app.bugs import bug_in
from cityhall_fm.slack_app.voice import PREPARE_SECONDS, Body, Voice, user_of, worded
from cityhall_fm.texts import Catalogue

_MOST_AWAITED: Final = 3
"""So many forms at once hold one of Bolt's five threads until they are stored; others are thanked later."""


@dataclass(frozen=True, slots=True)
class _Unconfirmed:
    """A form that is stored, and whose sender's private message says yet that it is arriving."""

    asked: Asked
    user: UserId
    form: str
    wording: Wording
    attempts: int = 0
    not_before: datetime | None = None


class Asking:
    """The command, the shortcut, the button in Home, and the form that they open."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._awaited = BoundedSemaphore(_MOST_AWAITED)
        self._unconfirmed: list[_Unconfirmed] = []

    def command(self, ack: Ack, body: Body) -> None:
        ack()
        self._voice.promptly(body, lambda: self._open_form(body, body.get("text") or ""))

    def shortcut(self, ack: Ack, body: Body) -> None:
        ack()
        self._voice.promptly(body, lambda: self._open_form(body, ""))

    def submitted(self, ack: Ack, body: Body, view: Body) -> None:
        """Refuse in the fields, or say at once that it is being sent; the rest comes behind that."""
        user, submission = user_of(body), modal.filled_in(view)
        say = modal.language_of(view, self._voice.known_language(user))
        refused = refusals(submission)
        if refused:
            ack(response_action="errors", errors=modal.under_fields(say, refused))
            return
        view_id, anyway = str(view["id"]), modal.carried(view) == modal.ANYWAY
        shown = modal.agreed_to(view) or self._voice.companion.rules.wording_in(say.language)
        work = self._voice.begin(
            body, lambda: self._what_follows(submission, user, view_id, anyway=anyway, shown=shown)
        )
        follows = self._shown_in_time(work)
        if follows is None:
            ack(response_action="update", view=modal.message_view(say, say("slack_app.sending")))
            self._voice.update_later(body, view_id, work)
        else:
            # What follows goes with the acknowledgement: sent beside it, it could arrive before it.
            ack(response_action="update", view=follows)

    def closed(self, ack: Ack, body: Body, view: Body) -> None:
        """Keep what was typed for the next time, as far as Slack tells it."""
        ack()
        if not view.get("state", {}).get("values"):
            return
        user, memory = user_of(body), self._voice.companion.app_memory
        draft = modal.filled_in(view).cleaned()

        def keep() -> None:
            if draft.words:
                memory.keep_draft(user, draft, at=self._voice.clock())
            else:
                memory.drop_draft(user)

        self._voice.behind(body, lambda: self._voice.quietly(keep))

    def _shown_in_time(self, work: Future[Body]) -> Body | None:
        """Wait for what a form's sender sees, as long as Slack allows it; not while many others wait."""
        if not self._awaited.acquire(blocking=False):
            return None
        try:
            return work.result(PREPARE_SECONDS)
        except TooLate:
            return None
        finally:
            self._awaited.release()

    def _what_follows(
        self, submission: Submission, user: UserId, view_id: str, *, anyway: bool, shown: str
    ) -> Body:
        """Store a form; gives what its sender sees: thanks, similar answers, or the form with a problem."""
        say = self._voice.say(user)
        try:
            similar = [] if anyway else self._answered_before(submission)
            if similar:
                return self._form(say, submission, similar=similar)
            held_back = self._ask(submission, user, view_id, say, shown)
        except CompanionError as error:
            self._voice.complain(error)
            return self._form(say, submission, problem=worded(say, error, "slack_app.trouble"))
        except Exception as error:  # noqa: BLE001 - its sender would hear nothing of it
            self._voice.complain(bug_in(error))
            return self._form(say, submission, problem=say("slack_app.trouble"))
        self._voice.wish_for_status()
        self._voice.quietly(lambda: self._voice.companion.app_memory.drop_draft(user))
        return modal.message_view(say, say("slack_app.sent_held_back" if held_back else "slack_app.sent"))

    def _open_form(self, body: Body, words: str) -> None:
        user = user_of(body)

        def prepare() -> Body:
            name, reading, draft = Private(""), Private(""), None
            say, parts = self._voice.say(user), self._voice.companion
            try:
                draft = parts.app_memory.draft(user, since=self._voice.clock() - DRAFT_KEPT)
                name, reading = last_radio_name(user, parts.inbox.questions(asker=user))
            except CompanionError as error:  # a form that is not filled in is better than none
                self._voice.complain(error)
            if draft and not words.strip():
                return self._form(say, draft, note=say("slack_app.draft_kept"))
            return self._form(say, Submission(Private(words), radio_name=name, reading=reading))

        empty = self._form(self._voice.known_language(user), Submission(Private(words)))
        self._voice.open(body, self._voice.in_time(prepare, empty))

    def _form(self, say: Catalogue, submission: Submission, **more: Any) -> Body:  # noqa: ANN401 - as ask_form takes them
        parts = self._voice.companion
        return modal.ask_form(
            say,
            submission,
            consent_wording=parts.rules.wording_in(say.language),
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

    def _ask(self, submission: Submission, user: UserId, view_id: str, say: Catalogue, shown: str) -> bool:
        parts = self._voice.companion
        to_all = Catalogue(parts.show.language)
        welcome = self._voice.welcome(say, in_private=True)
        wording = Wording(
            receipt=lambda question, first: messages.receipt(
                say, submission, question, welcome=welcome if first else None
            ),
            public=lambda: messages.public_post(to_all, submission),
            failed=lambda: messages.failed(say, submission),
            consent=shown,
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
        if asked.unconfirmed:
            self._later(_Unconfirmed(asked, user, view_id, wording), asked.unconfirmed)
        return asked.held_back

    def confirm_waiting(self) -> None:
        """Say that a form was received where Slack did not let us before; each in its sender's turn."""
        now = self._voice.clock()
        due = [one for one in self._unconfirmed if one.not_before is None or one.not_before <= now]
        for one in due:
            self._unconfirmed.remove(one)
            # Like an event: its sender pressed nothing, and is not asked to try again.
            self._voice.behind({"event": {"user": one.user}}, partial(self._confirm, one))

    def _confirm(self, one: _Unconfirmed) -> None:
        parts = self._voice.companion
        try:
            confirm(
                parts.inbox.question(one.asked.question.id),
                first=one.asked.first,
                form=one.form,
                wording=one.wording,
                desk=parts.desk,
                ledger=parts.ledger,
            )
        except UnknownError:  # erased meanwhile
            return
        except CompanionError as error:
            self._later(one, error)

    def _later(self, one: _Unconfirmed, error: CompanionError) -> None:
        self._voice.complain(error)
        if not isinstance(error, SlackError) or error.retryable:
            attempts = one.attempts + 1
            not_before = self._voice.clock() + pause_after(attempts)
            self._unconfirmed.append(replace(one, attempts=attempts, not_before=not_before))
