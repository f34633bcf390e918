"""A podcast at another host: feeds of the shape that Anchor writes, and media that really play."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import Final

import av
import numpy as np

ANCHOR: Final = "https://anchor.fm/s/0123abcd/podcast/rss"
GUID: Final = "892ad84c-a15e-4245-a8be-3eaded28dc{:02}"


def an_item(number: int = 1, /, **changes: str | None) -> str:
    """Write an item as Anchor does; None leaves a tag out, anything else replaces it as it is."""
    tags: dict[str, str | None] = {
        "title": f"<title><![CDATA[第{number}の話 髙橋🎙]]></title>",
        "description": f"<description><![CDATA[<p>語って<strong>「灯油」</strong>の話 {number}</p>\n]]>"
        "</description>",
        "link": f"<link>https://podcasters.spotify.com/pod/show/x/episodes/x-{number}</link>",
        "guid": f'<guid isPermaLink="false">{GUID.format(number)}</guid>',
        "creator": "<dc:creator><![CDATA[わいこ]]></dc:creator>",
        "date": f"<pubDate>Tue, {number:02} Jun 2025 09:29:22 GMT</pubDate>",
        "enclosure": f'<enclosure url="{{host}}/play/{number}/https%3A%2F%2Fd3.example%2F{number}-%e4%bd%90'
        '.m4a" length="{length}" type="audio/x-m4a"/>',
        "summary": f"<itunes:summary>&lt;p&gt;語って「灯油」の話 {number}&lt;/p&gt;\n</itunes:summary>",
        "explicit": "<itunes:explicit>false</itunes:explicit>",
        "duration": "<itunes:duration>00:00:02</itunes:duration>",
        "image": '<itunes:image href="{host}/art.jpg"/>',
        "season": "<itunes:season>1</itunes:season>",
        "number": f"<itunes:episode>{number}</itunes:episode>",
        "kind": "<itunes:episodeType>full</itunes:episodeType>",
        **changes,
    }
    return "<item>" + "\n".join(tag for tag in tags.values() if tag is not None) + "</item>"


def a_feed(*items: str, host: str = "https://media.example", length: int = 0, **changes: str | None) -> bytes:
    """Write a channel as Anchor does, its items in the order given."""
    tags: dict[str, str | None] = {
        "title": "<title><![CDATA[佐久のラジオ]]></title>",
        "description": "<description><![CDATA[移住の話をします。]]></description>",
        "link": "<link>https://example.jp/</link>",
        "generator": "<generator>Anchor Podcasts</generator>",
        "built": "<lastBuildDate>Wed, 18 Jun 2025 08:38:09 GMT</lastBuildDate>",
        "self": f'<atom:link href="{ANCHOR}" rel="self" type="application/rss+xml"/>',
        "bare_author": "<author><![CDATA[わいこ]]></author>",
        "copyright": "<copyright><![CDATA[わいこ]]></copyright>",
        "language": "<language><![CDATA[ja]]></language>",
        "hub": '<atom:link rel="hub" href="https://pubsubhubbub.appspot.com/"/>',
        "author": "<itunes:author>わいこ</itunes:author>",
        "type": "<itunes:type>episodic</itunes:type>",
        "owner": "<itunes:owner><itunes:name>わいこ</itunes:name>"
        "<itunes:email>a@example.jp</itunes:email></itunes:owner>",
        "explicit": "<itunes:explicit>false</itunes:explicit>",
        "category": '<itunes:category text="Technology"/>',
        "image": '<itunes:image href="{host}/art.jpg"/>',
        **changes,
    }
    head = "\n".join(tag for tag in tags.values() if tag is not None)
    written = (
        '<?xml version="1.0" encoding="UTF-8"?><rss xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" '
        'version="2.0" xmlns:anchor="https://anchor.fm/xmlns" '
        'xmlns:podcast="https://podcastindex.org/namespace/1.0" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
        'xmlns:psc="http://podlove.org/simple-chapters"><channel>'
        f"{head}{''.join(items)}</channel></rss>"
    )
    return written.replace("{host}", host).replace("{length}", str(length)).encode()


@cache
def sound(ending: str = "m4a", seconds: float = 2.0, pitch: float = 440.0) -> bytes:
    """Encode a tone as a file of this kind."""
    codec, container = {"m4a": ("aac", "ipod"), "mp3": ("libmp3lame", "mp3"), "opus": ("libopus", "ogg")}[
        ending
    ]
    file = io.BytesIO()
    rate = 48_000
    wave = (np.sin(np.arange(int(rate * seconds)) * 2 * np.pi * pitch / rate) * 0.3).astype(np.float32)
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout="mono")
        stream.bit_rate = 64_000
        frame = av.AudioFrame.from_ndarray(wave[None, :], format="fltp", layout="mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout="mono", rate=rate, frame_size=stream.frame_size or 960
        )
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return file.getvalue()


@cache
def picture(size: int = 1400, kind: str = "JPEG") -> bytes:
    """Draw a square."""
    from PIL import Image  # noqa: PLC0415 - only few tests draw

    file = io.BytesIO()
    Image.new("RGB", (size, size), (30, 80, 120)).save(file, kind)
    return file.getvalue()


def said(run) -> dict:
    """Read what a command printed as JSON."""
    return json.loads(run.stdout)
