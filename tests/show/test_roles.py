"""Roles: who may do what, and how somebody comes to one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cityhall_fm.show.roles import Right, Role, may, role_of
from cityhall_fm.show.slack_thread import UserId

HANA = UserId("U0HANA")


def test_each_role_may_do_all_that_the_one_before_may():
    rights = [{right for right in Right if may(role, right)} for role in Role]
    assert all(lower < higher for lower, higher in pairwise(rights))


def test_writing_is_not_publishing():
    assert may(Role.EDITOR, Right.WRITE)
    assert not may(Role.HOST, Right.PUBLISH)


def test_the_highest_list_that_names_somebody_counts():
    listed = {Role.VIEWER: frozenset({"U0HANA"}), Role.HOST: frozenset({"@radio"})}
    assert role_of(HANA, ["radio"], listed) is Role.HOST
    assert role_of(HANA, [], listed) is Role.VIEWER


@pytest.mark.parametrize("listed", [{}, {Role.PRODUCER: frozenset({"radio", "U0"})}])
def test_whoever_no_list_names_is_a_stranger(listed):
    assert role_of(HANA, ["radio"], listed) is None
