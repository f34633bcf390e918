"""How fast a long feed is written and checked, beside bare feedgen on the same entries: paired runs.

    python tests/benchmarks/feed.py [--episodes 1000] [--rounds 5]

Not a test: machines differ and are shared, so only ratios of runs made one after the other are worth
quoting.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from feedgen.feed import FeedGenerator

from cityhall_fm.adapters.feed_inspector import LxmlFeedInspector
from cityhall_fm.adapters.rss import RssFeedWriter
from cityhall_fm.show.episode import Key, Person
from cityhall_fm.show.feed import Feed, FeedItem
from cityhall_fm.show.feed_check import Nowhere, check

from builders import NOON, a_published_episode, a_show

_BARE = "bare feedgen"
_OURS = "RssFeedWriter"
_CHECK = "check of the result"


def main() -> None:
    """Run each in turn, several times, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--episodes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    feed = _feed(chosen.episodes)
    written, inspector = RssFeedWriter().write(feed), LxmlFeedInspector()
    runs: Mapping[str, Callable[[], object]] = {
        _BARE: lambda: _bare(feed),
        _OURS: lambda: RssFeedWriter().write(feed),
        _CHECK: lambda: check(inspector.parse(written), Nowhere()),
    }
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(chosen.rounds):
        for name, run in runs.items():
            seconds[name].append(_timed(run))
    print("\n".join(_table(seconds, chosen.episodes, len(written))))  # noqa: T201 - a benchmark talks


def _feed(count: int) -> Feed:
    """Make a show whose every episode has what most have: people, chapters, a transcript, long notes."""
    notes = "".join(f"<h3>質問{part}</h3><p>{'灯油と冬タイヤの話です。' * 8}</p>" for part in range(6))
    items = tuple(
        FeedItem(
            a_published_episode(
                number,
                title=f"佐久の冬支度 その{number}",
                transcript="WEBVTT",
                people=(Person("髙橋 健", "guest", url="https://k.jp/"), Person("課長", "host")),
                published_at=NOON + timedelta(days=number),
            ),
            f"<p>{'灯油の話。' * 20}</p>",
            notes,
        )
        for number in range(count, 0, -1)
    )
    return Feed(a_show(), items, Key("artwork-0123456789ab.png"))


def _bare(feed: Feed) -> bytes:
    """Write the same entries with feedgen and its own podcast extension, as its documentation does."""
    show = feed.show
    rss = FeedGenerator()
    rss.load_extension("podcast")
    rss.title(show.title)
    rss.link(href=show.link, rel="alternate")
    rss.description(show.description)
    rss.language(show.language)
    rss.podcast.itunes_author(show.author)
    rss.podcast.itunes_image(show.url(feed.artwork))
    for item in feed.items:
        episode = item.episode
        entry = rss.add_entry(order="append")
        entry.title(episode.title)
        entry.link(href=show.url(f"{episode.number}/"))
        entry.guid(episode.guid, permalink=False)
        entry.enclosure(show.url(episode.enclosure.key), str(episode.enclosure.length_bytes), "audio/mpeg")
        entry.description(item.description)
        entry.content(item.content, type="CDATA")
        entry.pubDate(episode.published_at)
        entry.podcast.itunes_duration(episode.enclosure.duration.whole_seconds)
        entry.podcast.itunes_explicit("no")
        entry.podcast.itunes_episode(episode.number)
        entry.podcast.itunes_season(episode.season)
        entry.podcast.itunes_episode_type("full")
    return rss.rss_str(pretty=True)


def _timed(run: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    run()
    return time.process_time() - start


def _table(seconds: Mapping[str, Sequence[float]], episodes: int, length: int) -> list[str]:
    machine = f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}"
    rounds = len(seconds[_BARE])
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}, {episodes} episodes ({length / 1000:.0f} kB),",
        f"seconds of the processor, medians of {rounds} pairs:",
        "",
        "| | seconds | ÷ bare feedgen (pairs) |",
        "|---|---|---|",
    ]
    for name, measured in seconds.items():
        ratio = statistics.median(ours / bare for ours, bare in zip(measured, seconds[_BARE], strict=True))
        lines.append(f"| {name} | {statistics.median(measured):.3f} | {ratio:.2f} |")
    return lines


if __name__ == "__main__":
    main()
