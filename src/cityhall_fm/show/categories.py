"""Apple's categories of podcasts, the closed list that directories know, and what older names became."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Final

Category = tuple[str, str | None]
"""A category, and a subcategory of it or none."""

# fmt: off
CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = {  # Apple's list of 2019, case-sensitive
    "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
    "Business": (
        "Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit",
    ),
    "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
    "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
    "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
    "Government": (),
    "Health & Fitness": (
        "Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality",
    ),
    "History": (),
    "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
    "Leisure": (
        "Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden",
        "Video Games",
    ),
    "Music": ("Music Commentary", "Music History", "Music Interviews"),
    "News": (
        "Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News",
        "Tech News",
    ),
    "Religion & Spirituality": (
        "Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality",
    ),
    "Science": (
        "Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences",
        "Nature", "Physics", "Social Sciences",
    ),
    "Society & Culture": (
        "Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships",
    ),
    "Sports": (
        "Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby",
        "Running", "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness", "Wrestling",
    ),
    "Technology": (),
    "True Crime": (),
    "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
}
_UNTIL_2019: Final[Mapping[str, Category]] = {  # names that Apple withdrew, and where such shows went
    "games & hobbies": ("Leisure", None),
    "government & organizations": ("Government", None),
    "literature": ("Arts", "Books"),
    "local": ("Government", None),
    "national": ("Government", None),
    "news & politics": ("News", None),
    "podcasting": ("Technology", None),
    "regional": ("Government", None),
    "science & medicine": ("Science", None),
    "sports & recreation": ("Sports", None),
}
# fmt: on
_ALL: Final[Mapping[str, Category]] = {
    **{sub.lower(): (main, sub) for main, subs in CATEGORIES.items() for sub in subs},
    **{main.lower(): (main, None) for main in CATEGORIES},
}


def is_category(main: str, sub: str | None = None) -> bool:
    """Tell whether Apple's list has it, letter for letter.

    >>> is_category("Society & Culture", "Places & Travel"), is_category("society & culture")
    (True, False)
    """
    return main in CATEGORIES and (sub is None or sub in CATEGORIES[main])


def nearest(main: str, sub: str | None = None) -> Category | None:
    """Find what somebody meant: another case, a slip of the pen, a name of before 2019, a bare subcategory.

    >>> nearest("Society and Culture", "Places &amp; Travel")
    ('Society & Culture', 'Places & Travel')
    >>> nearest("Government & Organizations", "Local"), nearest("パソコン")
    (('Government', None), None)
    """
    found_sub = _found(sub) if sub else None
    if found_sub and found_sub[1]:
        return found_sub
    return _found(main) or found_sub


def _found(written: str) -> Category | None:
    plain = " ".join(written.replace("&amp;", "&").replace(" and ", " & ").lower().split())
    if known := _ALL.get(plain) or _UNTIL_2019.get(plain):
        return known
    close = difflib.get_close_matches(plain, _ALL, n=1, cutoff=0.85)
    return _ALL[close[0]] if close else None
