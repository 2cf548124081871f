"""What was typed into an action that was not pressed: it comes back with the editor, its questions open."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from articles.admin import actions
from articles.admin.actions import Action
from articles.models import Article

# Of an action's name: what stands in each of its questions, as its widget reads it from a post.
Typed = dict[str, dict[str, Any]]


def keep(request: HttpRequest, story: Article, *, done: Action | None) -> None:
    """Carry what was typed over the way back to the editor, but for the action that was done with it."""
    typed = {name: answers for name, answers in typed_in(request, story).items() if done is None or name != done.name}
    if typed:
        request.session[_key(story)] = typed


def at_hand(request: HttpRequest, story: Article) -> Typed:
    """Return what was typed into the form that comes back now, or else what the save before carried over, once."""
    typed: Typed | None = request.session.pop(_key(story), None)
    return typed_in(request, story) if request.POST else typed or {}


def typed_in(request: HttpRequest, story: Article) -> Typed:
    """Return what this post answers to the questions of each action, where that differs from how they are asked."""
    found = {}
    for action in actions.ACTIONS.values():
        if not actions.answers(request.POST, action):
            continue
        form = action.bind(article=story)
        answers = {name: _answer(request, form, name) for name in form.fields}
        asked = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
        if any(field.has_changed(asked[name], answers[name]) for name, field in form.fields.items()):
            found[action.name] = answers
    return found


def _answer(request: HttpRequest, form: forms.Form, name: str) -> Any:
    """Return what the widget of a field reads from the post, lines parted as we part them."""
    answer = form.fields[name].widget.value_from_datadict(request.POST, request.FILES, form.add_prefix(name))
    return answer.replace("\r\n", "\n") if isinstance(answer, str) else answer


def asked_with(form: forms.Form, answers: dict[str, Any]) -> forms.Form:
    """Return the form of an action with these answers in it, not yet judged."""
    form.initial = {**form.initial, **answers}
    return form


def _key(story: Article) -> str:
    return f"typed-beside-{story.pk}"
