"""What every public folder does, and the real one's disk and artwork."""

from __future__ import annotations

import errno
import hashlib
import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cityhall_fm.adapters.public_folder import BuiltFolder
from cityhall_fm.production.ports.storage import BuildRecord
from cityhall_fm.show.errors import InputError
from cityhall_fm.show.publication import public_file
from cityhall_fm.texts import LANGUAGES, Catalogue

from builders import an_enclosure
from fakes.public_folder import FakePublicFolder

FEED = "<rss>佐久の髙橋🏔</rss>".encode()


def a_picture(width=1400, height=1400, *, kind="PNG", mode="RGB"):
    picture = BytesIO()
    Image.new(mode, (width, height)).save(picture, kind)
    return picture.getvalue()


@pytest.fixture(scope="module")
def art():
    return a_picture()


@pytest.fixture
def root(tmp_path):
    return tmp_path / "番組" / "public"


@pytest.fixture
def real(root, tmp_path, art):
    (tmp_path / "artwork.png").write_bytes(art)
    return BuiltFolder(root, artwork=tmp_path / "artwork.png")


@pytest.fixture(params=["memory", "disk"])
def folder(request, art, tmp_path):
    if request.param == "memory":
        return FakePublicFolder(art=art, root=tmp_path / "memory")
    return request.getfixturevalue("real")


def contents(folder):
    return {file.key: folder.path(file.key).read_bytes() for file in folder.files()}


def master(folder, key, content):
    """Put media there, as mastering does."""
    if isinstance(folder, FakePublicFolder):
        folder.contents[key] = content
    else:
        folder.path(key).write_bytes(content)


def test_what_is_built_is_there_byte_for_byte(folder):
    changed = folder.build({"feed.xml": FEED, "42/index.html": b"", "a/b/c.css": b"p{}"})

    assert list(changed) == ["42/index.html", "a/b/c.css", "feed.xml"]
    assert contents(folder) == {"feed.xml": FEED, "42/index.html": b"", "a/b/c.css": b"p{}"}


def test_building_the_same_again_changes_nothing(folder):
    folder.build({"feed.xml": FEED, "42/index.html": b"page"})

    assert list(folder.build({"feed.xml": FEED, "42/index.html": b"page"})) == []


def test_only_what_differs_is_told(folder):
    folder.build({"feed.xml": FEED, "42/index.html": b"page", "old.html": b"old"})

    changed = folder.build({"feed.xml": FEED, "42/index.html": b"pagE", "new.html": b"new"})

    assert list(changed) == ["42/index.html", "new.html", "old.html"]
    assert contents(folder) == {"feed.xml": FEED, "42/index.html": b"pagE", "new.html": b"new"}


def test_what_is_kept_stays_without_being_built_again(folder):
    folder.build({"feed.xml": FEED, "cards/7-wide-0123456789ab.jpg": b"card", "old.jpg": b"old"})

    changed = folder.build({"feed.xml": FEED}, kept=["cards/7-wide-0123456789ab.jpg"])

    assert list(changed) == ["old.jpg"]
    assert contents(folder) == {"feed.xml": FEED, "cards/7-wide-0123456789ab.jpg": b"card"}


def test_media_stay_whatever_is_built(folder):
    master(folder, "media/0007-0123456789ab.mp3", b"ID3")

    assert list(folder.build({"feed.xml": FEED})) == ["feed.xml"]
    assert set(contents(folder)) == {"feed.xml", "media/0007-0123456789ab.mp3"}


def test_files_are_described_by_their_content(folder):
    folder.build({"feed.xml": FEED})

    assert list(folder.files()) == [
        public_file("feed.xml", sha256=hashlib.sha256(FEED).hexdigest(), length_bytes=len(FEED))
    ]


def test_where_nothing_was_built_there_are_no_files(folder):
    assert list(folder.files()) == []


def test_a_master_is_held_when_its_file_is_there(folder):
    enclosure = an_enclosure(7, length_bytes=3)
    assert not folder.holds(enclosure)

    master(folder, enclosure.key, b"ID3")

    assert folder.holds(enclosure)


def test_the_artworks_key_tells_its_content(folder, art):
    key, content = folder.artwork()

    assert (key, content) == (f"artwork-{hashlib.sha256(art).hexdigest()[:12]}.png", art)


def test_a_master_that_was_cut_is_not_held(real):
    enclosure = an_enclosure(7, length_bytes=3)
    master(real, enclosure.key, b"ID")

    assert not real.holds(enclosure)


def test_files_that_stay_the_same_are_not_written(real, root):
    real.build({"feed.xml": FEED, "index.html": b"1"})
    os.utime(root / "feed.xml", (1, 1))

    real.build({"feed.xml": FEED, "index.html": b"2"})

    assert (root / "feed.xml").stat().st_mtime == 1


def test_only_what_is_as_the_last_build_left_it_is_untouched(real, root):
    record = BuildRecord("origin", (), "asked")
    assert list(real.untouched()) == []
    real.build({"feed.xml": FEED, "1.jpg": b"one", "2.jpg": b"two", "3.jpg": b"three"}, record)
    (root / "1.jpg").write_bytes(b"eno")
    (root / "2.jpg").unlink()

    assert sorted(real.untouched()) == ["3.jpg", "feed.xml"]


def test_what_a_killed_build_left_is_neither_published_nor_kept(real, root):
    (root / ".new-killed").mkdir(parents=True)
    (root / ".new-killed" / "0").write_bytes(b"half")
    assert [file.key for file in real.files()] == []

    real.build({"feed.xml": FEED})

    assert sorted(path.name for path in root.iterdir()) == ["feed.xml"]


def test_empty_folders_go_with_their_last_page(real, root):
    real.build({"41/index.html": b"41", "feed.xml": FEED})

    real.build({"feed.xml": FEED})

    assert sorted(path.name for path in root.iterdir()) == ["feed.xml"]


def test_a_link_that_leads_elsewhere_is_removed_and_its_target_stays(real, root, tmp_path):
    (tmp_path / "elsewhere.txt").write_text("大切")
    root.mkdir(parents=True)
    (root / "elsewhere.html").symlink_to(tmp_path / "elsewhere.txt")

    real.build({"feed.xml": FEED})

    assert (tmp_path / "elsewhere.txt").read_text() == "大切"
    assert not (root / "elsewhere.html").exists()


@pytest.mark.parametrize("key", ["../outside.html", "/etc/outside.html", "a/../../../outside.html"])
def test_no_key_leads_out_of_the_folder(real, key):
    with pytest.raises(ValueError, match="outside"):
        real.build({key: b"x"})


def test_a_full_disk_is_noticed_before_anything_changes(real, root, monkeypatch):
    real.build({"feed.xml": b"old feed", "1/index.html": b"old page", "gone.html": b"old"})
    write, written = Path.write_bytes, []

    def fill_up(path, content):
        if len(written) == 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(path)
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(InputError) as caught:
        real.build({"feed.xml": b"new feed", "1/index.html": b"new page"})
    monkeypatch.undo()

    assert caught.value.text.name == "files.unwritable"
    assert contents(real) == {"feed.xml": b"old feed", "1/index.html": b"old page", "gone.html": b"old"}
    assert not [path for path in root.iterdir() if path.name.startswith(".")]


def test_a_file_in_the_place_of_the_folder_is_told(real, root):
    root.parent.mkdir()
    root.write_text("なにか")

    with pytest.raises(InputError) as caught:
        real.build({"feed.xml": FEED})

    assert caught.value.text.name == "files.unwritable"


def test_a_jpeg_is_artwork_too(tmp_path, root):
    (tmp_path / "art.jpeg").write_bytes(a_picture(3000, 3000, kind="JPEG"))

    key, _ = BuiltFolder(root, artwork=tmp_path / "art.jpeg").artwork()

    assert key.startswith("artwork-")
    assert key.endswith(".jpg")


def problems(tmp_path, root, content):
    (tmp_path / "art.png").write_bytes(content)
    with pytest.raises(InputError) as caught:
        BuiltFolder(root, artwork=tmp_path / "art.png").artwork()
    for language in LANGUAGES:
        for problem in caught.value.problems:
            assert len(Catalogue(language).word(problem.text).splitlines()) == 1
    assert caught.value.path == tmp_path / "art.png"
    return [problem.text.name.removeprefix("publish.artwork_") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (lambda: a_picture(1399, 1399), ["size"]),
        (lambda: a_picture(3001, 3001), ["size"]),
        (lambda: a_picture(1400, 1401), ["square"]),
        (lambda: a_picture(mode="RGBA"), ["colour"]),
        (lambda: a_picture(mode="CMYK", kind="JPEG"), ["colour"]),
        (lambda: a_picture(800, 600, mode="L"), ["square", "size", "colour"]),
        (lambda: a_picture(10_000, 10_000, mode="1"), ["size", "colour"]),
        (lambda: a_picture(kind="GIF", mode="P"), ["format"]),
        (bytes, ["format"]),
        ("佐久の絵".encode, ["format"]),
        (lambda: a_picture()[:3000], ["torn"]),
        (lambda: a_picture(kind="JPEG")[:3000], ["torn"]),
    ],
)
def test_everything_wrong_with_the_artwork_is_told_at_once(tmp_path, root, content, found):
    assert problems(tmp_path, root, content()) == found


def test_every_cut_of_a_picture_is_told(tmp_path, root, art):
    for end in range(8, 200, 7):
        assert problems(tmp_path, root, art[:end]) in (["torn"], ["format"])


@pytest.mark.parametrize("name", ["nothing.png", "."])
def test_missing_artwork_is_told(tmp_path, root, name):
    with pytest.raises(InputError) as caught:
        BuiltFolder(root, artwork=tmp_path / name).artwork()

    assert caught.value.text.name == "publish.no_artwork"
    for language in LANGUAGES:
        assert len(Catalogue(language).word(caught.value.text).splitlines()) == 2
