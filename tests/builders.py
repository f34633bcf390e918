"""Valid values for tests: override what matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from cityhall_fm.show.consent import Consent, Naming, Private
from cityhall_fm.show.episode import Enclosure, Episode, EpisodeNumber, Guid, Key, Person, Show
from cityhall_fm.show.loudness import Loudness
from cityhall_fm.show.question import Kind, Question, Status, question_id
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.slack_thread import ChannelId, Message, Thread, Ts, UserId
from cityhall_fm.show.timecode import Timecode

JST = timezone(timedelta(hours=9))
NOON = datetime(2026, 11, 20, 12, tzinfo=JST)
CHANNEL = ChannelId("C0SAKU001")
ASKER = UserId("U0SAKU001")


def a_show(**changes) -> Show:
    show = Show(
        title="FMリモート市役所",
        description="佐久市のリモート市役所から、移住と暮らしの質問に答えます。",
        language="ja",
        link="https://example.jp/fm",
        author="リモート市役所",
        owner_email="fm@example.jp",
        owner_name="リモート市役所",
        guid=Guid("917393e3-1b1e-5cef-ace4-edaa54e1f810"),
        public_url="https://fm.example.jp",
        categories=(("Government", None), ("Society & Culture", "Places & Travel")),
        city="佐久市",
        copyright="2026 リモート市役所",
        people=(Person("課長", "host", "かちょう"),),
    )
    return replace(show, **changes)


def an_enclosure(number: int = 7, **changes) -> Enclosure:
    enclosure = Enclosure(
        key=Key(f"media/{number:04}-0123456789ab.mp3"),
        length_bytes=1_440_000,
        media_type="audio/mpeg",
        sha256="ab" * 32,
        duration=Timecode.of_seconds(90),
        loudness=Loudness(-16.0, 5.2, -1.3),
        programme_at=Timecode.of_seconds(3),
        recipe="cd" * 32,
    )
    return replace(enclosure, **changes)


def an_episode(number: int = 7, **changes) -> Episode:
    episode = Episode(
        number=EpisodeNumber(number),
        title="佐久の冬支度",
        guid=Guid(f"00000000-0000-4000-8000-{number:012}"),
        season=1,
        summary="灯油と冬タイヤの質問に答えます。",
        notes="今日の**おたより**、ありがとうございました。",
        rundown=Rundown(
            (
                Segment("オープニング", at=Timecode(0)),
                Segment(
                    "灯油代は月にいくら?", at=Timecode.of_seconds(14.2), summary="家の広さで変わります。"
                ),
                Segment("エンディング", at=Timecode.of_seconds(62.5)),
            )
        ),
    )
    return replace(episode, **changes)


def a_published_episode(number: int = 7, **changes) -> Episode:
    episode = an_episode(number, enclosure=an_enclosure(number), published_at=NOON + timedelta(days=number))
    return replace(episode, **changes)


def a_message(ts: str = "1763600400.000100", words: str = "灯油代は月にいくら?", **changes) -> Message:
    return replace(Message(Ts(ts), ASKER, Private(words)), **changes)


def a_thread(ts: str = "1763600400.000100", words: str = "灯油代は月にいくら?", **changes) -> Thread:
    thread = Thread(
        CHANNEL, a_message(ts, words), permalink=f"https://saku.slack.com/archives/{CHANNEL}/p{ts}"
    )
    return replace(thread, **changes)


def a_consent(naming: Naming = Naming.ANONYMOUS, **changes) -> Consent:
    consent = Consent(naming, "番組と配信で読まれます。", datetime(2026, 11, 1, tzinfo=UTC))
    return replace(consent, **changes)


def a_question(ts: str = "1763600400.000100", words: str = "灯油代は月にいくら?", **changes) -> Question:
    thread = a_thread(ts, words)
    question = Question(
        id=question_id(thread.channel, thread.ts),
        kind=Kind.QUESTION,
        status=Status.RECEIVED,
        thread=thread,
        asker=thread.opening.author,
        asker_name=Private("髙橋はな"),
        words=Private(words),
        consent=a_consent(),
        received_at=NOON,
    )
    return replace(question, **changes)


def a_topic(ts: str = "1763600500.000100", words: str = "雪かきのこつ", **changes) -> Question:
    return replace(a_question(ts, words), kind=Kind.TOPIC, consent=None, **changes)
