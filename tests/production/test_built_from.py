"""A build is left out only where it would come out the same: whatever is changed, it is made again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from cityhall_fm.adapters.public_folder import BuiltFolder
from cityhall_fm.production.go_public import Built, build
from cityhall_fm.settings import read_settings
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.question import Status
from cityhall_fm.show.slack_thread import Member
from cityhall_fm.wiring import Wired
from show_folder import a_show_folder

from builders import ASKER, NOON, a_consent
from fakes.card_painter import FakeCardPainter
from fakes.progress import FakeProgress
from made_up import asked_in

ANONYMOUS, NAMED, TOPIC = asked_in(2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = a_show_folder(tmp_path / "番組")
    artwork_of(folder, 1, "#78350f")
    return folder


class Quick(Wired):
    """The show, whose cards are written down: what draws them has tests of its own."""

    @property
    def painter(self) -> FakeCardPainter:
        return FakeCardPainter()


class Fresh(Quick):
    """The same show, built into a folder where nothing was built before."""

    @property
    def folder(self) -> BuiltFolder:
        root = self.settings.folder.with_name("ほか") / "public"
        return BuiltFolder(root, artwork=self.settings.artwork)


def companion(folder: Path, kind: type[Wired] = Quick) -> Wired:
    return kind(read_settings(folder, {}))


def built(folder: Path) -> Built:
    return build(companion(folder), progress=FakeProgress())


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def in_file(name: str, before: str, after: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        path = next(folder.glob(name))
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), "utf-8")

    return change


def in_inbox(change: Callable[..., object]) -> Callable[[Path], object]:
    return lambda folder: change(companion(folder).inbox)


def written(name: str, content: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")

    return change


def another_artwork(folder: Path) -> None:
    Image.new("RGB", (1400, 1400), "#7f1d1d").save(folder / "feeds" / "artwork.png")


def artwork_of(folder: Path, number: int, colour: str) -> None:
    place = next((folder / "episodes").glob(f"{number:04}-*"))
    Image.new("RGB", (1400, 1400), colour).save(place / "artwork.jpg")


def one_card(folder: Path) -> Path:
    return next((folder / "feeds/public/cards").glob("2-wide-*"))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a radio name is changed": in_inbox(
        lambda inbox: inbox.set_consent(
            NAMED.id, a_consent(Naming.RADIO_NAME, radio_name=Private("髙橋の冬"), given_at=NOON)
        )
    ),
    "an asker wants to be named": in_inbox(
        lambda inbox: inbox.set_consent(ANONYMOUS.id, a_consent(Naming.DISPLAY_NAME, given_at=NOON))
    ),
    "a consent is taken back": in_inbox(
        lambda inbox: inbox.set_consent(NAMED.id, a_consent(Naming.DO_NOT_USE, given_at=NOON))
    ),
    "a question is withdrawn": in_inbox(
        lambda inbox: inbox.set_status(ANONYMOUS.id, Status.WITHDRAWN, at=NOON + timedelta(days=1))
    ),
    "an episode's title": in_file("episodes/0002-*/episode.md", "title: ", "title: 新・"),
    "an episode's summary of an answer": in_file("episodes/0003-*/episode.md", "です", "でした"),
    "a transcript": in_file("episodes/0002-*/transcript.vtt", "です", "でした"),
    "the audio": in_file("episodes/0002-*/enclosure.json", '"length_bytes": 1', '"length_bytes": 2'),
    "an episode gets artwork of its own": lambda folder: artwork_of(folder, 2, "#7f1d1d"),
    "an episode's own artwork": lambda folder: artwork_of(folder, 1, "#14532d"),
    "an episode is taken out": in_file("episodes/0001-*/episode.md", "published_at", "planned_for"),
    "the show's settings": in_file("feeds/show.toml", 'title = "', 'title = "新・'),
    "a template of the show's own": written("templates/pages/404.html.j2", "<h1>迷子です</h1>"),
    "the artwork": another_artwork,
    "a built page is deleted": lambda folder: (folder / "feeds/public/2/index.html").unlink(),
    "a built page is edited": in_file("feeds/public/3/index.html", "です", "でした"),
    "the feed is deleted": lambda folder: (folder / "feeds/public/feed.xml").unlink(),
    "a card is deleted": lambda folder: one_card(folder).unlink(),
    "a card is damaged": lambda folder: one_card(folder).write_bytes(b"\xff\xd8\xff\xd9"),
    "a file too many": written("feeds/public/extra.html", "おまけ"),
    "the record is lost": lambda folder: (folder / "feeds/.public.json").unlink(),
    "the record is broken": written("feeds/.public.json", '{"shape": 2, "files": []}'),
}
SAME_OUTCOME = {"the record is lost", "the record is broken"}


@pytest.mark.parametrize("part", range(4))
def test_whatever_is_changed_the_outcome_is_that_of_a_build_from_nothing(folder, part):
    built(folder)
    for what, change in list(CHANGES.items())[part * 5 : part * 5 + 5]:
        assert built(folder).changed == (), what
        change(folder)
        again = built(folder)
        build(companion(folder, Fresh), progress=FakeProgress())
        assert contents(folder / "feeds/public") == contents(folder.with_name("ほか") / "public"), what
        shutil.rmtree(folder.with_name("ほか"))
        assert bool(again.changed) == (what not in SAME_OUTCOME), what


def test_a_renamed_member_who_is_named_as_in_slack_is_renamed_in_public(folder):
    inbox = companion(folder).inbox
    inbox.set_consent(ANONYMOUS.id, a_consent(Naming.DISPLAY_NAME, given_at=NOON))
    built(folder)
    inbox.remember_names([Member(ASKER, Private("𠮷田はな"), is_bot=False)])
    assert built(folder).changed
    assert "𠮷田はな" in (folder / f"feeds/public/qa/{ANONYMOUS.id}/index.html").read_text("utf-8")


def test_where_nothing_changed_nothing_is_read_or_written_but_what_tells_so(folder):
    first = built(folder)
    times = {path: path.stat().st_mtime_ns for path in (folder / "feeds/public").rglob("*")}

    class Idle(Quick):
        @property
        def feed_writer(self):
            raise AssertionError("nothing is to be written")

    again = build(companion(folder, Idle), progress=FakeProgress())
    assert again.changed == ()
    assert again.warnings == first.warnings != ()
    assert {path: path.stat().st_mtime_ns for path in (folder / "feeds/public").rglob("*")} == times


def test_a_question_that_nobody_answered_makes_no_build(folder):
    built(folder)
    companion(folder).inbox.store([], asked_in(99))
    assert built(folder).changed == ()


def test_an_episodes_own_artwork_is_in_the_feed_and_small_on_its_page(folder):
    built(folder)
    public = folder / "feeds/public"
    (artwork,) = (public / "1").glob("artwork-*.jpg")
    (cover,) = (public / "1").glob("cover-*.webp")
    feed = (public / "feed.xml").read_text("utf-8")
    assert f'<itunes:image href="https://fm.example.jp/1/{artwork.name}"/>' in feed
    assert artwork.read_bytes() == next(folder.glob("episodes/0001-*/artwork.jpg")).read_bytes()
    page = (public / "1/index.html").read_text("utf-8")
    assert f'src="../1/{cover.name}"' in page
    with Image.open(cover) as picture:
        assert picture.size == (600, 600)
    assert not list((public / "2").glob("artwork-*"))


def test_new_artwork_has_a_new_name_and_the_old_one_goes(folder):
    built(folder)
    before = {path.name for path in (folder / "feeds/public/1").glob("artwork-*")}
    artwork_of(folder, 1, "#14532d")
    built(folder)
    after = {path.name for path in (folder / "feeds/public/1").glob("artwork-*")}
    assert len(before) == len(after) == 1
    assert before != after


@pytest.mark.parametrize(
    ("size", "mode", "told"),
    [((900, 900), "RGB", "size"), ((1400, 1500), "RGB", "square"), ((1400, 1400), "CMYK", "colour")],
)
def test_artwork_that_apps_refuse_is_named_before_anything_is_built(folder, size, mode, told):
    path = next(folder.glob("episodes/0001-*")) / "artwork.jpg"
    Image.new(mode, size).save(path)
    with pytest.raises(InputError) as raised:
        built(folder)
    assert [problem.text.name for problem in raised.value.problems] == [f"publish.artwork_{told}"]
    assert not (folder / "feeds/public").exists()
