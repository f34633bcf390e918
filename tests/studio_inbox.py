"""An inbox that hosts work on: questions to bring in, and what came of them."""

from __future__ import annotations

import re
import time
from itertools import count

from cityhall_fm.show.outbox import NO_EPISODE
from cityhall_fm.show.question import Kind, question_id
from cityhall_fm.show.slack_thread import ChannelId

from builders import a_message, a_question, a_thread, a_topic

_numbers = count(1)


def asked(opened, kind=Kind.QUESTION, words="灯油代は月にいくら?", **changes):
    """Bring in a question of somebody whom the workspace knows."""
    ts = f"17636{next(_numbers):05}.000100"
    asker = next(one.asker for one in opened.companion.inbox.questions() if one.asker)
    thread = a_thread(ts, opening=a_message(ts, words, author=asker), channel=ChannelId("C0QUIET9"))
    made = a_topic if kind is Kind.TOPIC else a_question
    question = made(
        ts, words, id=question_id(thread.channel, thread.ts), thread=thread, asker=asker, **changes
    )
    stored(opened, question)
    return opened.companion.inbox.question(question.id)


def stored(opened, question):
    opened.companion.inbox.store([], [question])
    return question


def status_of(opened, question):
    return opened.companion.inbox.question(question.id).status


def undo_number(visitor):
    return re.search(r'name="number" value="(\d+)"', visitor.get("/inbox").text)[1]


def cards(answer):
    return re.findall(r'id="card-(q-\w+)"', answer.text)


def waiting_keys(opened):
    return {one.delivery.key for one in opened.companion.outbox.waiting(NO_EPISODE)}


def wait_until(found, seconds=10):
    until = time.monotonic() + seconds
    while not found() and time.monotonic() < until:
        time.sleep(0.05)
    return found()


def direct_messages(opened):
    world = opened.sandbox.world
    places = [channel.id for channel in world.channels if channel.kind == "im"]
    return [message.text for place in places for message in world.messages(place)]
