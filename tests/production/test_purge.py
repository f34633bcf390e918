"""Purging, and what collecting does afterwards."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from cityhall_fm.adapters.database import open_database
from cityhall_fm.production.collect import collect
from cityhall_fm.production.curate import note_consent
from cityhall_fm.production.personal import erase, erase_again, kept_about
from cityhall_fm.production.purge import purge
from cityhall_fm.show.asking import Submission, greeting_of, handing_on_of, handings_on_of, request_of
from cityhall_fm.show.collecting import CollectingRules
from cityhall_fm.show.consent import Naming, Private
from cityhall_fm.show.erasure import Erased, fingerprint
from cityhall_fm.show.errors import NotReadyError, UnknownError
from cityhall_fm.show.question import QuestionId, Status
from cityhall_fm.show.retention import Retention, Why
from cityhall_fm.show.rundown import Rundown, Segment
from cityhall_fm.show.slack_thread import Channel, Member, UserId
from memories import a_memory

from builders import ASKER, CHANNEL, NOON, a_consent, a_message, a_published_episode, a_question, a_thread
from fakes.progress import FakeProgress
from fakes.shelf import FakeShelf
from fakes.thread_source import FakeThreadSource

OTHER = UserId("U0OTHER")


@pytest.fixture
def database():
    database = open_database(a_memory())
    yield database
    database.close()


def collected(database, source, *, at=NOON):
    return collect(
        source=source,
        inbox=database.inbox,
        rules=CollectingRules((), ("質問",)),
        in_rundowns={},
        now=at,
        emoji=lambda _: None,
        progress=FakeProgress(),
        keeping=database.keeping,
    )


def purged(database, *, days=0, shelf=None, **options):
    return purge(
        inbox=database.inbox,
        shelf=shelf or FakeShelf(),
        keeping=database.keeping,
        retention=Retention(),
        now=NOON + timedelta(days=days),
        **options,
    )


@pytest.fixture
def source():
    reply = a_message("1763600401.000100", "18リットルの缶で4本です", author=OTHER)
    members = [Member(ASKER, Private("髙橋はな")), Member(OTHER, Private("佐久"))]
    return FakeThreadSource([Channel(CHANNEL, "質問")], [a_thread(replies=(reply,))], members)


def kept_of(who, database, shelf=None):
    return kept_about(
        who,
        inbox=database.inbox,
        keeping=database.keeping,
        shelf=shelf or FakeShelf(),
        memory=database.app_memory,
    )


def test_what_is_past_its_day_goes_once_and_does_not_come_back(database, source):
    collected(database, source)
    assert purged(database).questions == ()  # from today on it is kept
    ((id_, why),) = purged(database, days=183).questions
    assert why is Why.UNUSED
    assert purged(database, days=184).questions == ()
    collected(database, source, at=NOON + timedelta(days=184))
    left = database.inbox.question(id_)
    assert (left.asker, left.words, left.thread.replies) == (None, Private(""), ())
    assert database.inbox.names() == {}


def test_a_plan_changes_nothing(database, source):
    collected(database, source)
    purged(database)
    before = database.inbox.questions()
    assert len(purged(database, days=200, plan_only=True).questions) == 1
    assert database.inbox.questions() == before


def test_one_that_must_not_be_used_is_never_taken_for_a_topic_again(database):
    refused = a_question(consent=a_consent(Naming.DO_NOT_USE))
    database.inbox.store([], [refused])
    purged(database)
    purged(database, days=183)
    purged(database, days=183 + 1097)  # even the proof of the refusal is gone
    left = database.inbox.question(refused.id)
    assert (left.consent, left.usable, left.status) == (None, False, Status.WITHDRAWN)


def test_a_broadcast_question_goes_three_months_later(database):
    asked = a_question(status=Status.ANSWERED)
    database.inbox.store([], [asked])
    episode = a_published_episode(7, rundown=Rundown((Segment("灯油", question=asked.id),)))
    shelf = FakeShelf(replace(episode, published_at=NOON))
    assert purged(database, days=91, shelf=shelf).questions == ()
    assert purged(database, days=92, shelf=shelf).questions == ((asked.id, Why.USED),)
    assert database.inbox.question(asked.id).status is Status.ANSWERED


@pytest.mark.parametrize("who", [ASKER, f"<@{ASKER}>", "u0saku001", "髙橋はな", " 髙橋 はな ", "冬の入門生"])
def test_a_person_is_found_by_id_name_or_radio_name(database, source, who):
    collected(database, source)
    (question,) = database.inbox.questions()
    named = a_consent(Naming.RADIO_NAME, radio_name=Private("冬の入門生"))
    database.inbox.set_consent(question.id, named)
    kept = kept_about(
        who, inbox=database.inbox, keeping=database.keeping, shelf=FakeShelf(), memory=database.app_memory
    )
    assert (kept.person, [one.question.id for one in kept.asked]) == (ASKER, [question.id])
    assert len(kept.asked[0].consents) == 2


def test_two_of_one_name_are_told_apart_by_id(database, source):
    collected(database, source)
    database.inbox.remember_names([Member(OTHER, Private("髙橋はな"))])
    with pytest.raises(UnknownError) as several:
        kept_about(
            "髙橋はな",
            inbox=database.inbox,
            keeping=database.keeping,
            shelf=FakeShelf(),
            memory=database.app_memory,
        )
    assert several.value.text.name == "privacy.several"
    with pytest.raises(UnknownError):
        kept_about(
            "", inbox=database.inbox, keeping=database.keeping, shelf=FakeShelf(), memory=database.app_memory
        )


def test_an_erased_person_stays_erased_although_slack_still_shows_them(database, source):
    collected(database, source)
    episode = a_published_episode(7, rundown=Rundown((Segment("灯油", question="q-z"),)))
    shelf = FakeShelf(episode)
    for who in (OTHER, ASKER):
        kept = kept_about(
            who, inbox=database.inbox, keeping=database.keeping, shelf=shelf, memory=database.app_memory
        )
        erase(kept, inbox=database.inbox, keeping=database.keeping, now=NOON)
    collected(database, source)
    (left,) = database.inbox.questions()
    assert (left.status, left.words, left.thread.replies) == (Status.WITHDRAWN, Private(""), ())
    with pytest.raises(UnknownError):
        kept_about(
            ASKER, inbox=database.inbox, keeping=database.keeping, shelf=shelf, memory=database.app_memory
        )


def test_episodes_on_air_are_named_to_whoever_erases(database, source):
    collected(database, source)
    (question,) = database.inbox.questions()
    episode = a_published_episode(7, rundown=Rundown((Segment("灯油", question=question.id),)))
    kept = kept_about(
        ASKER,
        inbox=database.inbox,
        keeping=database.keeping,
        shelf=FakeShelf(episode),
        memory=database.app_memory,
    )
    assert [one.episodes[0].number for one in kept.on_air] == [7]


def test_episodes_whose_own_files_hold_the_name_are_named_too(database, source):
    collected(database, source)
    said = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v 課長>髙橋 はなさん、ありがとう"
    shelf = FakeShelf(a_published_episode(7, transcript=said), a_published_episode(8))
    kept = kept_about(
        ASKER, inbox=database.inbox, keeping=database.keeping, shelf=shelf, memory=database.app_memory
    )
    assert [episode.number for episode in kept.written_in] == [7]


def test_a_name_that_is_noted_afterwards_goes_with_the_next_purge(database):
    database.inbox.store([], [a_question()])
    purged(database)
    purged(database, days=183)
    named = a_consent(Naming.RADIO_NAME, radio_name=Private("冬の入門生"))
    database.inbox.set_consent(a_question().id, named)
    database.inbox.set_consent(a_question().id, a_consent())
    purged(database, days=184)
    kept = database.keeping.consents([a_question().id])[a_question().id]
    assert [consent.radio_name for consent in kept] == [None, None, None]


def test_a_refusal_after_the_words_had_gone_is_never_forgotten(database):
    database.inbox.store([], [a_question()])
    purged(database)
    purged(database, days=183)
    database.inbox.set_consent(a_question().id, a_consent(Naming.DO_NOT_USE))
    purged(database, days=183 + 1200)
    purged(database, days=183 + 2400)
    assert not database.inbox.question(a_question().id).usable


def test_no_radio_name_is_noted_once_the_words_are_past_their_day(database):
    given = {"wording": "読まれます。", "inbox": database.inbox, "keeping": database.keeping, "now": NOON}
    database.inbox.store([], [a_question()])
    note_consent(a_question().id, Naming.RADIO_NAME, radio_name="冬の入門生", **given)
    purged(database)
    purged(database, days=183)
    with pytest.raises(NotReadyError) as refused:
        note_consent(a_question().id, Naming.RADIO_NAME, radio_name="冬の入門生", **given)
    assert refused.value.text.name == "privacy.past_its_day"
    kept = database.keeping.consents([a_question().id])[a_question().id]
    assert {consent.radio_name for consent in kept} == {None}
    note_consent(a_question().id, Naming.DO_NOT_USE, **given)  # a refusal is always heard
    assert not database.inbox.question(a_question().id).usable


def test_what_was_typed_and_not_sent_is_shown_erased_and_goes_after_a_week(database):
    draft = Submission(Private("書きかけの話"))
    for person in (ASKER, OTHER):
        database.app_memory.keep_draft(person, draft, at=NOON)
    kept = kept_about(
        ASKER, inbox=database.inbox, keeping=database.keeping, shelf=FakeShelf(), memory=database.app_memory
    )
    assert (kept.person, kept.draft.words) == (ASKER, Private("書きかけの話"))
    erase(kept, inbox=database.inbox, keeping=database.keeping, now=NOON)
    assert database.keeping.draft(ASKER) is None
    purged(database, days=6.9)
    assert database.keeping.draft(OTHER)
    purged(database, days=7.1)
    assert database.keeping.draft(OTHER) is None


def test_a_restored_backup_brings_nobody_back_who_was_erased(database, source, tmp_path):
    collected(database, source)
    database.app_memory.keep_draft(ASKER, Submission(Private("書きかけ")), at=NOON)
    backup = tmp_path / "backup.sqlite3"
    database.memory.save(backup)
    kept = kept_about(
        ASKER, inbox=database.inbox, keeping=database.keeping, shelf=FakeShelf(), memory=database.app_memory
    )
    erase(kept, inbox=database.inbox, keeping=database.keeping, now=NOON, salt="5a17")
    erased = database.keeping.erased()
    assert ASKER not in str(erased)
    restored = open_database(tmp_path / "restored.sqlite3")
    with restored.memory.loading(backup):
        pass
    assert restored.inbox.questions()[0].words  # the backup is from before
    for _ in range(2):
        gone = erase_again(erased, inbox=restored.inbox, keeping=restored.keeping, now=NOON)
    assert gone == 0
    assert ASKER not in restored.keeping.people()
    assert OTHER not in restored.keeping.people()  # their reply went with the thread
    (left,) = restored.inbox.questions()
    assert (left.status, left.words, left.asker) == (Status.WITHDRAWN, Private(""), None)
    assert restored.keeping.erased() == erased
    assert b"U0SAKU001" not in _everything_in(restored, tmp_path / "restored.sqlite3")
    restored.close()


def test_who_writes_again_after_being_erased_stays_when_a_backup_comes_back(database):
    early, later = a_question(), a_question("1795200000.000100", "またお便りします")
    database.inbox.store([], [early, later])
    erased = Erased({fingerprint(ASKER, "5a17"): NOON})
    assert erase_again(erased, inbox=database.inbox, keeping=database.keeping, now=NOON) == 1
    assert [bool(one.words) for one in database.inbox.questions()] == [False, True]


def _everything_in(database, path):
    """Look at the file as a thief would: rows that were overwritten are not in it either."""
    with database.store.writing() as connection:
        connection.execute(text("SELECT 1"))
    database.close()
    with sqlite3.connect(path) as connection:
        connection.execute("VACUUM")
    connection.close()
    return path.read_bytes()


def test_whoever_is_erased_is_not_known_by_their_greeting_either(database, source):
    collected(database, source)
    for person in (ASKER, OTHER):
        database.app_memory.remember_heard(greeting_of(person), at=NOON)
    kept = kept_of(ASKER, database)
    erase(kept, inbox=database.inbox, keeping=database.keeping, now=NOON, salt="5a17")
    assert not database.app_memory.heard(greeting_of(ASKER))
    assert database.app_memory.heard(greeting_of(OTHER))


def test_whoever_is_erased_is_not_known_by_what_they_handed_on_or_were_asked(database, source):
    def traces(person):
        topic = QuestionId("q-12345678")
        return [request_of(person, NOON), handing_on_of(person, topic), *handings_on_of(person, 2, NOON)]

    collected(database, source)
    for trace in (*traces(ASKER), *traces(OTHER)):
        database.app_memory.remember_heard(trace, at=NOON)
    kept = kept_of(ASKER, database)
    erase(kept, inbox=database.inbox, keeping=database.keeping, now=NOON, salt="5a17")
    assert [database.app_memory.heard(trace) for trace in traces(ASKER)] == [False] * 4
    assert [database.app_memory.heard(trace) for trace in traces(OTHER)] == [True] * 4


def test_a_greeting_that_a_backup_brought_back_goes_again_and_a_later_one_stays(database, source):
    collected(database, source)
    database.app_memory.remember_heard(greeting_of(ASKER), at=NOON)
    database.app_memory.remember_heard(greeting_of(OTHER), at=NOON + timedelta(hours=2))
    erased = Erased({fingerprint(person, "5a17"): NOON + timedelta(hours=1) for person in (ASKER, OTHER)})
    database.keeping.erase_again(erased)
    assert not database.app_memory.heard(greeting_of(ASKER))
    assert database.app_memory.heard(greeting_of(OTHER))
