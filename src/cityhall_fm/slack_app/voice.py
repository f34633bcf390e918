"""How the app speaks with one member: in their language, where they are, and never failing loudly."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from cityhall_fm.production.collect import collect_thread
from cityhall_fm.production.ports.words import Words
from cityhall_fm.production.show_status import show_status
from cityhall_fm.show.announcement import Post, Posted, PostKey
from cityhall_fm.show.episode import Show, in_rundowns
from cityhall_fm.show.errors import CompanionError, SlackError, UnknownError
from cityhall_fm.show.question import Question, QuestionId
from cityhall_fm.show.slack_thread import ChannelId, Ts, UserId
from cityhall_fm.slack_app import messages
from cityhall_fm.slack_app.bugs import bug_in
from cityhall_fm.slack_app.languages import Languages
from cityhall_fm.slack_app.lines import Line
from cityhall_fm.texts import Catalogue
from cityhall_fm.wiring import Wired

Body = dict[str, Any]
Clock = Callable[[], datetime]
Told = Callable[[CompanionError], None]
_Found = TypeVar("_Found")

PREPARE_SECONDS: Final = 1.5
"""So long a form waits for what it shows: Slack waits three seconds for us, and so long a trigger lives."""
_AFTER_ACK_SECONDS: Final = 0.5
"""An acknowledgement that changes a form must have arrived before the form is changed again."""
_OPEN_SECONDS: Final = 3
"""A trigger lives no longer: waiting for Slack beyond that, or as long as a 429 says, opens nothing."""
_REFUSED_FOR: Final = timedelta(hours=1)
"""An emoji that Slack refuses is tried again then: somebody may have mended what it was."""
_LEAVING_SECONDS: Final = 10.0
_EXPIRED: Final = frozenset(
    {"expired_trigger_id", "invalid_trigger_id", "trigger_expired", "exchanged_trigger_id"}
)


class Voice:
    """What all listeners share: the companion, Slack's client, members' languages, and what went wrong."""

    def __init__(self, companion: Wired, client: WebClient, clock: Clock, told: Told | None) -> None:
        self.companion = companion
        self.client = client
        self.clock = clock
        self.problems: list[CompanionError] = []
        self._told = told
        self.languages = Languages(companion.desk.locale, clock, self.complain, companion.show.language)
        self._lock = Lock()
        self._refusals: dict[QuestionId, str | None] = {}
        self._refusals_until = clock()
        # A trigger lives for three seconds: what opens a form never waits behind what may take longer.
        self._opening = Line("opening", workers=32)
        self._preparing = Line("preparing", workers=32)
        self._behind = Line("behind", workers=8)
        self._prompt_client = WebClient(
            client.token,
            client.base_url,
            timeout=_OPEN_SECONDS,
            proxy=client.proxy,
            logger=client._logger,  # noqa: SLF001 - the silent one
            retry_handlers=[],
        )
        self.wish_for_status: Callable[[], None] = lambda: None

    def complain(self, error: CompanionError) -> None:
        """Keep what went wrong for whoever runs the app: no name and no words are in it."""
        self.problems = [*self.problems[-9:], error]
        if self._told:
            with suppress(OSError):  # nobody reads standard error any more
                self._told(error)

    def settle(self, seconds: float) -> bool:
        """Wait until everything that was acknowledged is done; tell whether it came to that."""
        until = time.monotonic() + seconds
        lines = (self._opening, self._preparing, self._behind)
        return all(line.settle(max(0.0, until - time.monotonic())) for line in lines)

    def close(self, seconds: float = _LEAVING_SECONDS) -> None:
        """Finish what was acknowledged, for so long; what is left then is complained of."""
        self.settle(seconds)
        left = sum(line.end() for line in (self._opening, self._preparing, self._behind))
        if left:
            self.complain(SlackError("slack_app.left_undone", count=left))

    def promptly(self, body: Body, work: Callable[[], object]) -> None:
        """Open a form behind the acknowledgement, before its trigger is too old."""
        self._opening.put(lambda: self._kindly(body, work))

    def behind(self, body: Body, work: Callable[[], object]) -> None:
        """Do something behind the acknowledgement, after all that the same member wished for before."""
        self._behind.put(lambda: self._kindly(body, work), user_of(body))

    def begin(self, body: Body, work: Callable[[], _Found]) -> Future[_Found]:
        """Begin something in the member's turn whose end may be waited for a little."""
        return self._behind.put(work, user_of(body))

    def unforeseen(self, body: Body | None, error: Exception) -> None:
        """Complain of what nobody foresaw, and ask whoever pressed something to try again."""
        self.complain(error if isinstance(error, CompanionError) else bug_in(error))
        if body is not None and "event" not in body:
            self.tell(body, lambda say: say("slack_app.trouble_retry"))

    def carefully(self, work: Callable[[], object]) -> bool:
        """Do what must not end the thread that does it; tells whether it went well."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - nobody else would hear of it
            self.unforeseen(None, error)
            return False
        return True

    def _kindly(self, body: Body | None, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - nobody else would hear of it
            self.unforeseen(body, error)

    def show_status(self) -> None:
        """Bring the emoji under the questions to say how they stand; one thread only does this."""
        parts, now = self.companion, self.clock()
        if not now < self._refusals_until <= now + _REFUSED_FOR:
            self._refusals_until = now + _REFUSED_FOR
            self._refusals.clear()
        show_status(desk=parts.desk, inbox=parts.inbox, memory=parts.app_memory, refusals=self._refusals)

    def read(self, channel: ChannelId, ts: Ts, *, handed_on_by: UserId | None = None) -> Question | None:
        parts = self.companion
        with self._lock:
            return collect_thread(
                channel,
                ts,
                source=parts.desk,
                inbox=parts.inbox,
                rules=parts.rules,
                in_rundowns=in_rundowns(parts.shelf.episodes()),
                now=self.clock(),
                emoji=parts.emoji,
                handed_on_by=handed_on_by,
                keeping=parts.keeping,
            )

    def own(self, body: Body, id_: str = "") -> Question | None:
        """Find the question that a button or a form is about, if whoever pressed it wrote it."""
        wanted = id_ or str((body.get("actions") or [{}])[0].get("value") or "")
        user = user_of(body)
        try:
            found = self.companion.inbox.question(QuestionId(wanted))
        except UnknownError:
            self.tell(body, lambda say: say("slack_app.gone"))
            return None
        except CompanionError as error:
            self.complain(error)
            self.tell(body, lambda say: say("slack_app.trouble_retry"))
            return None
        if found.id != wanted or found.asker != user:
            self.tell(body, lambda say: say("slack_app.not_yours"))
            return None
        return found

    def say(self, user: UserId | None) -> Catalogue:
        """Speak a member's language; may ask Slack, so never before an acknowledgement."""
        return self.languages.say(user)

    def known_language(self, user: UserId) -> Catalogue:
        return self.languages.known(user)

    def welcome(self, say: Catalogue, *, in_private: bool) -> Words | None:
        """Word the welcome; None where the show's own template is broken, which stops no question."""
        try:
            return self.companion.renderer.greeting(self.show_in(say), in_private=in_private)
        except CompanionError as error:
            self.complain(error)
            return None

    def show_in(self, say: Catalogue) -> Show:
        """Take the show as a member reads of it: in their language."""
        return replace(self.companion.show, language=say.language)

    def open(self, body: Body, view: Body) -> None:
        """Open a form, now or never."""
        trigger, inside = body.get("trigger_id"), (body.get("view") or {}).get("type") == "modal"
        open_ = self._prompt_client.views_push if inside else self._prompt_client.views_open
        try:
            open_(trigger_id=trigger, view=view)
        except SlackApiError as error:
            expired = error.response.get("error") in _EXPIRED
            if not expired:
                self.complain(_refused(error))
            self.tell(body, lambda say: say(f"slack_app.{'expired' if expired else 'trouble_retry'}"))
        except OSError as error:  # URLError, time-outs and resets are all OSErrors
            self.complain(_refused(error))
            self.tell(body, lambda say: say("slack_app.trouble_retry"))

    def update(self, view_id: str, view: Body) -> None:
        self.quietly(lambda: self.client.views_update(view_id=view_id, view=view))

    def answer(self, body: Body, words: Words) -> None:
        """Put words in place of the message whose button was pressed."""
        container = body.get("container") or {}
        channel, ts = container.get("channel_id"), container.get("message_ts")
        if channel and ts and not container.get("is_ephemeral"):
            post = Post(PostKey(f"answer/{ts}"), ChannelId(channel), words.text, words.blocks)
            self.quietly(lambda: self.companion.desk.edit(Posted(post.key, post.channel, Ts(ts)), post))
        else:
            self.tell(body, lambda _: words.text)

    def tell(self, body: Body, worded: Callable[[Catalogue], str | Words]) -> None:
        """Say something to whoever acted, in their turn: where they are, or else in a direct message."""
        self._behind.put(
            lambda: self._kindly(None, lambda: self.quietly(lambda: self._tell(body, worded))), user_of(body)
        )

    def _tell(self, body: Body, worded: Callable[[Catalogue], str | Words]) -> None:
        channel = (body.get("channel") or {}).get("id") or body.get("channel_id")
        user = user_of(body)
        said = worded(self.say(user))
        words = messages.told(said) if isinstance(said, str) else said
        if channel and not str(channel).startswith("D"):
            try:
                self.companion.desk.whisper(ChannelId(str(channel)), user, words)
            except CompanionError as error:  # the app is not in every channel
                self.complain(error)
            else:
                return
        self.whisper_home(user, words)

    def whisper_home(self, user: UserId, words: Words) -> None:
        desk = self.companion.desk

        def say_it() -> None:
            key = PostKey(f"told/{self.clock().timestamp()}")
            desk.post(Post(key, desk.direct(user), words.text, words.blocks))

        self.quietly(say_it)

    def quietly(self, work: Callable[[], object]) -> None:
        """Do what may fail without harm to what was done before; it is complained of, not raised."""
        try:
            work()
        except CompanionError as error:
            self.complain(error)
        except (SlackApiError, OSError) as error:
            self.complain(_refused(error))

    def update_later(self, body: Body, view_id: str, work: Future[Body]) -> None:
        """Show what comes of it once it has come."""
        from_ = time.monotonic() + _AFTER_ACK_SECONDS

        def update() -> None:
            view = work.result()
            time.sleep(max(0.0, from_ - time.monotonic()))
            self.update(view_id, view)

        self.behind(body, update)

    def in_time(self, prepare: Callable[[], _Found], otherwise: _Found) -> _Found:
        try:
            return self._preparing.put(prepare).result(PREPARE_SECONDS)
        except TooLate:
            return otherwise


def user_of(body: Mapping[str, Any]) -> UserId:
    """Tell who acted: by a command, a button or a form, or what an event is about."""
    event = body.get("event")
    acting = event if isinstance(event, dict) else body
    user = acting.get("user")
    return UserId(str(user.get("id") if isinstance(user, dict) else user or acting.get("user_id")))


def _refused(error: SlackApiError | OSError) -> SlackError:
    named = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
    return SlackError("slack.refused", method="views", error=str(named))


def worded(say: Catalogue, error: CompanionError, otherwise: str) -> str:
    """Word an error for a member: our own refusals as they are, all else without its inner workings."""
    if error.text.name.startswith("slack_app."):
        return say.word(error.text).strip()
    return say(otherwise)
