"""Ways to subscribe: where the show is listed, and apps that need only the feed's address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from cityhall_fm.show.episode import Show

SERVICES: Final = {
    "apple": ("Apple Podcasts", ("podcasts.apple.com",)),
    "spotify": ("Spotify", ("open.spotify.com",)),
    "youtube": ("YouTube", ("youtube.com", "www.youtube.com", "music.youtube.com")),
    "amazon": ("Amazon Music", ("music.amazon.co.jp", "music.amazon.com", "music.amazon.fr")),
}
"""Directories that list a show by hand: name in `show.toml`, what people call it, its hosts."""


@dataclass(frozen=True, slots=True)
class App:
    """One way to subscribe; `listed` where the show has its own page there."""

    name: str
    url: str
    listed: bool = False


def apps(show: Show) -> tuple[App, ...]:
    """List the ways: the show's own pages first, then apps that open a feed by its address.

    The addresses are those that each app documents for its own links.
    """
    listed = tuple(App(SERVICES[name][0], url, listed=True) for name, url in show.listed)
    feed = show.url("feed.xml")
    bare = feed.partition("://")[2]
    by_address = (
        App("Apple Podcasts", f"podcast://{bare}"),
        App("Overcast", f"overcast://x-callback-url/add?url={quote(feed, safe='')}"),
        App("Pocket Casts", f"pktc://subscribe/{bare}"),
        App("AntennaPod", f"https://antennapod.org/deeplink/subscribe?url={quote(feed, safe='')}"),
        App("Podcast Addict", f"podcastaddict://{bare}"),
    )
    names = {app.name for app in listed}
    return (*listed, *(app for app in by_address if app.name not in names))
