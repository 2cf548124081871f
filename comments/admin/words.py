"""Watched words at the desk: kept by the service, and tried on earlier comments before they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import helpers
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import permissions
from comments.admin.findings import EXCERPT
from comments.admin.trying import try_text
from comments.models import Comment, Status, WatchedWord
from comments.moderation import words
from comments.moderation.folding import read

TRIAL = 1000
# Approved comments shown as a warning.
INNOCENT = 5
# Changing nothing, the add form answers with the trial alone.
TRY = "_try"


@dataclass(frozen=True)
class Trial:
    """What a word would have done to the last comments."""

    tried: int
    caught: int
    # Of the caught ones, how many a person approved: what the word would cost.
    approved: int
    folded: str
    # Some of those a person approved, newest first: (id, opening).
    innocent: list[tuple[int, str]]


def try_on_recent(phrase: str) -> Trial:
    """Try `phrase` on the last 1,000 comments, one query. Raises words.NothingToMatch."""
    folded = words.fold_phrase(phrase)
    watched = [words.Watched(phrase, folded, is_banned=False)]
    recent = Comment.objects.order_by("-pk").values_list("pk", "name", "text", "status")[:TRIAL]
    tried = caught = approved = 0
    innocent: list[tuple[int, str]] = []
    for pk, name, text, status in recent:
        tried += 1
        if any(next(words.matches(read(part), watched), None) for part in (text, name)):
            caught += 1
            if status == Status.APPROVED:
                approved += 1
                innocent.append((pk, text[:EXCERPT]))
    return Trial(tried, caught, approved, folded, innocent[:INNOCENT])


class WordForm(forms.ModelForm[WatchedWord]):
    """A word or phrase, and what is to happen."""

    class Meta:
        model = WatchedWord
        fields = ("phrase", "action", "note")
        help_texts = {
            "phrase": _(
                "Whole words, whatever letters they hide in. End with * for every word that begins so: gacor*. "
                "Cannot be changed later; remove it and add another."
            ),
            "action": _("Nothing is ever rejected by itself: spam can be shown after all."),
            "note": _("Why it is watched. For the desk."),
        }

    trial: Trial | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_phrase(self) -> str:
        """Refuse what could never match, and what is watched already."""
        phrase: str = self.cleaned_data["phrase"]
        try:
            self.trial = try_on_recent(phrase)
        except words.NothingToMatch:
            raise forms.ValidationError(_("Nothing but signs: no comment could match. Write a word.")) from None
        if len(self.trial.folded) > words.FOLDED_LENGTH:
            raise forms.ValidationError(_("Too many letters to be watched. Write a shorter phrase."))
        if words.is_too_broad(self.trial.folded):
            raise forms.ValidationError(
                _("Write at least %(least)s letters before the *: fewer begin too many words that mean no harm.")
                % {"least": words.LEAST_LETTERS}
            )
        if WatchedWord.objects.filter(folded=self.trial.folded).exists():
            raise forms.ValidationError(_("A word with the same letters is watched already."))
        return phrase


@admin.register(WatchedWord)
class WatchedWordAdmin(admin.ModelAdmin[WatchedWord]):
    """The words the desk watches for."""

    form = WordForm
    list_display = ("phrase", "action", "folded", "note")
    list_filter = ("action",)
    search_fields = ("phrase", "folded", "note")
    ordering = ("folded", "pk")
    actions = None
    fields = ("phrase", "action", "note")
    change_form_template = "admin/comments/watched_word.html"

    def get_urls(self) -> list[URLPattern]:
        """Put the page that tries a text before the stock addresses."""
        wrap = self.admin_site.admin_view
        return [path("try/", wrap(try_text), name="comments_try"), *super().get_urls()]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may read the words."""
        return permissions.can_see_words(request.user)

    def has_view_permission(self, request: HttpRequest, obj: WatchedWord | None = None) -> bool:
        """Whoever may read the words."""
        return permissions.can_see_words(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may keep the words."""
        return permissions.can_keep_words(request.user)

    def has_change_permission(self, request: HttpRequest, obj: WatchedWord | None = None) -> bool:
        """Whoever may keep the words."""
        return permissions.can_keep_words(request.user)

    has_delete_permission = has_change_permission

    def get_readonly_fields(self, request: HttpRequest, obj: WatchedWord | None = None) -> tuple[str, ...]:
        """Keep the phrase of a word that is watched: comments were held by it."""
        return ("phrase",) if obj else ()

    def save_model(self, request: HttpRequest, obj: WatchedWord, form: Any, change: bool) -> None:
        """Keep the word by the service, which folds it and writes the log."""
        act: dict[str, Any] = {"by": request.user, "at": timezone.now(), "action": obj.action, "note": obj.note}
        kept = words.change(obj.pk, **act) if change else words.add(obj.phrase, **act)
        obj.pk, obj.folded = kept.pk, kept.folded

    def delete_model(self, request: HttpRequest, obj: WatchedWord) -> None:
        """Stop watching by the service."""
        words.remove(obj.pk, by=request.user, at=timezone.now())  # type: ignore[arg-type]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say what the word would have done."""
        obj: WatchedWord | None = kwargs.get("obj")
        form = context["adminform"].form
        context["trial"] = form.trial or (try_on_recent(obj.phrase) if obj else None)
        context["limit"] = TRIAL
        return super().render_change_form(request, context, *args, **kwargs)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Try the word without keeping it, when that was pressed."""
        if request.method == "POST" and TRY in request.POST and self.has_add_permission(request):
            return self._try(request, extra_context)
        try:
            return super().add_view(request, form_url, extra_context)
        except words.AlreadyWatched:
            # Somebody added the same word since the form was checked; checked again, it says so.
            return self._try(request, extra_context)

    def _try(self, request: HttpRequest, extra_context: Any) -> HttpResponse:
        form = self.get_form(request)(request.POST)
        form.is_valid()
        fieldsets: Any = self.get_fieldsets(request)
        adminform = helpers.AdminForm(form, list(fieldsets), {}, (), self)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add watched word"),
            "subtitle": None,
            "adminform": adminform,
            "object_id": None,
            "original": None,
            "is_popup": False,
            "media": self.media + adminform.media,
            "inline_admin_formsets": [],
            "errors": helpers.AdminErrorList(form, []),
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        return self.render_change_form(request, context, add=True)
