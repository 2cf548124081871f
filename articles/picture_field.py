"""A form field that names one picture of the library: a number, and with JavaScript the picture itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import Image
from articles.picture_cards import file_url, line, warnings


def picker_words() -> dict[str, str]:
    """Return the words of the field and its dialog in the active language, by the names the module uses."""
    return {
        "title": gettext("Choose a picture"),
        "close": gettext("Close"),
        "broken": gettext("The library did not answer. Close this and try again."),
        "use": gettext("Use this picture"),
        "choose": gettext("Choose a picture…"),
        "change": gettext("Choose another…"),
    }


def number(value: Any) -> int | None:
    """Return a picture's number as somebody typed it ("7", "#7"), None for what is none."""
    text = str(value or "").strip().removeprefix("#")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else None


class PictureInput(forms.TextInput):
    """A picture's number in a plain field, with a way to look it up; with JavaScript, the picture and a dialog."""

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            css={"all": ["desk/media.css", "desk/media-upload.css"]},
            js=[Script("desk/media-picker.js", type="module")],  # type: ignore[list-item]
        )

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return the field with the picture that stands there now: one query."""
        attrs = {"inputmode": "numeric", "size": 8, "autocomplete": "off", **(attrs or {})}
        context = {
            "input": super().render(name, value, attrs, renderer),
            "picture": self.shown(value),
            "pick_url": reverse("admin:articles_image_pick"),
            "library_url": reverse("admin:articles_image_changelist"),
            "words": picker_words(),
        }
        return render_to_string("admin/articles/media/widget.html", context)

    def shown(self, value: Any) -> dict[str, Any] | None:
        """Return what is shown of the picture of that number, None for none."""
        pk = number(value)
        image = Image.objects.filter(pk=pk).first() if pk else None
        if image is None:
            return None
        today = timezone.localdate()
        words = {"title": image.title, "line": line(image, today), "warnings": warnings(image, today)}
        return {**words, "thumb": file_url(image), "width": image.width, "height": image.height}


class PictureField(forms.ModelChoiceField):
    """A picture by its number. One that is archived or taken down cannot be chosen, and may stay where it stands."""

    widget = PictureInput
    # The picture that stands there now; its form says so.
    standing: int | None = None
    default_error_messages = {
        "invalid_choice": _("There is no picture of that number. The library shows each one's."),
        "out_of_use": _("That picture is archived or was taken down. Choose another."),
    }

    def __init__(self, queryset: models.QuerySet[Image] | None = None, **kwargs: Any) -> None:
        kwargs.pop("to_field_name", None)
        kwargs.pop("blank", None)
        super().__init__(Image.objects.all() if queryset is None else queryset, **kwargs)

    def to_python(self, value: Any) -> Image | None:
        """Return the picture, None for an empty field."""
        if isinstance(value, Image) or value in self.empty_values or not str(value).strip():
            return value if isinstance(value, Image) else None
        pk = number(value)
        found = Image.objects.filter(pk=pk).first() if pk else None
        if found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        is_in_use = found.archived_at is None and found.taken_down_at is None
        if not is_in_use and found.pk != self.standing:
            raise ValidationError(self.error_messages["out_of_use"], code="out_of_use")
        return found

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Bind to a form, and learn from it which picture stands there now."""
        initial = form.get_initial_for_field(self, field_name)
        self.standing = number(getattr(initial, "pk", initial))
        return super().get_bound_field(form, field_name)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and number(getattr(initial, "pk", initial)) != number(data)

    def describe(self, value: Any) -> str:
        """Return the title of the picture of that number, the number where there is none; for pages that compare."""
        pk = number(value)
        title = Image.objects.filter(pk=pk).values_list("title", flat=True).first() if pk else None
        return title or (f"#{pk}" if pk else "—")
