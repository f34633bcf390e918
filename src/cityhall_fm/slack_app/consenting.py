"""Listeners for consent: handing on, an author's answer, another name, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from slack_bolt import Ack

from cityhall_fm.production.ask_author import ask_author
from cityhall_fm.production.concerned import concerned
from cityhall_fm.production.curate import move, note_consent
from cityhall_fm.production.take_back import queue_taking_back, take_back_waiting
from cityhall_fm.show.asking import Submission, handing_on_of, handings_on_of, name_refusals
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.errors import CompanionError, NotReadyError, SlackError, UnknownError
from cityhall_fm.show.question import Kind, Question, QuestionId, Status, question_id
from cityhall_fm.show.slack_thread import ChannelId, Ts, UserId
from cityhall_fm.slack_app import messages, modal
from cityhall_fm.slack_app.blocks import promised
from cityhall_fm.slack_app.home import first_shown
from cityhall_fm.slack_app.voice import Body, Voice, user_of, worded
from cityhall_fm.texts import Catalogue

_NOTHING: Final = Submission()
_LOOK_AGAIN: Final = timedelta(minutes=1)
_NOT_INVITED: Final = frozenset({"slack.not_in_channel", "slack.no_channel"})
"""What Slack says of a public channel in which the app is not."""


class Consenting:
    """Everything by which somebody says whether, and how, they may be read."""

    def __init__(self, voice: Voice, publish_home: Callable[[UserId, str | None, int], None]) -> None:
        self._voice = voice
        self._publish_home = publish_home
        self._told_hosts: set[tuple[QuestionId, EpisodeNumber]] = set()
        self._being_asked: set[QuestionId] = set()
        self._looked_at: datetime | None = None

    def hand_on(self, ack: Ack, body: Body) -> None:
        """Take in the thread of a message: as a topic whose author is asked, or as the sender's own question.

        A topic is a whole thread, whichever of its messages was handed on, and its author is who began it.
        """
        ack()
        self._voice.behind(body, lambda: self._hand_on(body))

    def _hand_on(self, body: Body) -> None:
        user, message = user_of(body), body["message"]
        channel = ChannelId(str(body["channel"]["id"]))
        ts = Ts(str(message.get("thread_ts") or message["ts"]))
        try:
            question = self._take_in(channel, ts, user)
        except CompanionError as error:
            if isinstance(error, SlackError | UnknownError) and error.text.name in _NOT_INVITED:
                # Where the app is not, it can whisper to nobody either.
                say = self._voice.say(user)
                self._voice.whisper_home(user, messages.told(say("slack_app.not_invited")))
            else:
                self._fail(body, error)
            return
        if question is None:
            self._voice.tell(body, lambda say: say("slack_app.cannot_hand_on"))
        elif question.status is Status.WITHDRAWN:
            self._voice.tell(body, lambda say: say("slack_app.gone"))
        elif question.asker == user and question.kind is Kind.QUESTION:
            self._open_name_form(body, question.id)
            self._voice.tell(body, lambda say: messages.handed_on_own(say, question.id))
        else:
            asking = question.kind is Kind.TOPIC and self._ask_author(question)
            told = "handed_on_asking" if asking else "handed_on"
            of_thread = "_thread" if ts != message["ts"] else ""
            self._voice.tell(body, lambda say: say(f"slack_app.{told}{of_thread}"))
        self._voice.wish_for_status()

    def _fail(self, body: Body, error: CompanionError) -> None:
        self._voice.complain(error)
        self._voice.tell(body, lambda say: worded(say, error, "slack_app.trouble_retry"))

    def _take_in(self, channel: ChannelId, ts: Ts, user: UserId) -> Question | None:
        """Read what was handed on; NotReadyError for whoever is blocked, or has handed on enough today."""
        parts, now = self._voice.companion, self._voice.clock()
        asking, memory = parts.settings.slack.asking, parts.app_memory
        if user in asking.blocked:
            raise NotReadyError("slack_app.blocked")
        again = memory.heard(handing_on_of(user, question_id(channel, ts)))
        today = handings_on_of(user, asking.most_per_day, now)
        free = next((one for one in today if not memory.heard(one)), None)
        if free is None and not again:
            raise NotReadyError("slack_app.too_many_handed_on", most=asking.most_per_day)
        self._look_for(channel, now)
        question = self._voice.read(channel, ts, handed_on_by=user)
        if question and free and memory.remember_heard(handing_on_of(user, question.id), at=now):
            memory.remember_heard(free, at=now)
        return question

    def _look_for(self, channel: ChannelId, now: datetime) -> None:
        """Look for new channels where this one is not known, not too often: anybody can ask for it."""
        desk = self._voice.companion.desk
        known = any(one.id == channel for one in desk.channels())
        if not known and (self._looked_at is None or now - self._looked_at >= _LOOK_AGAIN):
            self._looked_at = now
            desk.look_again()

    def ask_authors(self) -> None:
        """Ask those whom Slack did not let us ask before."""
        parts = self._voice.companion
        for topic in parts.app_memory.to_ask(due=self._voice.clock()):
            if topic in self._being_asked:  # whoever handed it on hears that its author is asked
                continue
            try:
                self._ask_author(parts.inbox.question(topic))
            except UnknownError:
                parts.app_memory.asked(topic)

    def _ask_author(self, question: Question) -> bool:
        """Ask, and tell whether the author was asked or will be."""
        parts = self._voice.companion
        say = self._voice.say(question.asker)
        words = messages.consent_request(say, question, consent_wording=self._wording_in(say))
        self._being_asked.add(question.id)
        try:
            asked = ask_author(
                question,
                words,
                desk=parts.desk,
                ledger=parts.ledger,
                memory=parts.app_memory,
                now=self._voice.clock(),
            )
        except CompanionError as error:
            self._voice.complain(error)
            asked = False
        finally:
            self._being_asked.discard(question.id)
        return asked or question.id in parts.app_memory.to_ask()

    def may_read(self, ack: Ack, body: Body) -> None:
        """Take an author's answer; a radio name is asked for in a form of its own."""
        ack()
        chosen = str(body["actions"][0]["action_id"]).removeprefix(messages.MAY_READ)
        if chosen == Naming.RADIO_NAME:
            self._voice.promptly(body, lambda: self._open_name_form(body))
        else:
            # What is raised here, beside the acknowledgement, takes that back in Bolt's hands.
            self._voice.behind(body, lambda: self._take_answer(body, Naming(chosen)))

    def change_name(self, ack: Ack, body: Body) -> None:
        ack()
        self._voice.promptly(body, lambda: self._open_name_form(body))

    def named(self, ack: Ack, body: Body, view: Body) -> None:
        user, chosen = user_of(body), modal.filled_in(view)
        refused = name_refusals(chosen)
        if refused:
            say = modal.language_of(view, self._voice.known_language(user))
            ack(response_action="errors", errors=modal.under_fields(say, refused))
            return
        ack()
        self._voice.behind(body, lambda: self._take_name(body, view, chosen))

    def _take_answer(self, body: Body, naming: Naming) -> None:
        question = self._voice.own(body)
        shown = promised((body.get("message") or {}).get("blocks"))
        if question and self._note(body, question, naming, shown=shown):
            self._voice.answer(body, messages.noted(self._voice.say(user_of(body)), naming))

    def _take_name(self, body: Body, view: Body, chosen: Submission) -> None:
        user = user_of(body)
        say = self._voice.say(user)
        question = self._voice.own(body, modal.carried(view))
        shown = modal.agreed_to(view) or self._wording_in(modal.language_of(view, say))
        if question and self._note(body, question, chosen.naming, chosen, shown=shown):
            self._voice.whisper_home(user, messages.noted(say, chosen.naming))
            self._voice.quietly(lambda: self._publish_home(user, None, 0))

    def withdraw(self, ack: Ack, body: Body) -> None:
        ack()
        self._voice.behind(body, lambda: self._withdraw(body))

    def _withdraw(self, body: Body) -> None:
        question = self._voice.own(body)
        if question is None:
            return
        user, parts = user_of(body), self._voice.companion
        say = self._voice.say(user)
        try:
            move(
                question.id,
                Status.WITHDRAWN,
                inbox=parts.inbox,
                now=self._voice.clock(),
                voices=parts.voices,
            )
        except CompanionError as error:
            self._fail(body, error)
            return
        self._voice.quietly(lambda: self._take_back(question))
        self._voice.quietly(lambda: self.tell_hosts(question.id))
        container = body.get("container") or {}
        if container.get("type") == "message":
            if container.get("is_ephemeral"):  # only they see it, and nothing can be put in its place
                self._voice.tell(body, lambda say: say("slack_app.withdrawn"))
            elif str(container.get("channel_id")).startswith("D"):
                self._voice.answer(body, messages.told(say("slack_app.withdrawn")))
            else:  # a receipt that all can read
                to_all = Catalogue(parts.show.language)
                self._voice.answer(body, messages.public_post_withdrawn(to_all))
                self._voice.tell(body, lambda say: say("slack_app.withdrawn"))
        view = body.get("view") or {}
        self._voice.quietly(lambda: self._publish_home(user, view.get("hash"), first_shown(view)))
        self._voice.wish_for_status()

    def tell_hosts(self, only: QuestionId | None = None) -> None:
        """Tell whoever runs the app, once, what was recorded of questions that were withdrawn since."""
        parts = self._voice.companion
        for one in concerned(inbox=parts.inbox, shelf=parts.shelf, taps=parts.taps, only=only):
            known = (one.question, one.episode.number)
            if known not in self._told_hosts:
                self._told_hosts.add(known)
                self._voice.complain(NotReadyError("episodes.concerned", **one.values))

    def _take_back(self, question: Question) -> None:
        """Take its words out of what the app posted for it; what Slack refuses waits and is tried again."""
        parts, now = self._voice.companion, self._voice.clock()
        queue_taking_back(
            inbox=parts.inbox,
            keeping=parts.keeping,
            ledger=parts.ledger,
            outbox=parts.outbox,
            now=now,
            only=question.id,
        )
        self.take_back_waiting()

    def take_back_waiting(self) -> None:
        """Take back what waits for it, also what other faces have queued."""
        parts = self._voice.companion
        take_back_waiting(
            inbox=parts.inbox,
            workspace=parts.desk,
            outbox=parts.outbox,
            show_for=lambda user: self._voice.show_in(self._voice.say(user)),
            now=self._voice.clock(),
        )

    def _open_name_form(self, body: Body, id_: str = "") -> None:
        question = self._voice.own(body, id_)
        if question is None:
            return
        user = user_of(body)
        say = self._voice.in_time(lambda: self._voice.say(user), self._voice.known_language(user))
        wording = self._wording_in(say)
        self._voice.open(body, modal.name_form(say, question.id, question.consent, consent_wording=wording))

    def _wording_in(self, say: Catalogue) -> str:
        return self._voice.companion.rules.wording_in(say.language)

    def _note(
        self, body: Body, question: Question, naming: Naming, chosen: Submission = _NOTHING, *, shown: str
    ) -> bool:
        """Store a choice with the words beside which it was made."""
        parts = self._voice.companion
        try:
            note_consent(
                question.id,
                naming,
                radio_name=chosen.radio_name.for_host(),
                reading=chosen.reading.for_host(),
                voice=chosen.voice,
                keeping=parts.keeping,
                wording=shown or self._wording_in(self._voice.say(user_of(body))),
                inbox=parts.inbox,
                now=self._voice.clock(),
            )
        except NotReadyError:
            self._voice.tell(body, lambda say: say("slack_app.gone"))
            return False
        except CompanionError as error:
            self._voice.complain(error)
            self._voice.tell(body, lambda say: say("slack_app.trouble_retry"))
            return False
        if naming is Naming.DO_NOT_USE:
            self._voice.quietly(lambda: self.tell_hosts(question.id))
        return True
