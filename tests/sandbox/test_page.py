"""The page that people look at."""

import urllib.error
import urllib.request

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityhall_fm.sandbox import World, serving
from cityhall_fm.sandbox.mrkdwn import html
from thorough import examples


def fetched(url, language=""):
    request = urllib.request.Request(url, headers={"Accept-Language": language})  # noqa: S310
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
        return response.read().decode(), response.url


def test_channels_names_times_threads_and_reactions_are_shown(world, sandbox, ids):
    parent = world.say(ids.questions, "takahashi", "*雪* は <https://example.jp/?a=1&b=2|いつ>？ :snowflake:")
    world.say(ids.questions, "saku", f"<@{ids.takahashi}> 来月です", thread_ts=parent.ts)
    world.react(ids.questions, parent.ts, "studio_microphone", "saku")
    page, _ = fetched(sandbox.page_url)
    for part in (
        '<html lang="ja">', "質問", "髙橋", "佐久", "2026-11-23 20:00", "🎙️", "❄️", "<strong>雪</strong>",
        '<a href="https://example.jp/?a=1&amp;b=2" rel="noreferrer nofollow">いつ</a>',
        '<span class="mention">@髙橋</span> 来月です', f'id="{ids.questions}-{parent.ts}"',
    ):  # fmt: skip
        assert part in page


def test_a_permalink_opens_the_page_at_its_message(world, sandbox, ids):
    parent = world.say(ids.questions, "takahashi", "質問")
    reply = world.say(ids.questions, "saku", "返事", thread_ts=parent.ts)
    page, url = fetched(world.permalink(ids.questions, reply.ts))
    assert url == f"{sandbox.page_url}archives/{ids.questions}#{ids.questions}-{reply.ts}"
    assert f'id="{ids.questions}-{reply.ts}"' in page


@pytest.mark.parametrize(
    "path", ["archives/C404", "archives/C404/p1", "archives/C0000000001/p1795431600000100"]
)
def test_what_is_not_there_is_not_found(sandbox, path):
    with pytest.raises(urllib.error.HTTPError) as caught:
        fetched(sandbox.page_url + path)
    assert caught.value.code == 404
    caught.value.close()


@pytest.mark.parametrize(
    ("query", "header", "language", "word"),
    [
        ("", "", "ja", "チャンネル"),
        ("", "de-DE,de;q=0.9", "ja", "チャンネル"),
        ("", "fr-CH, en;q=0.8", "fr", "Canaux"),
        ("?lang=en", "fr", "en", "Channels"),
        ("?lang=xx", "", "ja", "チャンネル"),
    ],
)
def test_the_page_speaks_the_readers_language(sandbox, query, header, language, word):
    page, _ = fetched(sandbox.page_url + query, header)
    assert f'<html lang="{language}">' in page
    assert word in page


def test_a_message_cannot_bring_its_own_markup(world, sandbox, ids):
    world.add_user("evil", display_name="<img src=x onerror=alert(1)>")
    world.say(ids.questions, "evil", '<script>alert(1)</script> <https://x.jp/"onmouseover=alert(1)|a>')
    blocks = (
        {"type": "section", "text": {"type": "mrkdwn", "text": "<script>alert(2)</script>"}},
        {"type": "image", "alt_text": "<i>", "image_url": "javascript:x"},
        {"type": "<b>"},
    )
    world.say(ids.questions, "evil", "x", blocks=blocks)
    page, _ = fetched(sandbox.page_url)
    assert "<script" not in page
    assert "<img" not in page
    assert "javascript:" not in page
    assert 'href="https://x.jp/&#34;onmouseover' in page


MARKS = [
    *(
        "<",
        ">",
        "&lt;",
        "&gt; ",
        "&amp;",
        '"',
        "'",
        "*",
        "_",
        "~",
        "`",
        "```",
        "|",
        "\x00",
        "\x000\x00",
        "a",
        " ",
        "\n",
    ),
    *("<script>", "<javascript:x|y>", "<@U1>", "<!here>", "<!date^1^{date}|d>", "<#C1|c>", ":eyes:"),
]


@settings(max_examples=examples(150), deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(MARKS), max_size=14).map("".join))
def test_no_text_opens_a_tag_of_its_own(text):
    shown = str(html(World(), text))
    for tag in ("<script", "<javascript", "\x00"):
        assert tag not in shown
    assert 'href="javascript' not in shown


def test_blocks_are_shown(world, sandbox, ids):
    def text(kind, content):
        return {"type": kind, "text": content}

    rich = [
        {"type": "text", "text": "太い", "style": {"bold": True}}, {"type": "emoji", "name": "radio"},
        {"type": "user", "user_id": ids.saku}, {"type": "link", "url": "https://example.jp", "text": "市"},
    ]  # fmt: skip
    blocks = (
        {"type": "header", "text": text("plain_text", "第42回 :tada:")},
        {"type": "section", "text": text("mrkdwn", "_斜体_"), "fields": [text("mrkdwn", "欄")]},
        {"type": "context", "elements": [text("mrkdwn", "小さく")]},
        {"type": "image", "image_url": "https://example.jp/a.png", "alt_text": "絵"},
        {"type": "divider"},
        {"type": "actions", "elements": [{"type": "button", "text": text("plain_text", "聴く")}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": rich}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "ordered", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "一つ目"}]}]}]},
    )  # fmt: skip
    world.say(ids.questions, "saku", "x", blocks=blocks)
    page, _ = fetched(sandbox.page_url)
    for part in (
        "第42回 🎉", "<em>斜体</em>", "<li>欄</li>", "小さく", 'alt="絵"', "<hr>", '"button">聴く</span>',
        "<strong>太い</strong>📻", "@佐久", '<a href="https://example.jp"', "<ol><li><p>一つ目</p></li></ol>",
    ):  # fmt: skip
        assert part in page


def test_a_long_channel_shows_its_newest_messages_and_leads_to_the_rest(world, sandbox, ids):
    for number in range(101):
        world.say(ids.questions, "saku", f"発言{number}です")
    page, _ = fetched(sandbox.page_url)
    assert "発言0です" not in page
    assert f'href="/archives/{ids.questions}"' in page
    assert "発言0です" in fetched(f"{sandbox.page_url}archives/{ids.questions}")[0]


def test_two_sandboxes_live_side_by_side_on_loopback():
    with serving(World()) as one, serving(World()) as two:
        assert one.page_url != two.page_url
        assert one.page_url.startswith("http://127.0.0.1:")
        assert one.api_url.endswith("/api/")


def test_the_port_is_free_again_after_the_end():
    with serving(World()) as sandbox:
        port = int(sandbox.page_url.rstrip("/").rpartition(":")[2])
    with serving(World(), port=port) as again:
        assert fetched(again.page_url)[0]
