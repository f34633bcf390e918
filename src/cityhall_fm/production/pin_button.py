"""Channel -> a pinned message with the button to ask: posted once, brought up to date afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from cityhall_fm.production.ports.ledger import Ledger
from cityhall_fm.production.ports.slack import Workspace
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.announcement import Post, Posted
from cityhall_fm.show.asking import button_key
from cityhall_fm.show.errors import SlackError

_CLOCKS_DIFFER_BY: Final = timedelta(hours=1)


def pin_button(
    channel_name: str, words: Words, *, workspace: Workspace, ledger: Ledger, now: datetime
) -> tuple[Posted, bool]:
    """Pin the message, and tell whether it was posted now; one that stands there says the words from now on.

    One that somebody deleted is posted again; where an answer of Slack was lost it is looked for first.
    Raises UnknownError for a channel that is not there, SlackError.
    """
    channel = workspace.channel_named(channel_name)
    post = Post(button_key(channel.id), channel.id, words.text, words.blocks)
    posted = _brought_up_to_date(post, workspace, ledger)
    is_new = posted is None
    if posted is None:
        since = ledger.intend(post.key, at=now) - _CLOCKS_DIFFER_BY
        posted = workspace.find_post(post, since=since) or workspace.post(post)
        ledger.remember(posted, at=now)
    workspace.pin(posted.channel, posted.ts)
    return posted, is_new


def _brought_up_to_date(post: Post, workspace: Workspace, ledger: Ledger) -> Posted | None:
    posted = ledger.posted(post.key)
    if posted is None:
        return None
    try:
        workspace.edit(posted, post)
    except SlackError as error:
        if error.text.name != "slack.message_gone":
            raise
        return None
    return posted
