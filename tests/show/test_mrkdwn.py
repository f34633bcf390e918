"""mrkdwn reads as what its author saw, and can never become markup of its own."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cityhall_fm.show.consent import Private
from cityhall_fm.show.mrkdwn import KnownNames, WithheldNames, links, markdown, mentions, plain
from cityhall_fm.show.rundown import Link
from cityhall_fm.show.slack_thread import ChannelId, UserId
from thorough import examples

EMOJI = {"radio": "📻", "wave": "👋", "wave::skin-tone-3": "👋🏼", "+1": "👍", "佐久鯉": "🐟"}
NAMES = KnownNames(
    {UserId("U0SAKU"): Private("髙橋はな"), UserId("U0LINES"): Private("改行\n# 見出し <b>")},
    {ChannelId("C0SAKU"): "佐久の暮らし"},
    EMOJI.get,
)
SAFE = MarkdownIt("default", {"html": False})


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("<@U0SAKU>さん、こんにちは", "@髙橋はなさん、こんにちは"),
        ("<@U0GONE|たなか> と <@U0GONE>", "@たなか と @…"),
        ("<#C0SAKU|old-name> <#C0GONE|暮らし> <#C0GONE>", "#佐久の暮らし #暮らし #…"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S0CITY|@市役所> <!subteam^S0CITY>", "@市役所 @…"),
        ("<!date^1763600400^{date_long}|11月20日>に", "11月20日に"),
        ("<https://example.jp/?a=1&amp;b=2|佐久市>", "佐久市"),
        ("<https://example.jp/?a=1&amp;b=2>", "https://example.jp/?a=1&b=2"),
        ("<mailto:fm@example.jp|fm@example.jp> <tel:0267621111|0267-62-1111>", "fm@example.jp 0267-62-1111"),
        ("R&amp;D &lt;b&gt; &amp;lt; &copy;", "R&D <b> &lt; &copy;"),
        (":radio: :wave::skin-tone-3: :wave::skin-tone-6: :+1:です", "📻 👋🏼 👋 👍です"),
        (":no_such_thing: 10:30:radio::佐久鯉:", ":no_such_thing: 10:30📻🐟"),
        ("*太字*です、_italic_ と ~消~ と `code *not bold*`", "太字です、italic と 消 と code *not bold*"),
        ("*_両方_* 2*3*4 snake_case_name 土~日と月~火", "両方 2*3*4 snake_case_name 土~日と月~火"),
        ("前\n&gt; 引用 *一*\n&gt; 二\n後", "前\n> 引用 一\n> 二\n後"),
        ("&gt;&gt;&gt; ここから\n最後まで", "> ここから\n> 最後まで"),
        ("• 一\n    ◦ 二\n1. い\n2. ろ", "• 一\n    • 二\n1. い\n2. ろ"),
        ("```\n<https://example.jp> &lt;p&gt; *x*\n```", "https://example.jp <p> *x*"),
        ("  行頭\r\n行末  \x07", "行頭\n行末"),
        ("<U0SAKU> <foo|bar> a < b", "<U0SAKU> bar a < b"),
        ("", ""),
    ],
)
def test_plain_text_reads_as_the_author_saw_it(stored, read):
    assert plain(stored, NAMES) == read


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("*太字*です", "**太字**です"),
        ("*「佐久」*です", "**「佐久」**&#8203;です"),
        ("_斜体_ ~消す~", "*斜体* ~~消す~~"),
        ("`a *b*` と `&lt;i&gt; `", "`a *b*` と ` <i>  `"),
        (
            "<https://example.jp/a_(b)?x=1&amp;y=2|佐久[市]>",
            r"[佐久\[市\]](https://example.jp/a_\(b\)?x=1\&y=2)",
        ),
        ("すごい!<https://example.jp|絵>", r"すごい\![絵](https://example.jp)"),
        (
            "# 見出しではない\n- 箇条書きでもない\n2026. 11月",
            "\\# 見出しではない\\\n\\- 箇条書きでもない\\\n2026\\. 11月",
        ),
        ("一\n二\n\n三", "一\\\n二\n\n三"),
        ("話\n&gt; 引用\n&gt; 二行目", "話\n\n> 引用\\\n> 二行目"),
        ("• 一\n    ◦ 二\n• 三", "- 一\n    - 二\n- 三"),
        ("1. い\n2. ろ\n5. は", "1. い\n2. ろ\n\n5\\. は"),
        ("```\nx = `y` *z*\n```", "```\nx = `y` *z*\n```"),
        ("&lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:1) &amp;copy;", None),
    ],
)
def test_markdown_keeps_slacks_markup_and_escapes_the_rest(stored, written):
    made = markdown(stored, NAMES)
    if written is not None:
        assert made == written
    assert "<script" not in SAFE.render(made)
    assert '<a href="javascript' not in SAFE.render(made)


def test_markdown_looks_like_the_message():
    stored = "*お知らせ* <@U0SAKU>\n• <https://example.jp|灯油>\n&gt; 「*髙い*」です"
    assert MarkdownIt("commonmark").render(markdown(stored, NAMES)) == (
        "<p><strong>お知らせ</strong> @髙橋はな</p>\n"
        '<ul>\n<li><a href="https://example.jp">灯油</a></li>\n</ul>\n'
        "<blockquote>\n<p>「<strong>髙い</strong>」です</p>\n</blockquote>\n"
    )


def test_a_display_name_cannot_add_lines_or_markup():
    assert plain("<@U0LINES>", NAMES) == "@改行 # 見出し <b>"
    assert SAFE.render(markdown("<@U0LINES>", NAMES)) == "<p>@改行 # 見出し &lt;b&gt;</p>\n"


def test_people_are_withheld_where_their_names_may_become_public():
    names = WithheldNames({ChannelId("C0SAKU"): "佐久の暮らし"}, EMOJI.get)
    assert plain("<@U0SAKU|髙橋はな> <#C0SAKU> :radio:", names) == "@… #佐久の暮らし 📻"


def test_links_are_the_pages_of_the_web_each_once_in_order():
    stored = (
        "<https://example.jp/b> <http://example.jp/a|灯油 &amp; 薪> <mailto:a@example.jp|a> <@U0SAKU> "
        "<https://example.jp/b|冬支度> <https://saku.slack.com/archives/C01/p1763600400000100> "
        "<https://files.slack.com/files-pri/T1-F1/x.pdf|x.pdf> <https://saku.slack.com/files/U1/F1/x.pdf> "
        "<https://me:secret@example.jp/> <https://[> <ftp://example.jp> <https://api.slack.com/docs>"
    )
    assert links(stored) == (
        Link("https://example.jp/b", "冬支度"),
        Link("http://example.jp/a", "灯油 & 薪"),
        Link("https://api.slack.com/docs", "api.slack.com"),
    )


def test_mentions_are_members_only():
    assert mentions("<@U0SAKU> <@W0GUEST|佐久> <#C0SAKU> @U0NOBODY &lt;@U0TYPED&gt;") == {"U0SAKU", "W0GUEST"}


PIECES = st.sampled_from(
    [
        *("<", ">", "&lt;", "&gt;", "&amp;", "&", "*", "_", "~", "`", "```", "\n", "\r", " ", "    ", "\t"),
        *(
            "<@U0SAKU>",
            "<@",
            "<!channel>",
            "<#C0SAKU|x>",
            "<https://example.jp/?a&amp;b|",
            "<javascript:1|x>",
        ),
        *(":radio:", ":", "::skin-tone-2:", "•", "1. ", "- ", "#", "=", "[x](y)", "![", "](", "\\", "|", "!"),
        *("<script>", "<b>", "<img src=x onerror=1>", "</p>", "<!--", "&#60;", "佐久", "髙", "が", "👩‍👩‍👧"),
        *(
            "\ud83d",
            "\U000f0000",
            "\U0010ffff",
            "\x00",
            "\u2028",
            "\ufeff",
            "&gt;&gt;&gt;",
            "<>",
            "<|>",
            "<@U1|<",
        ),
    ]
)
HOSTILE = st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join)
EXAMPLES = settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@EXAMPLES
@given(HOSTILE)
def test_nothing_makes_it_fail(stored):
    for text in (plain(stored, NAMES), markdown(stored, NAMES)):
        text.encode()
        assert not re.search("[\x00-\x08\x0b-\x1f]", text)
    links(stored)
    mentions(stored)


@EXAMPLES
@given(HOSTILE)
def test_plain_text_mentions_nobody_unless_the_author_typed_the_brackets(stored):
    assert "<@" not in plain(stored.replace("&lt;", ""), NAMES)


@EXAMPLES
@given(st.text(alphabet="ab佐<>&;lgtamp \n", max_size=60))
def test_entities_are_unescaped_exactly_once(typed):
    lines = [line.strip(" ") for line in typed.strip().split("\n")]
    kept = "\n".join(line for line in lines if line)
    if any(line.startswith(">") for line in lines):
        return  # a quotation
    stored = kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain(stored, NAMES) == kept


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]


OURS = {"p", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "br"}


@EXAMPLES
@given(HOSTILE)
def test_rendered_markdown_holds_no_tag_but_slacks_own_markup(stored):
    for renderer in (
        SAFE,
        MarkdownIt("commonmark", {"html": True}),
        MarkdownIt("gfm-like", {"linkify": False}),
    ):
        found = _Tags()
        found.feed(renderer.render(markdown(stored, NAMES)))
        assert found.tags <= OURS
        assert all(one.startswith(("https://", "http://", "mailto:", "tel:")) for one in found.targets)


@EXAMPLES
@given(HOSTILE)
@example("`0``0`")
def test_rendered_markdown_says_the_same_as_plain_text(stored):
    words = re.sub(r"<[^>]*>", "", SAFE.render(markdown(stored, NAMES)))
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        words = words.replace(entity, character)
    assert _letters(words) == _letters(plain(stored, NAMES))


def _letters(text: str) -> str:
    """Leave out what writes structure: spaces, bullets, quotation marks at line starts, numbers of lists."""
    text = re.sub(r"^[ \t>]*(?:•|\d{1,3}\.)? ?", "", text, flags=re.MULTILINE)
    return re.sub(r"[\s\u200b>•]|\d{1,3}\.", "", text)


def test_a_very_long_message_takes_no_time():
    for piece in ("*a* ", "_", "<", ":a", "```", "&gt; ", "• x\n", "`", "<@U0SAKU>", "*", "a:"):
        plain(piece * 10_000, NAMES)
        markdown(piece * 10_000, NAMES)
        links(piece * 10_000)
