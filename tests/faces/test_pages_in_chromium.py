"""The pages in a real browser: what axe-core finds, what keys do, what is heard, searched and shared."""

from __future__ import annotations

import json
import threading
import time
from datetime import date

import pytest
import uvicorn

from cityhall_fm.demo.serving import create_app
from cityhall_fm.show.accessibility import Accessibility, AccessibilityTest
from cityhall_fm.show.searching import folded
from free_port import free_ports

from chromium import chromium, chromium_path
from made_up import a_whole_show, write_site

pytestmark = pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium here")

TEST = AccessibilityTest(
    date(2026, 11, 23), "広報広聴課", ("axe-core",), met=frozenset({"2.1.1"}), failed=frozenset({"2.4.5"})
)
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KINDS = (
    "", "3/", "archive/", "topics/remote-work/", "qa/", "qa/{question}/", "search/?q=灯油", "subscribe/",
    "accessibility/", "404.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("chromium")) as running:
        yield running


@pytest.fixture
def page(browser):
    with browser.page() as one:
        one.look(1280)
        yield one
        assert one.complaints == []


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The made-up show in a language, at an address of this machine; made when it is first asked for."""
    made, servers = {}, []

    def serve(language="ja", episodes=7, minutes=2):
        which = (language, episodes, minutes)
        if which not in made:
            (port,) = free_ports(1)
            address = f"http://127.0.0.1:{port}"
            site = a_whole_show(
                episodes,
                minutes=minutes,
                language=language,
                public_url=address,
                accessibility=Accessibility(contact="https://example.jp/", test=TEST),
            )
            folder = write_site(site, tmp_path_factory.mktemp(f"site-{language}"))
            server = uvicorn.Server(uvicorn.Config(create_app(folder), port=port, log_level="error"))
            thread = threading.Thread(target=server.run)
            thread.start()
            servers.append((server, thread))
            while not server.started:
                time.sleep(0.02)
            question = next(path.parent.name for path in sorted((folder / "qa").glob("q-*/index.html")))
            made[which] = (address, question)
        return made[which]

    yield serve
    for server, thread in servers:
        server.should_exit = True
        thread.join()


@pytest.fixture
def open_page(served, page):
    """Open one of the pages; gives back the tab."""

    def at(path, language="ja", **size):
        address, question = served(language, **size)
        page.open(f"{address}/{path.format(question=question)}")
        return page

    return at


@pytest.mark.parametrize("path", KINDS)
def test_axe_finds_nothing_in_light_and_dark_on_phone_and_desktop(path, open_page, axe):
    page = open_page(path)
    if path.startswith("search"):
        page.wait_until("document.querySelector('#found article')")
    page.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert complaints_of(page, axe) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_axe_finds_nothing_in_the_other_languages(language, open_page, axe):
    for path in ("", "3/", "qa/{question}/", "accessibility/"):
        page = open_page(path, language)
        page.run(f"{axe}; true")
        found = page.run(
            f"axe.run(document, {json.dumps({'runOnly': LEVELS})}).then(r => r.violations.map(v => v.id))"
        )
        assert found == [], path


@pytest.mark.parametrize("path", KINDS)
def test_nothing_is_fetched_elsewhere_refused_or_wider_than_a_phone(path, open_page, served):
    page = open_page(path)
    page.look(320)
    page.run("new Promise(done => setTimeout(done, 150))")
    assert all(url.startswith((served()[0], "about:", "data:", "blob:")) for url in page.requested)
    assert page.run("document.documentElement.scrollWidth <= innerWidth")
    # What the policy refuses, and JSON-LD would be the first, stands in `complaints`.


@pytest.mark.parametrize("path", KINDS)
def test_nothing_moves_while_a_page_loads(path, open_page):
    page = open_page(path)
    shift = page.run(
        "new Promise((done) => { let sum = 0; new PerformanceObserver((list) => { for (const one of"
        " list.getEntries()) if (!one.hadRecentInput) sum += one.value; })"
        ".observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(sum), 300); })"
    )
    assert shift < 0.1


def _time(page) -> float:
    return page.run("document.getElementById('player').currentTime")


def test_with_the_keyboard_alone_one_opens_an_episode_and_plays_a_chapter(open_page):
    page = open_page("")
    page.tab_to("element.pathname === '/7/' && element.closest('article')")
    page.press("Enter")
    page.wait_until("location.pathname === '/7/' && document.readyState === 'complete'")
    page.tab_to("element.closest('.chapters') && element.hash === '#t=48'")
    page.press("Enter")
    page.wait_until(
        "!document.getElementById('player').paused && document.getElementById('player').currentTime >= 48"
    )
    assert page.run("document.querySelector('.chapters [aria-current]').hash") == "#t=48"


def test_keys_play_jump_and_change_the_speed(open_page):
    page = open_page("3/#t=30")
    page.wait_until("document.getElementById('player').readyState >= 1")
    for key in ("k", "k", "l", "ArrowRight", "j"):
        page.press(key)
    assert _time(page) == pytest.approx(40, abs=2)
    page.press("+", shift=True)
    assert page.run("document.getElementById('player').playbackRate") == 1.25
    page.press("-")
    page.press("-")
    assert page.run("document.getElementById('speed').value") == "0.75"
    assert page.run("document.getElementById('status').textContent") == "速さ 0.75倍"
    page.press(" ")
    page.wait_until("!document.getElementById('player').paused")
    page.press(" ")
    page.wait_until("document.getElementById('player').paused")


def test_keys_belong_to_whatever_has_the_focus_and_can_be_turned_off(open_page):
    page = open_page("3/")
    page.wait_until("document.getElementById('player').readyState >= 1")
    page.run("document.getElementById('speed').focus()")
    page.press("l")
    assert _time(page) == 0
    page.run("document.querySelector('[data-do=forward]').focus()")
    page.press(" ")
    assert _time(page) == 10
    assert page.run("document.getElementById('player').paused")
    page.run("document.querySelector('details.keys').open = true; document.getElementById('keys').click()")
    page.run("document.activeElement.blur()")
    page.press("l")
    assert _time(page) == 10
    page = open_page("3/")
    assert page.run("document.getElementById('keys').checked") is False
    page.run("localStorage.clear()")


def test_the_transcript_follows_and_a_click_on_words_plays_them(open_page):
    page = open_page("3/")
    page.tab_to("element.matches('.transcript summary')")
    page.press("Enter")
    page.wait_until("document.querySelector('.transcript details').open")
    page.click(".cues span[data-t='60']")
    page.wait_until("document.querySelector('.cues [aria-current]')?.dataset.t === '60'")
    page.wait_until("!document.getElementById('player').paused")
    page.run(
        "document.getElementById('player').currentTime = 114; document.querySelector('.cues').scrollTop = 0"
    )
    page.wait_until("document.querySelector('.cues [aria-current]').dataset.t === '114'")
    page.wait_until(
        "(() => { const box = document.querySelector('.cues').getBoundingClientRect();"
        " const cue = document.querySelector('.cues [aria-current]').getBoundingClientRect();"
        " return cue.top >= box.top && cue.bottom <= box.bottom; })()"
    )


LONG = {"episodes": 2, "minutes": 60}


def test_a_long_transcript_is_brought_when_it_is_opened_follows_and_plays(open_page):
    page = open_page("1/", **LONG)
    assert page.run("document.querySelectorAll('.cues span').length") == 0
    page.tab_to("element.matches('.transcript summary')")
    page.press("Enter")
    page.wait_until("document.querySelectorAll('.cues span').length > 300")
    assert page.run("document.getElementById('apart').hidden")
    page.run("document.querySelector('.cues span[data-t=\"60\"]').click()")
    page.wait_until("document.querySelector('.cues [aria-current]')?.dataset.t === '60'")
    page.wait_until("!document.getElementById('player').paused")
    links = (
        "[...document.querySelectorAll('.cues a')].every((one) => one.getAttribute('href').startsWith('#t='))"
    )
    assert page.run(links)


def test_what_is_said_in_a_long_episode_is_found_and_opens_at_its_words(open_page):
    page = open_page("search/?q=灯油を月に", **LONG)
    page.wait_until("document.querySelector('#found a[href*=transcript]') !== null")
    page.run("document.querySelector('#found a[href*=transcript]').click()")
    page.wait_until("document.querySelectorAll('.cues span').length > 300")
    page.wait_until("document.querySelector('.cues [aria-current]') !== null")


def test_without_script_a_long_transcript_is_one_link_away(open_page):
    page = open_page("1/", **LONG)
    page.send("Emulation.setScriptExecutionDisabled", value=True)
    page = open_page("1/", **LONG)
    text = page.send("DOM.getOuterHTML", nodeId=page.send("DOM.getDocument")["root"]["nodeId"])["outerHTML"]
    assert 'href="transcript/"' in text


@pytest.mark.parametrize("path", ["1/transcript/", "1/"])
def test_axe_finds_nothing_in_a_long_transcript(path, open_page, axe):
    page = open_page(path, **LONG)
    page.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.wait_until("document.querySelectorAll('.cues span').length > 300")
    assert complaints_of(page, axe) == []


@pytest.mark.parametrize("path", ["archive/", "archive/1/", "qa/2/"])
def test_axe_finds_nothing_on_pages_of_long_lists(path, open_page, axe):
    page = open_page(path, episodes=170)
    assert page.run("document.querySelector('nav.pages a') !== null")
    assert complaints_of(page, axe) == []


def complaints_of(page, axe):
    """Ask axe-core on a dark phone and a light desk: colours hang on the one, places on the other."""
    page.run(f"{axe}; true")
    found = []
    for width, dark in ((390, True), (1280, False)):
        page.look(width, dark=dark)
        rules = json.dumps({"runOnly": LEVELS, "resultTypes": ["violations"]})
        found += page.run(
            f"axe.run(document, {rules}).then(({{ violations }}) => violations.map((one) =>"
            " `${one.id}: ${one.nodes.map((node) => node.html + node.failureSummary).join(' ')}`))"
        )
    return found


def test_a_link_to_this_second_is_copied_and_opens_there(open_page, served):
    page = open_page("3/#t=75")
    page.send("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    page.wait_until("document.getElementById('player').currentTime === 75")
    page.tab_to("element.dataset.do === 'share'")
    page.press("Enter")
    page.wait_until(
        "document.getElementById('status').textContent === '1:15から聴けるリンクをコピーしました。'"
    )
    assert page.run("navigator.clipboard.readText()") == f"{served()[0]}/3/#t=75"


def test_where_copying_is_refused_the_link_is_shown(open_page, served):
    page = open_page("3/#t=75")
    page.send("Browser.setPermission", permission={"name": "clipboard-write"}, setting="denied")
    page.wait_until("document.getElementById('player').currentTime === 75")
    page.click("[data-do=share]")
    page.wait_until(f"document.getElementById('status').textContent.endsWith('{served()[0]}/3/#t=75')")


def test_an_answer_plays_from_its_second_to_its_end(open_page):
    page = open_page("qa/{question}/")
    start, end = page.run("document.querySelector('audio').src.split('#t=')[1].split(',').map(Number)")
    page.run("document.querySelector('audio').load(); document.querySelector('audio').play()")
    page.wait_until(f"document.querySelector('audio').currentTime >= {start}")
    assert start < end


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("灯油", "灯油"),
        ("トウユ 断熱", None),
        ("ｽﾄｰﾌﾞ", "ストーブ"),
        ("高橋", "髙橋"),
        ("冬", "冬"),
        ("fm", "FM"),
    ],
)
def test_what_is_searched_is_found_with_its_second(open_page, query, said):
    page = open_page(f"search/?q={query}")
    page.wait_until("!document.getElementById('status').textContent.startsWith('探しています')")
    if said is None:
        assert page.run("document.getElementById('status').textContent").startswith("見つかりませんでした")
        return
    page.wait_until("document.querySelector('#found mark')")
    assert said in page.run("document.getElementById('found').textContent")
    assert page.run(
        "[...document.querySelectorAll('#found li > a:not(.hint)')].every(one => one.hash.startsWith('#t='))"
    )


def test_words_that_only_stand_apart_are_not_found_as_one(open_page):
    page = open_page("search/?q=灯油雪かき")
    page.wait_until("document.getElementById('status').textContent.startsWith('見つかりません')")


def test_typing_searches_and_enter_does_not_leave_the_page(open_page):
    page = open_page("search/")
    page.run("document.getElementById('q').focus()")
    for letter in "remote":
        page.press(letter)
    page.press("Enter")
    page.wait_until("document.querySelector('#found article')")
    assert page.run("location.search") == "?q=remote"


def test_browser_and_build_fold_words_alike(open_page):
    page = open_page("search/?q=x")
    page.wait_until("Object.keys(variants).length")
    words = [
        "ﾄｳﾕ代",
        "Été",
        "髙橋﨑",
        "ガギグ",
        "ﾊﾟﾝ",
        "ＦＭ",
        "①㈱㍻",
        "神",
        "ヴァイオリン",
        "Ǆ",
        "ﬁ",
        "か゚",
        "𠮷野家",
        "İ",
        "ΣΑΣ",
    ]
    assert page.run(f"{json.dumps(words)}.map(fold)") == [folded(word) for word in words]


def test_without_script_pages_read_and_the_search_says_so(open_page):
    page = open_page("")
    page.send("Emulation.setScriptExecutionDisabled", value=True)
    page = open_page("search/")
    text = page.send("DOM.getOuterHTML", nodeId=page.send("DOM.getDocument")["root"]["nodeId"])["outerHTML"]
    assert "検索にはJavaScriptが必要です" in text.replace("<wbr>", "")


def test_in_print_the_words_are_there_and_the_controls_are_not(open_page):
    page = open_page("3/")
    page.send("Emulation.setEmulatedMedia", media="print")
    shown = "getComputedStyle(document.querySelector({})).display !== 'none'"
    assert not any(page.run(shown.format(repr(one))) for one in (".player", ".menu", ".neighbours"))
    assert page.run(shown.format("'.part'"))
    assert page.run("document.querySelector('.cues').getBoundingClientRect().height > 300")
    page.send("Emulation.setEmulatedMedia", media="")
