"""Podcast apps of others subscribe to the built example show, download it, and lose nothing."""

from __future__ import annotations

import hashlib
import io
import shutil
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import lameenc
import numpy as np
import podcastparser
import pytest

from cityhall_fm.production.go_public import build, publish_all
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.settings import read_settings
from cityhall_fm.show.episode import Enclosure, EpisodeNumber, Key, MediaFile
from cityhall_fm.show.errors import NotReadyError
from cityhall_fm.show.loudness import Loudness
from cityhall_fm.show.timecode import Timecode
from cityhall_fm.wiring import Wired
from commands import cityhall_fm

from podcast_host import podcast_host
from real_clients import Gpo, NotThereError, Poca, partytime

REPOSITORY = Path(__file__).parents[2]
NOW = datetime(2026, 11, 30, 11, tzinfo=UTC)
MORE = """
[[feed.funding]]
url = "https://example.jp/furusato"
text = "ふるさと納税で応援する"

[[feed.trailers]]
title = "予告"
url = "https://example.jp/trailer.mp3"
published_at = 2026-11-01T20:00:00+09:00

[[feed.txt]]
text = "S6lpp"
purpose = "verify"
"""
"""Fields that the example leaves to other cities."""
NUMBERS = (1, 2)
"""The episodes of the example that are published."""


def an_mp3(seed: int, seconds: int = 12) -> bytes:
    """Encode hiss that no two episodes share."""
    hiss = np.random.default_rng(seed).integers(-3000, 3000, 22_050 * seconds, dtype=np.int16)
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(22_050)
    encoder.set_channels(1)
    return bytes(encoder.encode(hiss.tobytes()) + encoder.flush())


class PublishedShow:
    """The example show with media that were made quickly, published into a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "feeds" / "site"

    def put_audio(self, number: int, seed: int) -> Path:
        """Give an episode other audio, as mastering would: under a new name."""
        companion = self._companion()
        content = an_mp3(seed)
        sha256 = hashlib.sha256(content).hexdigest()
        key = Key(f"media/{number:04}-{sha256[:12]}.mp3")
        opus = b"OggS" + content
        digest = hashlib.sha256(opus).hexdigest()
        other = MediaFile(Key(f"media/{number:04}-{digest[:12]}.opus"), len(opus), "audio/ogg", digest, 48)
        enclosure = Enclosure(
            key, len(content), "audio/mpeg", sha256, Timecode.of_seconds(12), Loudness(-16, 3, -1),
            Timecode(0), "recipe", alternates=(other,),
        )  # fmt: skip
        companion.folder.path(key).write_bytes(content)
        companion.folder.path(other.key).write_bytes(opus)
        companion.shelf.keep_enclosure(EpisodeNumber(number), enclosure)
        return self.site / key

    def current_audio(self, number: int) -> Path:
        companion = self._companion()
        return companion.folder.path(companion.shelf.episode(EpisodeNumber(number)).enclosure.key)

    def publish(self) -> None:
        companion = self._companion()
        build(companion, progress=Silence())
        publish_all(companion, now=NOW, progress=Silence())

    def _companion(self) -> Wired:
        return Wired(read_settings(self.folder, {}))


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("show")
    left_out = shutil.ignore_patterns("public", "site", "*sqlite*", "recording*", "enclosure.json")
    for part in ("feeds", "episodes"):
        shutil.copytree(REPOSITORY / part, folder / part, ignore=left_out)
    for transcript in folder.glob("episodes/*/transcript.vtt"):  # which fits the short audio made here
        transcript.write_text("WEBVTT\n\n00:01.000 --> 00:05.000\n<v 課長>佐久からこんばんは🎙\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def server(example):
    site = example / "feeds" / "site"
    site.mkdir()
    with podcast_host(site) as host:
        manifest = example / "feeds" / "show.toml"
        text = manifest.read_text("utf-8").replace("https://fm.example.jp", host.url) + MORE
        manifest.write_text(text, "utf-8")
        yield host


@pytest.fixture
def host(server):
    server.asked.clear()
    server.breaks_after.clear()
    return server


@pytest.fixture
def show(example, host):  # noqa: ARG001 - the server gives the show its address
    show = PublishedShow(example)
    for number in NUMBERS:
        show.put_audio(number, seed=number)
    show.publish()
    return show


def client(make):
    """Make a client, or skip and say why it is not there."""
    try:
        return make()
    except NotThereError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def gpo(tmp_path):
    return client(lambda: Gpo(tmp_path / "gpodder"))


def test_gpodder_subscribes_and_downloads_every_byte(show, host, gpo):
    gpo("subscribe", f"{host.url}/feed.xml")
    guids = [entry.id for entry in feedparser.parse((show.site / "feed.xml").read_bytes()).entries]
    assert [guid for guid, _ in gpo.listed()] == guids
    gpo("download")
    assert [path.read_bytes() for path in gpo.files()] == [an_mp3(seed) for seed in NUMBERS]


@pytest.mark.usefixtures("show")
def test_gpodder_asks_again_and_gets_304(host, gpo):
    gpo("subscribe", f"{host.url}/feed.xml")
    gpo("update")
    again = [request for request in host.asked_for("/feed.xml") if request.status == 304]
    assert again
    assert "if-none-match" in again[-1].headers or "if-modified-since" in again[-1].headers


def test_gpodder_resumes_a_download_that_broke_off(show, host, gpo):
    gpo("subscribe", f"{host.url}/feed.xml")
    path = "/" + str(show.put_audio(1, seed=1).relative_to(show.site))
    whole = len(an_mp3(1))
    host.breaks_after[path] = [whole // 2]
    gpo("download")
    gpo("resume")
    statuses = [request.status for request in host.asked_for(path)]
    assert statuses == [200, 206]
    assert host.asked_for(path)[-1].headers["range"].startswith("bytes=")
    assert gpo.files()[0].read_bytes() == an_mp3(1)


def test_audio_that_was_replaced_under_its_guid_is_no_second_episode(show, host, gpo):
    gpo("subscribe", f"{host.url}/feed.xml")
    gpo("download")
    known = gpo.listed()
    show.put_audio(1, seed=99)
    show.publish()
    assert "0 new episodes" in gpo("update")
    assert gpo.listed() == known


@pytest.mark.usefixtures("show")
def test_poca_downloads_and_has_nothing_left_to_do(host, tmp_path):
    poca = client(lambda: Poca(tmp_path / "poca", f"{host.url}/feed.xml"))
    poca()
    assert len(poca.files()) == len(NUMBERS)
    fetched = [request for request in host.asked if request.path.startswith("/media/")]
    poca()
    assert [request for request in host.asked if request.path.startswith("/media/")] == fetched


def test_poca_keeps_one_file_of_an_episode_whose_audio_was_replaced(show, host, tmp_path):
    poca = client(lambda: Poca(tmp_path / "poca", f"{host.url}/feed.xml"))
    poca()
    show.put_audio(1, seed=98)
    show.publish()
    poca()
    assert len(poca.files()) == len(NUMBERS)


def test_partytime_reads_what_podcasting_2_0_says(show, host):
    try:
        feed = partytime((show.site / "feed.xml").read_bytes())
    except NotThereError as reason:
        pytest.skip(str(reason))
    assert feed["guid"] == "b01440ef-109d-5bd6-83b5-1f8bd3933d41"
    assert feed["medium"] == "podcast"
    assert feed["locked"] is True
    assert feed["podcastFunding"] == [
        {"message": "ふるさと納税で応援する", "url": "https://example.jp/furusato"}
    ]
    assert feed["trailers"][0]["url"] == "https://example.jp/trailer.mp3"
    assert feed["podcastTxt"] == [{"purpose": "verify", "value": "S6lpp"}]
    assert feed["podcastLocation"]["geo"] == "geo:36.2489,138.4767"
    newest = feed["items"][0]
    assert newest["podcastSeason"] == {"number": 1, "name": "はじまりの冬"}
    assert newest["enclosure"]["length"] == len(an_mp3(2))
    assert newest["alternativeEnclosures"][0]["type"] == "audio/ogg"
    assert newest["alternativeEnclosures"][0]["source"][0]["uri"].startswith(f"{host.url}/media/0002-")
    assert newest["podcastChapters"]["url"] == f"{host.url}/2/chapters.json"
    assert {transcript["type"] for transcript in newest["podcastTranscripts"]} >= {
        "text/vtt",
        "application/json",
    }
    assert [person["role"] for person in newest["podcastPeople"]] == ["Host", "Co-Host"]


@pytest.mark.usefixtures("show")
def test_the_two_parsers_of_python_find_what_the_apps_found(host):
    with urllib.request.urlopen(f"{host.url}/feed.xml") as answer:  # noqa: S310 - loopback
        content = answer.read()
    read = feedparser.parse(content)
    assert not read.bozo
    feed = podcastparser.parse(f"{host.url}/feed.xml", io.BytesIO(content))
    assert [episode["guid"] for episode in feed["episodes"]] == [entry.id for entry in read.entries]
    assert all(episode["enclosures"][0]["file_size"] > 0 for episode in feed["episodes"])


def test_a_build_with_errors_names_them_and_replaces_nothing(show, example):
    before = {path: path.read_bytes() for path in (example / "feeds/public").rglob("*") if path.is_file()}
    manifest, audio = example / "feeds" / "show.toml", show.current_audio(1)
    settings, sound = manifest.read_text("utf-8"), audio.read_bytes()
    try:
        audio.write_bytes(b"<html>" + sound)
        manifest.write_text(settings.replace('title = "FM', 'title = "新FM'), "utf-8")
        run = cityhall_fm("--show", example, "build")
    finally:
        audio.write_bytes(sound)
        manifest.write_text(settings, "utf-8")
    assert run.returncode == 1
    assert "“新幹線と、ご近所づきあい” enclosure: The feed says" in run.stderr
    assert "enclosure: It is said to be audio/mpeg, but holds text/html." in run.stderr
    assert {path: path.read_bytes() for path in before} == before


def test_a_guid_that_apps_know_cannot_be_published_otherwise(show, example):
    written = next((example / "episodes").glob("0001-*/episode.md"))
    before = written.read_text("utf-8")
    guid = next(line for line in before.splitlines() if line.startswith("guid:"))
    public = (show.site / "feed.xml").read_bytes()
    try:
        written.write_text(before.replace(guid, "guid: 00000000-0000-4000-8000-000000000000"), "utf-8")
        with pytest.raises(NotReadyError) as refused:
            show.publish()
    finally:
        written.write_text(before, "utf-8")
    assert [text.name for text in refused.value.missing] == ["check.guid_changed"]
    assert refused.value.missing[0].values["old"] == guid.split()[1].strip('"')
    assert (show.site / "feed.xml").read_bytes() == public
