"""One channel's threads, compared with what the inbox knows of them and stored as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.progress import Progress, Silence
from cityhall_fm.production.ports.slack import ThreadSource
from cityhall_fm.show.collecting import (
    FOLLOWED,
    Collected,
    CollectingRules,
    Marker,
    gone,
    has_new_replies,
    is_older,
    kind_of,
)
from cityhall_fm.show.consent import Consent, Naming, Private
from cityhall_fm.show.mrkdwn import WithheldNames, mentions, plain
from cityhall_fm.show.question import Kind, Question, QuestionId, Status, question_id
from cityhall_fm.show.slack_thread import Channel, Member, Message, Thread, Ts, UserId, ts_order

_AT_ONCE: Final = 50
"""A page may hold 999 threads to read, 20 minutes of Slack's patience: so many at most are read again."""


@dataclass(slots=True)
class Visit:
    """One channel, read from end to end by `run`, or one thread of it at a time."""

    channel: Channel
    source: ThreadSource
    inbox: Inbox
    rules: CollectingRules
    in_rundowns: Mapping[QuestionId, Status]
    for_questions: bool
    marker: Marker
    names: WithheldNames
    forgotten: frozenset[QuestionId] = frozenset()
    progress: Progress = field(default_factory=Silence)
    stored: Mapping[Ts, Message] = field(default_factory=dict, init=False)
    known: dict[Ts, Question] = field(default_factory=dict, init=False)
    seen: dict[Ts, Message] = field(default_factory=dict, init=False)
    members: dict[UserId, Member] = field(init=False)
    new: dict[Kind, int] = field(init=False)
    changed: int = field(default=0, init=False)
    withdrawn: int = field(default=0, init=False)
    _read: set[Ts] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self.members = dict(self.inbox.names())
        self.new = dict.fromkeys(Kind, 0)

    @property
    def collected(self) -> Collected:
        """What the visit came to so far."""
        return Collected(
            self.channel.id,
            self.channel.name,
            questions=self.new[Kind.QUESTION],
            topics=self.new[Kind.TOPIC],
            changed=self.changed,
            withdrawn=self.withdrawn,
        )

    def run(self, now: datetime) -> None:
        """Compare every opening message with what is stored, and read the threads with new replies."""
        self.stored = self.inbox.stored_openings(self.channel.id)
        self.known = {one.thread.ts: one for one in self.inbox.questions(channel=self.channel.id)}
        self.inbox.remember_channel(self.channel)
        for page in self.source.openings(self.channel.id):
            fresh = {opening.ts: opening for opening in page if opening.ts not in self.seen}
            self.seen.update(fresh)
            changes = list(self._changes(fresh.values()))
            for start in range(0, len(changes), _AT_ONCE):
                self._keep([self._question(*change) for change in changes[start : start + _AT_ONCE]])
                self.progress.advance(min(start + _AT_ONCE, len(changes)), len(changes))
        self._withdraw(now)

    def unread(self) -> Sequence[Ts]:
        """Name the threads whose replies stand in the inbox as an earlier visit found them."""
        return [
            ts
            for ts, known in self.known.items()
            if known.status in FOLLOWED
            and known.usable
            and known.id not in self.forgotten
            and ts not in self._read
            and (seen := self.seen.get(ts))
            and seen.reply_count
            and not seen.deleted
        ]

    def read_again(self, ts: Ts) -> None:
        """Read the replies of a thread that was met: one may have been edited, or have a new reaction.

        It was met minutes ago. Whatever was stored, withdrawn or erased since, or while Slack answers, is
        newer than what was seen, and stays.
        """
        known = self._as_seen(ts)
        if known is None:
            return
        self.known[ts] = known
        kind = self._kind(self.seen[ts], known) or known.kind
        found = self._question(self.seen[ts], kind, every_reply=True)
        if self._as_seen(ts) == known:
            self._keep_if_new(found)

    def _as_seen(self, ts: Ts) -> Question | None:
        """Take a question from the inbox as it is now, if it still stands there as it was seen."""
        id_ = question_id(self.channel.id, ts)
        known = self.inbox.known([id_]).get(id_)
        if known is None or known.status not in FOLLOWED or not known.usable:
            return None
        return known if known.thread.opening == self.seen[ts] else None

    def run_one(
        self, opening: Message | None, ts: Ts, *, handed_on_by: UserId | None = None, now: datetime
    ) -> Question | None:
        """Compare one thread with what is stored; whoever hands on their own message has asked."""
        id_ = question_id(self.channel.id, ts)
        known = self.inbox.known([id_]).get(id_)
        if known:
            self.stored, self.known = {ts: known.thread.opening}, {ts: known}
        if opening is None or opening.deleted:
            if known:
                self.withdrawn += self._bury(known, opening, now)
            return self.inbox.known([id_]).get(id_)
        kind = self._kind(opening, known)
        accepted = opening.from_person and opening.author not in self.rules.blocked
        if handed_on_by and accepted and opening.mrkdwn:
            kind = Kind.QUESTION if opening.author == handed_on_by else kind or Kind.TOPIC
        if kind is None:
            return None
        self.inbox.remember_channel(self.channel)
        self._keep_if_new(self._question(opening, kind, every_reply=True))
        return self.inbox.known([id_]).get(id_)

    def _changes(self, page: Iterable[Message]) -> Iterator[tuple[Message, Kind]]:
        for opening in page:
            stored, known = self.stored.get(opening.ts), self.known.get(opening.ts)
            if question_id(self.channel.id, opening.ts) in self.forgotten:
                continue
            is_past = not self.source.live and stored is not None and is_older(opening, stored)
            if opening.deleted or is_past or (stored == opening and not self._lacks(known)):
                continue
            kind = self._kind(opening, known)
            if kind is not None:
                yield opening, kind

    def _lacks(self, known: Question | None) -> bool:
        """Tell whether this source can add what was missing when the question was stored."""
        if known is None:
            return False
        if known.kind is Kind.QUESTION and known.consent is None:
            return True
        return known.thread.permalink is None and self._permalink(known.thread.ts) is not None

    def _kind(self, opening: Message, known: Question | None) -> Kind | None:
        """Tell what a thread is; once submitted it stays a question until its asker withdraws it.

        Of somebody who is blocked nothing new comes in; what came before stays as it is.
        """
        if opening.author in self.rules.blocked:
            return known.kind if known else None
        if known and known.kind is Kind.QUESTION:
            return Kind.QUESTION
        marked = not self.for_questions and self._is_marked(opening)
        kind = kind_of(opening, in_question_channel=self.for_questions, marked=marked)
        return kind or (known.kind if known else None)

    def _is_marked(self, opening: Message) -> bool:
        if self.marker.stands_in(opening.mrkdwn.for_host()):
            return True
        put = self.marker.put_by_author(opening)
        if put is None:
            return opening.author in self.source.reacted(self.channel.id, opening.ts, self.marker.name)
        return put

    def _question(self, opening: Message, kind: Kind, *, every_reply: bool = False) -> Question:
        known, stored = self.known.get(opening.ts), self.stored.get(opening.ts)
        if known and not every_reply and not has_new_replies(stored, opening):
            replies = known.thread.replies
        elif opening.reply_count:
            replies = tuple(self.source.replies(self.channel.id, opening.ts))
            self._read.add(opening.ts)
        else:
            replies = ()
        id_ = question_id(self.channel.id, opening.ts)
        consent = known.consent if known else None
        received_at = datetime.fromtimestamp(ts_order(opening.ts)[0], UTC)
        if kind is Kind.QUESTION and consent is None:
            consent = Consent(Naming.ANONYMOUS, self.rules.consent_wording, received_at)
        # What our app posted for somebody stays theirs, in the words that they sent.
        sent = known if known and known.asker and not opening.from_person else None
        return Question(
            id_,
            kind,
            known.status if known else self.in_rundowns.get(id_, Status.RECEIVED),
            Thread(self.channel.id, opening, replies, self._permalink(opening.ts)),
            asker=sent.asker if sent else opening.author,
            asker_name=known.asker_name if known else Private(""),
            words=sent.words if sent else self._words(opening),
            consent=consent,
            received_at=received_at,
        )

    def _words(self, opening: Message) -> Private:
        """Take what was written; of a question that was only spoken, what Slack understood of it."""
        written = plain(opening.mrkdwn.for_host(), self.names)
        heard = [clip.spoken.for_host() for clip in opening.clips if clip.spoken]
        return Private(written if written.strip() or not heard else "\n".join(heard))

    def _permalink(self, ts: Ts) -> str | None:
        known = self.known.get(ts)
        return self.source.permalink(self.channel.id, ts) or (known.thread.permalink if known else None)

    def _keep_if_new(self, question: Question) -> None:
        if question != self.known.get(question.thread.ts):
            self._keep([question])

    def _keep(self, questions: Sequence[Question]) -> None:
        """Store what was read, with the names of all who speak or are spoken of in it."""
        people = frozenset[UserId]().union(*(_people(question.thread) for question in questions))
        unknown = frozenset(id_ for id_ in people if id_ not in self.members or not self.members[id_].name)
        if unknown:
            met = self.source.members(unknown)
            self.members.update(met)
            self.inbox.remember_names(list(met.values()))
        self.inbox.store([], [self._named(question) for question in questions])
        for question in questions:
            known = self.known.get(question.thread.ts)
            if known is None:
                self.new[question.kind] += 1
            elif known.kind is question.kind:
                self.changed += 1
            else:
                self.new[question.kind] += 1

    def _named(self, question: Question) -> Question:
        member = self.members.get(question.asker) if question.asker else None
        return replace(question, asker_name=member.name) if member and member.name else question

    def _withdraw(self, now: datetime) -> None:
        """Take back what its author deleted: the words go, and the host is told by the status.

        Called after a complete reading only. The status comes first: killed in between, it is done again.
        """
        absent = gone(self.stored, self.seen, live=self.source.live)
        buried = [ts for ts, opening in self.seen.items() if opening.deleted]
        for ts in (*absent, *buried):
            known = self.known.get(ts)
            if known is not None:
                self.withdrawn += self._bury(known, self.seen.get(ts), now)

    def _bury(self, known: Question, tombstone: Message | None, now: datetime) -> bool:
        """Take the words of a question out; tells whether it was not withdrawn before."""
        is_new = known.status is not Status.WITHDRAWN
        if is_new:
            self.inbox.set_status(known.id, Status.WITHDRAWN, at=now)
        if not known.thread.opening.deleted:
            self.inbox.store([], [_erased(known, tombstone)])
        return is_new


def _people(thread: Thread) -> frozenset[UserId]:
    said = (thread.opening, *thread.replies)
    authors = frozenset(message.author for message in said if message.author)
    return authors.union(*(mentions(message.mrkdwn.for_host()) for message in said))


def _erased(question: Question, tombstone: Message | None) -> Question:
    """Take the words out. Under a tombstone the replies of others still stand; else they are gone too."""
    opening = replace(question.thread.opening, mrkdwn=Private(""), deleted=True, clips=())
    replies = question.thread.replies if tombstone else ()
    thread = replace(question.thread, opening=opening, replies=replies)
    return replace(question, thread=thread, words=Private(""))
