"""Ways to subscribe."""

from __future__ import annotations

from cityhall_fm.show.subscribing import apps

from builders import a_show

APPLE = "https://podcasts.apple.com/jp/podcast/id1"


def test_apps_that_need_only_the_feeds_address_are_always_there():
    urls = {app.name: app.url for app in apps(a_show())}
    assert urls == {
        "Apple Podcasts": "podcast://fm.example.jp/feed.xml",
        "Overcast": "overcast://x-callback-url/add?url=https%3A%2F%2Ffm.example.jp%2Ffeed.xml",
        "Pocket Casts": "pktc://subscribe/fm.example.jp/feed.xml",
        "AntennaPod": "https://antennapod.org/deeplink/subscribe?url=https%3A%2F%2Ffm.example.jp%2Ffeed.xml",
        "Podcast Addict": "podcastaddict://fm.example.jp/feed.xml",
    }


def test_the_shows_own_pages_come_first_and_no_app_twice():
    listed = apps(a_show(listed=(("apple", APPLE), ("spotify", "https://open.spotify.com/show/1"))))
    assert [(app.name, app.listed) for app in listed[:3]] == [
        ("Apple Podcasts", True),
        ("Spotify", True),
        ("Overcast", False),
    ]
    assert [app.url for app in listed if app.name == "Apple Podcasts"] == [APPLE]
