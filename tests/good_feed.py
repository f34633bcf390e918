"""A feed with everything that a feed may hold, with which nothing is wrong; tests break it at one place."""

from __future__ import annotations

GOOD_FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" \
xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom" \
xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">
<channel>
<title>佐久ラジオ</title>
<link>https://example.jp/radio</link>
<description><![CDATA[<p>佐久の暮らしの質問に答えます。📻</p>]]></description>
<language>ja</language>
<copyright>2026 佐久市</copyright>
<lastBuildDate>Mon, 30 Nov 2026 20:00:00 +0900</lastBuildDate>
<atom:link href="https://fm.example.jp/feed.xml" rel="self" type="application/rss+xml"/>
<atom:link href="https://hub.example.jp/" rel="hub"/>
<itunes:author>佐久市</itunes:author>
<itunes:owner><itunes:name>広報</itunes:name><itunes:email>fm@example.jp</itunes:email></itunes:owner>
<itunes:image href="https://fm.example.jp/artwork.png"/>
<itunes:category text="Government"/>
<itunes:category text="Society &amp; Culture"><itunes:category text="Places &amp; Travel"/></itunes:category>
<itunes:explicit>false</itunes:explicit>
<itunes:type>episodic</itunes:type>
<podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>
<podcast:locked owner="fm@example.jp">yes</podcast:locked>
<podcast:medium>podcast</podcast:medium>
<podcast:license>cc-by-4.0</podcast:license>
<podcast:location geo="geo:36.2489,138.4767" osm="R4256124" rel="subject" \
country="JP">長野県佐久市</podcast:location>
<podcast:funding url="https://example.jp/furusato">ふるさと納税</podcast:funding>
<podcast:txt purpose="verify">abc123</podcast:txt>
<podcast:trailer url="https://fm.example.jp/trailer.mp3" pubdate="Sun, 01 Nov 2026 20:00:00 +0900" \
length="123" type="audio/mpeg">予告</podcast:trailer>
<podcast:updateFrequency rrule="FREQ=MONTHLY;BYDAY=1MO,3MO;BYHOUR=20" dtstart="2026-11-02T20:00:00+09:00">\
月に2回</podcast:updateFrequency>
<podcast:podroll><podcast:remoteItem feedGuid="29cdca4a-32d8-56ba-b48b-09a011c5daa9"/></podcast:podroll>
<podcast:image href="https://fm.example.jp/wide.jpg" alt="佐久平" aspect-ratio="16/9" width="1200"/>
<podcast:person role="host" group="cast" href="https://example.jp/" \
img="https://example.jp/a.png">課長</podcast:person>
<item>
<title>佐久の冬支度</title>
<link>https://fm.example.jp/2/</link>
<guid isPermaLink="false">guid-2</guid>
<pubDate>Mon, 30 Nov 2026 20:00:00 +0900</pubDate>
<description><![CDATA[<p>灯油の話。<a href="https://example.jp/">案内</a></p>]]></description>
<content:encoded><![CDATA[<h2>灯油</h2>]]></content:encoded>
<enclosure url="https://fm.example.jp/media/0002.mp3" length="1000" type="audio/mpeg"/>
<itunes:duration>90</itunes:duration>
<itunes:explicit>false</itunes:explicit>
<itunes:season>1</itunes:season>
<itunes:episode>2</itunes:episode>
<itunes:episodeType>full</itunes:episodeType>
<itunes:image href="https://fm.example.jp/artwork.png"/>
<podcast:season name="はじまりの冬">1</podcast:season>
<podcast:episode display="冬の号">2</podcast:episode>
<podcast:transcript url="https://fm.example.jp/2/transcript.vtt" type="text/vtt" \
language="ja" rel="captions"/>
<podcast:transcript url="https://fm.example.jp/2/transcript.srt" type="application/x-subrip" rel="captions"/>
<podcast:transcript url="https://fm.example.jp/2/transcript.json" type="application/json"/>
<podcast:chapters url="https://fm.example.jp/2/chapters.json" type="application/json+chapters"/>
<podcast:soundbite startTime="12.5" duration="30">灯油の一言</podcast:soundbite>
<podcast:alternateEnclosure type="audio/ogg" length="500" bitrate="48000" title="Opus">\
<podcast:source uri="https://fm.example.jp/media/0002.opus"/>\
<podcast:integrity type="sri" value="sha256-XHk1Z2IpRB0JlCk1xq7hT1bRRFyzJ1TL0YWmIGUnuTg="/>\
</podcast:alternateEnclosure>
<podcast:socialInteract protocol="activitypub" uri="https://social.example.jp/@fm/1" \
accountId="@fm" priority="1"/>
<podcast:contentLink href="https://www.youtube.com/watch?v=x">動画</podcast:contentLink>
</item>
<item>
<title>はじめまして</title>
<link>https://fm.example.jp/1/</link>
<guid isPermaLink="false">guid-1</guid>
<pubDate>Mon, 16 Nov 2026 20:00:00 +0900</pubDate>
<description>はじめての回です。</description>
<enclosure url="https://fm.example.jp/media/0001.m4a" length="900" type="audio/x-m4a"/>
<itunes:duration>1:01:30</itunes:duration>
<itunes:explicit>false</itunes:explicit>
<itunes:season>1</itunes:season>
<itunes:episode>1</itunes:episode>
</item>
</channel>
</rss>
"""


def broken(old: str, new: str, *, times: int = 1) -> str:
    """Break the good feed at one place, which must be there."""
    assert old in GOOD_FEED, old
    return GOOD_FEED.replace(old, new, times)
