"""The app: which listener answers to what; each acknowledges at once, then calls one job."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Final

from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from cityhall_fm.production.keep_voices import keep_voices
from cityhall_fm.production.look_up import standing
from cityhall_fm.show import slack_json
from cityhall_fm.show.asking import voice_key
from cityhall_fm.show.errors import CompanionError, UnknownError
from cityhall_fm.show.outbox import NO_EPISODE
from cityhall_fm.show.question import Question
from cityhall_fm.show.slack_app import ASK, COMMAND, HAND_ON
from cityhall_fm.show.slack_thread import UserId
from cityhall_fm.slack_app import home, messages, modal
from cityhall_fm.slack_app.asking import Asking
from cityhall_fm.slack_app.consenting import Consenting
from cityhall_fm.slack_app.hearing import Hearing, Place, place_of
from cityhall_fm.slack_app.rounds import Rounds
from cityhall_fm.slack_app.voice import Body, Clock, Told, Voice, user_of
from cityhall_fm.slack_app.welcoming import Welcoming
from cityhall_fm.wiring import Wired

STATUS_SECONDS: Final = 30.0
_LAST_SECONDS: Final = 1.0
"""What is not heard or shown by then is collected or shown by whoever runs the app next."""


def create_app(
    companion: Wired, client: WebClient, *, clock: Clock, told: Told | None = None
) -> tuple[App, FrontDesk]:
    """Make the app over a companion; the caller starts and stops the hearing of the desk behind it.

    `client` carries the bot's token; `told` hears of every error. Nothing that the libraries log is let
    out: it may quote a member.
    """
    silent = _silent_logger()
    client._logger = silent  # noqa: SLF001 - slack_sdk logs bodies, and has no other way to change it
    app = App(
        client=client,
        signing_secret=companion.settings.slack.signing_secret or "unused-in-socket-mode",
        logger=silent,
        # With a token alone Bolt asks Slack who we are before the first request is let in: while Slack is in
        # trouble a command would go unanswered, and an event acknowledged and lost.
        authorize=_as_ourselves(client.token or ""),
        # Bolt's own check of self-made events needs an answer of Slack first; `place_of` does it.
        ignoring_self_events_enabled=False,
    )
    desk = FrontDesk(Voice(companion, client, clock, told))
    desk.asking = asking = Asking(desk.voice)
    desk.consenting = consenting = Consenting(desk.voice, desk.publish_home)
    app.command(COMMAND)(asking.command)
    app.shortcut(ASK)(asking.shortcut)
    app.action(home.ASK)(asking.shortcut)
    app.view(modal.ASK_VIEW)(asking.submitted)
    app.view_closed(modal.ASK_VIEW)(asking.closed)
    app.view(modal.NAME_VIEW)(consenting.named)
    app.shortcut(HAND_ON)(consenting.hand_on)
    app.action(home.WITHDRAW)(consenting.withdraw)
    app.action(home.CHANGE_NAME)(consenting.change_name)
    app.action(re.compile(f"^{messages.MAY_READ}"))(consenting.may_read)
    app.action(re.compile(f"^{home.PAGE}"))(desk.turn_page)
    app.event("app_home_opened")(desk.home_opened)
    for event in ("message", "reaction_added", "reaction_removed"):
        app.event(event)(desk.event)
    app.event("user_change")(desk.renamed)
    app.error(desk.went_wrong)
    return app, desk


class FrontDesk:
    """App Home and what happens in the channels; behind it the line in which events wait."""

    def __init__(self, voice: Voice) -> None:
        self.voice = self._voice = voice
        self.welcoming = Welcoming(voice)
        memory = voice.companion.app_memory
        self.hearing = Hearing(
            self._look,
            self._heard,
            voice.complain,
            memory.heard,
            self._collect_soon,
        )
        self.status = Rounds("status", self._show_status)
        voice.wish_for_status = self.status.wish

    asking: Asking
    consenting: Consenting
    collecting: Rounds
    status_seconds = STATUS_SECONDS

    def start(self) -> None:
        """Hear, and show how questions stand."""
        self.hearing.start()
        self.status.start()

    def settle(self, seconds: float = 5.0) -> bool:
        """Wait until all that was heard and acknowledged is done; tell whether it came to that."""
        steps = (self.voice.settle, self.hearing.settle, self.voice.settle, self.status.settle)
        until = time.monotonic() + seconds
        return all(settle(max(0.0, until - time.monotonic())) for settle in steps)

    def close(self) -> None:
        """Stop hearing, and finish what members were told would happen."""
        self.hearing.stop(_LAST_SECONDS)
        self.voice.close()
        self.status.stop(_LAST_SECONDS)

    def went_wrong(self, error: Exception, body: Body) -> None:
        """Hear of what a listener raised: Bolt would write it into its log, which is silent."""
        self._voice.unforeseen(body, error)

    def _collect_soon(self) -> None:
        self.collecting.wish()

    def _show_status(self) -> float:
        asking, consenting = self.asking, self.consenting
        for work in (
            self.voice.show_status,
            asking.confirm_waiting,
            consenting.ask_authors,
            consenting.take_back_waiting,
        ):
            self.voice.carefully(work)
        return self.status_seconds

    def home_opened(self, body: Body, event: Body) -> None:
        if event.get("tab") != "home":
            return
        user, seen = UserId(str(event["user"])), (event.get("view") or {}).get("hash")
        self._voice.behind(body, lambda: self._voice.quietly(lambda: self.publish_home(user, seen)))

    def turn_page(self, ack: Ack, body: Body) -> None:
        """Show a member's older questions, or their newer ones."""
        ack()
        value = str(body["actions"][0].get("value") or "")
        user, first = user_of(body), int(value) if value.isdecimal() else 0
        self._voice.behind(body, lambda: self._voice.quietly(lambda: self.publish_home(user, first=first)))

    def publish_home(self, user: UserId, seen: str | None = None, first: int = 0) -> None:
        """Show the Home as things stand, from the `first` question on; over a newer one it is made again."""
        for hash_ in (seen, None):
            parts = self._voice.companion
            found = standing(
                user,
                show=parts.show,
                inbox=parts.inbox,
                shelf=parts.shelf,
                now=self._voice.clock(),
                told=parts.outbox.deliveries(NO_EPISODE),
            )
            view = home.home_view(self._voice.say(user), found, parts.show, first=first)
            try:
                self._voice.client.views_publish(
                    user_id=user, view=view, **({"hash": hash_} if hash_ else {})
                )
            except SlackApiError as error:
                if hash_ is None or error.response.get("error") != "hash_conflict":
                    raise
            else:
                return

    def event(self, body: Body, event: Body) -> None:
        """Bolt acknowledged it already; it waits for its turn, since a thread is read from Slack."""
        bot = next((one for one in body.get("authorizations") or () if one.get("is_bot")), None)
        if bot:
            self._hear(body, event, UserId(str(bot.get("user_id"))))
        else:
            desk = self._voice.companion.desk
            self._voice.behind(body, lambda: self._hear(body, event, desk.me()))

    def _hear(self, body: Body, event: Body, me: UserId) -> None:
        place = place_of(event, me=me)
        if place is not None:
            self.hearing.hear(place, str(body.get("event_id") or ""))

    def renamed(self, body: Body, event: Body) -> None:
        """Keep a member's new name, where we know them; ask for their language when it is next needed."""
        member = slack_json.member(event.get("user") or {})
        if member is None:
            return
        self._voice.languages.forget(member.id)
        inbox = self._voice.companion.inbox

        def keep() -> None:
            if member.id in inbox.names():
                inbox.remember_names([member])

        self._voice.behind(body, lambda: self._voice.quietly(keep))

    def _look(self, place: Place) -> None:
        question = self._voice.read(*place)
        if question and not question.usable:
            self._voice.quietly(lambda: self.consenting.tell_hosts(question.id))
        if question:
            self._each_in_its_own_right(
                lambda: self.welcoming.welcome(question),
                lambda: self._hear_out(question),
                self._voice.wish_for_status,
            )

    def _each_in_its_own_right(self, *works: Callable[[], None]) -> None:
        """Do all of them; what Slack refuses is complained of, and passing trouble raised at the end."""
        passing: CompanionError | None = None
        for work in works:
            try:
                work()
            except CompanionError as error:
                if isinstance(error, UnknownError) or not getattr(error, "retryable", True):
                    self._voice.complain(error)
                else:
                    passing = passing or error
        if passing:
            raise passing

    def _heard(self, event: str) -> None:
        self._voice.companion.app_memory.remember_heard(event, at=self._voice.clock())

    def _hear_out(self, question: Question) -> None:
        """Keep the recordings that came with it, and ask their speaker privately, once, how to use them."""
        parts, now = self._voice.companion, self._voice.clock()
        kept = keep_voices(inbox=parts.inbox, voices=parts.voices, source=parts.clips, only=question)
        for error in kept.refused:
            self._voice.complain(error)
        if not kept.fetched or question.asker is None or (question.consent and question.consent.voice):
            return
        if parts.ledger.claim(voice_key(question.id), at=now):
            words = messages.voice_request(self._voice.say(question.asker), question.id)
            parts.desk.whisper(question.thread.channel, question.asker, words)


def _as_ourselves(token: str) -> Callable[..., AuthorizeResult]:
    """Let every request in as our own workspace's: its signature or its socket has vouched for it."""

    def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, bot_token=token)

    return authorize


def _silent_logger() -> logging.Logger:
    """Make a logger that says nothing: Bolt and slack_sdk would write whole messages into theirs."""
    logger = logging.getLogger(__name__)
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    return logger
