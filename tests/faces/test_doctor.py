"""`doctor` as a producer runs it."""

from __future__ import annotations

import json

from commands import cityhall_fm


def test_one_line_each_and_only_the_workspaces_own_matters_are_left(show, sandbox, slack):
    sandbox.world.install_app(slack["SLACK_BOT_TOKEN"], app_token="xapp-sandbox-1234")
    run = cityhall_fm("--show", show, "doctor", SLACK_APP_TOKEN="xapp-sandbox-1234", **slack)
    lines = [line for line in run.stdout.splitlines() if line[0] in "✓✗–"]
    assert len(lines) == 15, run.stdout + run.stderr
    wrong = [line for line in lines if line.startswith("✗")]
    # The example's messages grow old: one day its Slack looks like a free plan. Nothing else may be wrong.
    assert all("how far back" in line for line in wrong), run.stdout
    assert "xapp-sandbox" not in run.stdout + run.stderr
    assert "xoxb" not in run.stdout + run.stderr


def test_what_is_wrong_is_told_with_what_to_do_and_exits_with_1(show, slack):
    run = cityhall_fm(
        "--show", show, "doctor", "--json", **{**slack, "SLACK_BOT_TOKEN": "xoxb-secret-of-ours"}
    )
    assert run.returncode == 1
    told = {one["check"]: one for one in json.loads(run.stdout)}
    assert told["token"]["mark"] == "wrong"
    assert told["token"]["todo"]
    assert "secret-of-ours" not in run.stdout + run.stderr
    assert told["bucket"]["mark"] == told["artwork"]["mark"] == "right"


def test_broken_settings_are_told_with_their_lines_and_the_rest_waits(show):
    manifest = show / "feeds" / "show.toml"
    manifest.write_text(manifest.read_text("utf-8").replace('language = "ja"', "language = 7"), "utf-8")
    run = cityhall_fm("--show", show, "doctor")
    lines = run.stdout.splitlines()
    assert run.returncode == 1
    assert lines[0].startswith("✗ settings")
    assert "show.language" in lines[1]
    assert all(line.startswith("–") for line in lines[2:])
