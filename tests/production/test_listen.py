"""Listening to what was published: asked as apps ask, and again before it is called ill."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from cityhall_fm.production.listen import listen, listen_to_media
from cityhall_fm.show.feed_check.web import Answer
from cityhall_fm.show.feed_difference import Offered, offered

from builders import a_show

SHOW = a_show()
FEED = b"<rss/>"
URL = SHOW.url("feed.xml")
SAKU = Offered(SHOW.url("media/0007-0123456789ab.mp3"), 9, "audio/mpeg")
SILENT = Answer(URL, 0, failure="silent")


class Web:
    """Answers well, but for what `ill` has waiting for an address."""

    def __init__(self, **ill):
        self.ill = {SHOW.url("feed.xml"): [], **ill}
        self.asked = []

    def ask(self, url, *, most_bytes, method="GET", headers=MappingProxyType({})):  # noqa: ARG002
        self.asked.append((method, url, dict(headers)))
        if self.ill.get(url):
            return self.ill[url].pop(0)
        if url == URL:
            return Answer(url, 200, {"content-type": "application/rss+xml"}, FEED)
        if "Range" in headers:
            return Answer(url, 206, {"content-range": "bytes 0-1/9"})
        return Answer(url, 200, {"content-type": "audio/mpeg", "content-length": "9"})


def test_a_single_time_out_is_asked_again_after_a_pause_and_nothing_else_is():
    web, pauses = Web(), []
    web.ill[URL] = [SILENT, SILENT]

    heard = listen(SHOW, FEED, media=[SAKU], attached={}, web=web, pause=pauses.append)

    assert heard.problems == ()
    assert pauses == [1.0, 4.0]
    assert [method for method, url, _ in web.asked if url == SAKU.url] == ["HEAD", "GET"]


def test_what_stays_ill_is_told_after_the_last_pause():
    web, pauses = Web(), []
    web.ill[URL] = [SILENT] * 9

    heard = listen(SHOW, FEED, media=(), attached={}, web=web, pause=pauses.append)

    assert [text.name for text in heard.problems] == ["publish.heard_nothing"]
    assert pauses == [1.0, 4.0, 10.0]


def test_no_cache_may_answer_for_the_feed():
    web = Web()

    listen(SHOW, FEED, media=[SAKU], attached={}, web=web)

    assert web.asked[0] == ("GET", URL, {"Cache-Control": "no-cache"})


ATTACHED = {
    "7/chapters.json": "application/json+chapters",
    "7/transcript.srt": "application/x-subrip; charset=utf-8",
    "7/transcript.vtt": "text/vtt; charset=utf-8",
}
OPEN = {"access-control-allow-origin": "*"}


def attachments(*changed, **headers):
    """Answer for every attachment as one should; `changed` ones with other headers."""
    answers = {}
    for key, kind in ATTACHED.items():
        told = {"content-type": kind, **OPEN}
        url = SHOW.url(key)
        answers[url] = [Answer(url, 200, {**told, **headers} if key in changed else told)]
    return answers


def test_every_attachment_is_asked_for_as_a_player_on_another_site_would():
    web = Web(**attachments())

    heard = listen(SHOW, FEED, media=(), attached=ATTACHED, web=web)

    assert (heard.problems, heard.remarks) == ((), ())
    asked = {url: headers for _, url, headers in web.asked if url != URL}
    assert asked == {SHOW.url(key): {"Origin": "https://player.example"} for key in ATTACHED}


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"access-control-allow-origin": "https://saku.example.jp"}, "publish.heard_no_cors"),
        ({"content-type": "text/plain"}, "publish.heard_attachment_type"),
    ],
)
def test_what_only_some_players_miss_is_told_once_for_all_files(headers, name):
    web = Web(**attachments("7/transcript.srt", "7/transcript.vtt", **headers))

    heard = listen(SHOW, FEED, media=(), attached=ATTACHED, web=web)

    assert heard.problems == ()
    told = [(text.name, text.values["count"], text.values["url"]) for text in heard.remarks]
    assert told == [(name, 2, SHOW.url("7/transcript.srt"))]


def test_an_attachment_that_nobody_can_fetch_is_a_problem():
    url = SHOW.url("7/transcript.srt")
    web = Web(**{**attachments(), url: [Answer(url, 403)] * 4})

    heard = listen(SHOW, FEED, media=(), attached=ATTACHED, web=web)

    assert [(text.name, text.values["url"]) for text in heard.problems] == [("publish.heard_nothing", url)]


def test_a_server_that_has_nothing_is_not_asked_for_all_of_an_archive():
    media = [
        Offered(SHOW.url(f"media/{number:04}-0123456789ab.mp3"), 9, "audio/mpeg") for number in range(90)
    ]
    web = Web(**{offer.url: [SILENT] * 9 for offer in media})

    problems = listen_to_media(media, web=web)

    assert len(problems) == 5
    assert len(web.asked) == 4 * 5


@pytest.mark.parametrize("length", [0, 9])
def test_a_feed_offers_its_alternate_enclosures_too_each_address_once(length):
    feed = f"""<rss xmlns:podcast="https://podcastindex.org/namespace/1.0"><item>
      <enclosure url="{SAKU.url}" length="9" type="audio/mpeg"/>
      <podcast:alternateEnclosure type="audio/ogg; codecs=opus" length="{length}">
        <podcast:source uri="https://example.jp/佐久.opus"/>
      </podcast:alternateEnclosure>
      <podcast:alternateEnclosure type="audio/mpeg" length="8"><podcast:source uri="{SAKU.url}"/>
      </podcast:alternateEnclosure></item></rss>""".encode()

    assert offered(feed) == (SAKU, Offered("https://example.jp/佐久.opus", length, "audio/ogg; codecs=opus"))
