"""A world in which questions live at random, through the real jobs, with words that cannot be mistaken."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from PIL import Image
from sqlalchemy import select, text

from cityhall_fm.adapters.database import Database, open_database, tables
from cityhall_fm.adapters.jinja import JinjaRenderer
from cityhall_fm.adapters.rss import RssFeedWriter
from cityhall_fm.production.ask import Wording, ask
from cityhall_fm.production.ask_author import ask_author
from cityhall_fm.production.build_feed import build_feed
from cityhall_fm.production.collect import collect, collect_thread
from cityhall_fm.production.curate import move, note_consent, slot
from cityhall_fm.production.keep_voices import keep_voices
from cityhall_fm.production.personal import erase, kept_about
from cityhall_fm.production.purge import purge
from cityhall_fm.production.take_back import queue_taking_back, take_back_waiting
from cityhall_fm.production.write_notes import notes_of
from cityhall_fm.show.asking import AskingRules, Submission, consent_request_key
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.episode import EpisodeNumber, in_rundowns
from cityhall_fm.show.errors import CompanionError, SlackError
from cityhall_fm.show.mrkdwn import links
from cityhall_fm.show.question import Kind, Status, question_id
from cityhall_fm.show.retention import Retention
from cityhall_fm.show.slack_thread import (
    Channel,
    ChannelId,
    Clip,
    Member,
    Message,
    Reaction,
    Thread,
    Ts,
    UserId,
)
from cityhall_fm.slack_app import messages
from cityhall_fm.texts import Catalogue
from memories import a_memory

from builders import NOON, a_show, an_enclosure, an_episode
from fakes.card_painter import FakeCardPainter
from fakes.public_folder import FakePublicFolder
from fakes.shelf import FakeShelf
from fakes.voices import FakeClips, FakeVoices
from lives_desk import LivesDesk

ASKING, TALKING = ChannelId("C0ASK"), ChannelId("C0TALK")
RULES = CollectingRules(("話",), ("質問",), consent_wording="番組と配信で読まれます。")
PEOPLE = ("UHIMITSU0A", "UHIMITSU1B", "UHIMITSU2C", "UHIMITSU3D")
LIVES = 6
"""In one world; the first half are questions, the rest topics."""
EPISODES = (EpisodeNumber(1), EpisodeNumber(2), EpisodeNumber(3))
ACTIONS = (
    *(
        "ask",
        "ask",
        "ask_by_form",
        "ask_by_form",
        "edit",
        "reply",
        "react",
        "collect",
        "collect",
        "consent",
        "consent",
        "slot",
        "slot",
    ),
    *(
        "record",
        "draft",
        "publish",
        "withdraw",
        "withdraw",
        "delete",
        "rename",
        "days",
        "purge",
        "erase",
        "build",
        "shortlist",
        "hand_on",
        "author_answers",
        "slack_fails",
    ),
)
_LONGEST = 24  # the search index cuts words there


@cache
def _renderer() -> JinjaRenderer:
    return JinjaRenderer([Path(__file__).parents[1] / "templates"])


@cache
def _artwork() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(drawn, "PNG")
    return drawn.getvalue()


@cache
def empty_database() -> Database:
    """One database, emptied for each world."""
    return open_database(a_memory())


def _emptied() -> Database:
    database = empty_database()
    database.inbox.channels()  # makes the tables
    with database.store.writing() as connection:
        names = [name for name in tables.metadata.tables if name != "migrations"]
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {', '.join(names)}"))
            return database
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for name in names:
            connection.execute(tables.metadata.tables[name].delete())
    return database


@dataclass(slots=True)
class Life:
    """What we, who know everything, know of one question."""

    number: int
    author: str
    version: int = 0
    asked_at: Ts | None = None
    naming: Naming | None = None
    withdrawn: bool = False
    radio_names: int = 0
    form: str = ""
    """The view in which it was sent, where it came through the app."""
    place: ChannelId | None = None
    """Where it stands then."""

    @property
    def channel(self) -> ChannelId:
        return self.place or (ASKING if self.number < LIVES // 2 else TALKING)

    @property
    def id(self) -> str:
        return question_id(self.channel, self.asked_at)

    @property
    def may_be_quoted(self) -> bool:
        return not self.withdrawn and self.naming not in (None, Naming.DO_NOT_USE)

    def words_marker(self) -> str:
        return f"hikotoba{self.number}x"

    def reply_marker(self) -> str:
        return f"henjito{self.number}x"

    def voice_marker(self) -> str:
        return f"koenokotoba{self.number}x"

    def radio_marker(self, number: int) -> str:
        return f"radioname{self.number}n{number}x"


@dataclass(slots=True)
class World:
    """Slack, the inbox, the episodes and the public folder, on one day after another."""

    now: datetime = NOON
    lives: list[Life] = field(
        default_factory=lambda: [Life(number, PEOPLE[number % len(PEOPLE)]) for number in range(LIVES)]
    )
    names: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PEOPLE, 0))
    said: int = 0
    slack: LivesDesk = field(init=False)
    database: Database = field(default_factory=_emptied)
    shelf: FakeShelf = field(init=False)
    folder: FakePublicFolder = field(default_factory=lambda: FakePublicFolder(art=_artwork()))
    messages: list[str] = field(default_factory=list)
    voices: FakeVoices = field(default_factory=FakeVoices)

    def __post_init__(self) -> None:
        self.slack = LivesDesk(
            [Channel(ASKING, "質問"), Channel(TALKING, "話")],
            [Member(UserId(person), Private(self.name(person))) for person in PEOPLE],
            PEOPLE,
        )
        # Somebody came into each channel: without any message left, a deletion cannot be told from a limit.
        for channel in (ASKING, TALKING):
            came = Message(Ts("1700000000.000100"), None, Private(""), from_person=False)
            self.slack.put(Thread(channel, came))
        episodes = [an_episode(number, enclosure=an_enclosure(number)) for number in EPISODES]
        self.shelf = FakeShelf(*episodes)

    def act(self, action: str, which: int, detail: int) -> None:
        """Let something happen; what the jobs refuse does not."""
        life = self.lives[which % LIVES]
        self.now += timedelta(minutes=1)
        self.slack.at(self.now)
        try:
            getattr(self, f"_{action}")(life, detail)
        except CompanionError as refused:
            self._check_spoken(repr(refused.text))

    # -- what people do in Slack -------------------------------------------------------------------------

    def _ask(self, life: Life, detail: int) -> None:
        if life.asked_at is None:
            life.asked_at = self._ts()
            life.naming = Naming.ANONYMOUS if life.channel == ASKING else None
            self._say(life, detail)

    def _ask_by_form(self, life: Life, detail: int) -> None:
        if life.asked_at is not None or life.form:
            return
        naming = (Naming.ANONYMOUS, Naming.RADIO_NAME, Naming.DISPLAY_NAME)[detail % 3]
        marker = life.radio_marker(1)
        given = Submission(
            Private(f"{life.words_marker()}v0 灯油代は? https://example.jp/{life.number}"),
            naming=naming,
            radio_name=Private(marker),
            reading=Private(f"yomi{marker}"),
            department="子育て課",
            publicly=bool(detail % 4),
        )
        say, form = Catalogue("ja"), f"V{life.number}"
        question = ask(
            given,
            UserId(life.author),
            form=form,
            wording=Wording(
                receipt=lambda question, _: messages.receipt(say, given, question, welcome=None),
                public=lambda: messages.public_post(say, given),
                failed=lambda: messages.failed(say, given),
                consent=RULES.consent_wording,
            ),
            desk=self.slack,
            inbox=self.database.inbox,
            ledger=self.database.ledger,
            memory=self.database.app_memory,
            rules=RULES,
            asking=AskingRules(most_per_day=100),
            now=self.now,
        ).question
        life.form, life.place, life.asked_at = form, question.thread.channel, question.thread.ts
        life.naming, life.radio_names = naming, 1

    def _author_answers(self, life: Life, detail: int) -> None:
        asked = life.asked_at and self.database.ledger.posted(consent_request_key(life.id))
        if asked:
            assert asked.channel == self.slack.direct(UserId(life.author))
            self._consent(life, detail)

    def _edit(self, life: Life, detail: int) -> None:
        thread = self._thread(life)
        if thread and not life.form:
            life.version += 1
            self._say(life, detail, replies=thread.replies, edited=self._ts())

    def _reply(self, life: Life, detail: int) -> None:
        thread = self._thread(life)
        if thread:
            by = PEOPLE[detail % len(PEOPLE)]
            words = f"henjikotoba{by[-2:].lower()}x {life.reply_marker()} <@{life.author}> どうぞ"
            reply = Message(self._ts(), UserId(by), Private(words))
            self.slack.put(replace(thread, replies=(*thread.replies, reply)))

    def _react(self, life: Life, detail: int) -> None:
        thread = self._thread(life)
        if thread:
            reaction = Reaction("tada", 1, (UserId(PEOPLE[detail % len(PEOPLE)]),))
            self.slack.put(replace(thread, opening=replace(thread.opening, reactions=(reaction,))))

    def _record(self, life: Life, detail: int) -> None:
        thread = self._thread(life)
        if thread:
            marker = life.voice_marker()
            url = Private(f"https://files.slack.com/{marker}")
            clip = Clip(f"F{life.number}{detail}", "audio/mp4", 9, 5.0, url, Private(marker))
            by = UserId(life.author if detail % 2 else PEOPLE[detail % len(PEOPLE)])
            reply = Message(self._ts(), by, Private(""), clips=(clip,))
            self.slack.put(replace(thread, replies=(*thread.replies, reply)))

    def _draft(self, life: Life, _: int) -> None:
        draft = Submission(Private(f"shitagaki{life.author[-2:].lower()}x"))
        self.database.app_memory.keep_draft(UserId(life.author), draft, at=self.now)

    def _delete(self, life: Life, _: int) -> None:
        if self._thread(life) and not life.form:  # what the app posted, its asker cannot delete
            self.slack.drop(life.channel, life.asked_at)
            life.withdrawn = life.withdrawn or self._is_known(life)
            life.asked_at = life.asked_at if self._is_known(life) else None

    def _rename(self, life: Life, _: int) -> None:
        self.names[life.author] += 1
        name = self.name(life.author)
        self.slack._members[UserId(life.author)] = Member(UserId(life.author), Private(name))
        self.database.inbox.remember_names([Member(UserId(life.author), Private(name))])

    # -- what the team does ------------------------------------------------------------------------------

    def _collect(self, *_: object) -> None:
        collect(
            source=self.slack,
            inbox=self.database.inbox,
            rules=RULES,
            in_rundowns=in_rundowns(self.shelf.episodes()),
            now=self.now,
            emoji=lambda _: (),
            progress=_Quiet(),
            keeping=self.database.keeping,
        )
        keep_voices(inbox=self.database.inbox, voices=self.voices, source=FakeClips())
        self.check_voices()

    def _hand_on(self, life: Life, _: int) -> None:
        if self._thread(life) is None or life.form:
            return
        question = collect_thread(
            life.channel,
            life.asked_at,
            source=self.slack,
            inbox=self.database.inbox,
            rules=RULES,
            in_rundowns=in_rundowns(self.shelf.episodes()),
            now=self.now,
            emoji=lambda _: None,
            handed_on_by=UserId("U0NEIGHBOUR"),
            keeping=self.database.keeping,
        )
        if question and question.kind is Kind.TOPIC:
            words = messages.consent_request(Catalogue("ja"), question, consent_wording=RULES.consent_wording)
            ask_author(
                question,
                words,
                desk=self.slack,
                ledger=self.database.ledger,
                memory=self.database.app_memory,
                now=self.now,
            )

    def _slack_fails(self, *_: object) -> None:
        """Slack is down, or well again after a while."""
        self.slack.down = not self.slack.down
        self.now += timedelta(minutes=11)
        self._take_back()

    def _take_back(self) -> None:
        database = self.database
        queue_taking_back(
            inbox=database.inbox,
            keeping=database.keeping,
            ledger=database.ledger,
            outbox=database.outbox,
            now=self.now,
        )
        try:
            take_back_waiting(
                inbox=database.inbox,
                workspace=self.slack,
                outbox=database.outbox,
                show_for=lambda _: a_show(),
                now=self.now,
            )
        except SlackError:
            assert self.slack.down
        self.check_posts()

    def _consent(self, life: Life, detail: int) -> None:
        if self._is_known(life):
            naming = list(Naming)[detail % len(Naming)]
            number = life.radio_names + 1
            note_consent(
                life.id,
                naming,
                wording=RULES.consent_wording,
                inbox=self.database.inbox,
                keeping=self.database.keeping,
                voice=bool(detail % 3),
                now=self.now,
                radio_name=life.radio_marker(number),
                reading=f"yomi{life.radio_marker(number)}",
            )
            life.naming, life.radio_names = naming, number

    def _withdraw(self, life: Life, _: int) -> None:
        if self._is_known(life):
            move(
                life.id,
                Status.WITHDRAWN,
                inbox=self.database.inbox,
                now=self.now,
                voices=self.voices,
            )
            life.withdrawn = True
            self._take_back()
            self.check_voices()

    def _shortlist(self, life: Life, _: int) -> None:
        if self._is_known(life):
            move(life.id, Status.SHORTLISTED, inbox=self.database.inbox, now=self.now)

    def _slot(self, life: Life, detail: int) -> None:
        if self._is_known(life):
            slot(
                life.id,
                EPISODES[detail % len(EPISODES)],
                shelf=self.shelf,
                inbox=self.database.inbox,
                links=links,
                now=self.now,
                title="課長の言葉" if detail % 2 or not life.may_be_quoted else None,
            )

    def _publish(self, _: Life, detail: int) -> None:
        number = EPISODES[detail % len(EPISODES)]
        if self.shelf.episode(number).published_at is None:
            self.shelf.mark_published(number, self.now)

    def _days(self, _: Life, detail: int) -> None:
        self.now += timedelta(days=(1, 40, 93, 184, 1100)[detail % 5])

    def _purge(self, _: Life, detail: int) -> None:
        if detail % 2:  # half a year after it was first looked at
            known = [question.id for question in self.database.inbox.questions()]
            self.database.keeping.since(known, now=self.now)
            self.now += timedelta(days=190)
        purge(
            inbox=self.database.inbox,
            shelf=self.shelf,
            keeping=self.database.keeping,
            retention=Retention(),
            now=self.now,
            voices=self.voices,
        )
        self._take_back()
        self.check_voices()
        self._collect()  # everything still stands in Slack
        self.check_nothing_is_kept_of_the_forgotten()

    def _erase(self, life: Life, _: int) -> None:
        self._collect()
        inbox, keeping = self.database.inbox, self.database.keeping
        kept = kept_about(
            life.author, inbox=inbox, keeping=keeping, shelf=self.shelf, memory=self.database.app_memory
        )
        erase(kept, inbox=inbox, keeping=keeping, now=self.now, voices=self.voices, salt="5a17")
        # Of what is past its day nobody knows any more who asked it.
        theirs = {one.question.id for one in kept.asked}
        for one in self.lives:
            if one.asked_at and one.id in theirs:
                one.withdrawn = True
        self._take_back()
        self._collect()  # everything of theirs still stands in Slack
        self.check_nothing_is_kept_about(life.author)

    def _build(self, *_: object) -> None:
        self._collect()
        self.build()
        self.check_public()
        if not self.slack.down:
            self._take_back()

    # -- what may be seen --------------------------------------------------------------------------------

    def build(self) -> None:
        show, inbox = a_show(), self.database.inbox
        noted = [
            (episode, notes_of(show, episode, inbox=inbox))
            for episode in self.shelf.episodes()
            if episode.published_at
        ]
        build_feed(
            show=show,
            noted=noted,
            renderer=_renderer(),
            painter=FakeCardPainter(),
            feed_writer=RssFeedWriter(),
            folder=self.folder,
            examine=lambda _: (),
        )
        self.messages = [
            json.dumps([words.text, list(words.blocks)], ensure_ascii=False)
            for episode, notes in noted
            for words in (
                _renderer().announcement(show, episode, notes, self.folder.artwork()[0]),
                *(_renderer().receipt(show, episode, part) for part in notes.answers),
            )
        ]

    def check_public(self) -> None:
        """Hold everything that anybody can read against what everybody agreed to."""
        public = "\n".join([*map(_readable, self.folder.contents.values()), *self.messages]).lower()
        found = {marker for marker in self._forbidden() if marker.lower() in public}
        assert found == set()

    def check_posts(self) -> None:
        """Hold what the app's own posts say against whose questions still stand, unless Slack is down."""
        if self.slack.down:
            return
        forgotten = self.database.keeping.forgotten()
        gone = {
            life.words_marker()
            for life in self.lives
            if life.form and (life.withdrawn or life.id in forgotten)
        }
        everywhere = "\n".join([*self.slack.standing(public=True), *self.slack.standing(public=False)])
        assert {marker for marker in gone if marker in everywhere} == set()
        in_public = "\n".join(self.slack.standing(public=True)).lower()
        for marker in ("uhimitsu", "himitsuname", "radioname", "shitagaki", "henjikotoba", "koenokotoba"):
            assert marker not in in_public

    def check_voices(self) -> None:
        """Hold the recordings that are kept against whose they are, and what they may be used for."""
        questions = {question.id: question for question in self.database.inbox.questions()}
        for id_, clips in self.voices.kept().items():
            question = questions[id_]
            assert question.usable
            assert question.kind is Kind.QUESTION
            own = {
                clip.id
                for message in (question.thread.opening, *question.thread.replies)
                if message.author == question.asker
                for clip in message.clips
            }
            assert clips <= own
            life = next(one for one in self.lives if one.asked_at and one.id == id_)
            assert not life.withdrawn

    def check_nothing_is_kept_about(self, person: str) -> None:
        """Look for a person through the whole database."""
        own = [life for life in self.lives if life.author == person]
        markers = {
            person,
            *(self._name(person, number) for number in range(self.names[person] + 1)),
            f"henjikotoba{person[-2:].lower()}x",
            f"shitagaki{person[-2:].lower()}x",
            *(life.words_marker() for life in own),
            *(life.voice_marker() for life in own),
            *(life.radio_marker(number) for life in own for number in range(1, life.radio_names + 1)),
        }
        kept = "\n".join(self._everything_stored())
        assert {marker for marker in markers if marker in kept} == set()

    def check_nothing_is_kept_of_the_forgotten(self) -> None:
        """Look for the words of every question past its day, and what was answered to it."""
        forgotten = self.database.keeping.forgotten()
        kept = "\n".join(self._everything_stored())
        for life in self.lives:
            if life.asked_at and life.id in forgotten:
                radio_names = [life.radio_marker(number) for number in range(1, life.radio_names + 1)]
                markers = (life.words_marker(), life.reply_marker(), life.voice_marker(), *radio_names)
                assert [marker for marker in markers if marker in kept] == []

    def name(self, person: str) -> str:
        return self._name(person, self.names[person])

    def _name(self, person: str, number: int) -> str:
        return f"himitsuname{person[-2:].lower()}n{number}x"

    def _forbidden(self) -> Iterator[str]:
        yield from PEOPLE
        yield "uhimitsu"
        yield "shitagaki"
        for person in PEOPLE:
            yield f"henjikotoba{person[-2:].lower()}x"
            named = any(
                life.author == person and life.may_be_quoted and life.naming is Naming.DISPLAY_NAME
                for life in self.lives
            )
            if not named:
                yield f"himitsuname{person[-2:].lower()}n"
        for life in self.lives:
            yield life.reply_marker()
            yield life.voice_marker()
            if not life.may_be_quoted:
                yield life.words_marker()
            for number in range(1, life.radio_names + 1):
                latest = number == life.radio_names
                if not (latest and life.may_be_quoted and life.naming is Naming.RADIO_NAME):
                    yield life.radio_marker(number)

    def _everything_stored(self) -> Iterator[str]:
        with self.database.store.reading() as connection:
            for table in tables.metadata.tables.values():
                for row in connection.execute(select(table)):
                    yield repr(tuple(_bare(value) for value in row))

    def _check_spoken(self, words: str) -> None:
        """No error tells a name or what somebody wrote."""
        assert not [
            marker for marker in (*PEOPLE, "himitsuname", "hikotoba", "henjikotoba") if marker in words
        ]

    def _ts(self) -> Ts:
        self.said += 1
        return Ts(f"{int(self.now.timestamp())}.{self.said:06}")

    def _say(self, life: Life, detail: int, **changes: object) -> None:
        other = PEOPLE[(detail + 1) % len(PEOPLE)]
        words = (
            f"{life.words_marker()}v{life.version} 灯油代は? <@{other}> "
            f"<https://example.jp/{life.number}|{life.words_marker()}札>"
        )
        replies = changes.pop("replies", ())
        opening = Message(life.asked_at, UserId(life.author), Private(words), **changes)
        self.slack.put(Thread(life.channel, opening, replies))
        if not replies and life.channel == TALKING:
            self._reply(life, detail)

    def _thread(self, life: Life) -> Thread | None:
        return self.slack.threads.get((life.channel, life.asked_at)) if life.asked_at else None

    def _is_known(self, life: Life) -> bool:
        if life.asked_at is None:
            return False
        return any(question.id == life.id for question in self.database.inbox.questions())


class _Quiet:
    def step(self, text: object) -> None: ...

    def advance(self, done: float, total: float) -> None: ...


def _readable(content: bytes) -> str:
    """Read a page as people see it: without tags within words, entities undone."""
    written = content.decode("utf-8", "replace")
    unescaped = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), written)
    return written + html.unescape(re.sub(r"<wbr>|<[^>]{0,200}>", "", unescaped))


def _bare(value: object) -> object:
    """Show what is stored, also what hides when it is printed."""
    if not isinstance(value, tuple):
        return value
    return [
        (one.id, one.url.for_host(), one.spoken.for_host())
        if isinstance(one, Clip)
        else (one.emoji, one.users)
        for one in value
    ]
