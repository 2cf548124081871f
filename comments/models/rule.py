"""Words the desk watches for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WatchedWord(models.Model):
    """A word or phrase, matched after folding."""

    class Action(models.TextChoices):
        BAN = "ban", _("Treat as spam")
        HOLD = "hold", _("Hold for a moderator")

    phrase = models.CharField(_("word or phrase"), max_length=100)
    # What the matcher compares; written with the phrase.
    folded = models.CharField(_("as the system reads it"), max_length=200, unique=True, editable=False)
    action = models.CharField(_("action"), max_length=4, choices=Action, default=Action.HOLD)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("watched word")
        verbose_name_plural = _("watched words")

    def __str__(self) -> str:
        return self.phrase
