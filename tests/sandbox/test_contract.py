"""The table of methods against what Slack publishes."""

import json
from pathlib import Path

import pytest

from cityhall_fm.sandbox.contract import METHODS
from cityhall_fm.sandbox.methods import ANSWERS

PUBLISHED = Path(__file__).parents[2].parent / "shared" / "slack" / "slack-api-ref" / "methods"


@pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="Slack's published data lies beside the checkout, not in it"
)
@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_the_table_agrees_with_slacks_published_methods(method):
    published = json.loads((PUBLISHED / f"{method.name}.json").read_text())
    arguments = published["args"]
    assert {"token", *method.required} == set(arguments["required"])
    assert method.known == set(arguments["properties"])
    assert set(method.scopes) == set(published["scope"].get("bot", []))
    assert method.tier == published["rate_limits"]
    assert method.takes_json == published.get("json_input_supported", False)
    assert method.errors <= set(published["errors"])


def test_every_method_of_the_table_has_an_answer():
    assert METHODS.keys() == ANSWERS.keys()
