"""Saving the working copy: the claim that comes before any form is bound, and the revision that ends a save."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import BaseFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from articles import permissions, workflow
from articles.admin import conflict
from articles.admin.story_page import staff
from articles.models import Article

VERSION = "version"
# The largest version the database column holds; more digits are a forgery, not a version.
VERSION_MAX = 2**31 - 1


class ClaimedSaves(admin.ModelAdmin):
    """An admin in which two people cannot overwrite each other.

    Each form carries the version it shows. A save first raises that version with one conditional update, which also
    takes the row's lock until the transaction ends; whoever finds the version gone gets the conflict page, with
    everything typed still in it.
    """

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> HttpResponseBase:
        """Claim, then go on as the stock admin does; undo the claim when the form comes back with errors.

        The stock `changeform_view` opens the transaction around this method, so it is this one that is overridden.
        """
        saves = request.method == "POST"
        if saves and "_saveasnew" in request.POST:
            # The stock view makes a copy of it even where no button offers one, and past the claim.
            data = request.POST.copy()
            del data["_saveasnew"]
            request.POST = data  # type: ignore[assignment]
        if saves and object_id is not None:
            answer = self.claim(request, object_id)
            if answer is not None:
                return answer
        response: HttpResponseBase = super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        if saves and not isinstance(response, HttpResponseRedirect):
            # The claim goes with the rest, so the version named in the form that comes back still stands.
            transaction.set_rollback(True)
        return response

    def claim(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """Raise the version from the one this form shows; return the conflict page when that is gone.

        Returns None also for an id that is none, or that names nothing: the stock view has its answer for those.
        A reporter whose story went to the editors meanwhile gets back what they typed. Raises PermissionDenied for
        anybody else, before anything is written.
        """
        try:
            pk = self.opts.pk.to_python(unquote(object_id))
        except ValidationError:
            return None
        story = self.get_object(request, str(pk))
        if story is None:
            return None
        if not self.has_change_permission(request, story):
            if permissions.works_on(request.user, story):
                return conflict.too_late(self, request, story)
            raise PermissionDenied
        conflict.apply_choices(self, request, story)
        seen = seen_version(request)
        if workflow.claim_version(story.pk, seen):
            return None
        # Read again: the winner may have committed while the update waited for the row.
        story = self.get_object(request, str(pk))
        return conflict.respond(self, request, story) if story else None

    def save_model(self, request: HttpRequest, obj: Article, form: ModelForm, change: bool) -> None:
        now = timezone.now()
        if not change:
            obj.created_by = staff(request)
            obj.created_at = now
        obj.updated_at = now
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list[BaseFormSet], change: bool) -> None:
        """Append the revision, once, when the rows are saved too."""
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            number_rows(formset)
        workflow.working_copy_saved(form.instance, by=staff(request), at=timezone.now())


def number_rows(formset: Any) -> None:
    """Number the rows of a group from 1 in the order they were given."""
    model = formset.model
    if "position" not in {field.name for field in model._meta.get_fields()}:
        return
    rows = model._default_manager.filter(article=formset.instance).order_by("position", "pk")
    for number, (pk, position) in enumerate(rows.values_list("pk", "position"), start=1):
        if position != number:
            model._default_manager.filter(pk=pk).update(position=number)


def seen_version(request: HttpRequest) -> int:
    """Return the version the posted form showed; 0, which no story has, when it names none."""
    value = request.POST.get(VERSION, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 11 and int(value) <= VERSION_MAX else 0
