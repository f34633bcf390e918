"""Voices: a clip under a question is kept for the host, live and by collecting, and goes with it."""

from __future__ import annotations

import json
from contextlib import suppress

from cityhall_fm.sandbox import HtmlPage
from cityhall_fm.show.errors import SlackError
from cityhall_fm.show.question import Status
from commands import cityhall_fm

QUESTIONS = "ラジオへの質問"


def kept(scene):
    """Read all voices; one may just be going."""
    found = []
    for question in scene.questions():
        for path in scene.companion.voices.for_host(question.id).values():
            with suppress(FileNotFoundError):
                found.append(path.read_bytes())
    return found


def test_a_spoken_question_and_a_spoken_reply_are_kept_for_the_host(scene, show_folder):
    takahashi, saku = scene.as_member("takahashi"), scene.as_member("saku")
    message = takahashi.record(QUESTIONS, b"\x00\x01voice", transcript="佐久の雪は、いつから積もりますか?")
    scene.wait_for(lambda: kept(scene) == [b"\x00\x01voice"])
    assert scene.questions()[0].words.for_host() == "佐久の雪は、いつから積もりますか?"
    takahashi.record(QUESTIONS, b"\x00\x02more", thread_ts=message.ts)
    saku.record(QUESTIONS, b"\x00\x03another's", thread_ts=message.ts)
    scene.wait_for(lambda: len(kept(scene)) == 2)
    scene.settle()
    assert sorted(kept(scene)) == [b"\x00\x01voice", b"\x00\x02more"]
    shown = cityhall_fm("--show", show_folder, "inbox", "show", scene.questions()[0].id)
    assert "feeds/voices/q-" in shown.stdout
    assert "for the host's ears only" in shown.stdout


def test_the_speaker_is_asked_once_and_only_a_yes_lets_the_voice_out(scene, show_folder, tmp_path):
    takahashi = scene.as_member("takahashi")
    message = takahashi.record(QUESTIONS, b"\x00\x01voice", text="声で失礼します")
    asked = scene.wait_for(lambda: [one for one in takahashi.whispers() if "声のおたより" in one.text])
    takahashi.record(QUESTIONS, b"\x00\x02more", thread_ts=message.ts)
    scene.wait_for(lambda: len(kept(scene)) == 2)
    scene.settle()
    assert len([one for one in takahashi.whispers() if "声のおたより" in one.text]) == 1
    (question,) = scene.questions()
    command = ("--show", show_folder, "inbox", "voice", question.id, "--to", tmp_path / "書き出し")
    no = cityhall_fm(*command)
    assert (no.returncode, "did not agree" in no.stderr) == (1, True)
    form = takahashi.press("change_name", on=asked[0]).modal()
    form.fill("extras", ["voice"]).submit()
    scene.wait_for(lambda: scene.questions()[0].consent.voice)
    assert cityhall_fm(*command).returncode == 0
    assert len(list((tmp_path / "書き出し").glob("*.m4a"))) == 2


def test_a_greeting_that_slack_refuses_costs_no_voice_and_comes_with_the_next_collection(scene):
    takahashi, refused = scene.as_member("takahashi"), SlackError("slack.refused", method="m", error="e")
    whisper = scene.companion.desk.whisper

    def refuse(*_):
        raise refused

    scene.companion.desk.whisper = refuse
    takahashi.record(QUESTIONS, b"\x00\x01voice", transcript="佐久の雪は、いつから積もりますか?")
    scene.wait_for(lambda: kept(scene) == [b"\x00\x01voice"])
    scene.wait_for(lambda: scene.emoji(scene.questions()[0]))
    scene.settle()
    assert set(scene.desk.voice.problems) == {refused}
    scene.companion.desk.whisper = whisper
    for _ in range(2):
        scene.desk.welcoming.catch_up()
        assert len([said for said in takahashi.direct() if "ようこそ番組へ" in str(said.blocks)]) == 1
    assert takahashi.press("change_name", on=takahashi.direct()[0]).modal()


def test_a_withdrawn_question_takes_its_voice_along(scene):
    takahashi = scene.as_member("takahashi")
    takahashi.record(QUESTIONS, b"\x00\x01voice", text="消してください")
    scene.wait_for(lambda: kept(scene))
    (question,) = scene.questions()
    takahashi.open_home()
    scene.wait_for(lambda: takahashi.home() and question.id in json.dumps(takahashi.home().body))
    takahashi.press("withdraw", block_id=question.id)
    scene.wait_for(lambda: scene.questions()[0].status is Status.WITHDRAWN)
    scene.wait_for(lambda: not kept(scene))


def test_a_recording_that_is_deleted_in_slack_goes_here_too(scene):
    takahashi = scene.as_member("takahashi")
    message = takahashi.say(QUESTIONS, "声は下に")
    reply = takahashi.record(QUESTIONS, b"\x00\x01voice", thread_ts=message.ts)
    scene.wait_for(lambda: kept(scene))
    takahashi.delete(QUESTIONS, reply.ts)
    scene.wait_for(lambda: not kept(scene))


def test_a_page_to_sign_in_is_never_taken_for_a_voice_and_collecting_mends_it(scene, show_folder, sandbox):
    scene.sandbox.faults.add("files", HtmlPage())
    scene.as_member("takahashi").record(QUESTIONS, b"\x00\x01voice", text="声です")
    scene.wait_for(lambda: scene.desk.voice.problems)
    scene.settle()
    assert scene.desk.voice.problems[0].text.name == "slack_app.voice_page"
    assert kept(scene) == []
    run = cityhall_fm(
        *("--show", show_folder, "collect"), SLACK_BOT_TOKEN="xoxb-sandbox", SLACK_API_URL=sandbox.api_url
    )
    assert (run.returncode, "1 voice message(s) fetched" in run.stdout) == (0, True), run.stderr
    assert kept(scene) == [b"\x00\x01voice"]
