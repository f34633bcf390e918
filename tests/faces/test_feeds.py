"""`import` and `check-feed` as people run them."""

from __future__ import annotations

import json
import shutil

import pytest

from commands import cityhall_fm

from old_host import GUID, a_feed, an_item, picture, sound
from web_server import web_server


@pytest.fixture
def host():
    with web_server() as server:
        server.serve("/art.jpg", picture(), "image/jpeg")
        for number in (1, 2, 3):
            path = f"/play/{number}/https%3A%2F%2Fd3.example%2F{number}-%e4%bd%90.m4a"
            server.serve(path, sound("m4a", 2.0, 200.0 + number), "audio/x-m4a")
        server.serve("/rss", a_feed(an_item(2), an_item(1), host=server.url), "text/xml")
        yield server


def moved_in(folder, host):
    return cityhall_fm("import", f"{host.url}/rss", "--dir", folder, "--public-url", "https://fm.example.jp")


def test_a_podcast_moves_builds_and_its_subscribers_notice_nothing(tmp_path, host):
    folder = tmp_path / "番組"
    run = moved_in(folder, host)
    assert run.returncode == 0, run.stderr
    assert "Brought: 2 episode(s)" in run.stdout
    assert (folder / "import-report.md").read_text("utf-8") in run.stdout
    built = cityhall_fm("--show", folder, "build")
    assert built.returncode == 0, built.stderr
    feed = (folder / "feeds/public/feed.xml").read_text("utf-8")
    assert "<itunes:new-feed-url>https://fm.example.jp/feed.xml</itunes:new-feed-url>" in feed
    check = cityhall_fm("check-feed", "--moved", f"{host.url}/rss", folder / "feeds/public/feed.xml")
    assert check.returncode == 0, check.stdout + check.stderr
    assert "2 episode(s) are the same, 0 new" in check.stdout
    assert "[duplicate]" not in check.stdout + check.stderr


def test_a_changed_guid_is_found_before_any_subscriber_is(tmp_path, host):
    new = tmp_path / "new.xml"
    new.write_bytes(host.served["/rss"].content.replace(GUID.format(1).encode(), b"other"))
    run = cityhall_fm("check-feed", "--moved", f"{host.url}/rss", new)
    assert run.returncode == 1
    assert "[duplicate] “第1の話 髙橋🎙”: Its guid changed" in run.stdout
    assert run.stderr.splitlines() == [
        "Subscribers would notice: 1 duplicate(s), 0 loss(es).",
        "Do not have the old host redirect (301) until the differences above are gone.",
    ]
    as_json = cityhall_fm("check-feed", "--moved", f"{host.url}/rss", new, "--json")
    told = json.loads(as_json.stdout)
    assert (as_json.returncode, told["harmless"], told["same"]) == (1, False, 1)
    assert told["differences"][0]["what"] == "moving.guid_changed"


def test_what_is_still_missing_is_told_and_the_report_grows(tmp_path, host):
    folder = tmp_path / "show"
    path = next(path for path in host.served if path.startswith("/play/2"))
    host.served[path].status = 404
    run = moved_in(folder, host)
    assert run.returncode == 1
    assert run.stderr.splitlines()[0] == "1 episode(s) could not be brought yet."
    host.served[path].status = 200
    again = cityhall_fm("import", f"{host.url}/rss", "--dir", folder, "--json")
    told = json.loads(again.stdout)
    assert (again.returncode, told["brought"], told["kept"], told["failed"]) == (0, [2], 1, [])
    report = (folder / "import-report.md").read_text("utf-8")
    assert report.count("# Moving “佐久のラジオ”") == 2
    assert report.index("Brought: 1 episode(s)") < report.index("## Not here yet")


@pytest.mark.parametrize(
    ("source", "language"),
    [("a.html", "ja"), ("absent.xml", "fr"), ("http://127.0.0.1:1/", "en"), ("https://a:b@x.jp/", "ja")],
)
def test_what_is_no_feed_is_told_in_two_lines(tmp_path, source, language):
    (tmp_path / "a.html").write_text("<html>", "utf-8")
    run = cityhall_fm("import", source, "--dir", "x", cwd=tmp_path, CITYHALL_FM_LANGUAGE=language)
    assert (run.returncode, len(run.stderr.splitlines()), run.stdout) == (1, 2, ""), run.stderr
    assert "a:b" not in run.stderr
    assert not (tmp_path / "x").exists()


def test_a_wrong_public_address_is_wrong_usage(tmp_path, host):
    run = cityhall_fm("import", f"{host.url}/rss", "--dir", tmp_path / "x", "--public-url", "fm.example.jp")
    assert run.returncode == 2
    assert not (tmp_path / "x").exists()


def test_a_broken_show_toml_is_told_before_anything_is_fetched(tmp_path, host):
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "show.toml").write_text("[show", "utf-8")
    run = cityhall_fm("--show", tmp_path, "import", f"{host.url}/rss")
    assert run.returncode == 1
    assert "show.toml" in run.stderr
    assert host.asked == []


def test_public_files_are_remade_without_the_old_host(tmp_path, host):
    folder = tmp_path / "show"
    moved_in(folder, host)
    shutil.rmtree(folder / "feeds/public")
    run = cityhall_fm("--show", folder, "master", 2)
    assert run.returncode == 0, run.stderr
    assert "came finished with the move" in run.stdout
    assert list((folder / "feeds/public/media").iterdir())
