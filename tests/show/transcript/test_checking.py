"""Times beside the audio: what makes a transcript unusable, and what its host should look at."""

from __future__ import annotations

from cityhall_fm.show.timecode import Timecode
from cityhall_fm.show.transcript import Draft, checked, read

AT_0 = Timecode(0)


def a_file(*times: tuple[str, str]) -> Draft:
    return read(
        "".join(f"{start} --> {end}\n言葉{place}です\n\n" for place, (start, end) in enumerate(times))
    )


def told(draft: Draft, *, begins: str = "0:00", ends: str | None = "1:30") -> list[tuple[int | None, str]]:
    looked_at = checked(draft, begins=Timecode.parse(begins), ends=Timecode.parse(ends) if ends else None)
    return [
        (problem.line, f"{kind} {problem.text.name.removeprefix('transcripts.')}")
        for kind, problems in (("error", looked_at.errors), ("warning", looked_at.warnings))
        for problem in problems
    ]


def test_a_transcript_that_fits_is_left_as_it_is():
    draft = a_file(("0:00", "0:40"), ("0:40", "1:30"))
    assert told(draft) == []
    assert checked(draft, begins=AT_0, ends=Timecode.parse("1:30")) == draft


def test_words_after_the_end_of_the_audio_are_an_error():
    assert told(a_file(("0:00", "1:25"), ("1:30", "1:35"))) == [(4, "error beyond")]


def test_words_that_outlast_the_audio_are_cut_and_told():
    draft = a_file(("0:00", "1:40"))
    assert told(draft) == [(1, "warning outlasts")]
    cut = checked(draft, begins=AT_0, ends=Timecode.parse("1:30"))
    assert cut.cues[0].cue.end == Timecode.parse("1:30")


def test_a_rounded_last_cue_is_cut_without_a_word():
    draft = a_file(("0:00", "1:30.8"))
    assert told(draft) == []
    assert checked(draft, begins=AT_0, ends=Timecode.parse("1:30")).cues[0].cue.end == Timecode.parse("1:30")


def test_without_audio_nothing_is_too_late():
    assert told(a_file(("0:00", "0:40"), ("0:41", "9:00:00")), ends=None) == []


def test_words_within_the_jingle_are_left_out_and_told():
    draft = a_file(("0:00", "0:03"), ("0:02.5", "0:50"), ("0:50", "1:30"))
    assert told(draft, begins="0:03") == [(1, "warning in_jingle")]


def test_two_at_once_are_told_by_the_line_of_the_one_that_comes_later():
    assert told(a_file(("0:00", "0:50"), ("0:10", "0:20"), ("0:30", "1:30"))) == [
        (4, "warning at_once"),
        (7, "warning at_once"),
    ]


def test_a_fifth_of_a_second_is_no_overlap_and_voices_of_one_cue_are_none():
    assert told(a_file(("0:00", "0:50.2"), ("0:50", "1:30"))) == []
    assert told(read("WEBVTT\n\n0:00 --> 1:00\n<v 課長>はい<v 髙橋>ええ")) == []


def test_a_minute_without_words_is_told_wherever_it_is():
    draft = a_file(("1:00.001", "1:10"), ("2:10.001", "2:20"))
    assert told(draft, ends="3:20.001") == [
        (1, "warning silence"),
        (4, "warning silence"),
        (None, "warning silence"),
    ]
    assert told(a_file(("1:00", "1:10"), ("2:10", "2:20")), ends="3:20") == []


def test_cues_out_of_order_are_told_once():
    assert told(a_file(("0:00", "0:10"), ("0:40", "1:20"), ("0:10", "0:40"))) == [(7, "warning unordered")]


def test_a_file_without_a_cue_is_an_error_that_needs_no_other():
    assert told(read("ただの文章\n\nもう一つ"))[0] == (None, "error nothing")
    assert told(read("{")) == [(1, "error not_json")]
