"""The tables that this version works with; migrations.py is what makes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Dialect, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator

from cityhall_fm.show.consent import Private
from cityhall_fm.show.slack_thread import Clip, Reaction, UserId


class Words(TypeDecorator[str]):
    """Text that every database takes: PostgreSQL knows no NUL, UTF-8 no lone surrogate."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Moment(TypeDecorator[datetime]):
    """A point in time, kept as ISO 8601 text in UTC: it sorts by time, and no session's zone bends it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a time without a zone cannot be stored")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        return datetime.fromisoformat(value) if value is not None else None


class Reactions(TypeDecorator[tuple[Reaction, ...]]):
    """The emoji under a message, as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Reaction, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002
        return json.dumps([[reaction.emoji, reaction.count, reaction.users] for reaction in value or ()])

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[Reaction, ...]:  # noqa: ANN401, ARG002
        return tuple(
            Reaction(emoji, count, tuple(UserId(user) for user in users))
            for emoji, count, users in json.loads(value or "[]")
        )


class Clips(TypeDecorator[tuple[Clip, ...]]):
    """The recordings that a message carries, as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Clip, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002
        return json.dumps(
            [
                [
                    *(clip.id, clip.media_type, clip.length_bytes, clip.seconds),
                    *(clip.url.for_host(), clip.spoken.for_host()),
                ]
                for clip in value or ()
            ]
        )

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[Clip, ...]:  # noqa: ANN401, ARG002
        return tuple(
            Clip(id_, media_type, length_bytes, seconds, Private(url), Private(spoken))
            for id_, media_type, length_bytes, seconds, url, spoken in json.loads(value or "[]")
        )


class Addresses(TypeDecorator[frozenset[str]]):
    """Addresses on the web, or keys in a bucket, as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else json.dumps(sorted(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> frozenset[str] | None:  # noqa: ANN401, ARG002
        return None if value is None else frozenset(json.loads(value))


metadata = MetaData()

applied = Table("migrations", metadata, Column("name", Words, primary_key=True))

threads = Table(
    "threads",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("ts", Words, primary_key=True),
    Column("permalink", Words),
)

messages = Table(
    "messages",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("thread_ts", Words, primary_key=True),
    Column("ts", Words, primary_key=True),
    Column("author", Words),
    Column("mrkdwn", Words, nullable=False),
    Column("edited", Words),
    Column("deleted", Boolean, nullable=False),
    Column("from_person", Boolean, nullable=False),
    Column("reactions", Reactions, nullable=False),
    Column("reply_count", BigInteger, nullable=False),
    Column("latest_reply", Words),
    Column("clips", Clips, nullable=False),
)

channels = Table(
    "channels",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("is_bot", Boolean, nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("thread_ts", Words, nullable=False),
    Column("asker", Words),
    Column("asker_name", Words, nullable=False),
    Column("words", Words, nullable=False),
    Column("received_at", Moment),
)

consents = Table(
    "consents",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("question", Words, nullable=False),
    Column("naming", Words, nullable=False),
    Column("wording", Words, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("radio_name", Words),
    Column("reading", Words),
    Column("withdrawn_at", Moment),
    Column("voice", Boolean, nullable=False),
)

moves = Table(
    "moves",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("question", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("episode", BigInteger, nullable=False),
    Column("step", Words, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("key", Words, primary_key=True),
    Column("intended_at", Moment, nullable=False),
    Column("channel", Words),
    Column("ts", Words),
    Column("posted_at", Moment),
)

endpoints = Table(
    "endpoints",
    metadata,
    Column("endpoint", Words, primary_key=True),
    Column("conditions", Words, nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("place", Words, primary_key=True),
    Column("sha256", Words, primary_key=True),
    Column("key", Words, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Column("settled", Boolean, nullable=False),
)

live_feeds = Table(
    "live_feeds",
    metadata,
    Column("place", Words, primary_key=True),
    Column("sha256", Words, nullable=False),
    Column("etag", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("heard", Boolean, nullable=False),
    Column("heard_media", Addresses),
    Column("outline", Words),
)

rollbacks = Table(
    "rollbacks",
    metadata,
    Column("place", Words, primary_key=True),
    Column("away", Words, nullable=False),
    Column("back", Words, nullable=False),
)

sendings = Table(
    "sendings",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("place", Words, nullable=False),
    Column("files", Addresses, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("episode", BigInteger, nullable=False),
    Column("question", Words),
    Column("channel", Words, nullable=False),
    Column("thread_ts", Words),
    Column("emoji", Words),
    Column("queued_at", Moment, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("done_at", Moment),
    Column("given_up", Words),
    Column("said", Words),
    Column("about", Words),
)

keeping = Table(
    "keeping",
    metadata,
    Column("question", Words, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("forgotten_at", Moment),
)

erased = Table(
    "erased",
    metadata,
    Column("person", Words, primary_key=True),
    Column("at", Moment, nullable=False),
)

dates = Table(
    "dates",
    metadata,
    Column("episode", BigInteger, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("state", Words, nullable=False),
    Column("noted_at", Moment, nullable=False),
)

heard = Table(
    "heard",
    metadata,
    Column("event", Words, primary_key=True),
    Column("at", Moment, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("question", Words, primary_key=True),
    Column("emoji", Words, nullable=False),
)

submissions = Table(
    "submissions",
    metadata,
    Column("question", Words, primary_key=True),
    Column("corner", Words, nullable=False),
    Column("department", Words, nullable=False),
    Column("publicly", Boolean, nullable=False),
    Column("may_contact", Boolean, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", Words, primary_key=True),
    Column("person", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

acts = Table(
    "acts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("person", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("about", Words, nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("word", Words, primary_key=True),
    Column("reading", Words, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("person", Words, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("filled_in", Words, nullable=False),
)

authors = Table(
    "authors",
    metadata,
    Column("question", Words, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("attempts", BigInteger, nullable=False),
)

taps = Table(
    "taps",
    metadata,
    Column("id", Words, primary_key=True),
    Column("episode", BigInteger, nullable=False),
    Column("kind", Words, nullable=False),
    Column("tapped", BigInteger, nullable=False),
    Column("clock_offset", BigInteger, nullable=False),
    Column("segment", Words, nullable=False),
    Column("jump", Boolean, nullable=False),
    Column("undoes", Words, nullable=False),
    Column("shift", BigInteger, nullable=False),
    Column("person", Words, nullable=False),
    Column("noted_at", Moment, nullable=False),
)

doings = Table(
    "doings",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("question", Words, nullable=False),
    Column("person", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("what", Words, nullable=False),
    Column("was", Words, nullable=False),
    Column("history", Words, nullable=False),
    Column("slotted", Words),
    Column("tells_at", Moment),
)
