"""Slack threads -> Questions and Topics in the Inbox, as often as one likes: nothing twice, nothing lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from cityhall_fm.production.erased_source import WithoutErased
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.privacy import Keeping
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.ports.slack import ThreadSource
from cityhall_fm.production.ports.slack_app import Desk
from cityhall_fm.show.collecting import (
    Collected,
    CollectingRules,
    Marker,
    gone,
    has_new_replies,
    is_older,
    kind_of,
)
from cityhall_fm.show.consent import Consent, Naming, Private
from cityhall_fm.show.erasure import Erased
from cityhall_fm.show.errors import UnknownError
from cityhall_fm.show.mrkdwn import Emoji, WithheldNames, mentions, plain
from cityhall_fm.show.question import Kind, Question, QuestionId, Status, question_id
from cityhall_fm.show.slack_thread import Channel, ChannelId, Member, Message, Thread, Ts, UserId, ts_order
from cityhall_fm.show.text import Text

_AT_ONCE: Final = 50
"""A page may hold 999 threads to read, 20 minutes of Slack's patience: so many at most are read again."""
_MOST_NAMED: Final = 20


def collect(
    *,
    source: ThreadSource,
    inbox: Inbox,
    rules: CollectingRules,
    in_rundowns: Mapping[QuestionId, Status],
    now: datetime,
    emoji: Emoji,
    progress: Progress,
    keeping: Keeping | None = None,
) -> Sequence[Collected]:
    """Bring the inbox up to date with the configured channels.

    Every channel is paged through and each opening message compared with what is stored; only threads with
    new replies are read, and a page is stored before the next is asked for. `in_rundowns` are questions that
    an episode already holds: a new inbox learns their status from it. What `keeping` has forgotten is not
    read again, nor anybody who was erased.

    Raises UnknownError for a configured channel that is not there, before anything is read; SlackError or
    InputError where the source fails, with everything before that stored.
    """
    forgotten = frozenset(keeping.forgotten()) if keeping else frozenset()
    source = WithoutErased(source, keeping.erased()) if keeping else source
    channels = {channel.id: channel.name for channel in source.channels()}
    chosen = _chosen([*rules.channels, *rules.question_channels], source.channels())
    asking = {channel.id for channel in _chosen(rules.question_channels, source.channels())}
    collected = []
    for channel in chosen:
        progress.step(Text.of("slack.reading", channel=channel.name))
        visit = _Visit(
            channel,
            source,
            inbox,
            rules,
            in_rundowns=in_rundowns,
            forgotten=forgotten,
            for_questions=channel.id in asking,
            marker=Marker(rules.marker, emoji(rules.marker)),
            names=WithheldNames(channels, emoji),
            progress=progress,
        )
        collected.append(visit.run(now))
    return collected


def collect_thread(
    place: ChannelId,
    ts: Ts,
    *,
    source: Desk,
    inbox: Inbox,
    rules: CollectingRules,
    in_rundowns: Mapping[QuestionId, Status],
    now: datetime,
    emoji: Emoji,
    handed_on: bool = False,
    keeping: Keeping | None = None,
) -> Question | None:
    """Bring the inbox up to date with one thread, by the rules of a whole collection; tells what it is.

    The thread is read as it stands now, whatever an event said of it: events that come twice, late or in
    another order change nothing. `handed_on` makes a topic of a thread in any public channel, also without
    replies. None for a thread that is neither question nor topic, or is in no channel that is collected.
    What `keeping` has forgotten, and what somebody wrote who was erased since, is not read again.
    """
    channels = {channel.id: channel for channel in source.channels()}
    names = {_comparable(name) for name in (*rules.channels, *rules.question_channels)}
    asking = {_comparable(name) for name in rules.question_channels}
    channel = channels.get(place)
    if channel is None:
        return None
    called = {_comparable(channel.name), _comparable(channel.id)}
    if not handed_on and not called & names:
        return None
    opening = source.opening(place, ts)
    erased = keeping.erased() if keeping else Erased()
    kept = erased.without(opening) if opening else None
    id_ = question_id(place, ts)
    if (keeping and id_ in keeping.forgotten()) or (opening and kept is None):
        return _known(id_, inbox)
    visit = _Visit(
        channel,
        WithoutErased(source, erased),
        inbox,
        rules,
        in_rundowns=in_rundowns,
        for_questions=bool(called & asking),
        marker=Marker(rules.marker, emoji(rules.marker)),
        names=WithheldNames({id_: one.name for id_, one in channels.items()}, emoji),
        every_reply=True,
    )
    return visit.run_one(kept, ts, handed_on=handed_on, now=now)


class Silence:
    """A progress that nobody looks at."""

    def step(self, text: Text) -> None: ...

    def advance(self, done: float, total: float) -> None: ...


def _chosen(wanted: Sequence[str], channels: Sequence[Channel]) -> Sequence[Channel]:
    """Find the configured channels by name or id, each once; UnknownError names all that are not there."""
    known = {_comparable(key): channel for channel in channels for key in (channel.name, channel.id)}
    missing = [name for name in wanted if _comparable(name) not in known]
    if missing:
        names = sorted(f"#{channel.name}" for channel in channels)
        listed = [*names[:_MOST_NAMED], *(["…"] if len(names) > _MOST_NAMED else [])]
        raise UnknownError(
            "slack.unknown_channel",
            channel=", ".join(dict.fromkeys(missing)),
            known=", ".join(listed) or "-",
        )
    return tuple(dict.fromkeys(known[_comparable(name)] for name in wanted))


def _comparable(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip().removeprefix("#")).casefold()


@dataclass(slots=True)
class _Visit:
    """One channel, read once from end to end."""

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
    every_reply: bool = False
    """Read the replies again also where their number tells of no change: one may have been edited."""

    stored: Mapping[Ts, Message] = field(init=False)
    known: dict[Ts, Question] = field(init=False)
    members: dict[UserId, Member] = field(init=False)
    new: dict[Kind, int] = field(init=False)
    changed: int = 0

    def run(self, now: datetime) -> Collected:
        self.stored = self.inbox.stored_openings(self.channel.id)
        self.known = {one.thread.ts: one for one in self.inbox.questions(channel=self.channel.id)}
        self.members = dict(self.inbox.names())
        self.inbox.remember_channel(self.channel)
        self.new = dict.fromkeys(Kind, 0)
        seen: dict[Ts, Message] = {}
        for page in self.source.openings(self.channel.id):
            fresh = {opening.ts: opening for opening in page if opening.ts not in seen}
            seen.update(fresh)
            changes = list(self._changes(fresh.values()))
            for start in range(0, len(changes), _AT_ONCE):
                self._keep([self._question(*change) for change in changes[start : start + _AT_ONCE]])
                self.progress.advance(min(start + _AT_ONCE, len(changes)), len(changes))
        return Collected(
            self.channel.id,
            self.channel.name,
            questions=self.new[Kind.QUESTION],
            topics=self.new[Kind.TOPIC],
            changed=self.changed,
            withdrawn=self._withdraw(seen, now),
        )

    def run_one(self, opening: Message | None, ts: Ts, *, handed_on: bool, now: datetime) -> Question | None:
        id_ = question_id(self.channel.id, ts)
        known = _known(id_, self.inbox)
        self.stored = {ts: known.thread.opening} if known else {}
        self.known = {ts: known} if known else {}
        self.members = dict(self.inbox.names())
        self.new = dict.fromkeys(Kind, 0)
        if opening is None or opening.deleted:
            if known:
                self._bury(known, opening, now)
            return _known(id_, self.inbox)
        kind = self._kind(opening, known)
        accepted = opening.from_person and opening.author not in self.rules.blocked
        if kind is None and handed_on and accepted and opening.mrkdwn:
            kind = Kind.TOPIC
        if kind is None:
            return None
        self.inbox.remember_channel(self.channel)
        question = self._question(opening, kind)
        if known is None or question != known:
            self._keep([question])
        return _known(id_, self.inbox)

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
        if known and known.kind is Kind.QUESTION:
            return Kind.QUESTION
        if opening.author in self.rules.blocked:
            return known.kind if known else None
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

    def _question(self, opening: Message, kind: Kind) -> Question:
        known, stored = self.known.get(opening.ts), self.stored.get(opening.ts)
        if known and not self.every_reply and not has_new_replies(stored, opening):
            replies = known.thread.replies
        elif opening.reply_count:
            replies = tuple(self.source.replies(self.channel.id, opening.ts))
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

    def _withdraw(self, seen: Mapping[Ts, Message], now: datetime) -> int:
        """Take back what its author deleted: the words go, and the host is told by the status.

        Called after a complete reading only. The status comes first: killed in between, it is done again.
        """
        absent = gone(self.stored, seen, live=self.source.live)
        buried = [ts for ts, opening in seen.items() if opening.deleted]
        withdrawn = 0
        for ts in (*absent, *buried):
            known = self.known.get(ts)
            if known is not None:
                withdrawn += self._bury(known, seen.get(ts), now)
        return withdrawn

    def _bury(self, known: Question, tombstone: Message | None, now: datetime) -> bool:
        """Take the words of a question out; tells whether it was not withdrawn before."""
        is_new = known.status is not Status.WITHDRAWN
        if is_new:
            self.inbox.set_status(known.id, Status.WITHDRAWN, at=now)
        if not known.thread.opening.deleted:
            self.inbox.store([], [_erased(known, tombstone)])
        return is_new


def _known(id_: QuestionId, inbox: Inbox) -> Question | None:
    try:
        found = inbox.question(id_)
    except UnknownError:
        return None
    return found if found.id == id_ else None


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
