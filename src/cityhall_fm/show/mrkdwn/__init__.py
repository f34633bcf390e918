"""Slack's mrkdwn, read once and written as plain text, as Markdown, or as the links it holds."""

from cityhall_fm.show.mrkdwn.links import links, mentions
from cityhall_fm.show.mrkdwn.names import Emoji, KnownNames, Names, WithheldNames
from cityhall_fm.show.mrkdwn.writing import markdown, plain

__all__ = ["Emoji", "KnownNames", "Names", "WithheldNames", "links", "markdown", "mentions", "plain"]
