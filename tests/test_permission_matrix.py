"""Who may reach what: every route, for every role, on stories in the states that matter. A route without a row fails.

What a guard says in every state and for every role is asked of the predicates (tests/articles/test_permissions.py);
here each route shows that it stands behind the guard it should. Public pages look at nobody, so two roles speak for
all. Pages are not rendered: who gets one is known before.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.template.response import SimpleTemplateResponse
from django.test import Client

from newsroom.core.models import User
from tests import matrix_scene
from tests.factories import person
from tests.matrix_rows import ROUTES, STORY_ROUTES
from tests.matrix_scene import ROLES, STORY_ROLES, Scene, letter
from tests.routes import Route, routes

# Who may reach what is the same on both databases; one of them is enough for two thousand requests.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

ALL = {route.name: route for route in routes()}
METHODS = ("GET", "POST")
STAFF = ("admin/", "accounts/")


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Scene]:
    """One newsroom for all cells; each cell is rolled back."""
    from django.db import transaction

    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),  # type: ignore[attr-defined]
        transaction.atomic(),
    ):
        patch.setattr(SimpleTemplateResponse, "rendered_content", "")
        yield matrix_scene.build()
        transaction.set_rollback(True)


def test_every_route_has_a_row() -> None:
    """A new route states who may reach it, or the build fails; a row without route goes."""
    assert {*ROUTES, *STORY_ROUTES} == set(ALL)


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_row(name: str, scene: Scene) -> None:
    """Each role gets the answer its cell states, for GET and for an empty POST."""
    for method, expected in zip(METHODS, ROUTES[name].split(), strict=True):
        check(scene, ALL[name], method, "live", ROLES, expected)


@pytest.mark.parametrize("name", sorted(STORY_ROUTES))
def test_story_row(name: str, scene: Scene) -> None:
    """The same for routes about one story, in each state of its lines."""
    for states, cells in STORY_ROUTES[name].items():
        for state in states.split(", "):
            for method, expected in zip(METHODS, cells.split(), strict=True):
                check(scene, ALL[name], method, state, STORY_ROLES, expected)


def check(scene: Scene, route: Route, method: str, state: str, roles: tuple[str, ...], expected: str) -> None:
    """Try a row, or as much of it as tells the rest."""
    cells = dict(zip(roles, expected, strict=True))
    if not route.template.startswith(STAFF):
        assert len(set(expected)) == 1, f"{route.name} is public: the same for all"
        cells = {role: cells[role] for role in ("anonymous", "administrator")}
    elif route.name.startswith("admin:<"):
        cells = {role: cells[role] for role in ("anonymous", "stranger", "administrator")}
    found = {role: scene.cell(route, role, method, state) for role in cells}
    assert found == cells, f"{method} {route.name} ({state})"


def test_a_closed_account_is_nobody(scene: Scene) -> None:
    """Whoever was logged in when the account was closed gets what a stranger without account gets."""
    mo = person("mo")
    client = Client()
    client.force_login(mo)
    User.objects.filter(pk=mo.pk).update(is_active=False)
    for name in ("admin:index", "admin:comments_queue", "admin:core_user_changelist", "account_sessions", "mfa_index"):
        assert letter(client.get(scene.path(ALL[name], "live"))) == "L"
    User.objects.filter(pk=mo.pk).update(is_active=True)


def test_editors_bound_to_sections_hold_the_rights_of_editors(scene: Scene) -> None:
    """So they need no column for routes that are not about one story."""
    rights = {username: person(username).get_all_permissions() for username in ("ed", "ines", "oto")}
    assert rights["ines"] == rights["oto"] == rights["ed"]
