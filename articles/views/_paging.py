"""Lists a page at a time."""

from __future__ import annotations

from typing import Any, Protocol

from django.core.paginator import InvalidPage, Page, Paginator
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property

PAGE_SIZE = 20
# Counting all of a section's stories took 38 ms at 20,000; nobody leafs back further than this, the archive does.
PAGES = 100


class Rows(Protocol):
    """What a paginator may cut beside a queryset."""

    def __getitem__(self, cut: slice) -> list[Any]:
        """Return the rows from `cut.start` to `cut.stop`."""

    def count_to(self, most: int) -> int:
        """Return how many rows there are, counting no further than `most`."""


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than the last page it offers."""

    @cached_property
    def count(self) -> int:
        """Return how many rows the pages hold together."""
        rows: models.QuerySet[Any] | Rows = self.object_list  # type: ignore[assignment]
        most = PAGES * self.per_page
        return rows.order_by()[:most].count() if isinstance(rows, models.QuerySet) else rows.count_to(most)

    @property
    def is_cut(self) -> bool:
        """Say whether there may be more than the pages hold."""
        return self.count >= PAGES * self.per_page


def page_of(
    request: HttpRequest, rows: models.QuerySet[Any] | Rows, *, size: int = PAGE_SIZE, parameter: str = "page"
) -> Page[Any]:
    """Return the page of `rows` that the address names (`?page=2`), by default the first. Raises Http404."""
    try:
        # A paginator slices, and leaves the counting to us.
        return BoundedPaginator(rows, size).page(request.GET.get(parameter, 1))  # type: ignore[arg-type]
    except InvalidPage:
        raise Http404 from None
