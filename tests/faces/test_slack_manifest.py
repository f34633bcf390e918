"""`slack manifest` as a city runs it."""

from __future__ import annotations

import json

from ruamel.yaml import YAML

from commands import cityhall_fm


def test_yaml_and_json_say_the_same(show):
    yaml = cityhall_fm("--show", show, "slack", "manifest")
    as_json = cityhall_fm("--show", show, "slack", "manifest", "--format", "json")
    assert (yaml.returncode, as_json.returncode) == (0, 0), yaml.stderr + as_json.stderr
    assert YAML(typ="safe").load(yaml.stdout) == json.loads(as_json.stdout)
    assert "ラジオで取り上げてほしい" in yaml.stdout  # not as escapes: people read it


def test_an_address_that_slack_cannot_reach_is_refused(show):
    run = cityhall_fm("--show", show, "slack", "manifest", "--http", "http://fm.example.jp")
    assert run.returncode == 2
    assert "https://" in run.stderr
