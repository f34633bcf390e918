"""A team comes in with Slack: this workspace's members, each with the role that the show's lists give."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

import pytest
from starlette.requests import HTTPConnection

from cityhall_fm.demo.folder import prepare
from cityhall_fm.production.slack_manifest import slack_manifest
from cityhall_fm.sandbox import World, serving
from cityhall_fm.settings import read_settings
from cityhall_fm.studio.control_room import ControlRoom
from cityhall_fm.studio.serving import studio_at_work
from cityhall_fm.wiring import Wired
from studio_visitor import Clock

STUDIO = "https://studio.example.jp"
TOKEN, SECRET = "xoxb-sandbox", "made-up-client-secret"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@dataclass
class Person:
    """A browser that goes where it is led, one step at a time; the city's web server ends TLS before us."""

    behind: str
    """Where the studio listens, on loopback."""
    cookies: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    """Every cookie as it was given."""

    def get(self, url: str) -> tuple[int, str, str]:
        """Ask for a page: its status, where it leads, what it says."""
        ours = url.startswith(STUDIO)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items()) if ours else ""
        headers = {"cookie": cookies, "accept-language": "ja"}
        if ours:
            headers["host"] = "studio.example.jp"
        request = urllib.request.Request(url.replace(STUDIO, self.behind), headers=headers)  # noqa: S310 - loopback
        try:
            response = urllib.request.build_opener(_Stay).open(request, timeout=20)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            for given in response.headers.get_all("set-cookie", []):
                self.told.append(given)
                self.cookies |= {name: one.value for name, one in SimpleCookie(given).items()}
            return (
                response.status,
                urllib.parse.urljoin(url, response.headers.get("location") or url),
                (response.read().decode()),
            )


@dataclass
class Team:
    """A studio that people sign in to, and their workspace."""

    world: World
    room: ControlRoom
    behind: str

    def member(self, name: str) -> str:
        return self.world.user(name).id

    def person(self) -> Person:
        return Person(self.behind)

    def agreed(self, name: str, person: Person, changed: Mapping[str, str] | None = None) -> str:
        """Have Slack ask a member, who agrees, or says no without a name; tells where they are led then."""
        _, asking, _ = person.get(f"{STUDIO}/sign-in")
        chosen = self.member(name) if name else "nobody"
        return person.get(_with(asking, {**(changed or {}), "as": chosen}))[1]

    def role(self, person: Person) -> str | None:
        cookies = f"studio={person.cookies.get('studio')}".encode()
        session = self.room.entry.session(HTTPConnection({"type": "http", "headers": [(b"cookie", cookies)]}))
        return session.role if session else None


def _with(url: str, changed: Mapping[str, str]) -> str:
    parts = urllib.parse.urlsplit(url)
    query = {**dict(urllib.parse.parse_qsl(parts.query)), **changed}
    return urllib.parse.urlunsplit(parts._replace(query=urllib.parse.urlencode(query)))


@pytest.fixture
def team(tmp_path) -> Iterator[Team]:
    """髙橋 produces, the radio team hosts, 佐久 is in no list."""
    clock = Clock()
    world = World(clock=clock)
    world.add_user("takahashi", real_name="髙橋はな", display_name="髙橋はな😀")
    world.add_user("saku", real_name="佐久")
    world.add_user("amelie", real_name="Amélie")
    world.add_group("radio-team", ["amelie"])
    folder = tmp_path / "番組"
    prepare(folder, public_url="http://127.0.0.1:9")
    manifest = folder / "feeds" / "show.toml"
    people = f'producers = ["{world.user("takahashi").id}"]\nhosts = ["@radio-team"]\n'
    written = manifest.read_text("utf-8")
    manifest.write_text(f'{written}\n[studio]\naddress = "{STUDIO}"\n{people}', "utf-8")
    asked_for = slack_manifest(read_settings(folder, {}).show, studio=STUDIO)
    world.install_app(TOKEN, manifest=asked_for, client_secret=SECRET)
    with serving(world) as sandbox:
        environment = {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_API_URL": sandbox.api_url,
            "SLACK_CLIENT_ID": world.apps[0].client_id,
            "SLACK_CLIENT_SECRET": SECRET,
        }
        companion = Wired(read_settings(folder, environment))
        with studio_at_work(companion, port=0, clock=clock) as (room, behind):
            yield Team(world, room, behind)


def test_a_listed_member_comes_in_with_slack_under_their_role(team):
    person = team.person()
    status, to, _ = person.get(team.agreed("takahashi", person))
    assert (status, to) == (303, f"{STUDIO}/")
    page = person.get(to)[2]
    assert "髙橋はな · 退出" in page
    assert 'action="/episodes"' in page


def test_a_user_group_gives_its_members_their_role(team):
    person = team.person()
    person.get(team.agreed("amelie", person))
    assert team.role(person) == "host"


def test_a_member_whom_no_list_names_is_told_what_to_do(team):
    person = team.person()
    status, _, page = person.get(team.agreed("saku", person))
    assert status == 403
    assert team.member("saku") in page
    assert team.role(person) is None


def test_whoever_says_no_to_slack_stays_outside(team):
    person = team.person()
    status, _, page = person.get(team.agreed("", person))
    assert status == 403
    assert "取りやめ" in page


def test_a_code_is_good_once(team):
    person = team.person()
    back = team.agreed("takahashi", person)
    assert [person.get(back)[0] for _ in range(2)] == [303, 403]


def test_a_code_that_somebody_else_was_given_opens_nothing(team):
    """Login CSRF: somebody is made to follow a stranger's way back."""
    back = team.agreed("takahashi", team.person())
    victim = team.person()
    victim.get(f"{STUDIO}/sign-in")
    assert victim.get(back)[0] == 403
    assert team.role(victim) is None


@pytest.mark.parametrize("changed", [{"nonce": "another"}, {"code_challenge": "x" * 43}])
def test_an_answer_to_another_question_is_not_believed(team, changed):
    person = team.person()
    assert person.get(team.agreed("takahashi", person, changed))[0] == 403
    assert team.role(person) is None


def test_slack_leads_back_to_the_studio_and_nowhere_else(team):
    _, asking, _ = team.person().get(f"{STUDIO}/sign-in")
    status, _, page = team.person().get(_with(asking, {"redirect_uri": "https://evil.example/"}))
    assert (status, page) == (400, "bad_redirect_uri")


def test_members_of_another_workspace_stay_outside(team):
    person = team.person()
    back = team.agreed("takahashi", person)
    team.world.team_id = "T0ANOTHER"
    status, _, page = person.get(back)
    assert status == 403
    assert "ほかのワークスペース" in page


def test_a_wrong_client_secret_is_told_and_shown_to_nobody(team):
    person = team.person()
    back = team.agreed("takahashi", person)
    team.world.install_app(TOKEN, client_secret="another")
    status, _, page = person.get(back)
    assert status == 403
    assert SECRET not in page


def test_the_cookies_travel_over_tls_only(team):
    person = team.person()
    person.get(team.agreed("takahashi", person))
    given = [one for one in person.told if '=""' not in one]
    assert len(given) == 2
    assert all(re.search(r"(?i); secure", one) for one in given)
