"""The Web API methods over the world, one function each, by Slack's name."""

from collections.abc import Callable, Mapping

from cityhall_fm.sandbox.methods import (
    apps,
    auth,
    chat,
    conversations,
    files,
    pins,
    reactions,
    team,
    usergroups,
    users,
    views,
)
from cityhall_fm.sandbox.methods.request import Request
from cityhall_fm.sandbox.people import Json

ANSWERS: Mapping[str, Callable[[Request], Json]] = {
    "apps.connections.open": apps.connections_open,
    "auth.test": auth.test,
    "bots.info": team.bot_info,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.scheduleMessage": chat.schedule_message,
    "chat.update": chat.update,
    "conversations.history": conversations.history,
    "conversations.info": conversations.info,
    "conversations.join": conversations.join,
    "conversations.list": conversations.list_,
    "conversations.members": conversations.members,
    "conversations.open": conversations.open_,
    "conversations.replies": conversations.replies,
    "emoji.list": team.emoji_list,
    "files.completeUploadExternal": files.complete_upload,
    "files.getUploadURLExternal": files.upload_url,
    "files.info": files.info,
    "pins.add": pins.add,
    "reactions.add": reactions.add,
    "reactions.get": reactions.get,
    "reactions.remove": reactions.remove,
    "team.info": team.info,
    "usergroups.list": usergroups.list_,
    "users.conversations": conversations.of_user,
    "users.info": users.info,
    "users.list": users.list_,
    "views.open": views.open_,
    "views.publish": views.publish,
    "views.push": views.push,
    "views.update": views.update,
}
