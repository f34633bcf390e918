"""Whatever ends the job, by hand or by force, listeners never meet half a file, and nothing piles up."""

import signal
import sys
import time
from pathlib import Path

import pytest
import sounds

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings
from commands import interruptible

_WORK = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
import sounds
from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.show.loudness import LoudnessTarget
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings
from cityhall_fm.show.timecode import Timecode

class Told:
    share = 0
    def step(self, text):
        print(text.name, flush=True)
        self.share = 0
    def advance(self, done, total):
        for share, name in ((0.3, "under way"), (1, "through")):
            if self.share < share <= done / total:
                print(name, flush=True)
        self.share = done / total

work, recording, to = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
suite, settings = AvMasteringSuite(), MasteringSettings(alternates=("m4a", "opus"))
order = MasteringOrder((recording,), settings, sounds.some_tags())
if work == "master":
    suite.master(order, to=to, progress=Told())
if work == "station":
    suite.for_station(order, to=to, target=LoudnessTarget(-24), bits=24, progress=Told())
if work == "clip":
    length = Timecode.of_seconds(55)
    tags = sounds.some_tags()
    suite.clip(recording, at=Timecode(0), length=length, settings=settings, tags=tags, to=to, progress=Told())
"""


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """A minute of speech."""
    path = tmp_path_factory.mktemp("in") / "in.wav"
    return sounds.write_wav(path, [list(sounds.speech(10)) * 6])


@pytest.fixture
def at_work(recording, tmp_path):
    """Start a job in a process of its own, and wait until it says this."""
    started = []

    def start(work, *said):
        (tmp_path / "out").mkdir()
        arguments = (work, recording, tmp_path / "out" / "a.mp3", Path(__file__).parent)
        process = interruptible([sys.executable, "-c", _WORK, *map(str, arguments)])
        started.append(process)
        for words in said:
            while words not in process.stdout.readline():
                assert process.poll() is None, process.stderr.read()
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def encoding(at_work, tmp_path):
    """A process in the middle of encoding."""
    process = at_work("master", "audio.encoding")
    while not any(tmp_path.joinpath("out").iterdir()):
        time.sleep(0.01)
    return process


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ("master", ("audio.listening", "under way")),
        ("master", ("audio.encoding", "under way")),
        ("station", ("audio.writing_wav", "under way")),
        ("clip", ("under way",)),
    ],
)
def test_ctrl_c_leaves_nothing_in_any_phase(work, said, at_work, tmp_path):
    process = at_work(work, *said)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "KeyboardInterrupt" in errors
    assert list((tmp_path / "out").iterdir()) == []


def test_ctrl_c_while_the_last_tags_are_written_leaves_all_or_nothing(at_work, tmp_path):
    process = at_work("master", "audio.encoding", "through")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    left = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert left in ([], ["a.json", "a.m4a", "a.mp3", "a.opus"])


def test_what_a_kill_left_is_swept_away_by_the_next_master(encoding, tmp_path, progress):
    encoding.kill()
    encoding.communicate()
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".part"}
    short = sounds.write_wav(tmp_path / "short.wav", sounds.stereo(sounds.speech(3)))

    order = MasteringOrder((short,), MasteringSettings(), sounds.some_tags())
    AvMasteringSuite().master(order, to=tmp_path / "out" / "b.mp3", progress=progress)

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["b.json", "b.mp3"]


def test_the_files_of_a_job_that_still_runs_are_left_alone(encoding, tmp_path, progress):
    short = sounds.write_wav(tmp_path / "short.wav", sounds.stereo(sounds.speech(3)))
    before = {path.name for path in (tmp_path / "out").iterdir()}

    order = MasteringOrder((short,), MasteringSettings(), sounds.some_tags())
    AvMasteringSuite().master(order, to=tmp_path / "out" / "b.mp3", progress=progress)

    assert encoding.poll() is not None or before <= {path.name for path in (tmp_path / "out").iterdir()}
