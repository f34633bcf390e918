"""Whatever ends the job, by hand or by force, listeners never meet half a file, and nothing piles up."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sounds

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings

_MASTER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
import sounds
from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings

class Told:
    def step(self, text):
        print(text.name, flush=True)
    def advance(self, done, total): ...

order = MasteringOrder((Path(sys.argv[1]),), MasteringSettings(alternates=("opus",)), sounds.some_tags())
AvMasteringSuite().master(order, to=Path(sys.argv[2]), progress=Told())
"""


@pytest.fixture
def encoding(tmp_path):
    """A process in the middle of encoding four minutes."""
    recording = sounds.write_wav(tmp_path / "in.wav", [list(sounds.speech(10)) * 24])
    (tmp_path / "out").mkdir()
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", _MASTER, recording, tmp_path / "out" / "a.mp3", Path(__file__).parent],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while "audio.encoding" not in process.stdout.readline():
        assert process.poll() is None, process.stderr.read()
    while not any(tmp_path.joinpath("out").iterdir()):
        time.sleep(0.01)
    yield process
    process.kill()
    process.communicate()


def test_ctrl_c_leaves_nothing(encoding, tmp_path):
    encoding.send_signal(signal.SIGINT)
    _, errors = encoding.communicate(timeout=30)
    assert encoding.returncode != 0
    assert "KeyboardInterrupt" in errors
    assert list((tmp_path / "out").iterdir()) == []


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
