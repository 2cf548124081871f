"""The public state of a story: derived from its publications at a moment, stored nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Case, Exists, OuterRef, Value, When
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Publication


class PublicState(models.TextChoices):
    """What readers get at a story's address, and whether more is planned."""

    NEVER = "never", _("Never published")
    SCHEDULED = "scheduled", _("Scheduled")
    LIVE = "live", _("Live")
    LIVE_UPDATE_SCHEDULED = "live_update_scheduled", _("Live, update scheduled")
    EXPIRED = "expired", _("Ended")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def state_at(at: datetime) -> Case:
    """Return the public state at `at` as an expression over Article.

    The order of the cases is the rule: what the address answers now comes before what is planned, and a plan before
    what is over.
    """
    publications = Publication.objects.filter(article=OuterRef("pk"))
    live, planned = Exists(publications.live(at)), Exists(publications.planned(at))
    return Case(
        When(live & planned, then=Value(PublicState.LIVE_UPDATE_SCHEDULED)),
        When(live, then=Value(PublicState.LIVE)),
        When(Exists(publications.at(at)), then=Value(PublicState.WITHDRAWN)),
        When(planned, then=Value(PublicState.SCHEDULED)),
        When(Exists(publications.over(at)), then=Value(PublicState.EXPIRED)),
        default=Value(PublicState.NEVER),
        output_field=models.CharField(),
    )


def with_public_state(articles: models.QuerySet[Article], at: datetime) -> models.QuerySet[Article]:
    """Annotate each article with `public_state` at `at`, in the same query; lists can filter and show by it."""
    return articles.annotate(public_state=state_at(at))


def public_states(article_ids: Iterable[int], at: datetime) -> dict[int, PublicState]:
    """Return the public state of many articles by id, with one query."""
    articles = Article.objects.filter(pk__in=list(article_ids)).annotate(public_state=state_at(at))
    return {pk: PublicState(state) for pk, state in articles.values_list("pk", "public_state")}


def public_state(article: Article, at: datetime) -> PublicState:
    """Return the public state of one article at `at`."""
    return public_states([article.pk], at).get(article.pk, PublicState.NEVER)
