"""How often stories were read."""

from __future__ import annotations

from django.db import models


class Visits(models.Model):
    """How often one story was asked for within one hour. Who asked, and from where, is written down nowhere."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="visits", db_index=False)
    # Its beginning.
    hour = models.DateTimeField()
    count = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            # Also the query for one story's visits.
            models.UniqueConstraint(fields=["article", "hour"], name="visits_once_an_hour"),
        ]
        indexes = [
            # What was read most since a moment; what is old enough to go (visits.forget).
            models.Index(fields=["hour"], name="visits_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}, {self.hour:%Y-%m-%d %H}: {self.count}"
