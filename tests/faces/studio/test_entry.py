"""Nobody comes in who was not let in, no other site acts for them, and nobody does more than they may."""

from __future__ import annotations

from datetime import timedelta
from http.client import HTTPConnection

import pytest

from cityhall_fm.production.ports.studio import Act
from cityhall_fm.show.roles import Role
from cityhall_fm.show.text import Text
from studio_visitor import Visitor


def test_a_link_lets_one_browser_in_once(opened):
    link = f"/enter?link={opened.room.entry.link()}"
    first, second = Visitor(opened.address), Visitor(opened.address)
    assert first.get(link).headers["location"] == "/"
    assert first.get("/").status == 200
    assert second.get(link).status == 401
    assert second.get("/").status == 401


def test_a_link_that_was_not_used_in_half_an_hour_lets_nobody_in(opened):
    link = opened.room.entry.link()
    opened.clock.now += timedelta(minutes=31)
    assert Visitor(opened.address).get(f"/enter?link={link}").status == 401


def test_a_stranger_reads_nothing_of_the_work(opened):
    answer = Visitor(opened.address).get("/acts")
    assert answer.status == 401
    assert "リンク" in answer.words
    assert all(one.id not in answer.text for one in opened.companion.inbox.questions())


def test_a_session_ends_after_twelve_idle_hours_and_after_a_week(opened):
    visitor = opened.visitor()
    opened.clock.now += timedelta(hours=13)
    assert visitor.get("/").status == 401

    busy = opened.visitor()
    for _ in range(17):
        opened.clock.now += timedelta(hours=10)
        status = busy.get("/").status
    assert status == 401


def test_whoever_leaves_is_out_also_with_the_old_cookie(opened):
    visitor = opened.visitor()
    old = dict(visitor.cookies)
    assert visitor.post("/leave").status == 303
    assert visitor.get("/").status == 401
    assert Visitor(opened.address, old).get("/").status == 401


def test_the_cookie_is_kept_from_scripts_and_other_sites(opened):
    answer = Visitor(opened.address).get(f"/enter?link={opened.room.entry.link()}")
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=lax" in answer.headers["set-cookie"].lower()


def test_the_database_holds_no_secret_that_opens_the_door(opened):
    visitor = opened.visitor()
    secret = visitor.cookies["studio"]
    opened.room.companion.studio_memory.seen(secret, at=opened.clock())
    stored = b"".join(path.read_bytes() for path in (opened.folder / "feeds").glob("memory.sqlite3*"))
    assert visitor.get("/").status == 200
    assert secret.encode() not in stored


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_request_for_another_name_is_refused(opened, host):
    assert opened.visitor().get("/", host=host).status in (400, 421)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_another_site_cannot_act_for_a_visitor(opened, origin):
    visitor = opened.visitor()
    body = f"csrf={visitor.csrf()}&title=x".encode()
    assert visitor.send("POST", "/episodes", body, {"origin": origin}).status == 403
    assert visitor.send("POST", "/episodes", body, {}).status == 403
    assert len(opened.companion.shelf.episodes()) == 3


@pytest.mark.parametrize("token", ["", "0" * 64, "髙橋"])
def test_a_form_without_its_token_changes_nothing(opened, token):
    answer = opened.visitor().post("/episodes", csrf=token, title="佐久の春")
    assert answer.status == 403
    assert len(opened.companion.shelf.episodes()) == 3


def test_one_session_cannot_use_the_token_of_another(opened):
    first, second = opened.visitor(), opened.visitor()
    assert first.post("/episodes", csrf=second.csrf(), title="佐久の春").status == 403


def test_a_viewer_may_look_and_not_write(opened):
    viewer = opened.visitor(Role.VIEWER, person="U0VIEWER", name="髙橋")
    assert viewer.get("/").status == 200
    answer = viewer.post("/episodes", title="佐久の春")
    assert answer.status == 403
    assert "閲覧担当" in answer.words
    assert len(opened.companion.shelf.episodes()) == 3


def test_a_page_that_is_not_there_says_so_kindly_and_leads_back(opened):
    answer = opened.visitor().get("/nothing-here")
    assert answer.status == 404
    assert "このページはありません" in answer.words
    assert 'href="/"' in answer.text
    assert Visitor(opened.address).get("/nothing-here").status == 401


def test_what_is_wrong_is_told_without_the_names_of_commands(opened):
    answer = opened.visitor().get("/episodes/99/rundown")
    assert answer.status == 404
    assert "第99回はありません" in answer.words
    assert "相談してください" in answer.words
    before, _, for_producer = answer.words.partition("制作責任者の方へ")
    assert "cityhall-fm" not in before
    assert "cityhall-fm episode new" in for_producer


def test_a_fault_of_ours_is_told_in_the_visitors_language_and_not_in_ours(opened, monkeypatch):
    def broken() -> None:
        raise RuntimeError("髙橋さんの言葉")

    monkeypatch.setattr(opened.companion.shelf, "episodes", broken)
    answer = opened.visitor().get("/")
    assert answer.status == 500
    assert "思いがけない不具合がありました" in answer.words
    assert "髙橋さんの言葉" not in answer.text


def test_the_first_page_tells_the_next_thing_to_do_until_the_episode_is_out(opened):
    host = opened.visitor()
    host.post("/episodes", title="佐久の春🌸")
    assert "次にすること 進行表を作る" in host.get("/").words
    host.post("/episodes/4/rundown/add", title="髙橋さんの畑", length="2")
    assert "次にすること 録音する(オンエア)" in host.get("/").words
    (folder,) = (opened.folder / "episodes").glob("0004-*")
    (folder / "recording.wav").write_bytes(b"RIFF" + bytes(40))
    assert "次にすること 録音を置いて、音を整える" in host.get("/").words


def test_the_log_tells_what_another_edition_noted_as_well_as_it_can(opened):
    opened.companion.studio_memory.note(Act(opened.clock(), "", Text.of("studio.did_what_nobody_knows")))
    words = opened.visitor().get("/acts").words
    assert "(記録を消した方)" in words
    assert "作業をしました" in words


def test_the_log_tells_who_did_what_and_never_the_words(opened):
    opened.visitor(Role.EDITOR, person="U0EDITOR", name="髙橋").post("/episodes", title="佐久の春🌸")
    answer = opened.visitor().get("/acts")
    assert "U0EDITOR" in answer.words
    assert "第4回を作りました" in answer.words
    assert "佐久の春" not in answer.words


@pytest.mark.parametrize(
    ("sizes", "status"), [({"content-length": "1100000"}, 413), ({"transfer-encoding": "chunked"}, 411)]
)
def test_a_form_that_is_far_too_large_is_refused_before_it_is_read(opened, sizes, status):
    visitor = opened.visitor()
    connection = HTTPConnection(opened.address.removeprefix("http://"), timeout=10)
    headers = {"origin": opened.address, "cookie": f"studio={visitor.cookies['studio']}", **sizes}
    connection.request("POST", "/episodes", headers=headers)
    assert connection.getresponse().status == status
    connection.close()


def test_every_page_carries_the_strict_policy(opened):
    headers = opened.visitor().get("/").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_a_language_is_chosen_and_the_way_back_leads_nowhere_else(opened):
    visitor = opened.visitor()
    answer = visitor.post("/language", language="fr", back="//evil.example/")
    assert answer.headers["location"] == "/"
    assert '<html lang="fr"' in visitor.get("/").text
