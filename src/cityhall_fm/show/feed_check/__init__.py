"""The check of a feed: the rules of apps and directories, as pure functions of what was found."""

from __future__ import annotations

from cityhall_fm.show.feed_check.enclosure_rules import enclosure_rules
from cityhall_fm.show.feed_check.file_rules import file_rules
from cityhall_fm.show.feed_check.files import FileFacts, Nowhere, Picture, Surroundings
from cityhall_fm.show.feed_check.finding import Finding, Severity
from cityhall_fm.show.feed_check.item_rules import item_rules
from cityhall_fm.show.feed_check.parsed import Element, ParsedFeed, XmlProblem
from cityhall_fm.show.feed_check.podcast_tags import podcast_rules
from cityhall_fm.show.feed_check.show_rules import show_rules
from cityhall_fm.show.feed_check.text_rules import text_rules, xml_rules

__all__ = [
    "Element",
    "FileFacts",
    "Finding",
    "Nowhere",
    "ParsedFeed",
    "Picture",
    "Severity",
    "Surroundings",
    "XmlProblem",
    "check",
]


def check(feed: ParsedFeed, around: Surroundings) -> tuple[Finding, ...]:
    """Tell everything that is wrong with a feed and its files: errors first, in the order of the feed."""
    findings = [*xml_rules(feed.problems)]
    if feed.channel:
        findings += show_rules(feed.channel)
        findings += item_rules(feed.items, feed.channel)
    listed = not (feed.channel and feed.channel.words("itunes:block") == "Yes")
    findings += enclosure_rules(feed.items, for_apple=listed)
    findings += podcast_rules(feed)
    findings += text_rules(feed)
    findings += file_rules(feed, around)
    return in_order(findings, feed)


def in_order(findings: list[Finding], feed: ParsedFeed) -> tuple[Finding, ...]:
    """Sort: errors, then warnings; the show, then its episodes as they stand in the feed."""
    places = {item.words("guid"): number for number, item in reversed(list(enumerate(feed.items, 1)))}

    def rank(finding: Finding) -> tuple[bool, int, int]:
        of_show = not (finding.guid or finding.title)
        return (
            finding.severity is not Severity.ERROR,
            0 if of_show else places.get(finding.guid, 1),
            finding.line or 0,
        )

    return tuple(sorted(findings, key=rank))
