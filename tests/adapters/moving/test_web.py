"""The web adapter against a real server on loopback, with the faults of real hosts."""

from __future__ import annotations

import gzip
import socket
from pathlib import Path

import pytest

from cityhall_fm.adapters.web import UrllibWeb
from cityhall_fm.adapters.web.opening import shown
from cityhall_fm.show.errors import InputError, WebError

CONTENT = bytes(range(256)) * 1200
ROOM = 10**7


class Silent:
    """Progress that is remembered."""

    def __init__(self) -> None:
        self.told: list[tuple[float, float]] = []

    def step(self, text) -> None: ...

    def advance(self, done: float, total: float) -> None:
        self.told.append((done, total))


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def web(waits) -> UrllibWeb:
    return UrllibWeb(timeout=5, wait=waits.append)


def downloaded(web: UrllibWeb, url: str, to: Path, most_bytes: int = ROOM) -> bytes:
    web.download(url, to=to, most_bytes=most_bytes, progress=Silent())
    return to.read_bytes()


def name_of(error: pytest.ExceptionInfo) -> str:
    return error.value.text.name


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_address_within_an_address_is_sent_byte_for_byte(host, web, tmp_path):
    path = "/s/0123abcd/podcast/play/1/https%3A%2F%2Fd3.example%2fstaging%2F%e4%bd%90-1.m4a?a=%2f&b=[1]'"
    url = host.serve(path, CONTENT)
    assert downloaded(web, url, tmp_path / "a") == CONTENT
    assert host.asked == [(path, None)]


def test_only_what_http_cannot_carry_is_encoded(host, web, tmp_path):
    host.serve("/%E4%BD%90%E4%B9%85%20%20.mp3?%F0%9F%8E%99=%20", CONTENT)
    assert downloaded(web, f"{host.url}/佐久  .mp3?🎙=%20", tmp_path / "a") == CONTENT


def test_redirects_are_followed_and_their_addresses_kept(host, web, tmp_path):
    host.serve("/0", redirect="/1?u=https%3a%2F%2Fx")
    host.serve("/1?u=https%3a%2F%2Fx", redirect=f"{host.url}/2", status=302)
    host.serve("/2", redirect="3", status=308)
    host.serve("/3", CONTENT)
    assert downloaded(web, f"{host.url}/0", tmp_path / "a") == CONTENT
    assert [path for path, _ in host.asked] == ["/0", "/1?u=https%3a%2F%2Fx", "/2", "/3"]


def test_redirects_in_a_circle_end(host, web, tmp_path):
    host.serve("/a", redirect="/b")
    host.serve("/b", redirect="/a")
    with pytest.raises(WebError) as error:
        downloaded(web, f"{host.url}/a", tmp_path / "a")
    assert name_of(error) == "web.redirects"
    assert len(host.asked) < 12


def test_a_long_chain_of_redirects_ends(host, web):
    for number in range(20):
        host.serve(f"/{number}", redirect=f"/{number + 1}")
    with pytest.raises(WebError) as error:
        web.fetch(f"{host.url}/0", most_bytes=ROOM)
    assert name_of(error) == "web.redirects"


@pytest.mark.parametrize("elsewhere", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:,x"])
def test_a_redirect_leads_nowhere_but_the_web(host, web, elsewhere):
    host.serve("/a", redirect=elsewhere)
    with pytest.raises(WebError) as error:
        web.fetch(f"{host.url}/a", most_bytes=ROOM)
    assert name_of(error) == "web.redirects"


def test_a_connection_that_breaks_is_gone_on_with(host, web, tmp_path, waits):
    url = host.serve("/a", CONTENT, breaks_after=[100_000, 50_000])
    assert downloaded(web, url, tmp_path / "a") == CONTENT
    assert host.asked_for("/a") == [None, "bytes=100000-", "bytes=150000-"]
    assert host.request_headers[1]["If-Range"] == '"one"'
    assert waits == [1.0, 1.0]
    assert left(tmp_path) == ["a"]


def test_another_run_goes_on_where_the_last_one_gave_up(host, web, tmp_path):
    url = host.serve("/a", CONTENT, breaks_after=[70_000, 0, 0, 0])
    with pytest.raises(WebError) as error:
        downloaded(web, url, tmp_path / "a")
    assert name_of(error) == "web.broken_off"
    assert left(tmp_path) == ["a.part", "a.part.json"]
    host.asked.clear()
    assert downloaded(UrllibWeb(), url, tmp_path / "a") == CONTENT
    assert host.asked_for("/a") == ["bytes=70000-"]


def test_a_file_that_changed_meanwhile_is_fetched_anew(host, web, tmp_path):
    url = host.serve("/a", CONTENT, breaks_after=[70_000, 0, 0, 0])
    with pytest.raises(WebError):
        downloaded(web, url, tmp_path / "a")
    host.serve("/a", CONTENT[::-1], etag='"two"')
    assert downloaded(web, url, tmp_path / "a") == CONTENT[::-1]


def test_without_a_strong_etag_the_date_tells_whether_it_is_the_same(host, web, tmp_path):
    date = {"Last-Modified": "Tue, 17 Jun 2025 09:29:22 GMT"}
    url = host.serve("/a", CONTENT, etag='W/"weak"', headers=date, breaks_after=[1000])
    assert downloaded(web, url, tmp_path / "a") == CONTENT
    assert host.request_headers[1]["If-Range"] == date["Last-Modified"]


def test_a_server_without_range_is_asked_for_all_of_it_again(host, web, tmp_path):
    url = host.serve("/a", CONTENT, ranges=False, breaks_after=[1000])
    assert downloaded(web, url, tmp_path / "a") == CONTENT
    assert host.asked_for("/a") == [None, "bytes=1000-"]


def test_a_server_that_tells_nothing_to_recognise_a_file_by_is_asked_for_all_of_it(host, web, tmp_path):
    url = host.serve("/a", CONTENT, etag=None, breaks_after=[1000])
    assert downloaded(web, url, tmp_path / "a") == CONTENT
    assert host.asked_for("/a") == [None, None]


def test_a_server_that_sends_another_part_than_was_asked_for_is_not_believed(host, web, tmp_path):
    url = host.serve("/a", CONTENT, wrong_range=True, breaks_after=[1000])
    assert downloaded(web, url, tmp_path / "a") == CONTENT
    assert host.asked_for("/a") == [None, "bytes=1000-", None]


def test_a_part_that_is_longer_than_the_file_is_thrown_away(host, web, tmp_path):
    url = host.serve("/a", CONTENT, breaks_after=[70_000, 0, 0, 0])
    with pytest.raises(WebError):
        downloaded(web, url, tmp_path / "a")
    host.serve("/a", CONTENT[:50_000])
    assert downloaded(web, url, tmp_path / "a") == CONTENT[:50_000]


def test_a_server_that_promises_more_than_it_has_is_found_out(host, web, tmp_path):
    url = host.serve("/a", CONTENT, claims=len(CONTENT) + 5, ranges=False)
    with pytest.raises(WebError) as error:
        downloaded(web, url, tmp_path / "a")
    assert name_of(error) == "web.broken_off"
    assert error.value.text.values["expected"] == len(CONTENT) + 5
    assert len(host.asked) <= 5
    assert not (tmp_path / "a").exists()


def test_a_server_that_tells_no_length_is_believed(host, web, tmp_path):
    url = host.serve("/a", CONTENT, without_length=True)
    assert downloaded(web, url, tmp_path / "a") == CONTENT


def test_a_page_instead_of_audio_is_refused_at_its_first_bytes(host, web, tmp_path):
    url = host.serve("/a", b"\n <!DOCTYPE html><p>" + CONTENT, "text/html; charset=utf-8")
    with pytest.raises(WebError) as error:
        downloaded(web, url, tmp_path / "a")
    assert name_of(error) == "web.a_page"
    assert left(tmp_path) == []


def test_audio_that_is_called_a_page_is_taken_for_what_it_is(host, web, tmp_path):
    url = host.serve("/a", b"ID3" + CONTENT, "text/html")
    assert downloaded(web, url, tmp_path / "a") == b"ID3" + CONTENT


@pytest.mark.parametrize(
    ("status", "name"), [(404, "gone"), (410, "gone"), (403, "refused"), (401, "refused")]
)
def test_what_will_not_change_is_not_asked_for_again(host, web, tmp_path, status, name):
    url = host.serve("/a", status=status)
    with pytest.raises(WebError) as error:
        downloaded(web, url, tmp_path / "a")
    assert name_of(error) == f"web.{name}"
    assert len(host.asked) == 1


def test_a_busy_server_is_left_alone_as_long_as_it_asks(host, web, tmp_path, waits):
    url = host.serve("/a", CONTENT, statuses=[429, 503], headers={"Retry-After": "7"})
    assert downloaded(web, url, tmp_path / "a") == CONTENT
    assert waits == [7.0, 7.0]


def test_nobody_waits_longer_than_a_minute(host, web, waits):
    url = host.serve("/a", CONTENT, statuses=[503], headers={"Retry-After": "86400"})
    assert web.fetch(url, most_bytes=ROOM).content == CONTENT
    assert waits == [60.0]


def test_a_server_that_stays_busy_is_given_up(host, web):
    url = host.serve("/a", status=500)
    with pytest.raises(WebError) as error:
        web.fetch(url, most_bytes=ROOM)
    assert error.value.retryable
    assert len(host.asked) == 3


def test_more_than_was_allowed_is_not_taken(host, web, tmp_path):
    url = host.serve("/a", CONTENT)
    for attempt in (
        lambda: downloaded(web, url, tmp_path / "a", most_bytes=1000),
        lambda: web.fetch(url, most_bytes=1000),
    ):
        with pytest.raises(WebError) as error:
            attempt()
        assert name_of(error) == "web.too_large"
    assert left(tmp_path) == []


def test_a_feed_that_is_packed_unasked_is_unpacked_but_no_bomb(host, web):
    url = host.serve("/a", gzip.compress(CONTENT), headers={"Content-Encoding": "gzip"})
    assert web.fetch(url, most_bytes=ROOM).content == CONTENT
    host.serve("/a", gzip.compress(bytes(10**6)))
    with pytest.raises(WebError) as error:
        web.fetch(url, most_bytes=10**5)
    assert name_of(error) == "web.too_large"


def test_a_document_tells_where_it_was_found(host, web):
    host.serve("/old", redirect="/new")
    host.serve("/new", CONTENT)
    fetched = web.fetch(f"{host.url}/old", most_bytes=ROOM)
    assert (fetched.url, fetched.content) == (f"{host.url}/new", CONTENT)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "https://",
        "https://user:geheim@127.0.0.1/a",
        "http://[::1/",
        "佐久",
        "http://127.0.0.1:port/",
        "https://" + "髙" * 70 + ".example/",
    ],
)
def test_what_is_no_address_is_told_without_its_secrets(web, url):
    with pytest.raises(WebError) as error:
        web.fetch(url, most_bytes=ROOM)
    assert name_of(error) == "web.not_an_address"
    assert "geheim" not in repr(error.value.text)


def test_nobody_at_home_is_told(web):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        with pytest.raises(WebError) as error:
            web.fetch(f"http://127.0.0.1:{port}/a?token=geheim", most_bytes=ROOM)
    assert name_of(error) == "web.unreachable"
    assert "geheim" not in repr(error.value.text)


def test_silence_ends():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with pytest.raises(WebError) as error:
            UrllibWeb(timeout=0.1, wait=lambda _: None).fetch(url, most_bytes=ROOM)
    assert name_of(error) == "web.silent"


def test_a_proxy_is_not_asked_for_this_machine(host, web, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    url = host.serve("/a", CONTENT)
    assert web.fetch(url, most_bytes=ROOM).content == CONTENT


def test_a_proxy_is_asked_for_everything_else(host, web, monkeypatch):
    monkeypatch.setenv("http_proxy", host.url)
    host.serve("http://feeds.example/a%2fb", CONTENT)
    assert web.fetch("http://feeds.example/a%2fb", most_bytes=ROOM).content == CONTENT


def test_a_disk_that_refuses_is_named(host, web, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError) as error:
        downloaded(web, host.serve("/a", CONTENT), tmp_path / "file" / "a")
    assert name_of(error) == "files.unwritable"


def test_an_address_is_shown_without_what_may_be_a_key():
    assert shown("https://a:b@x.example/佐久?token=1#t") == "https://x.example/佐久"
    assert len(shown("https://x.example/" + "a" * 500)) == 120
