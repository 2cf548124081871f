"""A story as its form would post it: what a save in vain and the database have in common, to be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.forms import BaseForm, BaseInlineFormSet
from django.http import HttpRequest, QueryDict

from articles.forms import LAST
from articles.models import Article
from articles.payloads import Payload
from newsroom.core import richtext
from newsroom.core.text import clean_text

# Rows of one kind that a posted form may name; more is no story.
ROWS_MAX = 500
# The groups of a story's own rows -> the field by which a row is recognised when its id is gone.
NATURAL_KEYS = {"bylines": "contributor", "article_topics": "topic", "sources": "title", "milestones": "moment"}


@dataclass
class Row:
    """One row of a group: raw values by field name, and the id it had, "" for a new one."""

    values: dict[str, str]
    id: str = ""

    def content(self) -> tuple[tuple[str, str], ...]:
        """Return what the row says; its place among the rows is not part of it."""
        return tuple((name, clean_text(value)) for name, value in sorted(self.values.items()) if name != "position")


@dataclass
class RawStory:
    """Raw values by field name (a tuple for fields of several inputs), and rows by group prefix."""

    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: dict[str, list[Row]] = field(default_factory=dict)

    def same_field(self, other: RawStory, name: str) -> bool:
        return normal(name, self.fields.get(name, ())) == normal(name, other.fields.get(name, ()))

    def same_group(self, other: RawStory, prefix: str) -> bool:
        return [row.content() for row in self.groups.get(prefix, [])] == [
            row.content() for row in other.groups.get(prefix, [])
        ]


def normal(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return raw values without what a save would take out anyway."""
    if name == "body":
        return tuple(richtext.sanitize(value) for value in values)
    return tuple(clean_text(value) for value in values)


@dataclass
class Shape:
    """The form and the groups of one story, unbound: which fields there are, and what the database holds."""

    form: BaseForm
    formsets: dict[str, BaseInlineFormSet]

    @classmethod
    def of(cls, model_admin: admin.ModelAdmin, request: HttpRequest, story: Article) -> Shape:
        fields = flatten_fieldsets(model_admin.get_fieldsets(request, story))
        form = model_admin.get_form(request, story, change=True, fields=fields)(instance=story)
        formsets = {}
        for formset_class, inline in model_admin.get_formsets_with_inlines(request, story):
            prefix = formset_class.get_default_prefix()
            if prefix not in NATURAL_KEYS:
                continue
            formsets[prefix] = formset_class(instance=story, prefix=prefix, queryset=inline.get_queryset(request))
        return cls(form, formsets)

    def row_fields(self, prefix: str) -> dict[str, forms.Field]:
        """Return the fields of a row that people fill in."""
        steering = {"id", "article", "DELETE"}
        return {name: one for name, one in self.formsets[prefix].empty_form.fields.items() if name not in steering}

    def stored(self) -> RawStory:
        """Return the story as the database has it."""
        story = RawStory({name: stored_value(self.form, name) for name in self.form.fields})
        for prefix, formset in self.formsets.items():
            names = self.row_fields(prefix)
            story.groups[prefix] = [
                Row({name: stored_value(one, name)[0] for name in names}, str(one.instance.pk))
                for one in formset.initial_forms
            ]
        return story

    def posted(self, data: QueryDict) -> RawStory:
        """Return the story as it was posted, valid or not. Rows that are blank or ticked for deletion are left out."""
        story = RawStory({name: posted_value(one, name, data) for name, one in self.form.fields.items()})
        for prefix in self.formsets:
            story.groups[prefix] = list(self._posted_rows(prefix, data))
        return story

    def _posted_rows(self, prefix: str, data: QueryDict) -> Iterator[Row]:
        total = data.get(f"{prefix}-TOTAL_FORMS", "0")
        count = int(total) if total.isascii() and total.isdecimal() and len(total) < 5 else 0
        found = []
        for index in range(min(count, ROWS_MAX)):
            key = f"{prefix}-{index}"
            if data.get(f"{key}-DELETE"):
                continue
            fields = self.row_fields(prefix)
            values = {name: posted_value(one, f"{key}-{name}", data)[0] for name, one in fields.items()}
            row = Row(values, data.get(f"{key}-id", ""))
            blank = self.formsets[prefix].empty_form
            if row.id or any(values[name] != stored_value(blank, name)[0] for name in fields):
                found.append(row)
        yield from sorted(found, key=place)

    def from_payload(self, payload: Payload) -> RawStory:
        """Return the story as a revision has it. What revisions do not hold (the embargo) is left out."""
        names = [name for name in self.form.fields if name in payload]
        story = RawStory({name: (str(payload[name]),) for name in names})
        for name in ("section", "lead_image"):
            story.fields[name] = (str(payload[name]["id"]) if payload[name] else "",)
        rows = {
            "bylines": [{**row, "contributor": row["contributor"]["id"]} for row in payload["bylines"]],
            "article_topics": [{"topic": row["id"]} for row in payload["topics"]],
            "sources": payload["sources"],
            "milestones": payload["milestones"],
        }
        for prefix in self.formsets:
            names = [name for name in self.row_fields(prefix) if name != "position"]
            story.groups[prefix] = [Row({name: raw(row.get(name)) for name in names}) for row in rows.get(prefix, [])]
        return story


def place(row: Row) -> int:
    """Return a posted row's place among the others; one without a number comes last."""
    value = row.values.get("position", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else LAST


def raw(value: Any) -> str:
    """Return a stored value as an input would send it; a ticked box sends "on", the other nothing."""
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)


def stored_value(form: BaseForm, name: str) -> tuple[str, ...]:
    """Return what the inputs of a field would send, left as they are."""
    bound = form[name]
    widget = bound.field.widget
    value = bound.value()
    if isinstance(widget, forms.MultiWidget):
        parts = value if isinstance(value, list) else widget.decompress(value) or []
        return tuple(raw(one.format_value(part)) for one, part in zip(widget.widgets, parts, strict=True))
    if isinstance(widget, forms.DateInput):
        return (raw(widget.format_value(value)),)
    return (raw(value),)


def posted_value(one: forms.Field, key: str, data: Mapping[str, str]) -> tuple[str, ...]:
    """Return what the inputs of a field sent."""
    if isinstance(one.widget, forms.MultiWidget):
        return tuple(data.get(f"{key}_{index}", "") for index in range(len(one.widget.widgets)))
    if isinstance(one.widget, forms.CheckboxInput):
        return ("on" if data.get(key) else "",)
    return (data.get(key, ""),)


def put_field(data: QueryDict, name: str, values: tuple[str, ...]) -> None:
    """Write raw values of a field into a post."""
    if len(values) == 1:
        data[name] = values[0]
    else:
        for index, value in enumerate(values):
            data[f"{name}_{index}"] = value


def put_group(data: QueryDict, prefix: str, rows: list[Row], stored: list[Row]) -> None:
    """Write a group into a post so that saving it makes the database hold `rows`, whatever it holds now.

    Rows whose id is gone, or which somebody else added too, are recognised by their natural key: a unique constraint
    would refuse the same name twice.
    """
    for key in [key for key in data if key.startswith(f"{prefix}-")]:
        del data[key]
    left = list(rows)
    forms_: list[tuple[str, Row, bool]] = []
    for old in stored:
        match = _twin(old, left, NATURAL_KEYS[prefix])
        if match is not None:
            left.remove(match)
        forms_.append((old.id, match or old, match is None))
    forms_ += [("", row, False) for row in left]
    data[f"{prefix}-TOTAL_FORMS"] = str(len(forms_))
    data[f"{prefix}-INITIAL_FORMS"] = str(len(stored))
    for index, (pk, row, is_gone) in enumerate(forms_):
        key = f"{prefix}-{index}"
        data[f"{key}-id"] = pk
        for name, value in row.values.items():
            if value:
                data[f"{key}-{name}"] = value
        if is_gone:
            data[f"{key}-DELETE"] = "on"


def _twin(old: Row, rows: list[Row], natural_key: str) -> Row | None:
    by_id = next((row for row in rows if row.id and row.id == old.id), None)
    by_key = next((row for row in rows if row.values.get(natural_key) == old.values.get(natural_key)), None)
    return by_id or by_key
