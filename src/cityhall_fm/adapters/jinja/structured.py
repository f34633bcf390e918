"""What pages say to search engines: schema.org as JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from cityhall_fm.adapters.jinja.markdown import to_text
from cityhall_fm.show.episode import Episode, Key, Person, Show
from cityhall_fm.show.library import AnsweredQuestion, Noted
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.show.timecode import Timecode

Data = dict[str, object]

_CONTEXT: Final = "https://schema.org"


def series(show: Show, picture: Key) -> Data:
    """Describe the show: PodcastSeries."""
    data: Data = {
        "@context": _CONTEXT,
        **_series(show),
        "description": show.description,
        "inLanguage": show.language,
        "webFeed": show.url("feed.xml"),
        "image": show.url(picture),
        "author": {"@type": "Organization", "name": show.author},
        "sameAs": [url for _, url in show.listed],
    }
    return _without_nothing(data)


def episode(show: Show, one: Episode, notes: ShowNotes, people: Sequence[Person], picture: Key) -> Data:
    """Describe an episode: PodcastEpisode with its audio and what comes when."""
    audio = one.enclosure
    url = show.url(f"{one.number}/")
    timed = [part for part in notes.parts if part.at is not None]
    data: Data = {
        "@context": _CONTEXT,
        "@type": "PodcastEpisode",
        "@id": url,
        "url": url,
        "name": one.title,
        "description": one.summary,
        "episodeNumber": one.number,
        "datePublished": _moment(show, one.published_at),
        "inLanguage": show.language,
        "image": show.url(picture),
        "partOfSeries": _series(show),
        "partOfSeason": {"@type": "PodcastSeason", "seasonNumber": one.season} if one.season else None,
        "actor": [{"@type": "Person", "name": person.name} for person in people],
        "hasPart": [
            _without_nothing(
                {
                    "@type": "Clip",
                    "name": part.title,
                    "startOffset": part.at.whole_seconds if part.at is not None else None,
                    "url": f"{url}{part.at.fragment}" if part.at is not None else url,
                }
            )
            for part in timed
        ],
    }
    if audio:
        data["timeRequired"] = _lasting(audio.duration)
        data["associatedMedia"] = {
            "@type": "AudioObject",
            "contentUrl": show.url(audio.key),
            "contentSize": str(audio.length_bytes),
            "encodingFormat": audio.media_type,
            "duration": _lasting(audio.duration),
        }
    return _without_nothing(data)


def question(show: Show, asked: AnsweredQuestion, picture: Key) -> Data | None:
    """Describe a question with its answer: QAPage; None where no answer is written down."""
    answers = [answer for answer in asked.answers if answer.part.summary]
    if not answers:
        return None
    about = asked.part.asked
    quote = about.quote.words if about and about.quote else asked.part.title
    name = about.name.name if about else None
    return {
        "@context": _CONTEXT,
        "@type": "QAPage",
        "image": show.url(picture),
        "mainEntity": _without_nothing(
            {
                "@type": "Question",
                "name": asked.part.title,
                "text": quote,
                "answerCount": len(answers),
                "author": {"@type": "Person", "name": name} if name else None,
                "acceptedAnswer": _answer(show, answers[0].episode, answers[0].part.summary, asked),
            }
        ),
    }


def path(show: Show, steps: Iterable[tuple[str, str]]) -> Data:
    """Describe where a page is: BreadcrumbList of names and paths."""
    return {
        "@context": _CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": show.url(where)}
            for place, (name, where) in enumerate(steps, 1)
        ],
    }


def listed(show: Show, noted: Iterable[Noted]) -> Data:
    """Describe a list of episodes: ItemList."""
    return {
        "@context": _CONTEXT,
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": one.title, "url": show.url(f"{one.number}/")}
            for place, (one, _) in enumerate(noted, 1)
        ],
    }


def _series(show: Show) -> Data:
    return {"@type": "PodcastSeries", "@id": show.url(""), "name": show.title, "url": show.url("")}


def _answer(show: Show, one: Episode, summary: str, asked: AnsweredQuestion) -> Data:
    at = asked.part.at
    return {
        "@type": "Answer",
        "text": to_text(summary),
        "datePublished": _moment(show, one.published_at),
        "url": show.url(f"{one.number}/{at.fragment if at is not None else ''}"),
        "author": {"@type": "Organization", "name": show.author},
    }


def _moment(show: Show, moment: datetime | None) -> str | None:
    return moment.astimezone(ZoneInfo(show.timezone)).isoformat(timespec="seconds") if moment else None


def _lasting(length: Timecode) -> str:
    """Write a length as ISO 8601 has it: PT12M34S."""
    minutes, seconds = divmod(length.whole_seconds, 60)
    return f"PT{minutes}M{seconds}S"


def _without_nothing(data: Data) -> Data:
    return {name: value for name, value in data.items() if value not in (None, "", [])}
