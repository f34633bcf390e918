"""A person's request, and the day of the words, by the command."""

from __future__ import annotations

import json

from commands import cityhall_fm


def run(show, *arguments, **environment):
    done = cityhall_fm("--show", show, *arguments, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_about_a_person_is_shown_then_erased_and_stays_erased(show, slack):
    run(show, "collect", **slack)
    kept = json.loads(run(show, "privacy", "show", "ゆきんこ", "--json"))
    assert [one["consents"][0]["naming"] for one in kept["questions"]] == ["anonymous"]
    told = run(show, "privacy", "erase", "ゆきんこ")
    assert "Add --yes" in told
    assert json.loads(run(show, "privacy", "show", "ゆきんこ", "--json")) == kept
    assert "Withdrew 1 question(s)" in run(show, "privacy", "erase", "ゆきんこ", "--yes")
    run(show, "collect", **slack)
    nobody = cityhall_fm("--show", show, "privacy", "show", kept["person"])
    assert nobody.returncode == 1
    assert "Nothing is kept" in nobody.stderr
    listed = run(show, "inbox", "list", "--json")
    assert kept["questions"][0]["words"] not in listed


def test_collecting_purges_what_was_withdrawn(show, slack):
    run(show, "collect", **slack)
    question = json.loads(run(show, "inbox", "list", "--json"))[0]["id"]
    run(show, "inbox", "withdraw", question)
    assert question in run(show, "privacy", "purge", "--plan")
    assert "1 withdrawn" in run(show, "collect", **slack)
    assert json.loads(run(show, "privacy", "purge", "--json")) == {"questions": [], "proofs": 0}
    assert json.loads(run(show, "inbox", "show", question, "--json"))["words"] == ""
