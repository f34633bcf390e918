"""Everything that a release leaves for others, so that two releases can be held against each other."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cityhall_fm.adapters.database import open_database, tables

OURS = "cityhall-fm/"
_COUNTED = "announce"
"""The step that notes how many messages went out this time: after a kill, fewer."""


@dataclass(frozen=True)
class Outcome:
    """What is public, what is remembered, what was said, and what lies in the folder."""

    public: dict[str, str]
    """ETags by key, all that lies in the bucket but the manifest."""
    manifest: dict[str, str]
    unwanted: dict[str, str]
    damaged: list[str]
    """Files that are otherwise than the manifest says."""
    steps: dict[str, str]
    posts: dict[str, tuple[str | None, bool]]
    """The channel of every post that was intended, and whether it was noted as made."""
    outbox: dict[str, tuple[bool, str | None, str | None]]
    """What is done, what was given up, and the hash of what was said."""
    live: list[tuple[str, str, str]]
    kept: list[tuple[str, str, bool]]
    dates: list[tuple[int, str, str]]
    statuses: dict[str, str]
    messages: Counter[str]
    wordings: dict[str, str]
    reactions: int
    files: dict[str, str]
    """Hashes of each episode.md and enclosure.json."""

    def timeless(self) -> Mapping[str, Any]:
        """Give what does not depend on when it was done."""
        return {
            "messages": self.messages,
            "posts": self.posts,
            "said": {key: done for key, (done, *_) in self.outbox.items()},
            "statuses": self.statuses,
            "reactions": self.reactions,
            "steps": sorted(self.steps),
            "public": sorted(key for key in self.public if OURS not in key and "/cards/" not in key),
            "enclosures": {name: of for name, of in self.files.items() if name.endswith(".json")},
            "damaged": self.damaged,
        }

    def differs(self, other: Outcome) -> str:
        """Tell in a line what is otherwise; empty where nothing is.

        Of a message that was recognised in Slack nobody noted the words; as it stands there it is compared.
        """
        recognised = {key for key, (done, _, said) in self.outbox.items() if done and said is None}
        outbox = {
            key: (done, given_up, None if key in recognised else said)
            for key, (done, given_up, said) in other.outbox.items()
        }
        other = replace(other, outbox=outbox)
        return "; ".join(
            f"{name}: {_part(getattr(self, name), getattr(other, name))}"
            for name in self.__dataclass_fields__
            if getattr(self, name) != getattr(other, name)
        )

    def differs_but_for_times(self, other: Outcome) -> str:
        """Tell in a line what is otherwise, though not because it was done at another time."""
        one, another = self.timeless(), other.timeless()
        return "; ".join(
            f"{name}: {_part(one[name], another[name])}" for name in one if one[name] != another[name]
        )


def outcome_of(
    *, objects: Mapping[str, str], manifest: bytes, prefix: str, home: Path | str, folder: Path, world: Any
) -> Outcome:
    """Read everything; `objects` are the bucket's keys and ETags, `home` is where the database is."""
    known = json.loads(manifest)
    keys, wordings, reactions = Counter[str](), {}, 0
    for channel in world.channels:
        for message in world.messages(channel.id):
            reactions += sum(len(reaction.users) for reaction in message.reactions)
            if message.metadata:
                key = message.metadata["event_payload"]["key"]
                keys[key] += 1
                wordings[key] = _hash(repr((message.text, message.blocks)).encode())
    return Outcome(
        public={key: etag for key, etag in objects.items() if not key.endswith(f"{OURS}manifest.json")},
        manifest={key: of["sha256"] for key, of in known["files"].items()},
        unwanted=dict(known.get("unwanted", {})),
        damaged=sorted(
            key
            for key, of in known["files"].items()
            if f"{prefix}/{key}" not in objects
            or (of.get("etag") and of["etag"] != objects[f"{prefix}/{key}"].strip('"'))
        ),
        messages=keys,
        wordings=wordings,
        reactions=reactions,
        files={
            f"{path.parent.name}/{path.name}": _hash(path.read_bytes())
            for name in ("episode.md", "enclosure.json")
            for path in sorted((folder / "episodes").glob(f"*/{name}"))
        },
        **_remembered(home),
    )


def _remembered(home: Path | str) -> dict[str, Any]:
    database = open_database(home)
    try:
        with database.store.reading() as connection:

            def rows(table: Any) -> list[Any]:
                return [each._mapping for each in connection.execute(select(table))]

            ledger = sorted(rows(tables.ledger), key=lambda row: row["number"])
            return {
                "steps": {
                    f"{row['episode']} {row['step']}": "" if row["step"] == _COUNTED else row["outcome"]
                    for row in ledger
                },
                "posts": {row["key"]: (row["channel"], bool(row["ts"])) for row in rows(tables.posts)},
                "outbox": {
                    row["key"]: (row["done_at"] is not None, row["given_up"], row["said"])
                    for row in rows(tables.outbox)
                },
                "live": sorted((row["place"], row["sha256"], row["etag"]) for row in rows(tables.live_feeds)),
                "kept": sorted((row["key"], row["sha256"], row["settled"]) for row in rows(tables.feeds)),
                "dates": sorted(
                    (row["episode"], row["at"].isoformat(), row["state"]) for row in rows(tables.dates)
                ),
                "statuses": {row["id"]: row["status"] for row in rows(tables.questions)},
            }
    finally:
        database.close()


def _part(one: Any, other: Any) -> str:
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
        return ", ".join(f"{key} {one.get(key)!r} not {other.get(key)!r}" for key in keys[:4])
    return f"{one!r:.200} not {other!r:.200}"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
