"""What Slack publishes about each Web API method the sandbox answers: arguments, scopes, tier, errors.

The tests hold this table against Slack's own data; `errors` are the ones that the sandbox can answer.
"""

from dataclasses import dataclass
from typing import Literal

Tier = Literal["t2", "t3", "t4", "t5"]

COMMON_ERRORS = frozenset(
    {"not_authed", "invalid_auth", "invalid_arguments", "missing_scope", "ratelimited", "unknown_method"}
)

_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_WRITE = ("channels:manage", "groups:write", "im:write", "mpim:write")


@dataclass(frozen=True, slots=True)
class Method:
    """One line of Slack's reference; any one of `scopes` opens the method, `token` is always required."""

    name: str
    tier: Tier
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    errors: frozenset[str] = frozenset()
    takes_json: bool = False
    app_level: bool = False
    """Opened by an app-level token (xapp-…), not by a bot's."""

    @property
    def known(self) -> frozenset[str]:
        return frozenset({"token", *self.required, *self.optional})

    def allows(self, error: str) -> bool:
        return error in COMMON_ERRORS or error in self.errors


def _errors(names: str) -> frozenset[str]:
    return frozenset(names.split())


METHODS = {
    method.name: method
    for method in (
        Method("apps.connections.open", "t3", takes_json=True, app_level=True),
        Method("auth.test", "t5", takes_json=True),
        Method(
            "bots.info",
            "t3",
            scopes=("users:read",),
            optional=("bot", "team_id"),
            errors=_errors("bot_not_found"),
        ),
        Method(
            "team.info",
            "t3",
            scopes=("team:read",),
            optional=("domain", "team"),
            errors=_errors("team_not_found"),
            takes_json=True,
        ),
        Method("emoji.list", "t2", scopes=("emoji:read",), optional=("include_categories",)),
        Method(
            "conversations.list",
            "t2",
            scopes=_READ,
            optional=("cursor", "exclude_archived", "limit", "team_id", "types"),
            errors=_errors("invalid_cursor invalid_limit invalid_types"),
        ),
        Method(
            "conversations.history",
            "t3",
            scopes=_HISTORY,
            required=("channel",),
            optional=("cursor", "include_all_metadata", "inclusive", "latest", "limit", "oldest"),
            errors=_errors(
                "channel_not_found invalid_cursor invalid_ts_latest invalid_ts_oldest not_in_channel"
            ),
            takes_json=True,
        ),
        Method(
            "conversations.replies",
            "t3",
            scopes=_HISTORY,
            required=("channel", "ts"),
            optional=("cursor", "include_all_metadata", "inclusive", "latest", "limit", "oldest"),
            errors=_errors(
                "channel_not_found invalid_cursor invalid_ts_latest invalid_ts_oldest thread_not_found"
            ),
        ),
        Method(
            "conversations.info",
            "t3",
            scopes=_READ,
            required=("channel",),
            optional=("include_locale", "include_num_members"),
            errors=_errors("channel_not_found"),
        ),
        Method(
            "conversations.join",
            "t3",
            scopes=("channels:join",),
            required=("channel",),
            errors=_errors("channel_not_found is_archived method_not_supported_for_channel_type"),
            takes_json=True,
        ),
        Method(
            "conversations.members",
            "t4",
            scopes=_READ,
            required=("channel",),
            optional=("cursor", "limit"),
            errors=_errors("channel_not_found invalid_cursor invalid_limit"),
        ),
        Method(
            "conversations.open",
            "t3",
            scopes=_WRITE,
            optional=("channel", "prevent_creation", "return_im", "users"),
            errors=_errors(
                "channel_not_found method_not_supported_for_channel_type too_many_users user_disabled"
                " user_not_found users_list_not_supplied"
            ),
            takes_json=True,
        ),
        Method(
            "users.info",
            "t4",
            scopes=("users:read",),
            required=("user",),
            optional=("include_locale",),
            errors=_errors("user_not_found"),
        ),
        Method(
            "users.list",
            "t2",
            scopes=("users:read",),
            optional=("cursor", "include_locale", "limit", "team_id"),
            errors=_errors("invalid_cursor"),
        ),
        Method(
            "usergroups.list",
            "t2",
            scopes=("usergroups:read",),
            optional=("include_count", "include_disabled", "include_users"),
        ),
        Method(
            "users.conversations",
            "t3",
            scopes=_READ,
            optional=("cursor", "exclude_archived", "exclude_muted", "limit", "team_id", "types", "user"),
            errors=_errors("invalid_cursor invalid_limit invalid_types"),
        ),
        Method(
            "reactions.add",
            "t3",
            scopes=("reactions:write",),
            required=("channel", "name", "timestamp"),
            errors=_errors(
                "already_reacted bad_timestamp channel_not_found invalid_name is_archived message_not_found"
                " too_many_emoji too_many_reactions"
            ),
            takes_json=True,
        ),
        Method(
            "reactions.remove",
            "t2",
            scopes=("reactions:write",),
            required=("name",),
            optional=("channel", "file", "file_comment", "timestamp"),
            errors=_errors(
                "bad_timestamp channel_not_found file_not_found invalid_name message_not_found"
                " no_item_specified no_reaction"
            ),
            takes_json=True,
        ),
        Method(
            "reactions.get",
            "t3",
            scopes=("reactions:read",),
            optional=("channel", "file", "file_comment", "full", "timestamp"),
            errors=_errors(
                "bad_timestamp channel_not_found file_not_found message_not_found no_item_specified"
            ),
        ),
        Method(
            "chat.postMessage",
            "t5",
            scopes=("chat:write",),
            required=("channel",),
            optional=(
                *("as_user", "attachments", "blocks", "current_draft_last_updated_ts", "icon_emoji"),
                *("icon_url", "link_names", "markdown_text", "metadata", "mrkdwn", "parse"),
                *("reply_broadcast", "text", "thread_ts", "unfurl_links", "unfurl_media", "username"),
            ),
            errors=_errors(
                "as_user_not_supported cannot_reply_to_message channel_not_found invalid_blocks"
                " invalid_blocks_format invalid_metadata_format invalid_metadata_schema is_archived"
                " markdown_text_conflict metadata_too_large msg_blocks_too_long no_text not_in_channel"
                " too_many_attachments"
            ),
            takes_json=True,
        ),
        Method(
            "chat.update",
            "t3",
            scopes=("chat:write",),
            required=("channel", "ts"),
            optional=(
                *("as_user", "attachments", "blocks", "file_ids", "link_names", "markdown_text", "metadata"),
                *("parse", "reply_broadcast", "text", "unfurled_attachments"),
            ),
            errors=_errors(
                "cant_update_message channel_not_found invalid_blocks invalid_blocks_format"
                " invalid_metadata_format invalid_metadata_schema markdown_text_conflict message_not_found"
                " metadata_too_large msg_too_long no_text too_many_attachments"
            ),
            takes_json=True,
        ),
        Method(
            "chat.delete",
            "t3",
            scopes=("chat:write",),
            required=("channel", "ts"),
            optional=("as_user",),
            errors=_errors("cant_delete_message channel_not_found message_not_found"),
            takes_json=True,
        ),
        Method(
            "chat.getPermalink",
            "t5",
            required=("channel", "message_ts"),
            errors=_errors("channel_not_found message_not_found"),
        ),
        Method(
            "chat.postEphemeral",
            "t4",
            scopes=("chat:write",),
            required=("channel", "user"),
            optional=(
                *("as_user", "attachments", "blocks", "icon_emoji", "icon_url", "link_names"),
                *("markdown_text", "metadata", "parse", "text", "thread_ts", "username"),
            ),
            errors=_errors(
                "cannot_reply_to_message channel_not_found invalid_blocks invalid_blocks_format is_archived"
                " markdown_text_conflict msg_too_long no_text not_in_channel too_many_attachments"
                " user_not_in_channel"
            ),
            takes_json=True,
        ),
        Method(
            "chat.scheduleMessage",
            "t3",
            scopes=("chat:write",),
            required=("channel", "post_at"),
            optional=(
                *("as_user", "attachments", "blocks", "link_names", "markdown_text", "metadata", "parse"),
                *("reply_broadcast", "text", "thread_ts", "unfurl_links", "unfurl_media"),
            ),
            takes_json=True,
        ),
        Method(
            "pins.add",
            "t2",
            scopes=("pins:write",),
            required=("channel",),
            optional=("timestamp",),
            errors=_errors(
                "already_pinned bad_timestamp channel_not_found message_not_found no_item_specified"
                " not_in_channel too_many_pins"
            ),
            takes_json=True,
        ),
        Method(
            "views.open",
            "t4",
            required=("view",),
            optional=("interactivity_pointer", "trigger_id"),
            errors=_errors(
                "duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id"
                " view_too_large"
            ),
            takes_json=True,
        ),
        Method(
            "views.push",
            "t4",
            required=("view",),
            optional=("interactivity_pointer", "trigger_id"),
            errors=_errors(
                "duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id not_found"
                " push_limit_reached view_too_large"
            ),
            takes_json=True,
        ),
        Method(
            "views.update",
            "t4",
            required=("view",),
            optional=("external_id", "hash", "view_id"),
            errors=_errors("duplicate_external_id hash_conflict not_found view_too_large"),
            takes_json=True,
        ),
        Method(
            "views.publish",
            "t4",
            required=("user_id", "view"),
            optional=("hash", "interactivity_pointer"),
            errors=_errors("duplicate_external_id hash_conflict not_enabled view_too_large"),
            takes_json=True,
        ),
        Method(
            "files.info",
            "t4",
            scopes=("files:read",),
            required=("file",),
            optional=("count", "cursor", "limit", "page"),
            errors=_errors("file_not_found"),
        ),
        Method(
            "files.getUploadURLExternal",
            "t4",
            scopes=("files:write",),
            required=("filename", "length"),
            optional=("alt_txt", "snippet_type"),
            errors=_errors("file_upload_size_restricted missing_argument"),
        ),
        Method(
            "files.completeUploadExternal",
            "t4",
            scopes=("files:write",),
            required=("files",),
            optional=(
                *("blocks", "channel_id", "channels", "icon_emoji", "icon_url", "initial_comment"),
                *("thread_ts", "username"),
            ),
            errors=_errors("channel_not_found file_not_found invalid_channel not_in_channel"),
            takes_json=True,
        ),
    )
}
