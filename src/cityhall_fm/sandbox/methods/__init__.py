"""The Web API methods over the world, one function each, by Slack's name."""

from collections.abc import Callable, Mapping

from cityhall_fm.sandbox.methods import auth, chat, conversations, reactions, users
from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.people import Json

ANSWERS: Mapping[str, Callable[[Request], Json]] = {
    "auth.test": auth.test,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.history": conversations.history,
    "conversations.info": conversations.info,
    "conversations.join": conversations.join,
    "conversations.list": conversations.list_,
    "conversations.open": conversations.open_,
    "conversations.replies": conversations.replies,
    "reactions.add": reactions.add,
    "reactions.get": reactions.get,
    "reactions.remove": reactions.remove,
    "users.info": users.info,
    "users.list": users.list_,
}
