"""Show notes beside their previews, and the picture of an episode."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from cityhall_fm.show.episode import EpisodeNumber
from cityhall_fm.show.roles import Role

THREE = EpisodeNumber(3)
NOTES = "/episodes/3/notes"


def seen(answer) -> str:
    return re.search(r'name="seen" value="(\w+)"', answer.text)[1]


def frames(answer) -> list[str]:
    return re.findall(r'<iframe[^>]*src="([^"]+)"', answer.text)


def test_notes_are_kept_only_where_they_were_seen(opened):
    host = opened.visitor()
    name = seen(host.get(NOTES))
    assert host.post(NOTES, seen=name, notes="髙橋さん😀、\r\n\r\n- 灯油\r\n").status == 303
    assert opened.companion.shelf.episode(THREE).notes == "髙橋さん😀、\n\n- 灯油"
    late = host.post(NOTES, seen=name, notes="上書き")
    assert (late.status, "ほかの人が先に" in late.words) == (409, True)
    assert opened.companion.shelf.episode(THREE).notes == "髙橋さん😀、\n\n- 灯油"
    assert host.post(NOTES, seen=seen(host.get(NOTES)), notes="あ" * 100_001).status == 422


def test_a_draft_is_seen_as_listeners_and_apps_will_see_it_and_is_not_kept(opened):
    host = opened.visitor()
    before = opened.companion.shelf.episode(THREE).notes
    written = {"notes": "**灯油**の話 <script>alert(1)</script>"}
    draft = host.post_json(f"{NOTES}/draft", written).json["draft"]
    page = host.get(f"{NOTES}/site/{draft}/3/index.html")
    assert page.status == 200
    assert "<strong>灯油</strong>" in page.text
    assert "alert(1)</script>" not in page.text
    assert "sandbox allow-same-origin" in page.headers["content-security-policy"]
    assert "script-src" not in page.headers["content-security-policy"]
    assert host.get(f"{NOTES}/site/{draft}/style.css").headers["content-type"].startswith("text/css")
    app = host.get(f"{NOTES}/app/{draft}")
    assert ("灯油" in app.text, "alert(1)</script>" not in app.text) == (True, True)
    assert opened.companion.shelf.episode(THREE).notes == before


def test_what_is_no_draft_has_no_preview(opened):
    host = opened.visitor()
    draft = frames(host.get(NOTES))[0].split("/")[5]
    assert host.get(f"{NOTES}/site/{'0' * 16}/3/index.html").status == 404
    assert host.get(f"{NOTES}/site/{draft}/../../feeds/show.toml").status == 404
    assert host.get(f"/episodes/1/notes/site/{draft}/1/index.html").status == 404
    assert host.post_json(f"{NOTES}/draft", {"notes": 3}).status == 422


def test_viewers_look_and_do_not_write(opened):
    viewer = opened.visitor(Role.VIEWER, person="U0VIEW")
    page = viewer.get(NOTES)
    assert (page.status, "readonly" in page.text) == (200, True)
    assert viewer.get(frames(page)[0]).status == 200
    assert viewer.post(NOTES, seen=seen(page), notes="x").status == 403


def a_picture(pixels: int, kind: str = "PNG") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (pixels, pixels), "#17335f").save(content, kind)
    return content.getvalue()


def bring(host, content: bytes):
    headers = {"origin": host.address, "x-csrf": host.csrf(), "accept": "application/json"}
    return host.send("PUT", "/episodes/3/artwork", content, headers)


def test_a_picture_becomes_the_episodes_and_can_be_taken_back(opened):
    host = opened.visitor()
    assert bring(host, a_picture(1400)).status == 201
    assert opened.companion.shelf.artwork(THREE).name == "artwork.png"
    assert "この回だけの絵" in host.get(NOTES).words
    assert bring(host, a_picture(1500, "JPEG")).status == 201
    assert opened.companion.shelf.artwork(THREE).name == "artwork.jpg"
    host.post("/episodes/3/artwork/drop")
    assert opened.companion.shelf.artwork(THREE) is None
    assert "番組の絵を使います" in host.get(NOTES).words


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"x" * 50, a_picture(300)])
def test_what_apps_would_not_take_is_refused_and_leaves_nothing(opened, content):
    (folder,) = (opened.folder / "episodes").glob("0003-*")
    before = sorted(folder.iterdir())
    assert bring(opened.visitor(), content).status == 422
    assert sorted(folder.iterdir()) == before


def test_in_a_browser_the_preview_follows_what_is_written(opened, page_of):
    page = page_of(opened)
    page.goto(opened.address + NOTES)
    shown = page.frame_locator("#preview-page")
    shown.locator("text=冬支度の回です").first.wait_for()
    page.fill("#notes", "水道は**早めに**。")
    shown.locator("strong >> text=早めに").wait_for()
    styled = "document.getElementById('preview-page').contentDocument.styleSheets[0]?.cssRules.length"
    page.wait_for_function(f"{styled} > 0")
    page.click("#notes-form button")
    page.wait_for_selector("text=番組ノートを保存しました")
    assert opened.companion.shelf.episode(THREE).notes == "水道は**早めに**。"
