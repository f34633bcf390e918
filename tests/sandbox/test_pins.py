"""Pinning: a message stands at the top of its channel, once, as long as it is there."""

from __future__ import annotations

import urllib.request


def test_a_message_is_pinned_once_and_the_pin_goes_with_it(world, sandbox, client, refused, ids):
    message = world.say("質問", "fm", "ここから質問できます 📻")
    client.pins_add(channel=ids.questions, timestamp=message.ts)
    assert world.pins("質問") == [message.ts]
    with urllib.request.urlopen(f"{sandbox.page_url}archives/{ids.questions}?lang=ja", timeout=5) as page:  # noqa: S310 - loopback
        assert "📌" in page.read().decode()
    assert refused("pins_add", channel=ids.questions, timestamp=message.ts) == "already_pinned"
    world.delete("質問", message.ts)
    assert world.pins("質問") == []


def test_what_is_not_there_is_not_pinned(world, refused, ids):
    elsewhere = world.say("雑談", "saku", "x")
    assert refused("pins_add", channel=ids.questions, timestamp="1.000001") == "message_not_found"
    assert refused("pins_add", channel=ids.questions, timestamp="きのう") == "bad_timestamp"
    assert refused("pins_add", channel=ids.questions) == "no_item_specified"
    assert refused("pins_add", channel=ids.chat, timestamp=elsewhere.ts) == "not_in_channel"
