"""Two members who ask quickly and in every way, so that several processes have something to disagree on."""

from __future__ import annotations

from cityhall_fm.sandbox import Duplicated


def ask_many(sandbox, *, posts, forms, channel, elsewhere):
    """Post as 髙橋, every second event twice, and send forms as 佐久; gives what was asked."""
    takahashi, saku = sandbox.as_member("takahashi"), sandbox.as_member("saku")
    asked = set()
    for number in range(posts):
        if number % 2:
            sandbox.faults.add("events_api", Duplicated())
        asked.add(takahashi.say(channel, f"髙橋の質問{number} 😀").text)
    for number in range(forms):
        form = saku.command("/fm", words := f"form question {number}", channel=elsewhere).modal()
        assert not form.submit().problem
        asked.add(words)
        saku.wait_for(lambda: "has arrived" in saku.modal.text)
        saku.modal.close()
    return asked
