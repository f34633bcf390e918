"""What we post pings nobody: a mention in our text or blocks is shown instead of called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_MENTION: Final = re.compile(r"<(?=@|!(?!date\^))")
_ELEMENTS: Final = frozenset({"user", "usergroup", "broadcast"})
_SHOWN_AS_TYPED: Final = frozenset({"plain_text", "text"})


def harmless(value: object) -> object:
    """Copy a text or blocks with every mention disarmed; what is already escaped stays as it is.

    >>> harmless("<!channel> <@U1> <https://example.jp|第3回> <!date^1^{date}|11月> &lt;!here&gt;")
    '&lt;!channel> &lt;@U1> <https://example.jp|第3回> <!date^1^{date}|11月> &lt;!here&gt;'
    """
    if isinstance(value, str):
        return _MENTION.sub("&lt;", value)
    if isinstance(value, list | tuple):
        return [harmless(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    kind = value.get("type")
    if kind in _ELEMENTS:
        return {"type": "text", "text": "@…"}
    if kind in _SHOWN_AS_TYPED:
        return dict(value)
    return {name: harmless(one) for name, one in value.items()}
