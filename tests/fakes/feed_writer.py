"""A feed writer whose feed is a list of lines."""

from __future__ import annotations

from cityhall_fm.show.feed import Feed


class FakeFeedWriter:
    """Writes title and guid of every item, and what a podcast app would download."""

    def write(self, feed: Feed) -> bytes:
        lines = [feed.show.title, feed.show.url(feed.artwork)]
        for item in feed.items:
            enclosure = item.episode.enclosure
            media = f"{feed.show.url(enclosure.key)} {enclosure.length_bytes}" if enclosure else ""
            lines.append(
                f"{item.episode.guid} {item.episode.title} {media} {item.description} {item.content}"
            )
        return "\n".join(lines).encode("utf-8", "replace")
