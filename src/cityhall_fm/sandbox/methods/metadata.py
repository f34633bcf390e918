"""Message metadata: a type and a payload that travel with a message."""

import json
import re
from collections.abc import Mapping
from typing import Any

from cityhall_fm.sandbox.refusals import RefusalError

_EVENT_TYPE = re.compile(r"[A-Za-z0-9_]{1,255}")
_LONGEST = 8_000  # unverified: Slack names an error for it but no figure


def checked_metadata(value: object, *, may_be_empty: bool) -> Mapping[str, Any] | None:
    """Return well-formed metadata; an empty object removes what was there, in chat.update."""
    if not isinstance(value, dict):
        raise RefusalError("invalid_metadata_format")
    if not value and may_be_empty:
        return None
    event_type, payload = value.get("event_type"), value.get("event_payload")
    if not isinstance(event_type, str) or not isinstance(payload, dict):
        raise RefusalError("invalid_metadata_format")
    unknown = value.keys() - {"event_type", "event_payload", "entities"}
    if unknown or not _EVENT_TYPE.fullmatch(event_type):
        raise RefusalError("invalid_metadata_schema")
    if len(json.dumps(value, ensure_ascii=False)) > _LONGEST:
        raise RefusalError("metadata_too_large")
    return value
