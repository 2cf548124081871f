"""Who may reach what: every route, for every role, on stories in every state. A route without a row fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import matrix_scene
from tests.matrix_rows import ARTICLE_ROUTES, ROUTES, STATES
from tests.matrix_scene import ROLES, Scene
from tests.routes import Route, routes

# Who may reach what is the same on both databases; one of them is enough for two thousand requests.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

ALL = {route.name: route for route in routes()}
METHODS = ("GET", "POST")


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Scene]:
    """One newsroom for all cells; each cell is rolled back."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield matrix_scene.build()
        transaction.set_rollback(True)


def test_every_route_has_a_row() -> None:
    """A new route states who may reach it, or the build fails; a row without route goes."""
    assert {*ROUTES, *ARTICLE_ROUTES} == set(ALL)


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_row(name: str, scene: Scene) -> None:
    """Each role gets the answer its cell states, for GET and for an empty POST."""
    for method, expected in zip(METHODS, ROUTES[name].split(), strict=True):
        found = row(scene, ALL[name], method, "live")
        assert found == expected, f"{method} {name}: {list(zip(ROLES, expected, found, strict=False))}"


@pytest.mark.parametrize("name", sorted(ARTICLE_ROUTES))
def test_article_row(name: str, scene: Scene) -> None:
    """The same for routes about one story, in each of its states."""
    for state, cells in zip(STATES, ARTICLE_ROUTES[name], strict=True):
        for method, expected in zip(METHODS, cells.split(), strict=True):
            found = row(scene, ALL[name], method, state)
            assert found == expected, f"{method} {name} ({state}): {list(zip(ROLES, expected, found, strict=False))}"


def row(scene: Scene, route: Route, method: str, state: str) -> str:
    """Return the letters of all roles."""
    return "".join(scene.cell(route, role, method, state) for role in ROLES)
