"""The form under every story: "Leave a reply"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from crispy_forms.layout import Div
from crispy_forms.utils import render_crispy_form
from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from comments.models import Comment
from newsroom.core import tokens
from newsroom.core.forms import CleanField, CrispyForm
from newsroom.core.text import clean_text

NAME_MAX = Comment._meta.get_field("name").max_length or 80
TEXT_MAX = Comment._meta.get_field("text").max_length or 5000
FORM_PURPOSE = "comments.form"
OWN_FORM_PURPOSE = "comments.form.own"
FORM_LIFE = timedelta(hours=72)
# Stands for the token while the empty form is drawn.
TOKEN_MARK = "0-token-0"


class CommentForm(CrispyForm):
    """Name, e-mail and text of one comment, as a guest gives them."""

    text = CleanField(
        label=_("Comment"),
        help_text=_("Plain text; addresses of web pages are shown as you write them."),
        clean_with=clean_text,
        limit=TEXT_MAX,
        # The module counter.js counts down where it runs.
        widget=forms.Textarea(
            attrs={
                "rows": 6,
                "data-counter-limit": TEXT_MAX,
                "data-counter-left": _("Characters left: %"),
                "data-counter-over": _("Characters too many: %"),
            }
        ),
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


def form_token(article_id: int, *, at: datetime) -> str:
    """Return the token of a form: it states article and hour, so that all readers of a cached page share it."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return tokens.make(FORM_PURPOSE, str(article_id), at=hour)


def own_form_token(article_id: int, *, at: datetime) -> str:
    """Return the token of a form rendered for one visitor, on a page that no cache keeps: it states the second."""
    return tokens.make(OWN_FORM_PURPOSE, f"{article_id}.{int(at.timestamp())}", at=at)


def is_fresh(token: str, article_id: int, *, at: datetime) -> bool:
    """Say whether `token` was made for this article's form within the last 72 hours."""
    shared, own = _said(FORM_PURPOSE, token, at), _said(OWN_FORM_PURPOSE, token, at)
    return str(article_id) in (shared, own.partition(".")[0])


def form_age(token: str, *, at: datetime) -> timedelta | None:
    """Return how long ago the visitor's own form was rendered; None for a form that readers share."""
    made = _said(OWN_FORM_PURPOSE, token, at).partition(".")[2]
    return at - datetime.fromtimestamp(int(made), UTC) if made else None


def _said(purpose: str, token: str, at: datetime) -> str:
    try:
        return tokens.read(purpose, token, max_age=FORM_LIFE, at=at)
    except (tokens.Invalid, tokens.Stale):
        return ""


def blank_fields(article_id: int, *, at: datetime) -> SafeString:
    """Return the fields of the empty form that stands under a story, the same for every reader."""
    head, tail = around_token(get_language())
    return format_html("{}{}{}", head, form_token(article_id, at=at), tail)


@cache
def around_token(language: str | None) -> tuple[SafeString, SafeString]:
    """Return the empty form's fields, before and after the token, in the language at hand, which is `language`.

    They are made of this module and the catalogue alone: nothing that can change while a process runs. Crispy draws
    them with some thirty templates, so once is enough.
    """
    drawn = render_crispy_form(CommentForm(initial={"token": TOKEN_MARK, "reply_to": ""}))
    head, _mark, tail = drawn.partition(TOKEN_MARK)
    return SafeString(head), SafeString(tail)


def own_form(article_id: int, *, at: datetime, reply_to: int | None) -> CommentForm:
    """Return the empty form of one visitor, for a comment or for an answer to one."""
    return CommentForm(initial={"token": own_form_token(article_id, at=at), "reply_to": reply_to or ""})


def filled_form(data: QueryDict, article_id: int, *, at: datetime, reply_to: int | None) -> CommentForm:
    """Return a form that keeps what was typed and is ready to be sent again at once: its token is fresh and shared."""
    data = data.copy()
    data["token"] = form_token(article_id, at=at)
    data["reply_to"] = str(reply_to or "")
    return CommentForm(data)
