"""A feed checked as it is served: by the demo's own server, and by servers that do one thing wrong."""

from __future__ import annotations

import pytest
from PIL import Image

from cityhall_fm.adapters.feed_inspector import LxmlFeedInspector
from cityhall_fm.adapters.web.probe import UrllibProbe
from cityhall_fm.production.check_feed import Checked, check_url
from cityhall_fm.show.errors import InputError, WebError
from cityhall_fm.texts import Catalogue
from free_port import free_ports

from good_feed import GOOD_FEED
from podcast_host import podcast_host

MP3 = b"ID3\x04" + bytes(996)
FILES = {
    "media/0002.mp3": MP3,
    "media/0001.m4a": b"\x00\x00\x00\x20ftypM4A " + bytes(888),
    "2/transcript.vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\nx\n",
    "2/transcript.srt": b"1\n00:00:01,000 --> 00:00:02,000\nx\n",
    "2/transcript.json": b'{"segments": [{"startTime": 1, "endTime": 2, "body": "x"}]}',
    "2/chapters.json": b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "x"}]}',
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    Image.new("RGB", (1400, 1400)).save(folder / "artwork.png")
    return folder


@pytest.fixture(scope="module")
def server(site):
    with podcast_host(site) as host:
        (site / "feed.xml").write_text(GOOD_FEED.replace("https://fm.example.jp", host.url), "utf-8")
        yield host


@pytest.fixture
def host(server, site):
    for name, content in FILES.items():
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_bytes(content)
    server.changes.clear()
    server.asked.clear()
    return server


def checked(host, path: str = "/feed.xml", *, newest: int = 10, seconds: float = 30) -> Checked:
    probe = UrllibProbe(seconds=seconds)
    return check_url(host.url + path, inspector=LxmlFeedInspector(), web=probe, newest=newest)


def told(host, path: str = "/feed.xml", **options) -> set[str]:
    findings = checked(host, path, **options).findings
    for finding in findings:
        for language in ("ja", "en", "fr"):
            assert Catalogue(language).word(finding.text)
    return {f"{finding.tag} {finding.text.name.removeprefix('check.')}" for finding in findings}


def test_the_demos_server_does_everything_right(host):
    assert told(host) == set()
    enclosure = host.asked_for("/media/0002.mp3")
    assert [(request.method, request.status) for request in enclosure] == [("HEAD", 200), ("GET", 206)]
    assert [request.status for request in host.asked_for("/feed.xml")] == [200, 304, 200]


@pytest.mark.parametrize(
    ("path", "header", "finding"),
    [
        ("/feed.xml", "etag", None),
        ("/media/0002.mp3", "etag", None),
        ("/2/transcript.vtt", "access-control-allow-origin", "podcast:transcript no_cors"),
        ("/2/chapters.json", "access-control-allow-origin", "podcast:chapters no_cors"),
        ("/media/0002.mp3", "content-type", "enclosure served_as"),
        ("/media/0002.mp3", "content-range", "enclosure range_wrong"),
    ],
)
def test_a_header_that_is_missing_is_told(host, path, header, finding):
    host.without(path, header)
    assert told(host) == ({finding} if finding else set())


@pytest.mark.parametrize(
    ("path", "header", "value", "finding"),
    [
        ("/feed.xml", "content-type", "text/html; charset=utf-8", "feed served_as"),
        ("/media/0002.mp3", "content-type", "application/octet-stream", "enclosure served_as"),
        ("/artwork.png", "content-type", "image/jpeg", "itunes:image served_as"),
        ("/2/chapters.json", "content-type", "text/plain", "podcast:chapters served_as"),
        ("/media/0002.mp3", "content-range", "bytes 5-68/1000", "enclosure range_wrong"),
    ],
)
def test_a_header_that_is_wrong_is_told(host, path, header, value, finding):
    host.with_header(path, header, value)
    assert finding in told(host)


def test_an_enclosure_without_any_validator_is_told(host):
    def change(_, status, headers, body):
        return status, {k: v for k, v in headers.items() if k not in {"etag", "last-modified"}}, body

    host.changes["/media/0002.mp3"] = host.changes["/feed.xml"] = change
    assert told(host) == {"enclosure no_validators", "feed no_validators"}


def test_a_weak_etag_alone_is_told(host):
    def change(_, status, headers, body):
        return status, {**{k: v for k, v in headers.items() if k != "last-modified"}, "etag": 'W/"1"'}, body

    host.changes["/media/0002.mp3"] = change
    assert told(host) == {"enclosure weak_etag"}


def test_a_server_that_ignores_ranges_is_told(host):
    host.changes["/media/0002.mp3"] = lambda *_: (200, {"content-type": "audio/mpeg", "etag": '"1"',
                                                        "content-length": "1000"}, MP3)  # fmt: skip
    assert told(host) == {"enclosure no_ranges"}


def test_a_server_that_sends_everything_again_is_told(host):
    feed = (GOOD_FEED.replace("https://fm.example.jp", host.url)).encode()
    headers = {"content-type": "application/rss+xml", "etag": '"1"', "content-length": str(len(feed))}
    host.changes["/feed.xml"] = lambda *_: (200, headers, feed)
    assert told(host) == {"feed no_304"}


def test_a_server_that_refuses_head_is_told(host):
    def change(method, status, headers, body):
        return (405, {"content-length": "0"}, b"") if method == "HEAD" else (status, headers, body)

    host.changes["/media/0002.mp3"] = change
    assert told(host) == {"enclosure no_head"}


def test_a_length_that_is_not_the_files_is_told(host, site):
    (site / "media/0002.mp3").write_bytes(MP3 + b"more")
    assert told(host) == {"enclosure wrong_length"}


def test_a_page_in_the_place_of_audio_is_told(host, site):
    (site / "media/0002.mp3").write_bytes(b"<!DOCTYPE html><title>404</title>".ljust(1000))
    assert told(host) == {"enclosure wrong_content"}


@pytest.mark.parametrize(
    ("status", "finding"), [(404, "answered"), (403, "needs_password"), (500, "answered")]
)
def test_what_cannot_be_fetched_is_told(host, status, finding):
    for path in ("/media/0002.mp3", "/2/chapters.json", "/artwork.png"):
        host.changes[path] = lambda *_: (status, {"content-length": "0"}, b"")
    assert told(host) == {f"{tag} {finding}" for tag in ("enclosure", "podcast:chapters", "itunes:image")}


def test_redirections_of_a_feed_are_told_with_what_they_mean(host):
    host.redirect("/old.xml", "/feed.xml", 301)
    host.redirect("/somewhere.xml", "/feed.xml", 302)
    assert told(host, "/old.xml") == {"feed feed_moved"}
    assert told(host, "/somewhere.xml") == {"feed feed_elsewhere"}


def test_redirections_of_audio_are_followed_up_to_a_point(host):
    for number in range(7):
        host.redirect(f"/hop{number}.mp3", f"/hop{number + 1}.mp3")
    host.redirect("/media/0002.mp3", "/hop1.mp3")
    host.redirect("/hop7.mp3", "/media/0001.m4a")
    assert "enclosure many_hops" in told(host)
    host.redirect("/hop7.mp3", "/hop0.mp3")
    assert "enclosure endless_hops" in told(host)


def test_chapters_that_came_are_read(host, site):
    (site / "2/chapters.json").write_bytes(b"{}")
    assert told(host) == {"podcast:chapters json_without"}


def test_only_the_newest_are_asked_for(host):
    found = checked(host, newest=1)
    assert (found.asked, found.left) == (1, 1)
    assert not host.asked_for("/media/0001.m4a")
    assert found.findings == ()


def test_the_time_that_is_allowed_is_kept(host):
    now = iter(range(10_000))
    probe = UrllibProbe(seconds=12, clock=lambda: next(now))
    found = check_url(host.url + "/feed.xml", inspector=LxmlFeedInspector(), web=probe, newest=10)
    assert "check.out_of_time" in {finding.text.name for finding in found.warnings}
    assert len(host.asked) < 12


def test_where_there_is_no_feed_that_is_said(host):
    with pytest.raises(WebError, match="404"):
        checked(host, "/nothing.xml")
    nobody = f"http://127.0.0.1:{free_ports(1)[0]}/feed.xml"
    with pytest.raises(WebError, match="unreachable"):
        check_url(nobody, inspector=LxmlFeedInspector(), web=UrllibProbe(seconds=5), newest=1)
    with pytest.raises(WebError, match="unreachable"):
        check_url("file:///etc/passwd", inspector=LxmlFeedInspector(), web=UrllibProbe(seconds=5), newest=1)


def test_a_feed_without_end_is_given_up(host):
    web = UrllibProbe(seconds=30)
    with pytest.raises(InputError):
        check_url(host.url + "/feed.xml", inspector=LxmlFeedInspector(), web=web, newest=1, most_bytes=1000)


class _FromTheInternet(UrllibProbe):
    """A probe whose first question went out into the world."""

    def __init__(self):
        super().__init__(seconds=5)
        self._inward = False


def test_a_feed_from_the_internet_sends_nobody_inward(host):
    answer = _FromTheInternet().ask(host.url + "/feed.xml", most_bytes=10)
    assert answer.failure == "inward"
    assert host.asked == []
