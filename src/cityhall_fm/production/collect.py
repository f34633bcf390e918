"""Slack threads -> Questions and Topics in the Inbox, as often as one likes: nothing twice, nothing lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from cityhall_fm.production.erased_source import WithoutErased
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.privacy import Keeping
from cityhall_fm.production.ports.progress import Progress
from cityhall_fm.production.ports.slack import ThreadSource
from cityhall_fm.production.visit import Visit
from cityhall_fm.show.collecting import Collected, CollectingRules, Marker, in_turn
from cityhall_fm.show.erasure import Erased
from cityhall_fm.show.errors import CompanionError, SlackError, UnknownError
from cityhall_fm.show.mrkdwn import Emoji, WithheldNames
from cityhall_fm.show.question import Question, QuestionId, Status, question_id
from cityhall_fm.show.slack_thread import Channel, ChannelId, Message, Thread, Ts, UserId, ts_order
from cityhall_fm.show.text import Text

A_NIGHT: Final = 300
"""Requests for what no list tells of: six minutes of Slack's patience, at 50 replies a minute."""
A_MOMENT: Final = 40
"""The same where somebody waits for it."""
_FOR_ONE: Final = 2
"""Requests, at most, for a thread in a channel that is not listed: its opening message, its replies."""
_MOST_NAMED: Final = 20
_MOST_TROUBLES: Final = 3
"""One after the other, each of them waited out for minutes: then Slack itself is in trouble."""


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
    again: int = 0,
    pause: Callable[[], None] = lambda: None,
) -> Sequence[Collected]:
    """Bring the inbox up to date with the configured channels, and with what was handed on from others.

    Every channel is paged through and each opening message compared with what is stored; only threads with
    new replies are read, and a page is stored before the next is asked for. `in_rundowns` are questions that
    an episode already holds: a new inbox learns their status from it. What `keeping` has forgotten is not
    read again, nor anybody who was erased.

    `again` is how many requests more may be spent, at the end, on what those pages do not tell of: threads
    that were handed on from other channels, and edits and reactions among the replies of questions that are
    still open or prepared. Where they are not enough for all, each day takes the next ones. `pause` is
    called before each thread of these, for whoever shares Slack's patience with others.

    Raises UnknownError for a configured channel that is not there, before anything is read; SlackError or
    InputError where the source fails, with everything before that stored. A thread that is refused while it
    is read again ends nothing: the others are read first.
    """
    forgotten = frozenset(keeping.forgotten()) if keeping else frozenset()
    erased = keeping.erased() if keeping else Erased()
    public = {channel.id: channel for channel in source.channels()}
    asking = {channel.id for channel in _chosen(rules.question_channels, source.channels())}

    def visit(channel: ChannelId) -> Visit:
        return Visit(
            public[channel],
            WithoutErased(source, erased),
            inbox,
            rules,
            in_rundowns=in_rundowns,
            forgotten=forgotten,
            for_questions=channel in asking,
            marker=Marker(rules.marker, emoji(rules.marker)),
            names=WithheldNames({id_: one.name for id_, one in public.items()}, emoji),
            progress=progress,
        )

    visits = []
    for channel in _chosen([*rules.channels, *rules.question_channels], source.channels()):
        progress.step(Text.of("slack.reading", channel=channel.name))
        visits.append(visit(channel.id))
        visits[-1].run(now)
    if again > 0 and source.live:
        progress.step(Text.of("slack.reading_again"))
        known = [
            one
            for one in inbox.questions()
            if one.id not in forgotten
            and not one.thread.opening.deleted
            and (place := public.get(one.thread.channel))
            and place.is_member
        ]
        visits += _read_again(
            visits,
            known,
            again,
            source=source,
            keeping=keeping,
            visit=visit,
            now=now,
            progress=progress,
            pause=pause,
        )
    return [one.collected for one in visits]


def _read_again(
    visits: Sequence[Visit],
    known: Sequence[Question],
    again: int,
    *,
    source: ThreadSource,
    keeping: Keeping | None,
    visit: Callable[[ChannelId], Visit],
    now: datetime,
    progress: Progress,
    pause: Callable[[], None],
) -> Sequence[Visit]:
    """Read what no page told of, the threads of other channels first; gives the visits there that found news.

    Last of all, so that whatever Slack refuses by then costs nothing else. What is not there was deleted, if
    the listed channels show anything as old: else Slack's plan may hide it.
    """
    listed = {one.channel.id for one in visits}
    others = [one.thread for one in known if one.thread.channel not in listed]
    chosen = in_turn(others, again // _FOR_ONE, on=now)
    elsewhere = {channel: visit(channel) for channel in dict.fromkeys(one.channel for one in chosen)}
    unread = [(one, ts) for one in visits for ts in one.unread()]
    turn = in_turn(unread, again - _FOR_ONE * len(chosen), on=now)
    oldest = min((ts_order(ts) for one in visits for ts in one.seen), default=None)

    # It takes minutes: who is erased, and what is forgotten, meanwhile is not read again either.
    def read(thread: Thread) -> None:
        erased = keeping.erased() if keeping else Erased()
        if keeping and question_id(thread.channel, thread.ts) in keeping.forgotten():
            return
        elsewhere[thread.channel].source = WithoutErased(source, erased)
        opening = source.opening(thread.channel, thread.ts)
        hidden = opening is None and (oldest is None or ts_order(thread.ts) < oldest)
        if not hidden and not _is_erased(opening, erased):
            kept = erased.without(opening) if opening else None
            elsewhere[thread.channel].run_one(kept, thread.ts, now=now)

    def read_replies(one: Visit, ts: Ts) -> None:
        if keeping and question_id(one.channel.id, ts) in keeping.forgotten():
            return
        one.source = WithoutErased(source, keeping.erased() if keeping else Erased())
        one.read_again(ts)

    _each(
        [
            *(partial(read, thread) for thread in chosen),
            *(partial(read_replies, one, ts) for one, ts in turn),
        ],
        progress=progress,
        pause=pause,
    )
    return [one for one in elsewhere.values() if one.changed or one.withdrawn]


def _each(readings: Sequence[Callable[[], None]], *, progress: Progress, pause: Callable[[], None]) -> None:
    """Read every thread, also those after one that Slack refuses; then raise the first refusal."""
    first: CompanionError | None = None
    troubles = 0
    for done, read in enumerate(readings, 1):
        pause()
        try:
            read()
            troubles = 0
        except (SlackError, UnknownError) as error:
            first = first or error
            troubles += isinstance(error, SlackError) and error.retryable
            if troubles == _MOST_TROUBLES:
                break
        progress.advance(done, len(readings))
    if first:
        raise first


def collect_thread(
    place: ChannelId,
    ts: Ts,
    *,
    source: ThreadSource,
    inbox: Inbox,
    rules: CollectingRules,
    in_rundowns: Mapping[QuestionId, Status],
    now: datetime,
    emoji: Emoji,
    handed_on_by: UserId | None = None,
    keeping: Keeping | None = None,
) -> Question | None:
    """Bring the inbox up to date with one thread, by the rules of a whole collection; tells what it is.

    `ts` names its opening message or a reply in it. The thread is read as it stands now, whatever an event
    said of it: events that come twice, late or in another order change nothing. Somebody who hands a thread
    on makes a topic of it, in any public channel and also without replies; of their own message a question.
    None for a thread that is neither question nor topic, or that is in no channel that is collected and was
    never handed on. What `keeping` has forgotten, and what somebody wrote who was erased since, is not read
    again.
    """
    channels = {channel.id: channel for channel in source.channels()}
    names = {_comparable(name) for name in (*rules.channels, *rules.question_channels)}
    asking = {_comparable(name) for name in rules.question_channels}
    channel = channels.get(place)
    if channel is None:
        return None
    called = {_comparable(channel.name), _comparable(channel.id)}
    if not handed_on_by and not called & names and not _is_known(place, ts, inbox):
        return None
    opening = source.opening(place, ts)
    ts = opening.ts if opening else ts
    erased = keeping.erased() if keeping else Erased()
    id_ = question_id(place, ts)
    if (keeping and id_ in keeping.forgotten()) or _is_erased(opening, erased):
        return inbox.known([id_]).get(id_)
    visit = Visit(
        channel,
        WithoutErased(source, erased),
        inbox,
        rules,
        in_rundowns=in_rundowns,
        for_questions=bool(called & asking),
        marker=Marker(rules.marker, emoji(rules.marker)),
        names=WithheldNames({id_: one.name for id_, one in channels.items()}, emoji),
    )
    kept = erased.without(opening) if opening else None
    return visit.run_one(kept, ts, handed_on_by=handed_on_by, now=now)


def _is_known(channel: ChannelId, ts: Ts, inbox: Inbox) -> bool:
    """Tell whether a message belongs to a thread that is kept: handed on, or of a channel once listed."""
    return any(
        ts in {message.ts for message in (one.thread.opening, *one.thread.replies)}
        for one in inbox.questions(channel=channel)
    )


def _is_erased(opening: Message | None, erased: Erased) -> bool:
    return opening is not None and erased.without(opening) is None


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
