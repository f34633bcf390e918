"""How a release is disturbed, and what must be so afterwards."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from datetime import datetime

from torture.faults import release_under_faults
from torture.figures import Found
from torture.nursery import Run
from torture.outcome import Outcome
from torture.proxy import Faulty
from torture.scene import EVENING, LATER, PREFIX, Scene
from torture.stages import Clean

_TWO_LINES = 2
_TOLD = {"publish.conflict", "publish.episodes_lost", "release.busy"}


def again(scene: Scene, found: Found, first: Run, *, later: bool = False) -> None:
    """Release once more: this must succeed; the first was killed, or it told what is wrong in two lines.

    Done minutes `later`, it comes to the same but for the times.
    """
    found.timeless = later
    second = scene.run(now=scene.hour + LATER if later else None)
    if second.code or (first.code and not first.killed and not _told_well(first)):
        found.different.append(f"{found.what}: {first}, then {second}")


def killed_at_effect(scene: Scene, found: Found, effect: int, *, later: bool) -> None:
    killed = scene.run(2, "--kill-at", str(effect))
    found.effect, found.killed = effect, 1
    if not killed.killed:
        found.different.append(f"{found.what}: not killed at {effect}: {killed}")
    again(scene, found, killed, later=later)


def killed_at_random(scene: Scene, found: Found, after_seconds: float, *, later: bool) -> None:
    killed = scene.run(kill_after=after_seconds)
    found.killed, found.too_late = int(killed.killed), int(not killed.killed)
    again(scene, found, killed, later=later)


def killed_then_cancelled(scene: Scene, found: Found, clean: Clean, share: float) -> None:
    """Be killed at the hour of a prepared episode, then take its date back minutes later.

    Either listeners never had it, and feeds and pages are those that were there before; or they have it,
    which is said, and keeping the date goes on to the end.
    """
    before = scene.outcome()
    prepared = scene.run_as("prepare", EVENING)
    found.effect = 1 + int(share * (clean.effects - prepared.effects))
    killed = scene.run_as("keep", EVENING, "--kill-at", str(found.effect))
    found.killed = int(killed.killed)
    cancelled = scene.run_as("cancel", EVENING + LATER)
    wrong = f"{found.what} at {found.effect}: {prepared}, {killed}, {cancelled}"
    if cancelled.error in {"release.is_out", "release.no_date"}:
        found.timeless = True
        kept = scene.run_as("keep", EVENING + LATER)
        if kept.code:
            found.different.append(f"{wrong}, {kept}")
        found.look(scene.outcome(), clean.outcome)
        return
    after = scene.outcome()
    found.done += 1
    fetched = {**before.public, **{key: "" for key in after.public if _is_read(key)}}
    otherwise = {
        key: (before.public.get(key), after.public.get(key))
        for key in fetched
        if before.public.get(key) != after.public.get(key)
        and key.removeprefix(f"{PREFIX}/") not in after.unwanted
    }
    if cancelled.code or otherwise or after.damaged or after.messages != before.messages:
        found.different.append(f"{wrong}: {otherwise}, {after.damaged}, {after.messages - before.messages}")


def failing_requests(scene: Scene, found: Found, proxy: Faulty, chance: random.Random) -> None:
    tried = release_under_faults(scene, proxy, chance)
    found.of_s3, found.of_slack = tried.of_s3, tried.of_slack
    found.calls_of_slack, found.runs_under_faults = tried.calls_of_slack, tried.runs
    if tried.code:
        found.different.append(f"{found.what}: {tried.errors}")


def two_at_once(scene: Scene, found: Found) -> None:
    for number in range(2):
        scene.start("2", EVENING.isoformat(), *scene.doing, nursery=number)
    runs = [nursery.ended() for nursery in scene.nurseries]
    if {run.error for run in runs} - {"", "release.busy_episode"} or all(run.code for run in runs):
        found.different.append(f"{found.what}: {runs}")


def two_machines(scene: Scene, found: Found, clean: Outcome) -> None:
    """Let two folders, each with its own database, publish to one bucket: one wins, the other is told."""
    other = scene.other_machine()
    before = scene.outcome()
    scene.start("2", EVENING.isoformat())
    scene.start("1", EVENING.isoformat(), "--do", "publish", nursery=1, folder=other)
    ours, theirs = (nursery.ended() for nursery in scene.nurseries)
    found.done += 1
    if bool(ours.code) == bool(theirs.code) or {ours.error, theirs.error} - {"", *_TOLD}:
        found.different.append(f"{found.what}: {ours}, {theirs}")
    winner = other if ours.code else scene.folder
    if ours.code:  # what the loser had sent by then is sent again by the winner's next publication
        scene.start("1", EVENING.isoformat(), "--do", "publish", folder=other)
        next_ = scene.nurseries[0].ended()
    else:
        next_ = scene.run()
    outcome, public = scene.outcome(), winner / "feeds" / "public"
    if next_.code or scene.feed() != (public / "feed.xml").read_bytes():
        found.different.append(f"{found.what}: the feed is not the winner's, {ours}, {theirs}, {next_}")
    built = {path.relative_to(public).as_posix(): path for path in public.rglob("*.*") if path.is_file()}
    otherwise = [
        key
        for key, path in built.items()
        if not key.startswith("media/")
        and outcome.manifest.get(key) != hashlib.sha256(path.read_bytes()).hexdigest()
    ]
    if outcome.damaged or otherwise:
        found.different.append(f"{found.what}: not the winner's files: {outcome.damaged}, {otherwise}")
    said = before.messages if ours.code else clean.messages
    if outcome.messages != said:
        found.different.append(f"{found.what}: said {outcome.messages - said}, {ours}, {theirs}")
    found.duplicates += sum(times - 1 for times in outcome.messages.values())


def large_file(scene: Scene, found: Found, largest_bytes: int) -> None:
    """Let no file grow beyond a size, as a quota does."""
    again(scene, found, scene.run(2, "--largest-file", str(largest_bytes)))


def full_disk(scene: Scene, found: Found, left_bytes: int) -> Run:
    """Leave so little on the disk that holds the show, its memory and whatever is made on the way."""
    scene.disk.leave(left_bytes)
    run = scene.run()
    scene.disk.empty()
    again(scene, found, run)
    return run


def undisturbed(scene: Scene, at: datetime) -> Outcome:
    """Tell what a release comes to by another clock, and put everything back."""
    scene.run(now=at)
    outcome = scene.outcome()
    scene.put_back()
    return outcome


def wrong_clock(
    scene: Scene, found: Found, clean: Clean, at: datetime, expected: Outcome, chance: random.Random
) -> None:
    """Release by a wrong clock, killed on the way, then by the right one.

    By the wrong clock it comes to what it comes to undisturbed; by the right one to the same but for dates.
    """
    killed = scene.run(2, "--kill-at", str(1 + int(chance.random() * clean.effects)), now=at)
    second = scene.run(now=at)
    found.killed = int(killed.killed)
    found.look(scene.outcome(), expected)
    third = scene.run()
    if second.code or third.code:
        found.different.append(f"{found.what}: {killed}, {second}, {third}")
    dated, right = scene.outcome().timeless(), clean.outcome.timeless()
    wrong = [
        f"{name} {dated[name]!r:.300} not {right[name]!r:.300}"
        for name in right
        if dated[name] != right[name]
    ]
    if wrong:
        found.different.append(f"{found.what} {at.year}: {'; '.join(wrong)}")


def locked_database(scene: Scene, found: Found) -> None:
    """Hold SQLite's lock for longer than anybody waits for it."""
    locker = sqlite3.connect(scene.folder / "feeds" / "memory.sqlite3", isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    run = scene.run(2, "--patience", "1")
    locker.execute("ROLLBACK")
    locker.close()
    if run.error != "database.locked":
        found.different.append(f"{found.what}: {run}")
    again(scene, found, run)


def read_only_folder(scene: Scene, found: Found) -> None:
    with scene.read_only():
        run = scene.run(2, "--obey-modes")
    if not run.error:
        found.different.append(f"{found.what}: {run}")
    again(scene, found, run)


def nobody_can_fetch(scene: Scene, found: Found, effect: int) -> None:
    """Close the bucket to listeners, so that the feed is taken back; be killed on the way; open it again."""
    scene.let_everybody_read("artwork")
    killed = scene.run(2, "--kill-at", str(effect))
    found.killed = int(killed.killed)
    if not (killed.killed or (killed.code == 1 and killed.error.startswith("publish."))):
        found.different.append(f"{found.what}: {killed}")
    scene.let_everybody_read()
    second = scene.run()
    if second.code:
        found.different.append(f"{found.what}: {killed}, then {second}")


def nobody_can_fetch_twice(scene: Scene, found: Found, effect: int) -> None:
    """Have the feed taken back twice, by releases of different times, the second one perhaps killed."""
    found.timeless, before = True, scene.feed()
    scene.let_everybody_read("artwork")
    first = scene.run()
    killed = scene.run(2, "--kill-at", str(effect), now=scene.hour + LATER)
    found.killed = int(killed.killed)
    for run in (first, killed):
        if not (run.killed or (run.code == 1 and run.error.startswith("publish."))):
            found.different.append(f"{found.what}: {run}")
    if not killed.killed and scene.feed() != before:
        found.different.append(f"{found.what}: taken back twice, another feed than before is public")
    scene.let_everybody_read()
    third = scene.run(now=scene.hour + 2 * LATER)
    if third.code:
        found.different.append(f"{found.what}: {first}, {killed}, then {third}")


def _told_well(run: Run) -> bool:
    """Tell whether an error says what happened and what to do, and no more."""
    return run.code == 1 and len(run.told) == _TWO_LINES


def _is_read(key: str) -> bool:
    """Tell whether it is a page or a feed; audio, chapters and cards are sent ahead of what names them."""
    return key.endswith((".html", ".xml", ".txt", "feed.json"))
