"""What a build is made from, as fingerprints: whether anything must be built again.

A build is a function of the settings, the episode folders, the templates, the artwork, this program, and
what may be said about the questions that the episodes name. The last is compared by its outcome, read from
the inbox anew each time, so that no withdrawal and no changed consent can be missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cityhall_fm.defaults import edition
from cityhall_fm.production.ports.episodes import EpisodeShelf
from cityhall_fm.production.ports.inbox import Inbox
from cityhall_fm.production.ports.storage import BuildRecord, PublicFolder
from cityhall_fm.production.ports.words import Renderer
from cityhall_fm.show.episode import Show
from cityhall_fm.show.fingerprint import fingerprint
from cityhall_fm.show.notes import as_asked
from cityhall_fm.show.question import Question, QuestionId


def origin_of(show: Show, *, shelf: EpisodeShelf, renderer: Renderer, folder: PublicFolder) -> str:
    """Fingerprint everything but the inbox; what changes while a build runs is built by the next one."""
    return fingerprint(show, shelf.fingerprint(), renderer.fingerprint(), folder.artwork(), edition())


def asked_in(questions: Mapping[QuestionId, Question]) -> str:
    """Fingerprint what may be said in public about who asked: names, words, and what was withdrawn."""
    return fingerprint({id_: as_asked(question) for id_, question in questions.items()})


def is_current(last: BuildRecord, origin: str, *, inbox: Inbox) -> bool:
    """Tell whether a build now would come out as the last one did."""
    return last.origin == origin and last.asked == asked_in(inbox.known(last.questions))


def record_of(origin: str, named: Iterable[QuestionId], known: Mapping[QuestionId, Question]) -> BuildRecord:
    """Note what a build was made from: the questions that its episodes name, as the inbox knew them."""
    return BuildRecord(origin, tuple(sorted(set(named))), asked_in(known))
