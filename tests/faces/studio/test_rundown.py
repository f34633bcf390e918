"""The rundown page: order, lengths, letters; two people on it lose nothing of each other."""

from __future__ import annotations

import re
from html import unescape

import pytest

from cityhall_fm.production.curate import move
from cityhall_fm.show.arranging import seen, value_seen
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.question import Kind, Status
from cityhall_fm.show.roles import Role
from studio_visitor import until

PLACE = "/episodes/3/rundown"


def segments(opened):
    return opened.companion.shelf.episode(3).rundown.segments


def titles(opened):
    return [segment.title for segment in segments(opened)]


def named(opened, place):
    return str(seen(opened.companion.shelf.episode(3).rundown)[place - 1])


def file_of(opened):
    (path,) = (opened.folder / "episodes").glob("0003-*/episode.md")
    return path


def test_the_page_shows_order_lengths_and_what_is_left_of_the_half_hour(opened):
    page = opened.visitor().get(PLACE)
    assert page.status == 200
    found = [page.words.index(title) for title in titles(opened)]
    assert found == sorted(found)
    assert "/ 30:00" in page.words
    assert re.search(r"あと2\d分\d+秒あります", page.words)


@pytest.mark.parametrize(("language", "words"), [("en", "to spare"), ("fr", "il reste")])
def test_the_page_speaks_the_visitors_language(opened, language, words):
    assert words in opened.visitor().get(PLACE, **{"accept-language": language}).words


def test_a_planned_length_counts_and_too_much_is_told(opened):
    visitor = opened.visitor()
    visitor.post(f"{PLACE}/rewrite", seen=named(opened, 1), title="オープニング", length="31分30秒")
    assert str(segments(opened)[0].length) == "31:30"
    assert str(segments(opened)[0].at) == "0:00"
    assert re.search(r"\d分\d+秒、長くなっています", visitor.get(PLACE).words)


def test_a_segment_moves_before_another_and_the_new_place_is_told(opened):
    before = titles(opened)
    visitor = opened.visitor()
    answer = visitor.post(
        f"{PLACE}/move", seen=named(opened, 4), before=named(opened, 1), title="エンディング"
    )
    assert (answer.status, answer.headers["location"]) == (303, PLACE)
    assert titles(opened) == [before[3], *before[:3]]
    assert "「エンディング」は1番目になりました。" in visitor.get(PLACE).words


def test_a_segment_is_added_edited_and_everything_is_taken_back_again(opened):
    visitor, before = opened.visitor(), file_of(opened).read_text("utf-8")
    known = segments(opened)
    visitor.post(f"{PLACE}/add", title="髙橋さんの🍎 ", length="2")
    assert (titles(opened)[-2], str(segments(opened)[-2].length)) == ("髙橋さんの🍎", "2:00")
    visitor.post(
        f"{PLACE}/rewrite", seen=named(opened, 4), title="りんご", length="", summary="甘い\r\nです",
        script="こんばんは。\r\nりんごです。", topics="冬、食べもの,冬",
        links="https://example.jp/りんご りんごの話\r\n\r\nhttps://example.jp/",
    )  # fmt: skip
    added = segments(opened)[-2]
    assert (added.length, added.summary, added.script) == (None, "甘い\nです", "こんばんは。\nりんごです。")
    assert added.topics == ("冬", "食べもの")
    assert [link.title for link in added.links] == ["りんごの話", "https://example.jp/"]
    for _ in range(2):
        visitor.post(f"{PLACE}/undo")
    assert segments(opened) == known
    assert file_of(opened).read_text("utf-8") == before


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"title": " "}, "題が空です"),
        ({"title": "a", "length": "ながい"}, "読み取れません"),
        ({"title": "a", "links": "javascript:alert(1)"}, "アドレスではない"),
        ({"title": "a", "topics": "、".join(map(str, range(13)))}, "topics"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(opened, form, words):
    before = file_of(opened).read_text("utf-8")
    answer = opened.visitor().post(f"{PLACE}/add", **form)
    assert answer.status in (409, 422)
    assert words in answer.words
    assert file_of(opened).read_text("utf-8") == before


@pytest.mark.parametrize("seen_as", ["", "1", "x.y.z.w", "1.a.b.c.d"])
def test_a_form_that_names_no_segment_of_ours_is_refused(opened, seen_as):
    assert opened.visitor().post(f"{PLACE}/remove", seen=seen_as).status == 404


def test_a_question_comes_from_the_shortlist_and_goes_back_to_it(opened):
    inbox, visitor = opened.companion.inbox, opened.visitor()
    question = next(one for one in inbox.questions() if one.status is Status.RECEIVED and one.usable)
    move(question.id, Status.SHORTLISTED, inbox=inbox, now=opened.clock())
    assert question.words.for_host().split()[0] in visitor.get(PLACE).words
    visitor.post(f"{PLACE}/take", question=question.id, title="わたしの題")
    assert (titles(opened)[-2], segments(opened)[-2].question) == ("わたしの題", question.id)
    assert titles(opened)[-1] == "エンディング"
    assert inbox.question(question.id).status is Status.SLOTTED
    visitor.post(f"{PLACE}/remove", seen=named(opened, 4))
    assert inbox.question(question.id).status is Status.SHORTLISTED
    visitor.post(f"{PLACE}/undo")
    assert inbox.question(question.id).status is Status.SLOTTED
    assert segments(opened)[-2].question == question.id
    visitor.post(f"{PLACE}/undo")
    assert inbox.question(question.id).status is Status.SHORTLISTED


def test_a_withdrawn_question_cannot_come_back_by_undoing(opened):
    inbox, visitor = opened.companion.inbox, opened.visitor()
    question = next(one for one in inbox.questions() if one.status is Status.RECEIVED and one.usable)
    move(question.id, Status.SHORTLISTED, inbox=inbox, now=opened.clock())
    visitor.post(f"{PLACE}/take", question=question.id, title="わたしの題")
    visitor.post(f"{PLACE}/remove", seen=named(opened, 4))
    move(question.id, Status.WITHDRAWN, inbox=inbox, now=opened.clock())
    assert visitor.post(f"{PLACE}/undo").status == 409
    assert all(segment.question != question.id for segment in segments(opened))


def test_what_is_said_of_the_episode_changes_field_by_field(opened):
    episode = opened.companion.shelf.episode(3)
    form = {
        "title": "佐久の春支度🌸",
        "season": "2",
        "department": "子育て課",
        "topics": "春、雪",
        "notes": "はい",
    }
    names = ("title", "season", "department", "topics", "notes", "summary", "planned_for", "people")
    tokens = {f"seen_{name}": value_seen(getattr(episode, name)) for name in names}
    rest = {"summary": episode.summary, "planned_for": "2026-12-01T20:30"}
    people = {"person_name": "Élodie 🍎", "person_role": "guest", "person_reading": "えろでぃー"}
    answer = opened.visitor().post(f"{PLACE}/describe", **form, **tokens, **rest, **people)
    assert answer.headers["location"] == PLACE
    after = opened.companion.shelf.episode(3)
    assert (after.title, after.season, after.department) == ("佐久の春支度🌸", 2, "子育て課")
    assert (after.topics, after.notes, after.summary) == (("春", "雪"), "はい", episode.summary)
    assert after.planned_for.isoformat() == "2026-12-01T20:30:00+09:00"
    assert [(one.name, one.role, one.reading) for one in after.people] == [
        ("Élodie 🍎", "guest", "えろでぃー")
    ]
    assert after.rundown == episode.rundown


def test_the_usual_corners_come_with_one_button(opened):
    visitor = opened.visitor()
    visitor.post("/episodes", title="新しい回")
    assert "いつものコーナーを入れる(オープニング・エンディング)" in visitor.get("/episodes/4/rundown").words
    visitor.post("/episodes/4/rundown/corners")
    made = opened.companion.shelf.episode(4).rundown.segments
    assert [(one.title, str(one.length)) for one in made] == [
        ("オープニング", "1:30"),
        ("エンディング", "1:00"),
    ]
    assert made[0].script.startswith("みなさん、こんばんは。")
    assert 'id="corners"' not in visitor.get("/episodes/4/rundown").text
    visitor.post("/episodes/4/rundown/undo")
    assert opened.companion.shelf.episode(4).rundown.segments == ()


# Two people


def test_two_people_change_different_segments_and_both_stand(opened):
    one, other = opened.visitor(), opened.visitor(Role.HOST, person="U0HOST", name="髙橋")
    first, second = named(opened, 1), named(opened, 2)
    one.post(f"{PLACE}/rewrite", seen=first, title="はじめに", length="1:00")
    other.post(f"{PLACE}/rewrite", seen=second, title="灯油のこと", length="2:00")
    assert titles(opened)[:2] == ["はじめに", "灯油のこと"]


def test_the_same_segment_changed_meanwhile_shows_both_and_the_person_chooses(opened):
    one, other = opened.visitor(), opened.visitor(Role.HOST, person="U0HOST", name="髙橋")
    seen_by_both = named(opened, 2)
    title = titles(opened)[1]
    one.post(f"{PLACE}/rewrite", seen=seen_by_both, title=title, length="1:00", summary="一人目の要点")
    answer = other.post(
        f"{PLACE}/rewrite", seen=seen_by_both, title=title, length="2:00", summary="二人目の要点"
    )
    assert answer.headers["location"] == f"{PLACE}/clash"
    assert segments(opened)[1].summary == "一人目の要点"
    page = other.get(f"{PLACE}/clash")
    assert "一人目の要点" in page.words
    assert "二人目の要点" in page.text
    assert "録音の中の時間" not in page.words  # a field that neither of them touched
    at = segments(opened)[1].at
    now = unescape(re.search(r'name="seen" value="([^"]+)"', page.text)[1])
    other.post(f"{PLACE}/rewrite", seen=now, title=title, length="2:00", summary="二人目の要点")
    assert (segments(opened)[1].summary, segments(opened)[1].at) == ("二人目の要点", at)
    assert other.get(f"{PLACE}/clash").status == 303


def test_a_segment_taken_out_meanwhile_leaves_what_was_written(opened):
    one, other = opened.visitor(), opened.visitor(Role.HOST, person="U0HOST", name="髙橋")
    seen_by_both = named(opened, 3)
    one.post(f"{PLACE}/remove", seen=seen_by_both)
    other.post(f"{PLACE}/rewrite", seen=seen_by_both, title="水道", script="長い原稿です。")
    page = other.get(f"{PLACE}/clash")
    assert "外されました" in page.words
    assert "長い原稿です。" in page.text


def test_what_an_editor_saved_is_not_written_over(opened):
    visitor = opened.visitor()
    old = named(opened, 1)
    path = file_of(opened)
    path.write_text(
        path.read_text("utf-8").replace("- title: オープニング", "- title: 曲から  # 音を先に"), "utf-8"
    )
    visitor.post(f"{PLACE}/move", seen=old, title="オープニング")
    assert "ほかの方が変えた" in visitor.get(PLACE).words
    assert titles(opened)[0] == "曲から"
    visitor.post(f"{PLACE}/move", seen=named(opened, 1), title="曲から")
    assert titles(opened)[-1] == "曲から"
    assert "# 音を先に" in path.read_text("utf-8")


def test_fields_of_the_episode_changed_meanwhile_are_shown_side_by_side(opened):
    token = value_seen(opened.companion.shelf.episode(3).title)
    one, other = opened.visitor(), opened.visitor(Role.HOST, person="U0HOST", name="髙橋")
    one.post(f"{PLACE}/describe", seen_title=token, title="一人目の題")
    answer = other.post(f"{PLACE}/describe", seen_title=token, title="二人目の題")
    assert answer.headers["location"] == f"{PLACE}/clash"
    page = other.get(f"{PLACE}/clash")
    assert "一人目の題" in page.words
    assert "二人目の題" in page.text


def test_a_viewer_sees_the_rundown_and_no_button(opened):
    viewer = opened.visitor(Role.VIEWER, person="U0VIEWER", name="髙橋")
    page = viewer.get(PLACE)
    assert page.status == 200
    assert f"{PLACE}/move" not in page.text
    assert viewer.post(f"{PLACE}/remove", seen=named(opened, 1)).status == 403


def test_the_log_tells_of_changes_and_never_the_words(opened):
    opened.visitor().post(f"{PLACE}/add", title="ひみつの題")
    acts = opened.visitor().get("/acts").words
    assert "第3回の進行表を並べ替えました" in acts
    assert "ひみつの題" not in acts


@pytest.mark.parametrize(
    ("kind", "tag"), [(Kind.TOPIC, "話題(言いかえて紹介)"), (Kind.QUESTION, "お便り(匿名希望)")]
)
def test_a_letter_says_how_it_may_be_read(opened, kind, tag):
    inbox, visitor = opened.companion.inbox, opened.visitor()
    waiting = inbox.questions(statuses=frozenset({Status.RECEIVED}))
    question = next(
        one
        for one in waiting
        if one.kind is kind and (one.consent is None or one.consent.naming is Naming.ANONYMOUS)
    )
    move(question.id, Status.SHORTLISTED, inbox=inbox, now=opened.clock())
    assert tag not in visitor.get(PLACE).words
    visitor.post(f"{PLACE}/take", question=question.id, title="わたしの題")
    assert tag in visitor.get(PLACE).words


# What only a browser shows


def test_the_keyboard_moves_a_segment_and_keeps_hold_of_it(opened, page_of):
    page = page_of(opened)
    page.goto(opened.address + PLACE)
    before = titles(opened)
    page.get_by_role("button", name=f"一つ下へ: {before[0]}").focus()
    page.keyboard.press("Enter")
    page.get_by_text(f"「{before[0]}」は2番目になりました。").wait_for()
    until(page, "document.activeElement?.id.startsWith('down-')")
    page.keyboard.press("Enter")
    page.get_by_text(f"「{before[0]}」は3番目になりました。").wait_for()
    until(page, "document.activeElement?.id.startsWith('down-')")
    page.keyboard.press("k")
    page.get_by_text(f"「{before[0]}」は2番目になりました。").wait_for()
    assert titles(opened) == [before[1], before[0], *before[2:]]


def test_a_segment_is_dragged_and_another_browser_sees_it_and_loses_no_word(opened, page_of):
    page, other = page_of(opened), page_of(opened, width=390, height=800)
    for one in (page, other):
        one.goto(opened.address + PLACE)
    before = titles(opened)
    other.locator("#new-title").fill("書きかけ")
    grip, goal = page.locator(".grip").nth(3).bounding_box(), page.locator(".segment").nth(1).bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(goal["x"] + 30, goal["y"] + 5, steps=6)
    page.mouse.up()
    page.get_by_text(f"「{before[3]}」は2番目になりました。").wait_for()
    assert titles(opened) == [before[0], before[3], before[1], before[2]]
    other.locator(".stale button").click()
    until(other, f"document.querySelectorAll('.segment h2')[1].textContent === {before[3]!r}")
    assert other.locator("#new-title").input_value() == "書きかけ"
    other.get_by_role("button", name="入れる", exact=True).click()
    other.get_by_text("「書きかけ」を5番目に入れました。").wait_for()
    page.get_by_role("heading", name="書きかけ").wait_for()


def test_two_browsers_write_into_one_segment_and_the_second_one_chooses(opened, page_of):
    page, other = page_of(opened), page_of(opened)
    for one, words in ((page, "一人目の要点"), (other, "二人目の要点")):
        one.goto(opened.address + PLACE)
        one.locator(".edit").nth(1).locator("summary").click()
        one.locator("#s2-summary").fill(words)
    page.locator(".edit").nth(1).get_by_role("button", name="保存する").click()
    page.get_by_text("を保存しました。").wait_for()
    until(page, "document.activeElement?.id.startsWith('open-')")  # the form closes, its place is kept
    assert not page.locator("#s2-summary").is_visible()
    other.locator(".edit").nth(1).get_by_role("button", name="保存する").click()
    other.get_by_role("heading", name="ほかの方も同じところを変えていました").wait_for()
    assert segments(opened)[1].summary == "一人目の要点"
    other.get_by_role("button", name="この内容で保存する").click()
    other.get_by_text("を保存しました。").wait_for()
    assert segments(opened)[1].summary == "二人目の要点"
