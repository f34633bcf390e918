"""Moving house over the real adapters, from another host's server on loopback."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from cityhall_fm.adapters.web import UrllibWeb
from cityhall_fm.production.import_show import Imported, import_show
from cityhall_fm.production.master import master
from cityhall_fm.production.ports.progress import Silence
from cityhall_fm.settings import read_settings
from cityhall_fm.show.errors import InputError, NotReadyError, WebError
from cityhall_fm.show.mastering import MasteringSettings
from cityhall_fm.show.notes import ShowNotes
from cityhall_fm.texts import entries
from cityhall_fm.wiring import WiredMovers

from old_host import GUID, a_feed, an_item, picture, sound
from web_server import WebServer, web_server

SOURCE = Path(__file__).parents[2] / "src" / "cityhall_fm"


class House:
    """An empty folder, and another host with a podcast."""

    def __init__(self, folder: Path, host: WebServer) -> None:
        self.folder = folder
        self.host = host
        self.sound = sound("m4a")
        host.serve("/art.jpg", picture(), "image/jpeg")
        for number in range(1, 10):
            host.serve(self.media(number), redirect=f"/real/{number}?sig=%2f")
            host.serve(f"/real/{number}?sig=%2f", sound("m4a", 2.0, 200.0 + number), "audio/x-m4a")

    def media(self, number: int) -> str:
        return f"/play/{number}/https%3A%2F%2Fd3.example%2F{number}-%e4%bd%90.m4a"

    def real(self, number: int):
        return self.host.served[f"/real/{number}?sig=%2f"]

    def move(self, *items: str, source: str | None = None, **changes) -> Imported:
        if items:
            self.host.serve("/rss", a_feed(*items, host=self.host.url, **changes), "text/xml")
        movers = WiredMovers(self.folder)
        movers.web = UrllibWeb(timeout=5, wait=lambda _: None)
        existing = None
        if (self.folder / "feeds/show.toml").exists():
            settings = read_settings(self.folder, {})
            existing = (settings.show, settings.artwork)
        return import_show(
            source or f"{self.host.url}/rss",
            movers=movers,
            existing=existing,
            public_url="https://fm.example.jp",
            progress=Silence(),
        )

    @property
    def movers(self) -> WiredMovers:
        return WiredMovers(self.folder)

    @property
    def public(self):
        return self.movers.folder(self.folder / "feeds/artwork.jpg")

    def episode(self, number: int):
        return self.movers.shelf.episode(number)

    def files(self) -> list[str]:
        return sorted(
            path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()
        )


@pytest.fixture
def house(tmp_path):
    with web_server() as host:
        yield House(tmp_path / "番組", host)


def odd(imported: Imported) -> list[str]:
    return [oddity.text.name.removeprefix("moving.") for oddity in imported.oddities]


def test_a_podcast_moves_into_an_empty_folder(house):
    imported = house.move(an_item(2), an_item(1))
    assert (imported.brought, imported.failed, imported.furnished) == ([1, 2], [], True)
    show = read_settings(house.folder, {}).show
    assert (show.title, show.moved_from) == ("佐久のラジオ", f"{house.host.url}/rss")
    episode = house.episode(1)
    assert episode.guid == GUID.format(1)
    assert episode.published_at.isoformat() == "2025-06-01T18:29:22+09:00"
    assert (episode.title, episode.season, episode.explicit) == ("第1の話 髙橋🎙", 1, False)
    assert episode.notes == "語って**「灯油」**の話 1"
    assert (house.folder / "feeds/artwork.jpg").read_bytes() == picture()
    assert house.public.artwork()[1] == picture()


def test_audio_is_published_under_an_address_of_its_own(house):
    house.move(an_item(1))
    enclosure = house.episode(1).enclosure
    content = house.real(1).content
    sha256 = hashlib.sha256(content).hexdigest()
    assert enclosure.key == f"media/0001-{sha256[:12]}.m4a"
    assert (enclosure.sha256, enclosure.length_bytes) == (sha256, len(content))
    assert (enclosure.media_type, enclosure.duration.seconds) == ("audio/x-m4a", 2.0)
    assert enclosure.imported
    assert enclosure.loudness is None
    assert house.public.path(enclosure.key).read_bytes() == content
    assert house.public.holds(enclosure)


def test_addresses_of_media_are_asked_for_byte_for_byte(house):
    house.move(an_item(1))
    asked = [path for path, _ in house.host.asked]
    assert asked == ["/rss", "/art.jpg", house.media(1), "/real/1?sig=%2f"]


def test_run_again_it_does_nothing(house):
    house.move(an_item(2), an_item(1))
    before = {name: (house.folder / name).read_bytes() for name in house.files()}
    house.host.asked.clear()
    imported = house.move()
    assert (imported.brought, imported.kept, imported.furnished) == ([], 2, False)
    assert [path for path, _ in house.host.asked] == ["/rss"]
    assert {name: (house.folder / name).read_bytes() for name in house.files()} == before


def test_run_again_it_brings_only_what_is_missing(house):
    house.real(2).status = 404
    first = house.move(an_item(3), an_item(2), an_item(1))
    assert first.brought == [1, 3]
    assert [(one.text.name, one.episode) for one in first.failed] == [("web.gone", "第2の話 髙橋🎙")]
    house.real(2).status = 200
    house.host.asked.clear()
    second = house.move()
    assert (second.brought, second.kept, second.failed) == ([2], 2, [])
    assert [path for path, _ in house.host.asked] == ["/rss", house.media(2), "/real/2?sig=%2f"]
    assert not (house.folder / ".import").exists()


def test_a_broken_download_is_gone_on_with_in_the_next_run(house):
    half = len(house.sound) // 2
    house.real(1).breaks_after = [half, 0, 0, 0]
    assert house.move(an_item(1)).failed[0].text.name == "web.broken_off"
    assert not (house.folder / "episodes").exists()
    house.host.asked.clear()
    assert house.move().brought == [1]
    assert house.host.asked_for("/real/1?sig=%2f") == [f"bytes={half}-"]
    assert house.public.path(house.episode(1).enclosure.key).read_bytes() == house.real(1).content


def test_what_people_wrote_since_is_not_touched(house):
    house.move(an_item(1))
    path = next(house.folder.glob("episodes/0001-*/episode.md"))
    path.write_text(path.read_text("utf-8").replace("第1の話", "改題"), "utf-8")
    (house.folder / "feeds/show.toml").write_text(
        (house.folder / "feeds/show.toml").read_text("utf-8").replace("佐久のラジオ", "改名"), "utf-8"
    )
    house.move(an_item(2), an_item(1))
    assert house.episode(1).title.startswith("改題")
    assert read_settings(house.folder, {}).show.title == "改名"
    assert house.episode(2).number == 2


def test_a_kill_between_any_two_steps_is_made_good(house):
    house.move(an_item(1))
    folder = next(house.folder.glob("episodes/0001-*"))
    (folder / "enclosure.json").unlink()
    house.host.asked.clear()
    assert house.move().brought == [1]
    assert [path for path, _ in house.host.asked] == ["/rss"]
    (folder / "enclosure.json").unlink()
    (folder / "imported.m4a").unlink()
    assert house.move().brought == [1]
    assert house.episode(1).enclosure.sha256 == hashlib.sha256(house.real(1).content).hexdigest()


def test_public_files_come_back_from_the_originals(house):
    house.move(an_item(1))
    key = house.episode(1).enclosure.key
    house.public.path(key).unlink()
    house.host.asked.clear()
    house.move()
    assert house.public.path(key).read_bytes() == house.real(1).content
    assert [path for path, _ in house.host.asked] == ["/rss"]


def mastered(house):
    movers, settings = house.movers, read_settings(house.folder, {})
    return master(
        house.episode(1),
        ShowNotes(()),
        show=settings.show,
        settings=MasteringSettings(),
        artwork=settings.artwork,
        suite=None,
        shelf=movers.shelf,
        folder=house.public,
        progress=Silence(),
    )


def test_mastering_leaves_finished_audio_alone_and_puts_it_back(house):
    house.move(an_item(1))
    enclosure = house.episode(1).enclosure
    house.public.path(enclosure.key).unlink()
    made = mastered(house)
    assert (made.enclosure, made.anew) == (enclosure, False)
    assert house.public.holds(enclosure)


def test_mastering_tells_where_the_original_is_gone(house):
    house.move(an_item(1))
    house.public.path(house.episode(1).enclosure.key).unlink()
    next(house.folder.glob("episodes/*/imported.m4a")).unlink()
    with pytest.raises(NotReadyError) as error:
        mastered(house)
    assert error.value.missing[0].name == "moving.original_gone"


def test_a_page_instead_of_audio_stops_only_that_episode(house):
    house.real(2).content, house.real(2).media_type = b"<!DOCTYPE html><p>" + b"x" * 900, "text/html"
    house.real(3).content, house.real(3).media_type = b"<!DOCTYPE html><p>" + b"x" * 900, "audio/mpeg"
    imported = house.move(an_item(3), an_item(2), an_item(1))
    assert imported.brought == [1]
    assert sorted(one.text.name for one in imported.failed) == ["moving.not_audio", "web.a_page"]
    assert [
        name for name in house.files() if name.startswith(("episodes/0002", "episodes/0003", ".import"))
    ] == []


def test_lengths_types_and_durations_are_the_files_own(house):
    house.real(1).content = sound("mp3", 3.0)
    house.host.serve("/b.mp3", sound("mp3", 9.0), "audio/x-m4a")
    wrong = '<enclosure url="{host}/b.mp3" length="12" type="audio/x-m4a"/>'
    imported = house.move(an_item(2, enclosure=wrong, duration="<itunes:duration>1:00</itunes:duration>"))
    assert {"length_differs", "type_differs", "duration_differs"} <= set(odd(imported))
    enclosure = house.episode(2).enclosure
    assert enclosure.key.endswith(".mp3")
    assert enclosure.media_type == "audio/mpeg"
    assert enclosure.length_bytes == len(sound("mp3", 9.0))
    assert enclosure.duration.seconds == pytest.approx(9.0, abs=0.2)


@pytest.mark.parametrize(
    ("written", "seconds"), [("00:00:03", 3), ("3", 3), ("0:02", 2), ("", 2), ("いつか", 2), ("00:00:00", 2)]
)
def test_a_duration_is_the_feeds_where_the_file_agrees(house, written, seconds):
    house.move(an_item(1, duration=f"<itunes:duration>{written}</itunes:duration>"))
    assert house.episode(1).enclosure.duration.seconds == pytest.approx(seconds, abs=0.1)


def test_a_wrong_length_of_the_server_brings_nothing_half(house):
    house.real(1).claims = len(house.sound) + 7
    house.real(1).ranges = False
    assert house.move(an_item(1)).failed[0].text.name == "web.broken_off"
    assert [name for name in house.files() if name.startswith(("episodes", "feeds/public"))] == []


def test_trailers_and_bonuses_come_as_what_they_are(house):
    trailer = an_item(1, number=None, kind="<itunes:episodeType>trailer</itunes:episodeType>")
    bonus = an_item(2, number=None, kind="<itunes:episodeType>bonus</itunes:episodeType>")
    house.move(an_item(3, number="<itunes:episode>1</itunes:episode>"), bonus, trailer)
    assert {one.number: one.kind.value for one in house.movers.shelf.episodes()} == {
        1: "full",
        2: "trailer",
        3: "bonus",
    }


def test_an_episodes_own_picture_comes_and_the_shows_is_not_repeated(house):
    house.host.serve("/own", picture(1400, "PNG"))
    house.host.serve("/page.png", b"<html>")
    own = an_item(2, image='<itunes:image href="/own"/>')
    none = an_item(3, image='<itunes:image href="{host}/page.png"/>')
    imported = house.move(none, own, an_item(1))
    assert [name for name in house.files() if "artwork" in name and "episodes" in name] == [
        "episodes/0002-2/artwork.png"
    ]
    assert "no_picture" in odd(imported)
    assert imported.brought == [1, 2, 3]


def test_an_episodes_picture_that_apps_refuse_is_told_and_does_not_stop_the_build(house):
    house.host.serve("/own", picture(300, "PNG"))
    imported = house.move(an_item(1, image='<itunes:image href="/own"/>'))
    assert "publish.artwork_size" in odd(imported)
    assert [name for name in house.files() if "artwork" in name and "episodes" in name] == [
        "episodes/0001-1/imported-artwork.png"
    ]
    assert house.movers.shelf.artwork(1) is None


WEBVTT = "WEBVTT\n\n00:00.100 --> 00:00.900\n<v 髙橋>佐久からこんばんは🎙\n"
SAID = (
    '<podcast:transcript url="/t.html" type="text/html"/>'
    '<podcast:transcript url="/t.srt" type="application/x-subrip"/>'
    '<podcast:transcript url="/t.vtt?x=%2F" type="text/vtt"/>'
    '<podcast:chapters url="/c.json" type="application/json+chapters"/>'
    '<podcast:person role="Guest" group="cast" href="https://k.jp/" img="javascript:x">髙橋 健'
    "</podcast:person>"
    "<podcast:person>課長</podcast:person>"
    '<podcast:season name="はじまりの冬">1</podcast:season>'
    '<podcast:episode display="冬の号">1</podcast:episode>'
)
CHAPTERS = (
    '{"version": "1.2.0", "chapters": [{"startTime": 1.2, "title": "灯油代", "url": "https://k.jp/toyu"},'
    ' {"startTime": 0, "title": "オープニング"}, {"startTime": 0.5, "title": "見えない", "toc": false}]}'
)


def said(house, **served):
    for path, content in {"/t.vtt?x=%2F": WEBVTT, "/c.json": CHAPTERS, **served}.items():
        house.host.serve(path, content.encode())
    return house.move(
        an_item(1, number=SAID),
        author='<podcast:person role="host">課長</podcast:person>'
        '<podcast:funding url="https://k.jp/furusato">ふるさと納税</podcast:funding>'
        '<podcast:funding url="mailto:a@k.jp">だめ</podcast:funding><itunes:author>わいこ</itunes:author>',
    )


def test_transcript_chapters_people_and_what_things_are_called_come_along(house):
    imported = said(house)
    episode = house.episode(1)
    assert "<v 髙橋>佐久からこんばんは🎙" in episode.transcript
    assert [(str(one.at), one.title, one.url) for one in episode.rundown.segments] == [
        ("0:00", "オープニング", None),
        ("0:01", "灯油代", "https://k.jp/toyu"),
    ]
    assert [(one.name, one.role, one.url, one.image) for one in episode.people] == [
        ("髙橋 健", "guest", "https://k.jp/", None),
        ("課長", "host", None, None),
    ]
    assert episode.feed.number_shown == "冬の号"
    show = read_settings(house.folder, {}).show
    assert show.feed.seasons == {1: "はじまりの冬"}
    assert [(one.url, one.title) for one in show.feed.funding] == [("https://k.jp/furusato", "ふるさと納税")]
    assert [one.name for one in show.people] == ["課長"]
    assert not {"transcript_unfit", "no_chapters"} & set(odd(imported))


def test_a_transcript_for_other_audio_is_told_and_the_next_one_tried(house):
    late = "WEBVTT\n\n01:00:00.000 --> 01:00:01.000\nおやすみなさい\n"
    srt = "1\n00:00:00,100 --> 00:00:00,900\n髙橋: こんばんは\n"
    imported = said(house, **{"/t.vtt?x=%2F": late, "/t.srt": srt})
    assert "transcript_unfit" in odd(imported)
    assert "<v 髙橋>こんばんは" in house.episode(1).transcript


def test_words_that_cannot_be_had_stop_nothing_and_the_transcript_comes_later(house):
    house.host.serve("/c.json", b"<html>")
    imported = house.move(an_item(1, number=SAID))
    assert imported.brought == [1]
    assert "no_chapters" in odd(imported)
    assert house.episode(1).transcript is None
    house.host.serve("/t.vtt?x=%2F", WEBVTT.encode())
    again = house.move(an_item(1, number=SAID))
    assert (again.brought, again.kept) == ([], 1)
    assert "佐久から" in house.episode(1).transcript


def test_a_transcript_that_people_corrected_is_not_brought_again(house):
    said(house)
    house.movers.shelf.keep_transcript(1, WEBVTT.replace("佐久", "サク"))
    said(house)
    assert "サクから" in house.episode(1).transcript


def test_an_artwork_that_directories_refuse_is_told(house):
    house.host.serve("/art.jpg", picture(300), "image/jpeg")
    assert [one.text.name for one in house.move(an_item(1)).oddities if "artwork" in one.text.name] == [
        "publish.artwork_size"
    ]


def test_a_missing_artwork_stops_nothing_and_comes_later(house):
    art = house.host.served.pop("/art.jpg")
    imported = house.move(an_item(1))
    assert imported.brought == [1]
    assert {"web.gone", "publish.no_artwork"} <= {one.text.name for one in imported.oddities}
    house.host.served["/art.jpg"] = art
    assert house.move().oddities == []
    assert (house.folder / "feeds/artwork.jpg").read_bytes() == picture()


def test_notes_of_any_length_are_kept_and_told(house):
    long = f"<description><![CDATA[<p>{'髙' * 3000}</p><img src='a.png'>]]></description>"
    imported = house.move(an_item(1, description=long, summary=None))
    assert house.episode(1).notes == "髙" * 3000
    assert {"long_notes", "pictures_left_out"} <= set(odd(imported))


@pytest.mark.parametrize("guid", [" a ", "\n a\t", "'\"\\: # - 佐久🎙", "0007", "true", "a\u2028b\u00a0"])
def test_guids_survive_byte_for_byte(house, guid):
    house.move(an_item(1, guid=f"<guid><![CDATA[{guid}]]></guid>"))
    assert house.episode(1).guid == guid
    assert house.move().kept == 1


def test_an_existing_show_keeps_its_settings_and_gets_the_episodes(house):
    house.move(an_item(1))
    written = (house.folder / "feeds/show.toml").read_text("utf-8")
    written = "".join(line for line in written.splitlines(keepends=True) if not line.startswith("moved_from"))
    written = re.sub(
        r'^guid = ".*"$', 'guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"', written, flags=re.MULTILINE
    )
    (house.folder / "feeds/show.toml").write_text(written, "utf-8")
    imported = house.move(an_item(2), an_item(1))
    assert (house.folder / "feeds/show.toml").read_text("utf-8") == written
    assert odd(imported)[:2] == ["other_guid", "write_moved_from"]


def test_a_file_brings_the_same_as_an_address(house):
    path = house.folder.with_name("feed.xml")
    path.write_bytes(a_feed(an_item(1), host=house.host.url))
    house.move(source=str(path))
    assert read_settings(house.folder, {}).show.moved_from == "https://anchor.fm/s/0123abcd/podcast/rss"
    assert house.episode(1).enclosure


def test_the_old_feed_is_kept_and_can_be_moved_from_again(house):
    house.move(an_item(1))
    kept = house.folder / "feeds/old-feed.xml"
    assert kept.read_bytes() == house.host.served["/rss"].content
    house.host.served.pop("/rss")
    assert house.move(source=str(kept)).kept == 1


def test_after_the_redirect_the_old_address_is_not_taken_for_the_old_feed(house):
    house.move(an_item(1))
    kept = (house.folder / "feeds/old-feed.xml").read_bytes()
    ours = '<atom:link href="https://fm.example.jp/feed.xml" rel="self"/>'
    house.host.serve("/new", a_feed(an_item(1), self=ours))
    house.host.serve("/rss", redirect="/new")
    with pytest.raises(NotReadyError) as error:
        house.move()
    assert error.value.text.name == "moving.leads_here"
    assert (house.folder / "feeds/old-feed.xml").read_bytes() == kept


def test_a_feed_that_cannot_be_had_leaves_nothing_behind(house):
    with pytest.raises(WebError):
        house.move()
    with pytest.raises(InputError):
        house.move(source=str(house.folder / "absent.xml"))
    house.host.serve("/rss", b"<html>", "text/html")
    with pytest.raises(InputError):
        house.move()
    assert not house.folder.exists()


def test_every_sentence_about_a_move_that_the_code_makes_up_is_there():
    files = [*(SOURCE / "show/moving").glob("*.py"), SOURCE / "production/import_show.py"]
    code = "\n".join(path.read_text("utf-8") for path in files)
    named = set(re.findall(r'(?:_oddity|odd|_difference|_of_show)\(\s*"([a-z_]+)"', code))
    named |= {f"{fact}_changed" for fact in ("title", "number", "season", "kind", "duration", "length")}
    named |= {
        f"{name}_{where}" for name in ("no_guid", "same_guid", "no_enclosure") for where in ("old", "new")
    }
    assert len(named) > 50
    assert named - set(entries("moving")) == set()
