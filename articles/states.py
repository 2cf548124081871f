"""The public state of a story: derived from its publications at a moment, stored nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
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


def with_public_state(articles: models.QuerySet[Article], at: datetime) -> models.QuerySet[Article]:
    """Annotate each article with `public_state` at `at`, in the same query; lists can filter and show by it.

    The order of the cases is the rule: what the address answers now comes before what is planned, and a plan before
    what is over.
    """
    of_article = Q(article=OuterRef("pk"))
    publications = Publication.objects.filter(of_article)
    now = publications.at(at)
    live = Exists(publications.live(at))
    planned = Exists(publications.planned(at))
    return articles.annotate(
        public_state=Case(
            When(live & planned, then=Value(PublicState.LIVE_UPDATE_SCHEDULED)),
            When(live, then=Value(PublicState.LIVE)),
            When(Exists(now), then=Value(PublicState.WITHDRAWN)),
            When(planned, then=Value(PublicState.SCHEDULED)),
            When(Exists(publications.over(at)), then=Value(PublicState.EXPIRED)),
            default=Value(PublicState.NEVER),
            output_field=models.CharField(),
        )
    )


def public_states(article_ids: Iterable[int], at: datetime) -> dict[int, PublicState]:
    """Return the public state of many articles by id, with one query."""
    articles = with_public_state(Article.objects.filter(pk__in=list(article_ids)), at)
    return {pk: PublicState(state) for pk, state in articles.values_list("pk", "public_state")}


def public_state(article: Article, at: datetime) -> PublicState:
    """Return the public state of one article at `at`."""
    return public_states([article.pk], at).get(article.pk, PublicState.NEVER)
