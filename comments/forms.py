"""The form under every story: "Leave a reply"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from comments.models import Comment
from newsroom.core.forms import CrispyForm
from newsroom.core.text import clean_line, clean_text

NAME_MAX = Comment._meta.get_field("name").max_length or 80
TEXT_MAX = Comment._meta.get_field("text").max_length or 5000
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


class CommentForm(CrispyForm):
    """Name, e-mail and text of one comment, as a guest gives them."""

    text = CleanField(
        label=_("Comment"),
        help_text=_("Plain text; addresses of web pages are shown as you write them."),
        clean_with=clean_text,
        limit=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write your comment here.")},
    )
    name = CleanField(
        label=_("Name"),
        limit=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write the name that is to stand over your comment.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your e-mail address. It is never shown."),
            "invalid": _("This address is not complete. Example: name@example.org"),
        },
    )
    # For machines that fill in whatever they find; people do not see it.
    website = CleanField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    token = CleanField(required=False, widget=forms.HiddenInput)
    reply_to = CleanField(required=False, widget=forms.HiddenInput)

    layout = (
        "text",
        Div("name", "email", css_class="form__pair"),
        Div("website", css_class="form__trap", aria_hidden="true"),
        "token",
        "reply_to",
    )
