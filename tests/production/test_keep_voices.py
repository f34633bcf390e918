"""An asker's voice is kept with the question, for the host; played only where they agreed to that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityhall_fm.adapters.database import open_database
from cityhall_fm.adapters.voices import VoiceFolder
from cityhall_fm.production.curate import move, note_consent
from cityhall_fm.production.keep_voices import keep_voices, voice_for_programme
from cityhall_fm.production.personal import erase, kept_about
from cityhall_fm.production.purge import purge
from cityhall_fm.show.consent import Naming, Private, PublicVoice
from cityhall_fm.show.errors import NotReadyError, SlackError
from cityhall_fm.show.question import Status
from cityhall_fm.show.retention import Retention
from cityhall_fm.show.slack_thread import Clip, UserId
from cityhall_fm.show.voices import MOST_BYTES
from memories import a_memory

from builders import ASKER, NOON, a_consent, a_message, a_question, a_topic
from fakes.desk import FakeAppMemory
from fakes.shelf import FakeShelf

CLIP = Clip("F01", "audio/mp4", 9, 5.0, Private("https://files.slack.com/F01"), Private(""))


class Fetching:
    """Gives a few bytes for every recording, or refuses."""

    def __init__(self, error=None):
        self.asked, self.error = [], error

    def fetch(self, clip):
        self.asked.append(clip.id)
        if self.error:
            raise self.error
        return b"voice of " + clip.id.encode()


class Around:
    def __init__(self, database, folder):
        self.inbox, self.keeping = database.inbox, database.keeping
        self.voices, self.source = VoiceFolder(folder), Fetching()

    def keep(self, **more):
        return keep_voices(inbox=self.inbox, voices=self.voices, **{"source": self.source, **more})


@pytest.fixture
def around(tmp_path):
    database = open_database(a_memory())
    yield Around(database, tmp_path / "feeds" / "voices")
    database.close()


def spoken(question=None, clips=(CLIP,), **changes):
    asked = question or a_question()
    opening = replace(asked.thread.opening, clips=clips)
    return replace(asked, thread=replace(asked.thread, opening=opening), **changes)


def test_a_recording_is_fetched_once_and_lies_with_its_question(around):
    around.inbox.store([], [spoken()])
    assert [around.keep().fetched for _ in range(2)] == [1, 0]
    (path,) = around.voices.for_host(a_question().id).values()
    assert (path.read_bytes(), path.stat().st_mode & 0o077) == (b"voice of F01", 0)
    assert path.parts[-3:] == ("voices", a_question().id, "F01.m4a")


def test_only_the_askers_own_recordings_are_kept(around):
    asked = a_question()
    mine = a_message("1763600401.000100", "声です", clips=(CLIP,))
    others = a_message("1763600402.000100", "わたしも", clips=(replace(CLIP, id="F02"),), author=UserId("U2"))
    question = replace(asked, thread=replace(asked.thread, replies=(mine, others)))
    around.inbox.store([], [question, spoken(a_topic(), (replace(CLIP, id="F03"),))])
    assert around.keep().fetched == 1
    assert around.source.asked == ["F01"]


def test_what_is_no_recording_or_too_large_is_told_and_not_even_asked_for(around):
    clips = (replace(CLIP, media_type="text/html"), replace(CLIP, id="F02", length_bytes=MOST_BYTES + 1))
    around.inbox.store([], [spoken(clips=clips)])
    kept = around.keep()
    assert [one.text.name for one in kept.refused] == ["slack_app.voice_type", "slack_app.voice_too_large"]
    assert around.source.asked == []


def test_one_that_slack_refuses_keeps_no_other_from_coming(around):
    around.inbox.store([], [spoken()])
    around.source.error = SlackError("slack.unreachable", where="slack.com", retryable=True)
    assert len(around.keep().refused) == 1
    around.source.error = None
    assert around.keep().fetched == 1


def _withdraw(around, question):
    move(question.id, Status.WITHDRAWN, inbox=around.inbox, now=NOON, voices=around.voices)


def _erase(around, _):
    kept = kept_about(
        ASKER, inbox=around.inbox, keeping=around.keeping, shelf=FakeShelf(), memory=FakeAppMemory()
    )
    erase(kept, inbox=around.inbox, keeping=around.keeping, now=NOON, voices=around.voices)


def _purge(around, _):
    for days in (0, 183):
        purge(
            inbox=around.inbox,
            shelf=FakeShelf(),
            keeping=around.keeping,
            retention=Retention(),
            now=NOON + days * (Retention().unused / 183),
            voices=around.voices,
        )


def _delete(around, _):
    around.inbox.store([], [spoken(clips=())])
    around.keep(source=None)


def _elsewhere(around, question):
    """Withdrawn on another machine: this one hears of it by the database."""
    around.inbox.set_status(question.id, Status.WITHDRAWN, at=NOON)
    around.keep(source=None)


@pytest.mark.parametrize("end", [_withdraw, _erase, _purge, _delete, _elsewhere])
def test_a_voice_goes_when_its_question_does(around, end):
    around.inbox.store([], [spoken()])
    around.keep()
    (path,) = around.voices.for_host(a_question().id).values()
    end(around, a_question())
    assert not path.exists()
    assert around.voices.kept() == {}
    assert around.keep().fetched == 0 or end is _delete


def test_it_reaches_the_programme_only_with_the_consent_to_the_voice(around):
    around.inbox.store([], [spoken()])
    around.keep()
    given = {"wording": "読まれます。", "inbox": around.inbox, "now": NOON}
    with pytest.raises(NotReadyError) as refused:
        voice_for_programme(a_question().id, inbox=around.inbox, voices=around.voices)
    assert refused.value.text.name == "slack_app.voice_not_agreed"
    note_consent(a_question().id, Naming.ANONYMOUS, voice=True, **given)
    assert voice_for_programme(a_question().id, inbox=around.inbox, voices=around.voices) == {
        "F01.m4a": b"voice of F01"
    }
    note_consent(a_question().id, Naming.ANONYMOUS, **given)
    with pytest.raises(NotReadyError):
        voice_for_programme(a_question().id, inbox=around.inbox, voices=around.voices)


def test_nobody_makes_a_public_voice_but_a_consent():
    with pytest.raises(TypeError):
        PublicVoice("F01", released=object())
    assert a_consent(Naming.DO_NOT_USE, voice=True).stands is False
