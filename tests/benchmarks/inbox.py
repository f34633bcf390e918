"""How quickly the studio lists a large inbox, beside a plain reading of all of it.

    python tests/benchmarks/inbox.py [--questions 2000] [--rounds 5]

Not a test: machines differ and are shared, so only ratios of runs made one after the other are worth
quoting.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parents[1]))

from cityhall_fm.demo.folder import prepare
from cityhall_fm.settings import read_settings
from cityhall_fm.show.consent import Consent, Naming, Private
from cityhall_fm.show.question import Kind, Question, Status, question_id
from cityhall_fm.show.slack_thread import ChannelId, Message, Reaction, Thread, Ts, UserId
from cityhall_fm.studio.serving import studio_at_work
from cityhall_fm.wiring import Wired
from studio_visitor import Visitor

_WORDS = (
    "佐久市",
    "灯油代",
    "月に",
    "いくら",
    "髙橋",
    "雪かき",
    "冬タイヤ",
    "子育て",
    "移住",
    "🏔",
    "❄️",
    "教えて",
)
_REPLIES = 9
_PAGE = 200


def main() -> None:
    """Fill an inbox, look at it in every way, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name), public_url="http://127.0.0.1:9")
        companion = Wired(read_settings(Path(name), {}))
        questions = _made_up(chosen.questions)
        for start in range(0, len(questions), _PAGE):
            companion.inbox.store([], questions[start : start + _PAGE])
        with studio_at_work(companion, port=0) as (room, address):
            visitor = Visitor(address)
            visitor.get(f"/enter?link={room.entry.link()}")
            csrf, moves = visitor.csrf(), cycle(("shortlist", "next-time"))
            ways: dict[str, Callable[[], object]] = {
                "plain reading of all": companion.inbox.questions,
                "list": lambda: visitor.get("/inbox"),
                "search": lambda: visitor.get(f"/inbox?status=all&q={quote('高橋 雪かき')}"),
                "choose, then list": lambda: (
                    visitor.post(f"/inbox/{questions[3].id}/{next(moves)}", csrf=csrf),
                    visitor.get("/inbox"),
                ),
            }
            for way in ways.values():
                way()  # once unmeasured: the studio reads everything when it opens
            medians = {way: _median(run, chosen.rounds) for way, run in ways.items()}
    plain = medians["plain reading of all"]
    messages = len(questions) * (_REPLIES + 1)
    print(f"{len(questions)} questions, {messages} messages\n")  # noqa: T201 - a benchmark talks
    print("| way | ms | of a plain reading |\n|---|---|---|")  # noqa: T201 - same
    for way, seconds in medians.items():
        print(f"| {way} | {seconds * 1000:.0f} | {seconds / plain:.2f} |")  # noqa: T201 - same


def _median(run: Callable[[], object], rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _made_up(count: int) -> Sequence[Question]:
    chance = random.Random(7)  # noqa: S311 - the same inbox every time
    return [_question(1_761_000_000 + number * 1500, number, chance) for number in range(count)]


def _question(second: int, number: int, chance: random.Random) -> Question:
    channel, ts = ChannelId(f"C{number % 12:07}"), Ts(f"{second}.000100")
    opening, *replies = (_message(second + 60 * place, chance) for place in range(_REPLIES + 1))
    kind = Kind.QUESTION if number % 3 else Kind.TOPIC
    return Question(
        question_id(channel, ts),
        kind,
        Status.RECEIVED if number % 4 else Status.ANSWERED,
        Thread(channel, opening, tuple(replies)),
        opening.author,
        Private("髙橋はな"),
        opening.mrkdwn,
        Consent(Naming.ANONYMOUS, "番組で読まれます。", datetime(2026, 11, 1, tzinfo=UTC))
        if kind is Kind.QUESTION
        else None,
        datetime.fromtimestamp(second, UTC),
    )


def _message(second: int, chance: random.Random) -> Message:
    people = [UserId(f"U{chance.randrange(600):07}") for _ in range(4)]
    words = "".join(chance.choices(_WORDS, k=chance.randint(8, 60)))
    reactions = (Reaction("tada", 3, tuple(people[1:])),)
    return Message(Ts(f"{second}.000100"), people[0], Private(words), reactions=reactions)


if __name__ == "__main__":
    main()
