"""Whoever asks in a channel is welcomed, and told of an answer that is there already: privately, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from cityhall_fm.production.look_up import answered_before
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.announcement import Post, PostKey
from cityhall_fm.show.asking import first_asked, greeting_of, offer_of
from cityhall_fm.show.errors import SlackError, UnknownError
from cityhall_fm.show.outbox import took_nothing
from cityhall_fm.show.question import Kind, Question
from cityhall_fm.show.slack_thread import UserId
from cityhall_fm.slack_app import messages, modal
from cityhall_fm.slack_app.voice import Voice

_FRESH: Final = timedelta(days=1)
"""Younger than what AppMemory forgets: of an old question nobody is greeted, of a new one nobody twice."""


class Welcoming:
    """Greets and offers as events come in, and after a collection for what came in without one.

    Several processes may look at the same question, and at another of the same person, in any order.
    """

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def catch_up(self) -> None:
        """Welcome whoever asked lately, while nobody was listening or a collection was quicker.

        They may not be there any more, and a whisper waits for nobody: it comes as a direct message.
        """
        for question in self._voice.companion.inbox.questions():
            self._voice.quietly(partial(self.welcome, question, later=True))

    def welcome(self, question: Question, *, later: bool = False) -> None:
        """Say what there is to say; what went through the form was greeted by its receipt.

        Raises SlackError or UnknownError; what Slack certainly did not take is said another time.
        """
        parts, now = self._voice.companion, self._voice.clock()
        if question.kind is not Kind.QUESTION or question.asker is None or not question.usable:
            return
        if question.asker in parts.rules.blocked:
            return
        if not _fresh(question, now) or parts.app_memory.submission(question.id):
            return
        self._greet(question, question.asker, now, later=later)
        self._offer(question, question.asker, now, later=later)

    def _greet(self, question: Question, user: UserId, now: datetime, *, later: bool) -> None:
        parts = self._voice.companion
        if first_asked(user, parts.inbox.questions(asker=user)) != question.id:
            return
        say = self._voice.say(user)
        welcome = self._voice.welcome(say, in_private=False)
        if welcome:
            told = messages.greeting(say, welcome, question.id)
            self._say_once(greeting_of(user), question, user, told, now, later=later)

    def _offer(self, question: Question, user: UserId, now: datetime, *, later: bool) -> None:
        parts = self._voice.companion
        words = question.words.for_host()
        found = answered_before(words, show=parts.show, inbox=parts.inbox, shelf=parts.shelf)
        if found:
            say = self._voice.say(user)
            told = messages.answered_before(say, modal.answer_lines(say, found))
            self._say_once(offer_of(question.id), question, user, told, now, later=later)

    def _say_once(
        self, what: str, question: Question, user: UserId, words: Words, now: datetime, *, later: bool
    ) -> None:
        memory, desk = self._voice.companion.app_memory, self._voice.companion.desk
        if memory.heard(what):
            return
        direct = desk.direct(user) if later else None
        if not memory.remember_heard(what, at=now):
            return
        try:
            if direct:
                desk.post(Post(PostKey(f"welcome/{question.id}"), direct, words.text, words.blocks))
            else:
                desk.whisper(question.thread.channel, user, words)
        except (SlackError, UnknownError) as error:
            if took_nothing(error):
                memory.forget_heard(what)
            raise


def _fresh(question: Question, now: datetime) -> bool:
    return question.received_at is not None and now - question.received_at < _FRESH
