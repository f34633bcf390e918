"""How long the words and names of askers are kept: a day for each, stated in the show's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cityhall_fm.show.question import Question, Status


@dataclass(frozen=True, slots=True)
class Retention:
    """The stated periods; Japanese stations keep what listeners sent for three months after its use.

    `used` counts from the broadcast, `unused` from the day on which we received it, and `proof`, for the
    consents without names, from the day on which the words were removed.
    """

    used: timedelta = timedelta(days=92)
    unused: timedelta = timedelta(days=183)
    proof: timedelta = timedelta(days=1096)


class Why(StrEnum):
    """Why something is removed."""

    USED = "used"
    UNUSED = "unused"
    WITHDRAWN = "withdrawn"


def due(
    question: Question,
    *,
    aired: datetime | None,
    in_preparation: bool,
    kept_since: datetime,
    retention: Retention,
    now: datetime,
) -> Why | None:
    """Tell whether a question's day has come, and why; None where it stays.

    `aired` is when the last episode that holds it was published. What an episode in preparation holds
    stays until that is out. A withdrawn question has nothing left to be kept for.
    """
    if is_withdrawn(question):
        return Why.WITHDRAWN
    if in_preparation:
        return None
    if aired is not None:
        return Why.USED if aired + retention.used <= now else None
    if question.status is Status.ANSWERED:  # in an episode that is no longer on the shelf
        return Why.USED if kept_since + retention.used <= now else None
    return Why.UNUSED if kept_since + retention.unused <= now else None


def is_withdrawn(question: Question) -> bool:
    """Tell whether its asker took it back, or the consent to it."""
    taken_back = question.consent is not None and question.consent.withdrawn_at is not None
    return question.status is Status.WITHDRAWN or taken_back


def next_day(
    question: Question,
    *,
    aired: datetime | None,
    in_preparation: bool,
    kept_since: datetime,
    retention: Retention,
) -> datetime | None:
    """Tell on which day a question will be removed, as things stand."""
    if is_withdrawn(question):
        return kept_since
    if in_preparation:
        return None
    if aired is not None:
        return aired + retention.used
    used = question.status is Status.ANSWERED
    return kept_since + (retention.used if used else retention.unused)
