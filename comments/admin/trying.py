"""Trying words and rules on a text of one's own. Nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comments import permissions
from comments.admin.findings import Part, Why, explain, parts, readings
from comments.moderation import rulebook, words
from comments.moderation.judge import judge
from comments.moderation.submission import Submission
from comments.moderation.verdict import Action
from newsroom.core.http import Origin
from newsroom.core.text import clean_line, clean_text


@dataclass(frozen=True)
class Tried:
    """What the rules make of a text."""

    parts: list[Part]
    whys: list[Why]
    readings: list[tuple[str, str]]
    # The whole text as the system reads it.
    reading: str
    is_spam: bool


class TryForm(forms.Form):
    """A text, and maybe a word that is not watched yet."""

    text = forms.CharField(
        label=_("Comment text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Paste a comment. It is read as if it had just been sent, and forgotten."),
    )
    phrase = forms.CharField(
        label=_("With this word too"),
        max_length=words.PHRASE_LENGTH,
        required=False,
        help_text=_("A word you think of watching. Plain words, no patterns; * at the end for all that begin so."),
    )

    def clean_phrase(self) -> str:
        """Refuse a word that could never match."""
        phrase: str = self.cleaned_data["phrase"]
        if phrase:
            try:
                words.fold_phrase(phrase)
            except words.NothingToMatch:
                raise forms.ValidationError(_("Nothing but signs: no comment could match. Write a word.")) from None
        return phrase

    def tried(self) -> Tried:
        """Ask the rules."""
        text, phrase = clean_text(self.cleaned_data["text"]), clean_line(self.cleaned_data["phrase"])
        own = (words.Watched(phrase, words.fold_phrase(phrase), is_banned=False),) if phrase else ()
        submission = Submission(
            name="", text=text, origin=Origin.OURS, watched=(*words.watched(), *own), book=rulebook.current()
        )
        verdict = judge(submission)
        findings = [finding.as_json() for finding in verdict.findings] if verdict else []
        return Tried(
            parts(findings, text),
            explain(findings),
            readings(findings, text),
            submission.reading.essence,
            is_spam=verdict is not None and verdict.action is Action.SPAM,
        )


@require_http_methods(["GET", "HEAD", "POST"])
def try_text(request: HttpRequest) -> HttpResponse:
    """Show what the rules and words make of a text. A POST because texts are long; it changes nothing."""
    if not permissions.can_see_words(request.user):
        raise PermissionDenied
    form = TryForm(request.POST if request.method == "POST" else None, label_suffix="")
    is_tried = form.is_bound and form.is_valid()
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Try words and rules on a text"),
        "form": form,
        "tried": form.tried() if is_tried else None,
    }
    return TemplateResponse(request, "admin/comments/try.html", context, status=422 if form.errors else 200)
