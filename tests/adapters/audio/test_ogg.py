"""A whole Ogg file says where it ends; wherever it was cut, that is noticed."""

import pytest
import sounds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityhall_fm.adapters.audio.ogg import breaks_off
from thorough import examples


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("ogg") / "a.opus"
    return sounds.write_coded(path, sounds.stereo(sounds.speech(3)), codec="libopus").read_bytes()


def test_a_whole_file_is_whole(whole, tmp_path):
    (tmp_path / "a.opus").write_bytes(whole)
    assert not breaks_off(tmp_path / "a.opus")


@given(share=st.floats(0, 1, exclude_max=True))
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wherever_it_is_cut_it_is_noticed(share, whole, tmp_path):
    (tmp_path / "a.opus").write_bytes(whole[: int(len(whole) * share)])
    assert breaks_off(tmp_path / "a.opus")


@pytest.mark.parametrize("missing", range(1, 40))
def test_a_few_missing_bytes_are_noticed(missing, whole, tmp_path):
    (tmp_path / "a.opus").write_bytes(whole[:-missing])
    assert breaks_off(tmp_path / "a.opus")


@given(noise=st.binary(max_size=400), mark=st.sampled_from([b"", b"OggS", b"OggS\x00\x04"]))
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_else_is_no_whole_file_and_no_crash(noise, mark, tmp_path):
    (tmp_path / "a.opus").write_bytes(noise + mark)
    assert breaks_off(tmp_path / "a.opus")
