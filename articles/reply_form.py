"""The public form of a right of reply."""

from __future__ import annotations

from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import ReplyRequest
from newsroom.core.forms import CleanField, CrispyForm
from newsroom.core.text import clean_text


def limit(name: str) -> int:
    """Return how many characters a field of the record holds."""
    field = ReplyRequest._meta.get_field(name)
    return getattr(field, "max_length", None) or 0


class ReplyForm(CrispyForm):
    """Who replies, to which passage, and what."""

    passage = CleanField(
        label=_("Which passage of the story do you answer?"),
        help_text=_("Quote it, or say where it stands."),
        clean_with=clean_text,
        limit=limit("passage"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Quote the passage, or say where it stands.")},
    )
    reply = CleanField(
        label=_("Your reply"),
        help_text=_(
            "Plain text, as readers are to read it: facts about this passage, no longer than the passage needs."
        ),
        clean_with=clean_text,
        limit=limit("text"),
        widget=forms.Textarea(
            attrs={
                "rows": 8,
                "data-counter-limit": limit("text"),
                "data-counter-left": _("Characters left: %"),
                "data-counter-over": _("Characters too many: %"),
            }
        ),
        error_messages={"required": _("Write your reply here.")},
    )
    name = CleanField(
        label=_("Name"),
        limit=limit("name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name. It stands with your reply.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your e-mail address. The newsroom answers to it; it is never shown."),
            "invalid": _("This address is not complete. Example: name@example.org"),
        },
    )
    capacity = CleanField(
        label=_("In what capacity do you reply?"),
        help_text=_("The person named in the story, a spokesperson of the ministry, a lawyer of the company."),
        limit=limit("capacity"),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": _("Say how the story concerns you.")},
    )
    # For machines that fill in whatever they find; people do not see it.
    website = CleanField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    layout = (
        "passage",
        "reply",
        Div("name", "email", css_class="form__pair"),
        "capacity",
        Div("website", css_class="form__trap", aria_hidden="true"),
    )
