"""A planned publication -> all that it would do beside sending files, from what the show remembers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cityhall_fm.production.ports.companion import Companion
from cityhall_fm.show.heralding import Heralding
from cityhall_fm.show.plan_in_words import rest_in_words
from cityhall_fm.show.publication import Publication
from cityhall_fm.show.text import Text


def explain_plan(
    publication: Publication, companion: Companion, *, listens: bool, heralding: Heralding, now: datetime
) -> Sequence[Text]:
    """Tell the rest of a plan; what a publication would keep, forget, listen to and tell."""
    plan, where = publication.plan, publication.where
    live = companion.feeds.live(where)
    return list(
        rest_in_words(
            plan,
            kept=companion.feeds.kept(where),
            live=live.sha256 if live else "",
            now=now,
            forget_before=companion.inbox.last_withdrawal(),
            changes=bool(plan.uploads or plan.gone or plan.wanted_again or plan.fading),
            public_url=companion.show.public_url,
            listens=listens,
            heralding=heralding,
        )
    )
