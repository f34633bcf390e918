"""Modals and App Home through the Web API: triggers, hashes, Block Kit's limits."""

import pytest

from cityhall_fm.sandbox import ExpiredTrigger

from bolt_apps import actions, button, install, modal, section, text_input


@pytest.fixture(autouse=True)
def _installed(world):
    install(world)


@pytest.fixture
def trigger(world, ids):
    return lambda **more: world.surfaces.new_trigger(world.apps[0].app_id, ids.takahashi, **more)


def test_a_trigger_opens_one_modal_and_soon(client, refused, trigger, clock):
    used, old = trigger(), trigger()
    opened = client.views_open(trigger_id=used, view=modal())["view"]
    assert opened["state"]["values"] == {"q": {"text": {"type": "plain_text_input", "value": None}}}
    assert refused("views_open", trigger_id=used, view=modal()) == "exchanged_trigger_id"
    clock.pass_seconds(3.5)
    assert refused("views_open", trigger_id=old, view=modal()) == "expired_trigger_id"
    assert refused("views_open", trigger_id="1.2.ab", view=modal()) == "invalid_trigger_id"


def test_a_trigger_expires_on_demand(sandbox, refused, trigger):
    sandbox.faults.add("views.open", ExpiredTrigger())
    assert refused("views_open", trigger_id=trigger(), view=modal()) == "expired_trigger_id"


def test_two_modals_lie_on_the_first_and_no_more(client, refused, trigger):
    below = client.views_open(trigger_id=trigger(), view=modal())["view"]["id"]
    for _ in range(2):
        below = client.views_push(trigger_id=trigger(view_id=below), view=modal())["view"]["id"]
    assert refused("views_push", trigger_id=trigger(view_id=below), view=modal()) == "push_limit_reached"
    assert refused("views_push", trigger_id=trigger(), view=modal()) == "not_found"


def test_an_update_with_an_old_hash_is_a_conflict(client, refused, trigger):
    first = client.views_open(trigger_id=trigger(), view=modal(external_id="mine"))["view"]
    second = client.views_update(view_id=first["id"], view=modal(title="新しい"), hash=first["hash"])["view"]
    assert second["hash"] != first["hash"]
    assert refused("views_update", view_id=first["id"], view=modal(), hash=first["hash"]) == "hash_conflict"
    assert refused("views_update", view_id="V404", view=modal()) == "not_found"
    assert refused("api_call", api_method="views.update", json={"view": modal()}) == "invalid_arguments"


def test_an_external_id_is_taken_once(client, refused, trigger):
    client.views_open(trigger_id=trigger(), view=modal(external_id="mine"))
    again = refused("views_open", trigger_id=trigger(), view=modal(external_id="mine"))
    assert again == "duplicate_external_id"
    assert client.views_update(external_id="mine", view=modal(external_id="mine"))["ok"]


def test_a_home_is_published_for_people_where_the_app_has_one(client, refused, ids):
    view = {"type": "home", "blocks": [section("質問")]}
    first = client.views_publish(user_id=ids.takahashi, view=view)["view"]
    client.views_publish(user_id=ids.takahashi, view=view, hash=first["hash"])
    conflict = refused("views_publish", user_id=ids.takahashi, view=view, hash=first["hash"])
    assert conflict == "hash_conflict"
    assert refused("views_publish", user_id="U404", view=view) == "invalid_arguments"
    assert refused("views_publish", user_id=ids.takahashi, view=modal()) == "invalid_arguments"


def select(**more):
    options = [{"text": {"type": "plain_text", "text": "一"}, "value": "1"}]
    return {"type": "static_select", "action_id": "s", "options": options, **more}


def in_input(element):
    return {**text_input(), "element": element}


@pytest.mark.parametrize(
    "view",
    [
        modal(title="あ" * 25),
        modal() | {"submit": {"type": "plain_text", "text": "あ" * 25}},
        modal() | {"close": {"type": "mrkdwn", "text": "x"}},
        modal() | {"submit": None},
        modal(private_metadata="あ" * 3001),
        modal(callback_id="x" * 256),
        modal(colour="red"),
        modal(*[{"type": "divider"}] * 101),
        modal(text_input(), text_input()),
        modal(text_input(max_length=3001)),
        modal(text_input(initial_value="あ" * 3001)),
        modal(text_input("あ" * 2001)),
        modal(in_input(button("b"))),
        modal(in_input(select(options=[]))),
        modal(in_input(select(initial_option={"text": {"type": "plain_text", "text": "二"}, "value": "2"}))),
        modal(in_input({"type": "number_input", "action_id": "n"})),
        modal(in_input({"type": "external_select", "action_id": "n"})),
        modal(actions(button("a"), button("a"))),
        modal(actions(button("a", "あ" * 76))),
        modal(actions(button("a", style="green"))),
        {"type": "home", "blocks": []},
        [],
    ],
)
def test_a_modal_beyond_slacks_limits_is_refused(refused, trigger, view):
    assert refused("views_open", trigger_id=trigger(), view=view) == "invalid_arguments"


def test_a_view_of_more_than_250_kb_is_refused(refused, trigger):
    blocks = [section("あ" * 2900) for _ in range(30)]
    assert refused("views_open", trigger_id=trigger(), view=modal(*blocks)) == "view_too_large"


def test_a_modal_at_slacks_limits_passes(client, trigger):
    blocks = [text_input(block_id=f"q{index}", max_length=3000) for index in range(99)]
    view = modal(*blocks, actions(button("a", "あ" * 75)), title="あ" * 24, private_metadata="x" * 3000)
    assert len(client.views_open(trigger_id=trigger(), view=view)["view"]["blocks"]) == 100
