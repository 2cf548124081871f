"""Form fields that offer what is in use, in plain selects without the stock admin's pop-up windows."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest

from articles.models import Article, Contributor, Image, Section, Topic
from articles.picture_field import PictureField, PictureInput

# Referent -> the lookup by which a story uses it.
USED_BY = {
    Section: "articles",
    Topic: "articles",
    Contributor: "articles",
}


def story_id(request: HttpRequest) -> int | None:
    """Return the id in the address of the page at hand; None while a story is being added, or for nonsense."""
    match = request.resolver_match
    value = str(match.kwargs.get("object_id", "")) if match else ""
    return int(value) if value.isdecimal() and len(value) < 19 else None


def offered(model: type[models.Model], request: HttpRequest) -> models.QuerySet[Any]:
    """Return what may be chosen: what is not archived, and what this story already uses."""
    open_ones = models.Q(archived_at__isnull=True)
    if model is Topic:
        open_ones &= models.Q(merged_into__isnull=True)
    current = story_id(request)
    if current is not None:
        lookup = {f"{USED_BY[model]}__in": Article.objects.filter(pk=current)}
        open_ones |= models.Q(pk__in=model._default_manager.filter(**lookup).values("pk"))
    order = ("position", "name", "pk") if model is Section else ("name", "pk")
    return model._default_manager.filter(open_ones).order_by(*order)


class PlainSelects:
    """For a ModelAdmin or an inline: foreign keys to referents as plain selects, read once a request."""

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Return the field without the stock wrapper: no adding, changing or deleting in a second window."""
        field: forms.Field | None = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        model = db_field.remote_field.model
        if model is Image:
            # Thousands of them: chosen by looking, never from a list.
            kwargs |= {"form_class": PictureField, "widget": PictureInput(), "queryset": Image.objects.all()}
        if model in USED_BY:
            kwargs.setdefault("queryset", offered(model, request))
        field: forms.ModelChoiceField | None = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and model in USED_BY:
            # Evaluated here, once: left alone, every row of a formset would ask the database again.
            field.choices = list(cast(ModelChoiceIterator, field.choices))
        return field
