"""The waveform shows what listeners hear, 50 pairs a second."""

import json

import numpy as np
import pytest
import sounds

from cityhall_fm.adapters.audio.waveform import Waveform


def test_the_waveform_stands_beside_the_master_and_fits_it(master, tmp_path):
    samples = np.concatenate([sounds.tone(2, 500, -10), sounds.tone(2, 500, -30)], axis=1)
    made, _ = master(samples)

    read = json.loads((tmp_path / "master.json").read_text())
    assert (read["version"], read["bits"], read["channels"], read["samples_per_pixel"]) == (2, 8, 1, 960)
    assert read["length"] * 2 == len(read["data"]) == made.duration.seconds * 100
    lowest, highest = np.array(read["data"]).reshape(-1, 2).T
    assert (lowest <= highest).all()
    assert highest[20:80].mean() > 8 * highest[120:180].mean() > 0
    assert (made.waveform.length_bytes, made.waveform.media_type) == (
        (tmp_path / "master.json").stat().st_size,
        "application/json",
    )


@pytest.mark.parametrize("block", [7, 960, 100_000])
def test_the_size_of_the_blocks_changes_nothing(block):
    samples = sounds.music(1.01)
    whole, pieces = Waveform(48_000), Waveform(48_000)
    whole.feed(samples)
    for start in range(0, samples.shape[1], block):
        pieces.feed(samples[:, start : start + block])
    drawn = whole.json()
    assert drawn == pieces.json()
    assert json.loads(drawn)["length"] == 51
