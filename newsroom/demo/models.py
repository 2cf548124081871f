"""What belongs to the demo newsroom, so that it can be told from the paper's own and taken out."""

from __future__ import annotations

from django.db import models


class DemoRow(models.Model):
    """One row of another table that the demo brought in. None at all: no demo stands here."""

    # "app.model", as in the audit log.
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["model", "object_id"], name="demo_row_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
