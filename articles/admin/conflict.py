"""The conflict page: somebody saved first, and nothing of what was typed since is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles import diffing, figures, payloads, revisions
from articles.admin import actions
from articles.admin.raw import RawStory, Row, Shape, put_field, put_group
from articles.admin.story_page import editor_url, page_context
from articles.merging import merge
from articles.models import Article, Revision
from articles.picture_field import PictureField
from articles.widgets import StoryEditor

MERGE = "_merge"
# The number of the revision that was the newest when the form was made.
SEEN_REVISION = "seen_revision"
MINE, THEIRS, RESULT, BOTH = "mine", "theirs", "result", "both"
RICH = {"body"}
LONG = {"title", "standfirst", "key_points", "lead_caption"}
# What is worth copying from a save that came too late.
TYPED = ("title", "standfirst", "body", "key_points")


@dataclass(frozen=True)
class Choice:
    """One field, or one group of rows, that two people changed differently."""

    name: str
    label: str
    mine: SafeString
    theirs: SafeString
    # The field for the result, empty for groups and selects, of which one takes the one or the other.
    editor: SafeString


@dataclass(frozen=True)
class Settled:
    """A field that only one of the two changed: taken over without a question."""

    label: str
    # "mine", "theirs", or "both" where the paragraphs of both stand side by side.
    whose: str


def apply_choices(model_admin: admin.ModelAdmin, request: HttpRequest, story: Article) -> None:
    """Turn the answer of a conflict page into an ordinary post of the story's form; leave any other post as it is.

    The version in that answer is the one the page showed, so the claim that follows still finds a third person's save.
    """
    if MERGE not in request.POST:
        return
    shape = Shape.of(model_admin, request, story)
    stored, data = shape.stored(), request.POST.copy()
    mine = shape.posted(data)
    for name in shape.form.fields:
        choice = data.get(f"choice-{name}")
        if choice == THEIRS:
            put_field(data, name, stored.fields[name])
        elif choice == RESULT:
            put_field(data, name, (data.get(f"result-{name}", ""),))
    for prefix in shape.formsets:
        rows = stored.groups[prefix] if data.get(f"choice-{prefix}") == THEIRS else mine.groups[prefix]
        put_group(data, prefix, rows, stored.groups[prefix])
    request.POST = data  # type: ignore[assignment]


def respond(model_admin: admin.ModelAdmin, request: HttpRequest, story: Article) -> HttpResponse:
    """Return the conflict page (409), or go back to the editor when this very save is what the database already holds.

    The second is the other half of a double click, not a conflict. Only the raw post is read: no form is bound, so
    nothing typed can be refused here.
    """
    shape = Shape.of(model_admin, request, story)
    mine, theirs = shape.posted(request.POST), shape.stored()
    base = seen_base(request, story, shape)
    choices, settled = weigh(shape, mine, theirs, base)
    if not choices and not settled:
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(editor_url(story))
    newest = revisions.latest(story)
    waiting = actions.waiting(request)
    context = {
        **page_context(model_admin, request, story, _("Save conflict")),
        "newest": newest,
        "by_self": newest is not None and newest.author_id == request.user.pk,
        "choices": choices,
        "settled": settled,
        "kept": list(kept_inputs(request, shape, mine, theirs, base, story, newest, waiting)),
        "waiting": waiting,
        "media": shape.form.media,
    }
    # Nothing was claimed, but the look-ups ran inside the save's transaction: end it without a trace.
    transaction.set_rollback(True)
    return TemplateResponse(request, "admin/articles/conflict.html", context, status=409)


def too_late(model_admin: admin.ModelAdmin, request: HttpRequest, story: Article) -> HttpResponse:
    """Return the page (409) for who may not save this story any more, with the words they typed, to be copied."""
    typed = [(str(Article._meta.get_field(name).verbose_name), request.POST.get(name, "")) for name in TYPED]
    context = page_context(model_admin, request, story, _("The story is with the editors"))
    context["typed"] = [(label, words) for label, words in typed if words]
    return TemplateResponse(request, "admin/articles/too_late.html", context, status=409)


def seen_base(request: HttpRequest, story: Article, shape: Shape) -> RawStory | None:
    """Return the story as the form had it when it was opened; None when that is not known any more."""
    number = request.POST.get(SEEN_REVISION, "")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    revision = story.revisions.filter(number=int(number), purged_at__isnull=True).first()
    return shape.from_payload(payloads.read(revision)) if revision else None


def weigh(shape: Shape, mine: RawStory, theirs: RawStory, base: RawStory | None) -> tuple[list[Choice], list[Settled]]:
    """Return what has to be chosen, and what only one side changed. Without a base every difference is a choice."""
    choices, settled = [], []
    for name, one in shape.form.fields.items():
        if mine.same_field(theirs, name):
            continue
        known = base is not None and name in base.fields
        if known and base and (mine.same_field(base, name) or theirs.same_field(base, name)):
            settled.append(Settled(label_of(one, name), THEIRS if mine.same_field(base, name) else MINE))
        elif merged_text(name, mine, theirs, base) is not None:
            settled.append(Settled(label_of(one, name), BOTH))
        else:
            choices.append(_field_choice(one, name, mine, theirs, base))
    for prefix, formset in shape.formsets.items():
        if mine.same_group(theirs, prefix):
            continue
        label = capfirst(str(formset.empty_form.instance._meta.verbose_name_plural))
        if base and (mine.same_group(base, prefix) or theirs.same_group(base, prefix)):
            settled.append(Settled(label, THEIRS if mine.same_group(base, prefix) else MINE))
        else:
            hers, his = (rows_text(shape, prefix, side.groups[prefix]) for side in (mine, theirs))
            choices.append(Choice(prefix, label, hers, his, SafeString("")))
    return choices, settled


def _field_choice(one: forms.Field, name: str, mine: RawStory, theirs: RawStory, base: RawStory | None) -> Choice:
    before = base.fields[name][0] if base and name in base.fields else None
    hers, his = (_value_text(one, name, side.fields[name], before) for side in (mine, theirs))
    return Choice(name, label_of(one, name), hers, his, _editor(one, name, mine.fields[name][0]))


def merged_text(name: str, mine: RawStory, theirs: RawStory, base: RawStory | None) -> str | None:
    """Return a rich text with the edits of both, where they touch different paragraphs; else None."""
    if name not in RICH or base is None or name not in base.fields:
        return None
    return merge(base.fields[name][0], mine.fields[name][0], theirs.fields[name][0])


def label_of(one: forms.Field, name: str) -> str:
    return capfirst(str(one.label or name))


def _value_text(one: forms.Field, name: str, values: tuple[str, ...], before: str | None) -> SafeString:
    """Return one side's value to be read, with what it added marked where it is known what stood before."""
    value = values[0]
    if name in RICH:
        return figures.words(value if before is None else before, value)
    if isinstance(one, PictureField):
        return escaped(one.describe(value))
    if isinstance(one, forms.ChoiceField | forms.ModelChoiceField):
        return escaped(choice_label(one, value))
    if len(values) > 1:
        return escaped(" ".join(values).strip() or "—")
    return diffing.line(value if before is None else before, value)


def escaped(text: str) -> SafeString:
    return format_html_join("", "{}", [(text,)])


def choice_label(one: Any, value: str) -> str:
    """Return the words of a chosen value, the value itself where it is none of the choices."""
    return next((str(label) for key, label in one.choices if str(key) == value), value)


def _editor(one: forms.Field, name: str, value: str) -> SafeString:
    """Return the control in which the result may be written anew; empty for what is chosen from a list."""
    attrs = {"id": f"id_result-{name}", "data-result-for": name, "aria-labelledby": f"result-label-{name}"}
    if name in RICH:
        editor = StoryEditor(attrs={"rows": 16})
        editor.config = one.widget.config  # type: ignore[attr-defined]
        return editor.render(f"result-{name}", value, attrs)
    if isinstance(one, forms.CharField):
        widget: forms.Widget = forms.Textarea(attrs={"rows": 3}) if name in LONG else forms.TextInput()
        return widget.render(f"result-{name}", value, attrs)
    return SafeString("")


def rows_text(shape: Shape, prefix: str, rows: list[Row]) -> SafeString:
    """Return the rows of one side as a list to be read."""
    fields = shape.row_fields(prefix)

    def words(row: Row) -> str:
        parts = []
        for name, one in fields.items():
            value = row.values.get(name, "")
            if not value or name == "position":
                continue
            if isinstance(one.widget, forms.CheckboxInput):
                parts.append(str(one.label))
            else:
                parts.append(choice_label(one, value) if hasattr(one, "choices") else value)
        return ", ".join(parts)

    items = format_html_join("", "<li>{}</li>", ((words(row),) for row in rows))
    return format_html_join("", "<ul>{}</ul>", [(items,)]) if rows else escaped("—")


def kept_inputs(
    request: HttpRequest,
    shape: Shape,
    mine: RawStory,
    theirs: RawStory,
    base: RawStory | None,
    story: Article,
    newest: Revision | None,
    waiting: actions.Action | None,
) -> Iterator[tuple[str, str]]:
    """Yield name and value of the hidden inputs that carry the whole story to the next save.

    The answers of an action come along; the action itself is pressed again by who has seen the story as it then is.
    """
    data = request.POST.copy()
    for name in shape.form.fields:
        untouched = base is not None and name in base.fields and mine.same_field(base, name)
        merged = merged_text(name, mine, theirs, base)
        put_field(data, name, theirs.fields[name] if untouched else (merged,) if merged else mine.fields[name])
    for prefix in shape.formsets:
        untouched = base is not None and mine.same_group(base, prefix)
        rows = theirs.groups[prefix] if untouched else mine.groups[prefix]
        put_group(data, prefix, rows, theirs.groups[prefix])
    data["version"] = str(story.version)
    data[SEEN_REVISION] = str(newest.number) if newest else ""
    for name, value in data.items():
        if not name.startswith(("_", "choice-", "result-", "act-")) and name != "csrfmiddlewaretoken":
            yield name, str(value)
    yield MERGE, "1"
    if waiting:
        yield actions.WAITING, waiting.name
        yield from actions.answers(request.POST, waiting)
