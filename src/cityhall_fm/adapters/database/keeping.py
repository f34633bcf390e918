"""How long words and names are kept: since when, removed when; and who asked to be erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Row, and_, bindparam, delete, or_, select, update

from cityhall_fm.adapters.database import tables
from cityhall_fm.adapters.database.app_memory import draft_of
from cityhall_fm.adapters.database.connection import Store, upsert
from cityhall_fm.adapters.database.inbox_rows import consent_of, message_of
from cityhall_fm.show.asking import Submission, traces_of
from cityhall_fm.show.consent import Consent
from cityhall_fm.show.erasure import Erased, fingerprint
from cityhall_fm.show.mrkdwn import mentions
from cityhall_fm.show.question import QuestionId
from cityhall_fm.show.slack_thread import UserId

_AT_THIS_MACHINE: Final = "local"
"""Whoever came into the studio by its link: nobody in particular."""


class StoredKeeping:
    """Fulfils Keeping."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def since(self, ids: Iterable[QuestionId], *, now: datetime) -> Mapping[QuestionId, datetime]:
        wanted = frozenset(ids)
        with self._store.writing() as connection:
            upsert(connection, tables.keeping, [{"question": id_, "since": now} for id_ in sorted(wanted)])
            rows = connection.execute(select(tables.keeping))
            return {QuestionId(row.question): row.since for row in rows if row.question in wanted}

    def forgotten(self) -> Mapping[QuestionId, datetime]:
        gone = select(tables.keeping).where(tables.keeping.c.forgotten_at.is_not(None))
        with self._store.reading() as connection:
            return {QuestionId(row.question): row.forgotten_at for row in connection.execute(gone)}

    def forget(self, ids: Sequence[QuestionId], *, at: datetime) -> None:
        if not ids:
            return
        with self._store.writing() as connection:
            for id_ in sorted(ids):
                _forget(connection, id_, at)
            _drop_unheard_names(connection)

    def drop_proofs(self, *, before: datetime) -> int:
        gone = select(tables.keeping.c.question).where(tables.keeping.c.forgotten_at < before)
        with self._store.writing() as connection:
            return connection.execute(
                delete(tables.consents).where(tables.consents.c.question.in_(gone))
            ).rowcount

    def consents(self, ids: Iterable[QuestionId]) -> Mapping[QuestionId, Sequence[Consent]]:
        wanted = frozenset(ids)
        found: dict[QuestionId, list[Consent]] = {}
        with self._store.reading() as connection:
            for row in connection.execute(select(tables.consents).order_by(tables.consents.c.number)):
                if row.question in wanted:
                    found.setdefault(QuestionId(row.question), []).append(consent_of(row))
        return found

    def draft(self, person: UserId) -> Submission | None:
        row_of = select(tables.drafts).where(tables.drafts.c.person == person)
        with self._store.reading() as connection:
            row = connection.execute(row_of).first()
        return draft_of(row.filled_in) if row else None

    def drop_drafts(self, *, before: datetime) -> int:
        with self._store.writing() as connection:
            return connection.execute(delete(tables.drafts).where(tables.drafts.c.at < before)).rowcount

    def erase(self, person: UserId, *, at: datetime, salt: str) -> None:
        until = Erased({fingerprint(person, self.erased().salt(salt)): at})
        with self._store.writing() as connection:
            _forget_traces(connection, person, until)  # by now nothing else may name them
        self.erase_again(until)

    def erase_again(self, erased: Erased) -> None:
        gone = [person for person in self.people() if erased.when(person)]
        rows = [{"person": key, "at": at} for key, at in sorted(erased.until.items())]
        with self._store.writing() as connection:
            upsert(connection, tables.erased, rows, replacing=("at",))
            for stored in list(connection.execute(select(tables.messages))):
                _erase(connection, stored, erased)
            for person in gone:
                drafts = tables.drafts
                early = and_(drafts.c.person == person, drafts.c.at <= erased.when(person))
                connection.execute(delete(drafts).where(early))
                _forget_traces(connection, person, erased)
                _unname_in_studio(connection, person, erased)
            _drop_unheard_names(connection)

    def people(self) -> frozenset[UserId]:
        found: set[str] = set()
        with self._store.reading() as connection:
            asked = (tables.members.c.id, tables.questions.c.asker, tables.drafts.c.person)
            made = (table.c.person for table in (tables.acts, tables.taps, tables.doings, tables.sessions))
            for column in (*asked, *made):
                found.update(one for one in connection.execute(select(column)).scalars() if one)
            found.discard(_AT_THIS_MACHINE)
            said = tables.messages.c
            for row in connection.execute(select(said.author, said.mrkdwn, said.reactions)):
                found.update(mentions(row.mrkdwn))
                found.update(user for reaction in row.reactions for user in reaction.users)
                if row.author:
                    found.add(row.author)
        return frozenset(map(UserId, found))

    def erased(self) -> Erased:
        with self._store.reading() as connection:
            rows = connection.execute(select(tables.erased))
            return Erased({row.person: row.at for row in rows})


def _forget(connection: Connection, id_: QuestionId, at: datetime) -> None:
    question, messages, threads = tables.questions, tables.messages, tables.threads
    row = connection.execute(select(question).where(question.c.id == id_)).first()
    if row is None:
        return
    here = and_(messages.c.channel == row.channel, messages.c.thread_ts == row.thread_ts)
    connection.execute(delete(messages).where(here, messages.c.ts != row.thread_ts))
    blank = {"author": None, "mrkdwn": "", "edited": None, "reactions": (), "clips": ()}
    connection.execute(update(messages).where(here).values(blank))
    thread = and_(threads.c.channel == row.channel, threads.c.ts == row.thread_ts)
    connection.execute(update(threads).where(thread).values(permalink=None))
    wordless = update(question).where(question.c.id == id_)
    connection.execute(wordless.values(asker=None, asker_name="", words=""))
    connection.execute(delete(tables.submissions).where(tables.submissions.c.question == id_))
    connection.execute(delete(tables.authors).where(tables.authors.c.question == id_))
    connection.execute(delete(tables.doings).where(tables.doings.c.question == id_))
    nameless = update(tables.consents).where(tables.consents.c.question == id_)
    connection.execute(nameless.values(radio_name=None, reading=None))
    known = {"question": id_, "since": at, "forgotten_at": at}
    upsert(connection, tables.keeping, [known], replacing=("forgotten_at",))


def _erase(connection: Connection, stored: Row[tuple[object, ...]], erased: Erased) -> None:
    message = message_of(stored)
    kept = erased.without(message)
    if kept == message:
        return
    table = tables.messages
    here = and_(
        table.c.channel == stored.channel, table.c.thread_ts == stored.thread_ts, table.c.ts == stored.ts
    )
    if kept is None and stored.ts != stored.thread_ts:
        connection.execute(delete(table).where(here))
    elif kept is None:  # a thread that holds nothing else, or that was a topic of theirs
        connection.execute(update(table).where(here).values(author=None, mrkdwn="", reactions=(), clips=()))
    else:
        changed = update(table).where(here)
        connection.execute(changed.values(mrkdwn=kept.mrkdwn.for_host(), reactions=kept.reactions))


def _forget_traces(connection: Connection, person: UserId, erased: Erased) -> None:
    """Remove that they were greeted, asked, or handed something on: whoever knows their id could tell."""
    heard = tables.heard.c
    theirs = or_(*(heard.event.startswith(trace, autoescape=True) for trace in traces_of(person)))
    connection.execute(delete(tables.heard).where(theirs, heard.at <= erased.when(person)))


def _unname_in_studio(connection: Connection, person: UserId, erased: Erased) -> None:
    """Leave what was done in the studio, and take away who did it; their visits end."""
    until = erased.when(person)
    when = {
        tables.acts: tables.acts.c.at,
        tables.taps: tables.taps.c.noted_at,
        tables.doings: tables.doings.c.at,
    }
    for table, at in when.items():
        theirs = and_(table.c.person == person, at <= until)
        connection.execute(update(table).where(theirs).values(person=""))
    visits = tables.sessions.c
    connection.execute(delete(tables.sessions).where(visits.person == person, visits.began_at <= until))


def _drop_unheard_names(connection: Connection) -> None:
    """Remove the names of people who neither say anything nor are spoken of any more."""
    heard: set[str] = set()
    said = select(tables.messages.c.author, tables.messages.c.mrkdwn)
    for row in connection.execute(said):
        heard.update(mentions(row.mrkdwn))
        if row.author:
            heard.add(row.author)
    known = list(connection.execute(select(tables.members.c.id)).scalars())
    unheard = [{"id_": id_} for id_ in known if id_ not in heard]
    if unheard:
        connection.execute(delete(tables.members).where(tables.members.c.id == bindparam("id_")), unheard)
