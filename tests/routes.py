"""Every route of the site, read from the URLconf: what the matrix and the immunity tests walk over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One route: its full name ("admin:articles_article_change"), its path template and its view."""

    name: str
    template: str
    view: Callable[..., Any]
    parameters: tuple[str, ...]


def routes() -> list[Route]:
    """Return all routes in the order of the URLconf."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, namespace: str, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        template = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, template)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else f"{namespace}<{template}>"
            yield Route(name, template, entry.callback, tuple(entry.pattern.converters))


# What stands in for a parameter where no object exists: each route must survive it.
STAND_INS = {"slug": "tidak-ada", "section": "tidak-ada", "app_label": "articles", "token": "x", "url": "tidak-ada/"}


def address(route: Route, **values: object) -> str:
    """Return a path of the route, its parameters filled from `values`, else with what names nothing."""
    path = route.template
    for name, stand_in in _parameters(route, values):
        path = re.sub(rf"<(?:\w+:)?{name}>|\(\?P<{name}>(?:[^()]|\([^()]*\))*\)", str(stand_in), path)
    return "/" + path.replace("^", "").rstrip("$").replace("\\Z", "").replace("\\", "")


def _parameters(route: Route, values: dict[str, object]) -> Iterator[tuple[str, object]]:
    names = re.findall(r"<(?:\w+:)?(\w+)>", route.template)
    for name in names:
        yield name, values.get(name, STAND_INS.get(name, "999999"))
