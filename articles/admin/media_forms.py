"""What is written about a picture, and where its focal point lies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.forms import CleanTextMixin
from articles.models import Image
from articles.widgets import DateInput

FOCAL = ("focal_x", "focal_y")
WORDS = ("alt_text", "alt_text_en", "title", "caption", "caption_en", "credit")
TERMS = ("licence", "licence_until", "is_ai_generated")
DETAILS = (*WORDS, *TERMS)


class PercentInput(forms.NumberInput):
    """A whole number from 0 to 100."""

    def __init__(self) -> None:
        super().__init__({"min": 0, "max": 100, "step": 1, "inputmode": "numeric"})


class PictureForm(CleanTextMixin, forms.ModelForm):
    """All that the desk says about a picture."""

    multiline = ("alt_text", "alt_text_en", "caption", "caption_en")

    def __init__(self, *args: Any, may_change: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            field.disabled = not may_change

    class Meta:
        model = Image
        fields = (*FOCAL, *DETAILS)
        labels = {
            "focal_x": _("Across, %"),
            "focal_y": _("Down, %"),
            "alt_text": _("Alternative text"),
            "alt_text_en": _("Alternative text in English"),
            "is_ai_generated": _("Made by AI: readers are told"),
        }
        help_texts = {
            "alt_text": _("What the picture shows, for who cannot see it. Not the file's name, not the caption again."),
            "credit": _("Photographer and agency, as readers shall read it."),
            "licence_until": _("The last day on which we may show it. Empty: no end."),
        }
        widgets = {
            "focal_x": PercentInput(),
            "focal_y": PercentInput(),
            "alt_text": forms.Textarea(attrs={"rows": 2}),
            "alt_text_en": forms.Textarea(attrs={"rows": 2}),
            "caption": forms.Textarea(attrs={"rows": 2}),
            "caption_en": forms.Textarea(attrs={"rows": 2}),
            "licence_until": DateInput(),
        }

    def groups(self) -> dict[str, list[forms.BoundField]]:
        """Return the fields as the panel lays them out."""
        return {
            "focal": [self[name] for name in FOCAL],
            "alt": [self["alt_text"], self["alt_text_en"]],
            "words": [self[name] for name in WORDS if not name.startswith("alt_text")],
            "terms": [self[name] for name in TERMS],
        }


class TakeDownForm(CleanTextMixin, forms.Form):
    """Why a picture goes from every page, for good."""

    multiline = ("ground",)
    ground = forms.CharField(
        label=_("Ground"),
        max_length=Image._meta.get_field("takedown_ground").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who asked, and by what right. It stays on record at the desk; readers are not told."),
        error_messages={"required": _("Say why, in a sentence.")},
    )
