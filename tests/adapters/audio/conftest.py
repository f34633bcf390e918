"""Makes `sounds` importable, and gives every test a suite and a progress that nobody watches."""

import sys
from pathlib import Path

import pytest

from cityhall_fm.adapters.audio import AvMasteringSuite
from cityhall_fm.show.mastering import MasteringOrder, MasteringSettings

sys.path.insert(0, str(Path(__file__).parent))

import sounds


class Watched:
    """A Progress that remembers."""

    def __init__(self) -> None:
        self.steps = []
        self.advances = []

    def step(self, text):
        self.steps.append(text.name)

    def advance(self, done, total):
        self.advances.append((done, total))


@pytest.fixture
def progress():
    return Watched()


@pytest.fixture
def master(tmp_path, progress):
    """Write samples to a WAV, master it, and answer with what came out and where."""

    def run(samples, rate=48_000, *, name="master.mp3", tags=None, **settings):
        recording = samples if isinstance(samples, Path) else tmp_path / "recording.wav"
        if recording is not samples:
            sounds.write_wav(recording, samples, rate)
        order = MasteringOrder((recording,), MasteringSettings(**settings), tags or sounds.some_tags())
        to = tmp_path / name
        return AvMasteringSuite().master(order, to=to, progress=progress), to

    return run
