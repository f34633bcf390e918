"""An episode that comes from another host, as the file that people go on with."""

from __future__ import annotations

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from cityhall_fm.adapters.episode_folder.document import Document, as_written
from cityhall_fm.adapters.episode_folder.forms import segment_as_written
from cityhall_fm.show.episode import Episode, EpisodeKind, Person


def arrived(episode: Episode) -> Document:
    """Write an episode as a document; what it does not say is left out."""
    front = CommentedMap(number=int(episode.number), title=episode.title)
    # Always in quotes: it may begin or end with spaces, or look like a number.
    front["guid"] = DoubleQuotedScalarString(episode.guid)
    if episode.season is not None:
        front["season"] = episode.season
    if episode.kind is not EpisodeKind.FULL:
        front["kind"] = episode.kind.value
    if episode.explicit is not None:
        front["explicit"] = episode.explicit
    front["summary"] = episode.summary
    if episode.published_at:
        front["published_at"] = as_written(episode.published_at)
    if episode.people:
        front["people"] = CommentedSeq(_person(person) for person in episode.people)
    if episode.feed.number_shown:
        front["feed"] = CommentedMap(number_shown=episode.feed.number_shown)
    segments = (CommentedMap(segment_as_written(segment)) for segment in episode.rundown.segments)
    front["rundown"] = CommentedSeq(segments)
    return Document(front, f"{episode.notes}\n")


def _person(person: Person) -> CommentedMap:
    about = {"name": person.name, "role": person.role, "group": person.group}
    said = {**about, "url": person.url, "image": person.image}
    return CommentedMap((name, value) for name, value in said.items() if value)
