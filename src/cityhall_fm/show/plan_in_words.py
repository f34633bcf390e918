"""What a publication would do, step by step, as a producer reads it: with sizes, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from cityhall_fm.show.heralding import Heralding
from cityhall_fm.show.kept_feed import KeptFeed, outlived
from cityhall_fm.show.publication import FEED_KEY, GRACE, GRACE_OF_MEDIA, Plan, Stage, Unwanted, Upload
from cityhall_fm.show.text import Text

_FEW: Final = 5
"""So many files of one folder are told one by one; media and feed always are."""


def uploads_in_words(plan: Plan) -> Sequence[Text]:
    """Tell what is sent; many small files of one folder in one line."""
    groups: dict[tuple[str, ...], list[Upload]] = {}
    for upload in plan.uploads:
        file = upload.file
        folder = file.key.partition("/")[0] if "/" in file.key else ""
        alone = file.stage in {Stage.MEDIA, Stage.FEED}
        groups.setdefault((file.key,) if alone else (folder, upload.why, file.stage.name), []).append(upload)
    return [line for group in groups.values() for line in _of_group(group)]


def gone_in_words(plan: Plan) -> Iterator[Text]:
    """Tell what is deleted now, and what a later publication deletes, and why."""
    for key in plan.removals:
        yield Text.of("cli.removal", key=key, kilobytes=plan.removed_bytes.get(key, 0) / 1000)
    for unwanted in plan.deletions:
        yield Text.of("cli.deletion", **_of(unwanted))
    for unwanted in plan.fading:
        reason = "fading_media" if unwanted.due - unwanted.since > GRACE else "fading"
        yield Text.of(f"cli.{reason}", due=unwanted.due.date().isoformat(), **_of(unwanted))


def rest_in_words(
    plan: Plan,
    *,
    kept: Sequence[KeptFeed],
    live: str,
    now: datetime,
    forget_before: datetime | None,
    changes: bool,
    public_url: str,
    to_hear: int | None,
    heralding: Heralding,
) -> Iterator[Text]:
    """Tell what stays, and all that a publication does beside sending files.

    `live` is the hash of the feed that is public now; feeds kept `forget_before` a withdrawal go;
    `to_hear` is how many media are listened to, None where nobody listens.
    """
    for same in plan.same:
        yield Text.of(
            "cli.plan_same",
            kind=Text.of(f"cli.plan_{same.stage.name.lower()}"),
            count=same.count,
            megabytes=same.length_bytes / 1e6,
        )
    feed = next((one.file.fingerprint for one in plan.uploads if one.file.key == FEED_KEY), None)
    if feed and all(one.sha256 != feed.sha256 for one in kept):
        yield Text.of("cli.plan_keep_feed", kilobytes=feed.length_bytes / 1000, days=GRACE_OF_MEDIA.days)
    if changes:
        yield Text.of("cli.plan_manifest")
    yield from _forgotten(kept, feed.sha256 if feed else live, now, forget_before)
    if not feed:
        return
    if to_hear is not None:
        yield Text.of("cli.plan_listen", url=public_url, count=to_hear)
    if heralding.hub:
        yield Text.of("cli.plan_hub", hub=heralding.hub)
    for command in (*heralding.purges, *heralding.commands):
        yield Text.of("cli.plan_command", program=command[0])  # its words may hold a key


def _forgotten(kept: Iterable[KeptFeed], live: str, now: datetime, before: datetime | None) -> Iterator[Text]:
    old = set(outlived(kept, live=live, now=now))
    for feed in kept:
        date = feed.at.date().isoformat()
        if feed in old:
            yield Text.of("cli.plan_feed_old", date=date, days=GRACE_OF_MEDIA.days)
        elif before and feed.at < before and feed.sha256 != live:
            yield Text.of("cli.plan_feed_withdrawn", date=date)


def _of_group(group: Sequence[Upload]) -> Iterator[Text]:
    first = group[0]
    if len(group) > _FEW:
        yield Text.of(
            f"cli.uploads_{first.why}",
            folder=first.file.key.partition("/")[0] if "/" in first.file.key else ".",
            count=len(group),
            kilobytes=sum(one.file.fingerprint.length_bytes for one in group) / 1000,
        )
        return
    for one in group:
        yield Text.of(
            f"cli.upload_{one.why}", key=one.file.key, kilobytes=one.file.fingerprint.length_bytes / 1000
        )


def _of(unwanted: Unwanted) -> dict[str, object]:
    return {
        "key": unwanted.key,
        "kilobytes": unwanted.length_bytes / 1000,
        "since": unwanted.since.date().isoformat(),
    }
