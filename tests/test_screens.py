"""Every page is on the list that the browser and the HTML checker walk over."""

from __future__ import annotations

from tests.matrix_rows import ROUTES, STORY_ROUTES
from tests.routes import routes
from tests.screens import APART, SHOWN, STOCK_MODELS, covered

NAMES = {route.name for route in routes()}
# The old short addresses of the stock admin only redirect.
SHORT = "/<path:object_id>/>"


def shows_something(name: str) -> bool:
    """Say whether a GET may bring a page to anybody."""
    lines = STORY_ROUTES[name].values() if name in STORY_ROUTES else [ROUTES[name]]
    return any(set(line.split()[0]) - set("LFM") for line in lines)


def test_every_page_is_looked_at_or_stands_apart_with_a_reason() -> None:
    known = set(covered())
    missing = {
        name
        for name in NAMES
        if name not in known
        and not name.endswith(SHORT)
        and not name.startswith(tuple(f"admin:{model}_" for model in STOCK_MODELS))
        and shows_something(name)
    }
    assert missing == set()


def test_no_listed_page_is_without_a_route() -> None:
    assert set(covered()) <= NAMES


def test_no_page_stands_in_both_lists() -> None:
    listed = [name for shown in SHOWN.values() for name in shown]
    assert len(listed) == len(set(listed))
    assert not set(listed) & set(APART)
