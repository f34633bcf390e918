"""Slack's shortcodes for emoji: the common ones that differ from Unicode's names, the rest by name."""

import unicodedata
from collections.abc import Collection

_VARIATION = "\ufe0f"
_GLYPHS = {
    "+1": "👍", "-1": "👎", "alarm_clock": "⏰", "apple": "🍎", "arrow_right": "➡️", "bangbang": "‼️",
    "blush": "😊",
    "book": "📖", "books": "📚", "boom": "💥", "bow": "🙇", "bulb": "💡",
    "bullettrain_side": "🚄", "bus": "🚌", "calendar": "📅", "car": "🚗",
    "cherry_blossom": "🌸", "clap": "👏", "clipboard": "📋", "cry": "😢", "exclamation": "❗",
    "earth_asia": "🌏", "eyes": "👀", "fire": "🔥", "grin": "😁", "grinning": "😀", "hand": "✋",
    "headphones": "🎧", "heart": "❤️", "heart_eyes": "😍", "heavy_check_mark": "✔️", "heavy_plus_sign": "➕",
    "hospital": "🏥", "house": "🏠", "hourglass_flowing_sand": "⏳", "information_source": "ℹ️", "joy": "😂",
    "jp": "🇯🇵", "link": "🔗", "loudspeaker": "📢", "mag": "🔍", "mega": "📣", "memo": "📝",
    "microphone": "🎤",
    "mountain": "⛰️", "muscle": "💪", "musical_note": "🎵", "no_entry_sign": "🚫", "ok": "🆗", "ok_hand": "👌",
    "ok_woman": "🙆", "partying_face": "🥳", "pencil": "📝", "point_right": "👉", "point_up": "☝️",
    "pray": "🙏",
    "pushpin": "📌", "question": "❓", "radio": "📻", "raised_hands": "🙌", "raising_hand": "🙋",
    "rainbow": "🌈", "relaxed": "☺️", "rice": "🍚", "robot_face": "🤖", "rocket": "🚀", "rotating_light": "🚨",
    "school": "🏫", "seedling": "🌱", "ski": "🎿", "slightly_smiling_face": "🙂", "smile": "😄",
    "smiley": "😃",
    "snowflake": "❄️", "snowman": "⛄", "sob": "😭", "sparkles": "✨", "speech_balloon": "💬", "star": "⭐",
    "star2": "🌟",
    "studio_microphone": "🎙️", "sunny": "☀️", "sweat_smile": "😅", "tada": "🎉",
    "tea": "🍵", "thinking_face": "🤔", "umbrella": "☔",
    "warning": "⚠️", "wave": "👋", "white_check_mark": "✅", "x": "❌", "zap": "⚡",
}  # fmt: skip
_ALIASES = {"thumbsup": "+1", "thumbsdown": "-1", "raised_hand": "hand"}
_EMOJI_CATEGORY = "So"  # "Symbol, other"
_FIRST_EMOJI = 0x2190  # before it stand letters, signs and © ®


def canonical_name(name: str, *, custom: Collection[str] = ()) -> str | None:
    """Return the name under which Slack files a reaction, or None if there is no such emoji."""
    plain = name.strip(":")
    base, _, tone = plain.partition("::")
    base = _ALIASES.get(base, base)
    if tone and not tone.startswith("skin-tone-"):
        return None
    if glyph(base) is None and base not in custom:
        return None
    return f"{base}::{tone}" if tone else base


def glyph(name: str) -> str | None:
    """Return the character for a shortcode.

    >>> glyph("studio_microphone"), glyph("cat_face"), glyph("no_such_thing")
    ('🎙️', '🐱', None)
    """
    base = name.partition("::")[0]
    base = _ALIASES.get(base, base)
    if base in _GLYPHS:
        return _GLYPHS[base]
    if not base.replace("_", "").isalnum() or base != base.lower():
        return None
    try:
        found = unicodedata.lookup(base.replace("_", " "))
    except KeyError:
        return None
    is_emoji = ord(found[0]) >= _FIRST_EMOJI and unicodedata.category(found[0]) == _EMOJI_CATEGORY
    return found + _VARIATION if is_emoji and ord(found[0]) < 0x1F000 else found if is_emoji else None  # noqa: PLR2004
