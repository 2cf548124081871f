"""Crispy forms the way every public form uses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.validators import MaxLengthValidator
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from newsroom.core.text import clean_line

TOO_LONG = _("Too long: %(show_value)d characters, and %(limit_value)d fit. Nothing was cut.")


class CleanField(forms.CharField):
    """A text field that drops characters nobody sees before it judges the rest, so that no paste is thrown back.

    No `maxlength` attribute: browsers cut what is pasted beyond it, silently.
    """

    def __init__(self, *, clean_with: Callable[[str], str] = clean_line, limit: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.clean_with = clean_with
        if limit:
            self.validators.append(MaxLengthValidator(limit, message=TOO_LONG))

    def to_python(self, value: Any) -> str:
        """Return the cleaned text; "" for nothing at all."""
        return self.clean_with(super().to_python(value) or "")


class UnlabelledInput(forms.HiddenInput):
    """A hidden field that the admin's label, hidden as well, does not point at: HTML allows no label for one."""

    def id_for_label(self, id_: str) -> str:
        """Return no id."""
        return ""


class PlainHelper(FormHelper):  # type: ignore[misc]
    """A helper that renders fields only: the template owns the form element, its address and its buttons."""

    def __init__(self, form: forms.BaseForm | None = None) -> None:
        super().__init__(form)
        self.form_tag = False
        self.disable_csrf = True
        # The summary above the form lists the errors; crispy's own alert box would repeat them.
        self.form_show_errors = True
        self.include_media = False


class CrispyForm(forms.Form):
    """A form whose layout is declared in Python and whose errors can be listed above it."""

    # Names of fields, or crispy layout objects, in order; empty: every field as declared.
    layout: tuple[Any, ...] = ()
    use_required_attribute = True

    @property
    def helper(self) -> PlainHelper:
        """Return the helper that `{% crispy form %}` asks for."""
        helper = PlainHelper(self)
        if self.layout:
            helper.layout = Layout(*self.layout)
        return helper

    def error_summary(self) -> SafeString:
        """Return the list of errors, each a link to its field; empty without errors."""
        return error_summary(self)


def error_summary(form: forms.BaseForm) -> SafeString:
    """Render the errors of `form` as a list at whose head focus can be put, each linked to its field."""
    if not form.is_bound or form.is_valid():
        return SafeString("")
    entries = [
        {"id": form[name].id_for_label, "label": form[name].label, "errors": errors}
        for name, errors in form.errors.items()
        if name in form.fields
    ]
    return render_to_string("forms/_error_summary.html", {"entries": entries, "general": form.non_field_errors()})
