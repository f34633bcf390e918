"""The transcript, corrected by ear and brought as a file."""

from __future__ import annotations

import re

from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.roles import Role
from cityhall_fm.show.transcript import parse
from studio_visitor import until

THREE = EpisodeNumber(3)
PAGE = "/episodes/3/transcript"


def seen(answer) -> str:
    return re.search(r'data-seen="(\w+)"', answer.text)[1]


def cues(opened):
    return parse(opened.companion.shelf.episode(THREE).transcript)


def test_a_corrected_transcript_is_kept_with_its_speakers(opened):
    host = opened.visitor()
    lines = [
        ["0:01", "0:03.5", "髙橋😀", "こんばんは<佐久>です"],
        ["0:04", "0:05", "", "  "],
        ["4", "6", "", "雪 & 灯油"],
    ]
    answer = host.post_json(PAGE, {"seen": seen(host.get(PAGE)), "lines": lines})
    assert (answer.status, answer.json["kept"]) == (200, 2)
    one, two = cues(opened)
    assert (one.speaker, one.words, one.start.exact(), one.end.exact()) == (
        "髙橋😀", "こんばんは<佐久>です", "0:01", "0:03.5",
    )  # fmt: skip
    assert (two.speaker, two.words) == (None, "雪 & 灯油")


def test_nothing_is_written_over_that_was_not_seen(opened):
    host = opened.visitor()
    name = seen(host.get(PAGE))
    host.post_json(PAGE, {"seen": name, "lines": [["1", "2", "", "先"]]})
    late = host.post_json(PAGE, {"seen": name, "lines": [["1", "2", "", "後"]]})
    assert (late.status, "ほかの人が先に" in late.json["error"]) == (409, True)
    assert [cue.words for cue in cues(opened)] == ["先"]


def test_times_that_cannot_be_are_told_line_by_line(opened):
    host = opened.visitor()
    lines = [["1", "2", "", "よい"], ["3", "2", "", "逆"], ["いま", "4", "", "読めない"]]
    answer = host.post_json(PAGE, {"seen": seen(host.get(PAGE)), "lines": lines})
    assert answer.status == 422
    assert [line[:3] for line in answer.json["details"]] == ["2行目", "3行目"]


def test_what_no_page_would_send_is_refused(opened):
    host = opened.visitor()
    name = seen(host.get(PAGE))
    for wrong in (
        None,
        [],
        {"seen": name},
        {"seen": name, "lines": [["1", "2", "x"]]},
        {"seen": name, "lines": [[1, 2, 3, 4]]},
    ):
        assert host.post_json(PAGE, wrong).status == 422


def test_a_file_of_another_tool_is_taken_over(opened):
    host = opened.visitor()
    srt = "1\n00:00:01,000 --> 00:00:02,000\n課長: こんばんは\n"
    assert host.post(f"{PAGE}/bring", content=srt, name="../x.srt").status == 303
    assert [(cue.speaker, cue.words) for cue in cues(opened)] == [("課長", "こんばんは")]
    assert host.post(f"{PAGE}/bring", content="1\n99 --> 00:00:01,000\nx\n").status == 422
    viewer = opened.visitor(Role.VIEWER, person="U0VIEW")
    assert viewer.post(f"{PAGE}/bring", content=srt).status == 403


def test_in_a_browser_lines_are_split_joined_and_kept(opened, page_of):
    page = page_of(opened)
    page.goto(opened.address + PAGE)
    before = page.locator(".cue").count()
    first = page.locator(".cue").first
    words = first.locator("textarea").input_value()
    page.evaluate("document.querySelector('.cue textarea').setSelectionRange(3, 3)")
    first.locator("[data-split]").click()
    assert page.locator(".cue").count() == before + 1
    assert first.locator("textarea").input_value() == words[:3]
    page.click("#cues button:not([type])")
    page.wait_for_selector(f"#transcript-told >> text={before + 1}行を保存しました")
    kept = cues(opened)
    assert (len(kept), kept[0].words, kept[0].end == kept[1].start) == (before + 1, words[:3], True)
    page.locator(".cue").nth(1).locator("[data-merge]").click()
    page.click("#cues button:not([type])")
    page.wait_for_selector(f"#transcript-told >> text={before}行を保存しました")
    assert cues(opened)[0].words == words


def test_in_a_browser_a_chosen_file_is_read_and_taken_over(opened, page_of, tmp_path):
    written = "WEBVTT\n\n00:01.000 --> 00:03.000\n<v 髙橋>佐久の冬です😀\n"
    (tmp_path / "書き起こし.vtt").write_text(written, "utf-8")
    page = page_of(opened)
    page.goto(opened.address + PAGE)
    page.click("#bring summary")
    page.set_input_files("#transcript-file", tmp_path / "書き起こし.vtt")
    until(page, "() => document.getElementById('transcript-words').value.includes('佐久の冬')")
    page.click("#bring form button")
    until(page, "() => document.querySelector('#notices').textContent.trim()")
    assert [(cue.speaker, cue.words) for cue in cues(opened)] == [("髙橋", "佐久の冬です😀")]
