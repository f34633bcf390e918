"""The handover pack: all that the next section chief must know, and never a key."""

from __future__ import annotations

import json
from datetime import date

from cityhall_fm.production.curate import note_consent
from cityhall_fm.show.consent import Naming
from cityhall_fm.show.episode import EpisodeNumber, Promise
from cityhall_fm.show.question import Status
from cityhall_fm.show.roles import Role
from commands import cityhall_fm

THREE = EpisodeNumber(3)


def test_the_pack_names_what_waits_the_longest_first(opened):
    answer = opened.visitor().get("/handover")
    assert answer.status == 200
    assert "お返事を待っている質問" in answer.words
    assert "佐久の冬支度" in answer.words
    assert "このコンピューターから入る人だけです" in answer.words


def test_a_promise_is_noted_in_the_episode_and_kept(opened):
    visitor = opened.visitor()
    visitor.post(
        "/handover/promise", episode="3", what="除雪の日程を、12月の回でお伝えする⛄", by="2026-12-31"
    )
    assert opened.companion.shelf.episode(THREE).promises == (
        Promise("除雪の日程を、12月の回でお伝えする⛄", by=date(2026, 12, 31)),
    )
    assert "2026-12-31 まで" in visitor.get("/handover").words

    page = visitor.get("/handover").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    visitor.post("/handover/kept", episode="3", what="除雪の日程を、12月の回でお伝えする⛄", seen=seen)
    assert opened.companion.shelf.episode(THREE).promises[0].kept_on == date(2026, 11, 23)
    assert "除雪の日程" not in visitor.get("/handover").words


def test_a_promise_seen_otherwise_is_not_overwritten(opened):
    visitor = opened.visitor()
    visitor.post("/handover/promise", episode="3", what="一つ目")
    page = visitor.get("/handover").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    visitor.post("/handover/promise", episode="3", what="二つ目")
    visitor.post("/handover/kept", episode="3", what="一つ目", seen=seen)
    assert [one.kept_on for one in opened.companion.shelf.episode(THREE).promises] == [None, None]
    assert "ほかの人が変更しました" in visitor.get("/handover").words


def test_an_empty_promise_and_an_unknown_episode_are_refused_in_words(opened):
    visitor = opened.visitor()
    visitor.post("/handover/promise", episode="3", what="  ")
    assert "何を約束したか" in visitor.get("/handover").words
    assert visitor.post("/handover/promise", episode="99", what="約束").status == 404
    assert visitor.post("/handover/promise", episode="三", what="約束").status == 404


def test_a_consent_is_listed_with_its_end_and_without_the_name(opened):
    question = next(one for one in opened.companion.inbox.questions() if one.consent)
    note_consent(
        question.id,
        Naming.RADIO_NAME,
        radio_name="佐久の髙橋🍎",
        wording="w",
        inbox=opened.companion.inbox,
        now=opened.clock(),
    )
    answer = opened.visitor().get("/handover")
    assert question.id in answer.words
    assert "佐久の髙橋🍎" not in answer.text


def test_rights_are_told_by_name(opened):
    answer = opened.visitor(Role.VIEWER, person="U0V").get("/handover")
    assert answer.status == 200
    assert 'action="/handover/promise"' not in answer.text


def test_the_command_prints_the_pack_and_tells_of_keys_only_that_they_are_there(opened):
    secret = "xoxb-very-secret-佐久".encode("ascii", "ignore").decode()
    done = cityhall_fm("--show", opened.folder, "handover", SLACK_BOT_TOKEN=secret)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("<!doctype html>")
    assert "SLACK_BOT_TOKEN" in done.stdout
    assert secret not in done.stdout
    told = json.loads(cityhall_fm("--show", opened.folder, "handover", "--json").stdout)
    assert told["keys"]["SLACK_BOT_TOKEN"] is False
    assert told["open"]


def test_what_was_recorded_and_withdrawn_since_is_the_first_thing_to_do_on_every_page(opened):
    shelf, inbox = opened.companion.shelf, opened.companion.inbox
    question = next(one for one in inbox.questions() if one.status is Status.ANSWERED)
    (number,) = (one.number for one in shelf.episodes() if question.id in one.rundown.questions)
    visitor = opened.visitor()
    assert "取り下げられた質問" not in visitor.get("/").words
    inbox.set_status(question.id, Status.WITHDRAWN, at=opened.clock())
    for page in ("/", f"/episodes/{number}/sound", f"/episodes/{number}/rundown", "/handover"):
        assert f"取り下げられた質問 {question.id} が入っています" in visitor.get(page).words, page
    assert f'href="/episodes/{number}/sound"' in visitor.get("/").text
    assert "取り下げられた質問" not in visitor.get("/episodes/3/rundown").words
