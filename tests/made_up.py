"""A whole made-up show, as large as one wants: for the pages in a real browser, and for benchmarks."""

# ruff: noqa: E501 - sentences of the show

from __future__ import annotations

import hashlib
import io
import math
import struct
import wave
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from cityhall_fm.adapters.jinja import JinjaRenderer
from cityhall_fm.production.ports.words import Site
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.episode import Episode, Key, Person
from cityhall_fm.show.library import Noted
from cityhall_fm.show.notes import ShowNotes, show_notes
from cityhall_fm.show.question import Question
from cityhall_fm.show.rundown import Link, Rundown, Segment
from cityhall_fm.show.timecode import Timecode

from builders import NOON, a_consent, a_published_episode, a_question, a_show, a_topic, an_enclosure

TEMPLATES = Path(__file__).parents[1] / "templates"
ARTWORK = Path(__file__).parents[1] / "feeds" / "artwork.png"
SECONDS = 120
"""How long the audio is that a browser plays."""

_TITLES = (
    "佐久の冬支度", "新幹線と、ご近所づきあい", "学校の朝と星空", "雪かきの朝", "りんごの季節",
    "空き家バンクの使い方", "保育園の見学", "テレワークの一日", "千曲川の春", "ごみ出しの決まり",
)  # fmt: skip
_ASKED = (
    ("灯油代は月にいくらかかりますか", "家の広さや**「断熱」**で大きく変わります。三人家族で18リットルの缶を四、五本ほどです。"),
    ("冬タイヤは、いつ替えますか", "初雪の前、11月の下旬までに替える方が多いです。お店は混みます。"),
    ("佐久平から東京へ、新幹線で通えますか", "およそ75分から80分。週に二、三日だけ通う方もいます。"),
    ("保育園には、すぐ入れますか", "四月の入園は前の年の秋に申し込みます。まずは見学をどうぞ。"),
    ("水道管を凍らせないために", "氷点下4度くらいが目安です。寝る前に水抜きを。髙橋さんの工夫も紹介しました。"),
    ("区には必ず入らないといけませんか", "入るかどうかは自分で決められますが、ごみ置き場や防災のつながりは心強いものです。"),
    ("おすすめの直売所はありますか👨‍👩‍👧", "朝どりの野菜は午前中に。りんごは11月がいちばんです。"),
)  # fmt: skip
_TOPICS = ("冬", "子育て", "移住", "住まい", "交通", "食べもの", "Remote work", "防災")
_DEPARTMENTS = ("移住どうする課", "子育て課", "暮らし課", "アイデア課")
_SAID = (
    "こんばんは、リモート市役所です。", "今日も質問をたくさんいただきました。", "はい、これは気になりますよね。",
    "うちでは灯油を月に五本くらい使っています。", "新幹線の駅までは車で十五分です。", "朝はマイナス十度になることもあります。",
    "区の集まりには、行ける人が行けばだいじょうぶです。", "雪かきは、腰を落としてゆっくりと。", "それは髙橋さんに聞いてみましょう。",
    "FMリモート市役所では、質問をお待ちしています。", "ストーブのうえで、おもちを焼くんです。", "空き家バンクのページも見てくださいね。",
)  # fmt: skip


def a_whole_show(episodes: int = 6, *, minutes: int = 2, language: str = "ja", **changes: object) -> Site:
    """Make a show of so many episodes, each with a transcript of so many minutes; the same every time."""
    show = a_show(
        language=language,
        people=(Person("森下ゆう", "host", "もりした ゆう"), Person("髙橋はな", "co-host", "たかはし はな")),
        listed=(
            ("apple", "https://podcasts.apple.com/jp/podcast/id1"),
            ("spotify", "https://open.spotify.com/show/1"),
        ),
        **changes,
    )
    noted = [_noted(number, minutes) for number in range(episodes, 0, -1)]
    artwork = ARTWORK.read_bytes()
    return Site(show, f"artwork-{hashlib.sha256(artwork).hexdigest()[:12]}.png", tuple(noted), artwork)


def noted_with(
    *questions: Question,
    title: str = "灯油代は月にいくら?",
    summary: str = "家の広さで**変わります**。",
    **changes: object,
) -> Noted:
    """Make an episode that answers these questions."""
    segments = [
        Segment(title, at=Timecode.of_seconds(20 + 30 * place), question=one.id, summary=summary)
        for place, one in enumerate(questions)
    ]
    episode = a_published_episode(
        **{"rundown": Rundown((Segment("はじめ", at=Timecode(0)), *segments)), **changes}
    )
    return episode, show_notes(episode, {one.id: one for one in questions}, withdrawn_title="おたより")


def made(site: Site | tuple[Episode, ShowNotes | None], **changes: object) -> dict[str, bytes]:
    """Make the pages of a site, or of one episode with its notes."""
    if not isinstance(site, Site):
        episode, notes = site
        notes = notes or show_notes(episode, {}, withdrawn_title="おたより")
        site = Site(a_show(**changes), Key("artwork-0123456789ab.png"), ((episode, notes),))
    return dict(JinjaRenderer([TEMPLATES]).pages(site))


def write_site(site: Site, folder: Path) -> Path:
    """Build the pages into a folder with the audio that they play."""
    made = {**JinjaRenderer([TEMPLATES]).pages(site), site.artwork: site.picture}
    for episode, _ in site.episodes:
        made[episode.enclosure.key] = some_audio()
    made["feed.xml"] = b'<?xml version="1.0"?><rss version="2.0"/>'
    for key, content in made.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@cache
def some_audio() -> bytes:
    """Make a quiet tone as WAV: small enough to make in a moment, and every browser plays it."""
    file = io.BytesIO()
    rate = 8000
    tone = b"".join(
        struct.pack("<h", round(900 * math.sin(2 * math.pi * 220 * n / rate))) for n in range(rate)
    )
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(tone * SECONDS)
    return file.getvalue()


def asked_in(number: int) -> Sequence[Question]:
    """Make the questions that one of the show's episodes answers."""
    return [_question(number, place) for place in (0, 1, 2)]


def _noted(number: int, minutes: int) -> Noted:
    asked = asked_in(number)
    length = Timecode.of_seconds(SECONDS if minutes <= SECONDS // 60 else minutes * 60)
    episode = a_published_episode(
        number,
        title=_TITLES[number % len(_TITLES)] + ("" if number <= len(_TITLES) else f" その{number}"),
        season=1 + (number - 1) // 24,
        summary="灯油代はどのくらいみておけばよいか、水道の凍結はどう防ぐか。先輩たちの知恵をお届けします。",
        department=_DEPARTMENTS[number % len(_DEPARTMENTS)],
        topics=(_TOPICS[number % len(_TOPICS)],),
        published_at=NOON + timedelta(days=14 * number - 400),
        people=(
            Person("柳沢まこと", "host", "やなぎさわ まこと"),
            Person("土屋みさき", "guest", "つちや みさき"),
        ),
        rundown=Rundown(_segments(number, asked, length)),
        transcript=_transcript(number, minutes),
        enclosure=an_enclosure(
            number,
            key=f"media/{number:04}-{hashlib.sha256(some_audio()).hexdigest()[:12]}.wav",
            media_type="audio/wav",
            length_bytes=len(some_audio()),
            duration=length,
            programme_at=Timecode(0),
        ),
    )
    return episode, show_notes(episode, {one.id: one for one in asked}, withdrawn_title="おたより")


def _segments(number: int, asked: Sequence[Question], length: Timecode) -> tuple[Segment, ...]:
    fifth = length.milliseconds // 5
    answers = [
        Segment(
            title=_ASKED[(number + place * 3) % len(_ASKED)][0],
            at=Timecode(fifth * (place + 1)),
            question=question.id,
            summary=_ASKED[(number + place * 3) % len(_ASKED)][1],
            links=(Link("https://example.jp/fm/guide", "はじめての方のための使い方"),) if place else (),
            topics=(_TOPICS[(number + place) % len(_TOPICS)],),
            checked_at=date(2026, 11, 20) if place == 1 else None,
        )
        for place, question in enumerate(asked)
    ]
    return (
        Segment("オープニング", at=Timecode(0)),
        *answers,
        Segment("エンディング", at=Timecode(fifth * 4)),
    )


def _question(number: int, place: int) -> Question:
    ts = f"17636{number:05}.00{place}100"
    words = f"はじめまして。{_ASKED[(number + place * 3) % len(_ASKED)][0]}。来年の春に引っ越す予定で、気になっています。"
    if place == 2:
        return a_topic(ts, words)
    named = a_consent(
        Naming.RADIO_NAME, radio_name=Private("冬の入門生"), reading=Private("ふゆのにゅうもんせい")
    )
    return a_question(ts, words, consent=named if place else a_consent())


def _transcript(number: int, minutes: int) -> str:
    cues = ["WEBVTT"]
    for place in range(minutes * 60 // 6):
        start, end = Timecode(place * 6000), Timecode(place * 6000 + 5800)
        speaker = "柳沢" if (place // 4) % 2 else "土屋"
        said = _SAID[(number * 5 + place * 7) % len(_SAID)] + _SAID[(number + place) % len(_SAID)]
        cues.append(f"{start.precise()} --> {end.precise()}\n<v {speaker}>{said}")
    return "\n\n".join(cues) + "\n"
