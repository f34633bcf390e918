"""What must never change once it was public: the guids by which apps know the show and its episodes."""

from __future__ import annotations

from cityhall_fm.show.feed_check.parsed import Element, ParsedFeed
from cityhall_fm.show.text import Text


def changed_guids(public: ParsedFeed, wanted: ParsedFeed) -> tuple[Text, ...]:
    """Find episodes of a public feed that would come again under another guid, and whether the show would."""
    before = {item.words("guid"): item for item in public.items}
    after = {item.words("guid"): item for item in wanted.items}
    gone = {guid: item for guid, item in before.items() if guid and guid not in after}
    come = {guid: item for guid, item in after.items() if guid and guid not in before}
    changed = [_of_the_show(public, wanted)]
    for old, item in gone.items():
        new = next((guid for guid, other in come.items() if _is_same(item, other)), None)
        if new is not None:
            del come[new]
            changed.append(Text.of("check.guid_changed", title=item.words("title"), old=old, new=new))
    return tuple(text for text in changed if text)


def _of_the_show(public: ParsedFeed, wanted: ParsedFeed) -> Text | None:
    old, new = (feed.channel.words("podcast:guid") if feed.channel else "" for feed in (public, wanted))
    return Text.of("check.show_guid_changed", old=old, new=new or "–") if old and old != new else None


def _is_same(one: Element, other: Element) -> bool:
    """Recognise an episode by its page, by its audio, or by its title and date together."""
    for words in (_page, _audio):
        if words(one) and words(one) == words(other):
            return True
    return bool(one.words("pubDate")) and (one.words("title"), one.words("pubDate")) == (
        other.words("title"),
        other.words("pubDate"),
    )


def _page(item: Element) -> str:
    return item.words("link")


def _audio(item: Element) -> str:
    enclosure = item.first("enclosure")
    return enclosure.attribute("url") if enclosure else ""
