"""The live workspace as the Slack app uses it: one thread at a time, direct messages, whispers."""

from __future__ import annotations

from cityhall_fm.adapters.slack.harmless import harmless
from cityhall_fm.adapters.slack.workspace import SlackWorkspace
from cityhall_fm.production.ports.words import Words
from cityhall_fm.show.slack_thread import ChannelId, Ts, UserId


class SlackDesk(SlackWorkspace):
    """Fulfils Desk."""

    def me(self) -> UserId:
        return UserId(str(self._me().get("user_id", "")))

    def whisper(self, channel: ChannelId, user: UserId, words: Words) -> None:
        self._calls.write(
            "chat.postEphemeral",
            {
                "channel": channel,
                "user": user,
                "text": harmless(words.text),
                "blocks": harmless(words.blocks),
            },
            place=self._known_name(channel),
        )

    def unreact(self, channel: ChannelId, ts: Ts, emoji: str) -> None:
        self._calls.write(
            "reactions.remove",
            {"channel": channel, "timestamp": ts, "name": emoji},
            place=self._known_name(channel),
            fine=frozenset({"no_reaction"}),
        )

    def look_again(self) -> None:
        """Forget which channels and members there are: new ones come while the app runs."""
        self._channels, self._members, self._listed_members = None, {}, False
