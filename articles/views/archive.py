"""The archive: months with the number of their stories, and a month's stories day by day.

It changes with every publication, as the front page does, so it stands on `surfaces.home`: whatever adds, ends or
moves a publication bumps that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.db import models
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from articles.addresses import page_language
from articles.models import Publication
from articles.views._paging import page_of
from articles.views._public import LISTED, in_other_language, public_page, turned_by

# A month of thirty stories a day takes six of these.
MONTH_PAGE_SIZE = 150
FIRST_YEAR, LAST_YEAR = 1900, 9998


@dataclass
class Year:
    """One year of the archive, its latest month first."""

    number: int
    months: list[tuple[date, int]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many stories the year has."""
        return sum(count for _, count in self.months)


@public_page
def archive(request: HttpRequest) -> HttpResponse:
    """Show every month in which something was first published that readers may still see."""
    live = Publication.objects.live(timezone.now()).filter(language=page_language())
    months = live.order_by().values_list(TruncMonth("first_published_at")).annotate(count=models.Count("pk"))
    return render(
        request, "articles/archive.html", {"years": by_year(months), "other_url": in_other_language("archive")}
    )


@public_page
@turned_by("page")
def archive_month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    """Show a month's stories by day, the latest day first. Raises Http404 for a month without any."""
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise Http404
    begins, ends = month_of(int(year), int(month))
    live = Publication.objects.live(timezone.now()).filter(language=page_language())
    newest_first = live.only(*LISTED).order_by("-first_published_at", "-pk")
    page = page_of(
        request,
        newest_first.filter(first_published_at__gte=begins, first_published_at__lt=ends),
        size=MONTH_PAGE_SIZE,
    )
    if not page.object_list:
        raise Http404
    return render(
        request,
        "articles/archive_month.html",
        {
            "month": begins,
            "page": page,
            "days": by_day(page.object_list),
            "earlier": live.filter(first_published_at__lt=begins).aggregate(at=models.Max("first_published_at"))["at"],
            "later": live.filter(first_published_at__gte=ends).aggregate(at=models.Min("first_published_at"))["at"],
            "other_url": in_other_language("archive"),
        },
    )


def month_of(year: int, month: int) -> tuple[datetime, datetime]:
    """Return when the month begins and ends in the paper's own zone."""
    zone = timezone.get_default_timezone()
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone)


def by_year(months: Iterable[tuple[datetime, int]]) -> list[Year]:
    """Group months with their counts by year, latest first."""
    years: dict[int, Year] = {}
    for begins, count in sorted(months, reverse=True):
        years.setdefault(begins.year, Year(begins.year)).months.append((begins.date(), count))
    return list(years.values())


def by_day(stories: Iterable[Publication]) -> list[tuple[datetime, list[Publication]]]:
    """Group stories, newest first, by the day of the page's zone on which they first appeared."""
    days = groupby(stories, key=lambda story: timezone.localtime(story.first_published_at).date())
    found = [list(group) for _, group in days]
    return [(group[0].first_published_at, group) for group in found]
