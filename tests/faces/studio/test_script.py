"""The reading script: what consent allows, readings that hosts correct, paper, prompter, no network."""

from __future__ import annotations

import re

import pytest

from cityhall_fm.production.curate import note_consent, slot
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.mrkdwn import links
from cityhall_fm.show.question import Kind, Status
from cityhall_fm.show.roles import Role
from studio_visitor import until

PLACE = "/episodes/3/script"


def a_slotted(opened, naming=None, **more):
    """Put the first question of its kind into episode 3, under a consent or none."""
    inbox, shelf = opened.companion.inbox, opened.companion.shelf
    kind = Kind.QUESTION if naming else Kind.TOPIC
    waiting = inbox.questions(statuses=frozenset({Status.RECEIVED}))
    one = next(one for one in waiting if one.kind is kind and one.usable and one.words.for_host())
    if naming:
        note_consent(one.id, naming, wording="約束", inbox=inbox, now=opened.clock(), **more)
    slot(one.id, 3, shelf=shelf, inbox=inbox, links=links, now=opened.clock(), title="題")
    return inbox.question(one.id)


def bare(answer):
    """What the hosts read, without readings."""
    paper = answer.text.partition('id="paper"')[2].partition("<details")[0]
    return re.sub(r"\s+", "", re.sub(r"<rp>.*?</rp>|<rt>.*?</rt>|<[^>]+>", "", paper))


def test_the_script_greets_and_names_the_hosts(opened):
    words = bare(opened.visitor().get(PLACE))
    assert "みなさん、こんばんは。FMリモート市役所の時間です。" in words
    assert "森下ゆうと柳沢まことです。" in words


def test_a_letter_is_read_under_the_radio_name_with_its_reading(opened):
    question = a_slotted(opened, Naming.RADIO_NAME, radio_name="髙橋🍎", reading="たかはしりんご")
    answer = opened.visitor().get(PLACE)
    assert "ラジオネーム髙橋🍎さんからのお便りです。" in bare(answer)
    assert re.sub(r"\s+", "", question.words.for_host())[:12] in bare(answer)
    assert "市の、ラジオネーム" not in bare(answer)  # nobody was asked where they live


def test_who_wants_no_name_is_read_without_one(opened):
    question = a_slotted(opened, Naming.ANONYMOUS)
    words = bare(opened.visitor().get(PLACE))
    assert "匿名希望さんからのお便りです。" in words
    assert f"{question.asker_name.for_host()}さん" not in words


def test_a_topic_is_paraphrased_since_nobody_agreed(opened):
    question = a_slotted(opened)
    words = bare(opened.visitor().get(PLACE))
    assert "(ご自分の言葉で紹介してください:題)" in words
    assert re.sub(r"\s+", "", question.words.for_host())[:12] not in words
    assert question.asker_name.for_host() not in words


def test_kanji_have_their_readings_and_kana_none(opened):
    opened.visitor().post("/episodes/3/rundown/add", title="a", script="取り扱いは、お買い物です。")
    text = opened.visitor().get(PLACE).text
    assert "<ruby>取<rp>(</rp><rt>と</rt><rp>)</rp></ruby></span><span" in text.replace("\n", "")
    assert "<rt>あつか</rt>" in text
    assert "お買" not in re.findall(r"<ruby>([^<]*)", text)
    assert "<wbr>" in text


def test_a_corrected_reading_is_remembered_and_can_be_taken_back(opened):
    visitor = opened.visitor()
    visitor.post("/episodes/3/rundown/add", title="a", script="水道管を凍らせない。")
    visitor.post(f"{PLACE}/readings", word="水道管", reading="スイドウカン")
    assert "「水道管」は「すいどうかん」と覚えました。" in visitor.get(PLACE).words
    assert "<ruby>水道管<rp>(</rp><rt>すいどうかん</rt>" in visitor.get(PLACE).text
    assert opened.companion.studio_memory.readings() == {"水道管": "すいどうかん"}
    visitor.post(f"{PLACE}/readings", word="水道管", reading="")
    assert opened.companion.studio_memory.readings() == {}


@pytest.mark.parametrize(("word", "reading"), [("りんご", "りんご"), ("水道管", "suidō"), ("水道管", "水道")])
def test_what_is_no_reading_is_told(opened, word, reading):
    answer = opened.visitor().post(f"{PLACE}/readings", word=word, reading=reading)
    assert answer.status == 409
    assert opened.companion.studio_memory.readings() == {}


def test_the_name_of_somebody_who_asked_is_not_kept_beyond_their_consent(opened):
    a_slotted(opened, Naming.RADIO_NAME, radio_name="冬の入門生", reading="ふゆのにゅうもんせい")
    answer = opened.visitor().post(f"{PLACE}/readings", word="冬の入門生", reading="ふゆ")
    assert answer.status == 409
    assert opened.companion.studio_memory.readings() == {}


def test_a_sentence_too_long_to_read_is_marked(opened):
    visitor = opened.visitor()
    visitor.post("/episodes/3/rundown/add", title="a", script=f"{'佐久の冬は' * 16}。短い文です。")
    assert visitor.get(PLACE).text.count('class="sentence long"') == 1
    assert "長い文が1つあります" in visitor.get(PLACE).words


def test_hosts_alone_read_it(opened):
    assert opened.visitor(Role.VIEWER, person="U0VIEWER", name="髙橋").get(PLACE).status == 200
    stranger = opened.visitor()
    stranger.cookies = {}
    assert stranger.get(PLACE).status == 401


def test_what_works_without_a_network_reaches_no_further_than_this_page(opened):
    answer = opened.visitor().get(f"{PLACE}/worker.js")
    assert answer.headers["service-worker-allowed"] == PLACE
    assert answer.headers["content-type"].startswith("text/javascript")


def test_a_show_in_another_language_is_read_in_it_without_readings(opened):
    settings = opened.folder / "feeds" / "show.toml"
    settings.write_text(settings.read_text("utf-8").replace('language = "ja"', 'language = "fr"'), "utf-8")
    from cityhall_fm.settings import read_settings  # noqa: PLC0415 - read again, as after a restart

    opened.companion.settings = read_settings(opened.folder, {})
    answer = opened.visitor().get(PLACE)
    assert "Bonsoir, vous écoutez FMリモート市役所." in answer.words
    assert "<ruby>" not in answer.text


# What only a browser shows


def test_a_word_is_corrected_with_the_keyboard(opened, page_of):
    opened.visitor().post("/episodes/3/rundown/add", title="a", script="行った。")
    page = page_of(opened)
    page.goto(opened.address + PLACE)
    page.get_by_role("button", name="読みを直す").click()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.word")
    page.locator("[data-word='行っ'], [data-word='行った']").first.click()
    page.locator("#ask-word").fill("行った")
    page.locator("#ask-reading").fill("いった")
    page.keyboard.press("Enter")
    page.get_by_text("「行った」は「いった」と覚えました。").wait_for()
    assert page.locator("[data-word='行った'] rt").first.text_content() == "い"


def test_the_prompter_runs_and_stops_with_the_space_bar_and_nothing_moves_under_the_reader(opened, page_of):
    visitor = opened.visitor()
    visitor.post("/episodes/3/rundown/add", title="a", script="\n".join(["佐久の冬は寒いです。"] * 40))
    page = page_of(opened)
    page.goto(opened.address + PLACE)
    page.get_by_role("button", name="流して読む").click()
    page.keyboard.press("Space")
    until(page, "document.getElementById('paper').scrollTop > 15")
    page.keyboard.press("Space")
    stopped = page.evaluate("document.getElementById('paper').scrollTop")
    visitor.post("/episodes/3/rundown/add", title="追加のコーナー", script="あとから。")
    page.wait_for_timeout(700)
    assert page.evaluate("document.getElementById('paper').scrollTop") == stopped
    assert page.get_by_text("追加のコーナー").count() == 0
    page.keyboard.press("m")
    assert "mirrored" in page.evaluate("document.body.className")
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="追加のコーナー").wait_for()
    assert page.evaluate("document.body.className").find("prompter") < 0


def test_once_opened_it_is_read_without_a_network_until_somebody_leaves(opened, page_of):
    page = page_of(opened)
    page.goto(opened.address + PLACE)
    page.get_by_text("この端末に控えました").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.context.set_offline(True)
    page.goto(f"{opened.address}{PLACE}?layout=vertical")
    page.get_by_text("つながっていないので、控えを見せています").wait_for()
    assert "こんばんは" in page.locator("#paper").text_content()
    page.context.set_offline(False)
    page.goto(opened.address + PLACE)
    page.get_by_text("この端末に控えました").wait_for()
    page.get_by_role("button", name="退出").click()
    page.get_by_text("リンク").first.wait_for()
    assert page.evaluate("caches.keys()") == []
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(opened.address + PLACE)


def test_down_the_page_it_begins_on_the_right_and_prints_on_a4(opened, page_of):
    page = page_of(opened)
    page.goto(f"{opened.address}{PLACE}?layout=vertical")
    paper = page.locator("#paper").bounding_box()
    title = page.locator("#paper h1").bounding_box()
    assert title["x"] > paper["x"] + paper["width"] * 0.7
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    document = page.pdf(prefer_css_page_size=True)
    assert re.search(rb"/MediaBox ?\[0 0 84\d(\.\d+)? 59\d", document)
    page.goto(f"{opened.address}{PLACE}")
    assert re.search(rb"/MediaBox ?\[0 0 59\d(\.\d+)? 84\d", page.pdf(prefer_css_page_size=True))
