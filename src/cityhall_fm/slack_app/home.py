"""App Home: the next show, the newest episode, and how one's own questions stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from cityhall_fm.production.look_up import Mine, Standing
from cityhall_fm.show.clean import cut
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.episode import Show
from cityhall_fm.show.question import Status
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.slack_app.blocks import (
    Block,
    actions,
    button,
    context,
    header,
    link_title,
    plain,
    quoted,
    section,
)
from cityhall_fm.texts import Catalogue

ASK: Final = "open_form"
WITHDRAW: Final = "withdraw"
CHANGE_NAME: Final = "change_name"
PAGE: Final = "home_page_"
"""Begins the action of each button that shows other questions; its value tells from which on."""
_MOST_SHOWN: Final = 20
"""Four blocks each: Slack takes 100 in a Home."""
_LONGEST_SHOWN: Final = 300


def home_view(say: Catalogue, standing: Standing, show: Show, *, first: int = 0) -> Block:
    """Make a member's App Home, with their questions from the `first` on, the newest being 0.

    The Home remembers in its metadata where it begins.
    """
    first = max(0, min(first, len(standing.mine) - 1)) // _MOST_SHOWN * _MOST_SHOWN
    blocks: list[Block] = [actions(button(ASK, say("slack_app.home_ask"), style="primary"), block_id="ask")]
    if standing.next and standing.next.planned_for:
        title = _episode(say, standing.next.number, standing.next.title)
        when = f"{moment(standing.next.planned_for)}　{title}"
        blocks += [header(say("slack_app.home_next")), section(when)]
    if standing.newest:
        title = _episode(say, standing.newest.number, standing.newest.title)
        link = f"<{show.public_url}/{standing.newest.number}/|{title}>"
        blocks += [header(say("slack_app.home_newest")), section(link)]
    blocks.append(header(say("slack_app.home_mine")))
    for mine in standing.mine[first : first + _MOST_SHOWN]:
        blocks += _question(say, mine)
    if not standing.mine:
        blocks.append(section(say("slack_app.home_none")))
    blocks += _pages(say, first, len(standing.mine))
    return {"type": "home", "private_metadata": str(first), "blocks": blocks}


def first_shown(view: Mapping[str, Any] | None) -> int:
    """Tell from which question on a Home shows them."""
    metadata = str((view or {}).get("private_metadata") or "")
    return int(metadata) if (view or {}).get("type") == "home" and metadata.isdecimal() else 0


def _pages(say: Catalogue, first: int, count: int) -> list[Block]:
    last = min(first + _MOST_SHOWN, count)
    turning: list[Block] = []
    if first > 0:
        turning.append(button(f"{PAGE}newer", say("slack_app.home_newer"), value=str(first - _MOST_SHOWN)))
    if last < count:
        turning.append(button(f"{PAGE}older", say("slack_app.home_older"), value=str(last)))
    if not turning:
        return []
    shown = say("slack_app.home_shown", first=first + 1, last=last, count=count)
    return [{"type": "divider"}, context(shown), actions(*turning, block_id="pages")]


def moment(at: datetime) -> str:
    """Write a time that Slack shows in the reader's own zone and language ("Formatting dates")."""
    return f"<!date^{int(at.timestamp())}^{{date_long}} {{time}}|{at:%Y-%m-%d %H:%M}>"


def withdraw_button(say: Catalogue, question: str) -> Block:
    """Make the button that takes a question back, after asking whether it was meant."""
    confirm: Block = {
        "title": plain(say("slack_app.confirm_title"), 100),
        "text": plain(say("slack_app.confirm_text"), 300),
        "confirm": plain(say("slack_app.withdraw"), 30),
        "deny": plain(say("slack_app.confirm_no"), 30),
        "style": "danger",
    }
    return button(WITHDRAW, say("slack_app.withdraw"), value=question, style="danger", confirm=confirm)


def name_button(say: Catalogue, question: str) -> Block:
    """Make the button that opens the form about one's name."""
    return button(CHANGE_NAME, say("slack_app.change_name"), value=question)


def voice_button(say: Catalogue, question: str) -> Block:
    """Make the button that opens the same form to somebody who sent a recording."""
    return button(CHANGE_NAME, say("slack_app.voice_choose"), value=question)


def _question(say: Catalogue, mine: Mine) -> list[Block]:
    question = mine.question
    withdrawn = question.status is Status.WITHDRAWN
    # Who wants a topic of theirs not to be used sees that, and may change it.
    naming = question.consent.naming if question.consent and not withdrawn else Naming.ANONYMOUS
    told = [say(f"slack_app.status_{question.status}"), say(f"slack_app.naming_{naming}"), *_where(say, mine)]
    blocks: list[Block] = [
        {"type": "divider"},
        quoted(cut(question.words.for_host(), _LONGEST_SHOWN)),
        context("　·　".join(told[:1] if withdrawn else told)),
    ]
    if not withdrawn:
        blocks.append(
            actions(name_button(say, question.id), withdraw_button(say, question.id), block_id=question.id)
        )
    return blocks


def _where(say: Catalogue, mine: Mine) -> list[str]:
    if mine.reason:
        return [say(f"kind.reason_{mine.reason}")]
    if mine.answered:
        found = mine.answered
        at = found.at if found.at is not None else Timecode(0)
        return [say("slack_app.answered_at", url=found.url, number=found.episode.number, time=at)]
    if mine.airs_in:
        airs = mine.airs_in
        if airs.planned_for:
            return [say("slack_app.airs", number=airs.number, when=moment(airs.planned_for))]
        return [say("slack_app.airs_undated", number=airs.number)]
    return []


def _episode(say: Catalogue, number: int, title: str) -> str:
    return say("slack_app.home_episode", number=number, title=link_title(title))
