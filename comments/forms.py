"""The form under every story: "Leave a reply"."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div, Field
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments.models import Comment
from newsroom.core.forms import CrispyForm
from newsroom.core.text import clean_line, clean_text

TEXT_MAX = Comment._meta.get_field("text").max_length or 5000
NAME_MAX = Comment._meta.get_field("name").max_length or 80


class CommentForm(CrispyForm):
    """Name, e-mail and text of one comment. What was typed is cleaned of characters nobody sees, and otherwise kept."""

    text = forms.CharField(
        label=_("Comment"),
        help_text=_("Plain text. Addresses of web pages are shown as written."),
        # Checked below, with a message that says by how much; the attribute would cut pasted text silently.
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write your comment here.")},
    )
    name = forms.CharField(
        label=_("Name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write the name under which your comment is to appear.")},
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
    # Nobody sees these two. The first is for machines that fill every field.
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    reply_to = forms.CharField(required=False, widget=forms.HiddenInput)

    layout = (
        Field("text"),
        Div("name", "email", css_class="form__pair"),
        Div("website", css_class="form__trap", aria_hidden="true"),
        "token",
        "reply_to",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # Control characters are cleaned away below; refusing them would throw a paste back at the reader.
            field.validators = [check for check in field.validators if isinstance(check, KEPT_CHECKS)]

    def clean_text(self) -> str:
        """Return the text without control and bidi characters. Raises ValidationError when empty or too long."""
        return self._cleaned("text", clean_text(self.cleaned_data["text"]), TEXT_MAX)

    def clean_name(self) -> str:
        """Return the name on one line. Raises ValidationError when empty or too long."""
        return self._cleaned("name", clean_line(self.cleaned_data["name"]), NAME_MAX)

    def _cleaned(self, name: str, value: str, limit: int) -> str:
        if not value:
            raise forms.ValidationError(self.fields[name].error_messages["required"], code="required")
        over = len(value) - limit
        if over > 0:
            raise forms.ValidationError(
                ngettext(
                    "Shorten this by %(over)d character; %(limit)d fit.",
                    "Shorten this by %(over)d characters; %(limit)d fit.",
                    over,
                ),
                code="max_length",
                params={"over": over, "limit": limit},
            )
        return value
