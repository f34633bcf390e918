"""Chapters within the files: title, link and picture, as each format can carry them, read by strangers."""

import struct
from io import BytesIO

import av
import pytest
import sounds
from mutagen.id3 import ID3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from PIL import Image

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.adapters.audio.m4a_chapters import add_chapters
from cityhall_fm.adapters.audio.mp4_boxes import child, children
from cityhall_fm.adapters.audio.pictures import CHAPTER_PIXELS
from cityhall_fm.show.errors import AudioError
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings
from cityhall_fm.show.rundown import Chapter
from cityhall_fm.show.timecode import Timecode

RED, BLUE = (200, 30, 30), (20, 80, 200)
PAGE = "https://fm.example.jp/42/"
TITLES = ["オープニング", "はじめに📻", "髙橋さんの雪かき", "おわり"]


def _near(one, other):
    return all(abs(int(a) - b) < 12 for a, b in zip(one, other, strict=True))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """All three formats of twelve seconds, with a red picture in the third chapter and blue artwork."""
    folder = tmp_path_factory.mktemp("chapters")
    Image.new("RGB", (900, 600), RED).save(folder / "雪.png")
    Image.new("RGB", (1500, 1500), BLUE).save(folder / "artwork.png")
    chapters = (
        Chapter(Timecode.parse("1.5"), "はじめに📻"),
        Chapter(Timecode.parse("4.25"), "髙橋さんの雪かき", f"{PAGE}雪", str(folder / "雪.png")),
        Chapter(Timecode.parse("8"), "おわり", f"{PAGE}?{'x' * 255}"),
    )
    tags = sounds.some_tags(
        url=PAGE, artwork=folder / "artwork.png", chapters=chapters, opening="オープニング"
    )
    recording = sounds.write_wav(folder / "in.wav", sounds.stereo(sounds.speech(12)))
    order = MasteringOrder((recording,), MasteringSettings(alternates=("m4a", "opus")), tags)
    AvMasteringSuite().master(order, to=folder / "a.mp3", progress=_Nobody())
    return folder


class _Nobody:
    def step(self, text): ...
    def advance(self, done, total): ...


@pytest.mark.parametrize("kind", ["mp3", "m4a", "opus"])
def test_ffmpeg_reads_the_same_chapters_in_every_format(kind, made):
    with av.open(str(made / f"a.{kind}")) as container:
        found = [
            (float(one["start"] * one["time_base"]), one["metadata"]["title"]) for one in container.chapters()
        ]
        ends = [float(one["end"] * one["time_base"]) for one in container.chapters()]
    assert [title for _, title in found] == TITLES
    assert [at for at, _ in found] == pytest.approx([0, 1.5, 4.25, 8])
    assert ends == pytest.approx([1.5, 4.25, 8, 12], abs=0.03)


def test_the_pictures_of_an_m4a_change_with_its_chapters(made):
    with av.open(str(made / "a.m4a")) as container:
        shown = container.streams.video[0]
        frames = {}
        for packet in container.demux(shown):
            for frame in packet.decode():
                frames[float(frame.pts * shown.time_base)] = frame.to_ndarray(format="rgb24")
    assert list(frames) == pytest.approx([0, 1.5, 4.25, 8])
    middle = CHAPTER_PIXELS // 2
    for at, picture in frames.items():
        assert picture.shape == (CHAPTER_PIXELS, CHAPTER_PIXELS, 3)
        assert _near(picture[middle, middle], RED if at == 4.25 else BLUE), at
    assert _near(frames[4.25][5, middle], (0, 0, 0))  # beside what is not square


def test_the_links_of_an_m4a_stand_beside_their_titles(made):
    """Read by hand, since nothing on this machine shows them: TS 26.245, 5.17.1.5."""
    data = (made / "a.m4a").read_bytes()
    moov = child(data, b"moov")
    text = next(track for track in _tracks(moov) if child(track, b"mdia", b"hdlr")[8:12] == b"text")
    samples = [sample for _, sample in _samples(data, text)]
    titles, links = [], []
    for sample in samples:
        (length,) = struct.unpack_from(">H", sample)
        title, boxes = sample[2 : 2 + length].decode(), dict(children(sample[2 + length :]))
        titles.append(title)
        links.append(None)
        if href := boxes.get(b"href"):
            start, end, size = struct.unpack_from(">HHB", href)
            assert (start, end) == (0, len(title))
            links[-1] = href[5 : 5 + size].decode()
    assert titles == TITLES
    assert links == [f"{PAGE}#t=0", f"{PAGE}#t=1", f"{PAGE}%E9%9B%AA", None]  # more than 255 bytes


def _tracks(moov):
    return [content for name, content in children(moov) if name == b"trak"]


def _samples(data, track):
    table = child(track, b"mdia", b"minf", b"stbl")
    sizes, places = child(table, b"stsz")[12:], child(table, b"stco")[8:]
    for (size,), (place,) in zip(
        struct.iter_unpack(">I", sizes), struct.iter_unpack(">I", places), strict=True
    ):
        yield place, data[place : place + size]


def test_an_m4a_begins_with_its_index_and_names_its_tracks_of_chapters(made):
    data = (made / "a.m4a").read_bytes()
    assert [name for name, _ in children(data)][:2] == [b"ftyp", b"moov"]
    sound, *others = _tracks(child(data, b"moov"))
    ids = [struct.unpack_from(">I", child(track, b"tkhd"), 12)[0] for track in others]
    assert struct.unpack(">2I", child(sound, b"tref", b"chap")) == tuple(ids)
    assert all(child(track, b"tkhd")[3] & 1 == 0 for track in others)  # not to be played


def test_players_that_know_neros_list_find_the_titles_there(made):
    listed = [(one.start, one.title) for one in MP4(made / "a.m4a").chapters]
    assert listed == [(0, TITLES[0]), (1.5, TITLES[1]), (4.25, TITLES[2]), (8, TITLES[3])]


def test_the_pictures_of_an_mp3_are_its_chapters_own(made):
    pictures = {
        str(one.sub_frames["TIT2"]): one.sub_frames.getall("APIC")
        for one in ID3(made / "a.mp3").getall("CHAP")
    }
    assert [title for title, found in pictures.items() if found] == ["髙橋さんの雪かき"]
    with Image.open(BytesIO(pictures["髙橋さんの雪かき"][0].data)) as image:
        assert (image.format, image.size) == ("JPEG", (CHAPTER_PIXELS, CHAPTER_PIXELS))


def test_an_opus_has_its_chapters_links_and_one_cover(made):
    comments = OggOpus(made / "a.opus")
    assert [comments[f"CHAPTER00{number}NAME"][0] for number in range(4)] == TITLES
    assert comments["CHAPTER002URL"] == [f"{PAGE}雪"]
    assert len(comments["metadata_block_picture"]) == 1


def test_without_pictures_an_m4a_has_only_titles(master, tmp_path):
    tags = sounds.some_tags(chapters=(Chapter(Timecode(0), "はじめに"),))
    master(sounds.stereo(sounds.speech(3)), tags=tags, alternates=("m4a",))
    with av.open(str(tmp_path / "master.m4a")) as container:
        assert not container.streams.video
        assert [one["metadata"]["title"] for one in container.chapters()] == ["はじめに"]


def test_without_chapters_an_m4a_is_left_as_it_sounds(master, tmp_path):
    master(sounds.stereo(sounds.speech(3)), alternates=("m4a",))
    with av.open(str(tmp_path / "master.m4a")) as container:
        assert (len(container.streams), container.chapters()) == (1, [])
    assert sounds.decoded(tmp_path / "master.m4a")[0].shape[1] == pytest.approx(3 * 48_000, abs=1024)


def test_very_many_and_very_long_titles_are_cut_between_letters(tmp_path):
    sounds.write_coded(tmp_path / "a.m4a", sounds.speech(3), codec="aac")
    chapters = [Chapter(Timecode(number * 10), "髙" * 700) for number in range(300)]
    add_chapters(tmp_path / "a.m4a", chapters, duration=Timecode(3000), pictures=(), pixels=1)
    listed = MP4(tmp_path / "a.m4a").chapters
    assert len(listed) == 255
    assert set(listed[0].title) == {"髙", "…"}
    with av.open(str(tmp_path / "a.m4a")) as container:
        assert len(container.chapters()) == 300


def test_a_photo_tells_nothing_but_what_is_seen_on_it(tmp_path):
    photo = Image.new("RGB", (3000, 2000), RED)
    photo.paste(BLUE, (0, 0, 1500, 2000))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif.get_ifd(0x8825)[1] = "N"
    photo.save(tmp_path / "写真.jpg", exif=exif)

    written = AvMasteringSuite().picture(tmp_path / "写真.jpg", to=tmp_path / "out.jpg")

    assert (written.media_type, written.length_bytes) == ("image/jpeg", (tmp_path / "out.jpg").stat().st_size)
    with Image.open(tmp_path / "out.jpg") as image:
        assert image.size == (933, 1400)
        assert not image.getexif()
        assert _near(image.getpixel((400, 100)), BLUE)


@pytest.mark.parametrize(
    ("content", "name"), [(None, "audio.picture_missing"), (b"x", "audio.picture_unreadable")]
)
def test_a_chapters_picture_that_is_none_is_said_before_anything_is_heard(
    content, name, master, tmp_path, progress
):
    if content:
        (tmp_path / "雪.jpg").write_bytes(content)
    chapters = (Chapter(Timecode(0), "雪", image=str(tmp_path / "雪.jpg")),)
    with pytest.raises(AudioError) as caught:
        master(sounds.stereo(sounds.speech(3)), tags=sounds.some_tags(chapters=chapters))
    assert caught.value.text.name == name
    assert progress.steps == []


def test_a_master_depends_on_what_a_picture_shows_and_not_on_where_it_lies(tmp_path):
    recording = sounds.write_wav(tmp_path / "in.wav", sounds.speech(1))

    def recipe(name, colour):
        Image.new("RGB", (20, 20), colour).save(tmp_path / name)
        chapters = (Chapter(Timecode(0), "雪", image=str(tmp_path / name)),)
        return AvMasteringSuite().recipe(
            MasteringOrder((recording,), MasteringSettings(), sounds.some_tags(chapters=chapters))
        )

    assert recipe("a.png", RED) == recipe("b.png", RED) != recipe("b.png", BLUE)
