"""A desk without a browser: forms are read and sent back as a browser without JavaScript would."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.forms import BoundField
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from articles.models import Article
from newsroom.core.models import User


class Page(HTMLParser):
    """What a test wants to know of a page: the values of its main form's controls, the buttons, the addresses."""

    def __init__(self, markup: str, form_id: str = "article_form") -> None:
        super().__init__()
        self.form_id = form_id
        self.data: dict[str, str] = {}
        self.buttons: set[tuple[str, str]] = set()
        self.links: set[str] = set()
        self._inside = False
        self._text: str | None = None
        self._select: str | None = None
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("id", "") == self.form_id or not self.form_id
        if tag == "a":
            self.links.add(found.get("href", ""))
        name = found.get("name", "")
        if not self._inside or (not name and tag != "option"):
            return
        if tag == "button":
            self.buttons.add((name, found.get("value", "")))
        elif tag == "input":
            self._input(name, found)
        elif tag == "textarea":
            self._text, self.data[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in found or self._select not in self.data):
            self.data[self._select] = found.get("value", "")

    def _input(self, name: str, found: dict[str, str]) -> None:
        kind = found.get("type", "text")
        if kind in ("checkbox", "radio"):
            if "checked" in found:
                self.data[name] = found.get("value", "on")
        elif kind != "submit":
            self.data[name] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "textarea":
            self._text = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            # A browser drops the first line break after the tag.
            self.data[self._text] += data.removeprefix("\n") if not self.data[self._text] else data


def client_of(user: User) -> Client:
    """Return a client logged in as `user`."""
    client = Client()
    client.force_login(user, "newsroom.accounts.backend.StaffBackend")
    return client


def change_url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def page_url(article: Article, name: str) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def opened(client: Client, article: Article) -> dict[str, str]:
    """Return the form of the story as it would be sent to the browser.

    Read from the view's answer before a template is rendered, which takes twice as long as the rest;
    test_saving.py compares it with the page.
    """
    path = change_url(article)
    match = resolve(path)
    request = RequestFactory().get(path)
    request.session = client.session
    request.user = User.objects.get(pk=client.session["_auth_user_id"])
    request.resolver_match = match
    context = match.func(request, *match.args, **match.kwargs).context_data
    return {"version": context["version_token"], "seen_revision": context["seen_revision"]} | {
        name: value for field in fields(context) for name, value in controls(field)
    }


def fields(context: dict[str, Any]) -> Iterator[BoundField]:
    """Give the fields of the page's forms: the story's own, its rows', those of the actions."""
    yield from context["adminform"].form
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        for form in (formset.management_form, *formset.forms, formset.empty_form):
            yield from form
    for button in context["buttons"]:
        yield from button.form


def controls(field: BoundField) -> Iterator[tuple[str, str]]:
    """Give name and value of what a field sends if nobody touches it."""
    whole = field.field.widget.get_context(field.html_name, field.value(), {})["widget"]
    for widget in whole.get("subwidgets", [whole]):
        if "optgroups" in widget:
            options = [option for _name, group, _index in widget["optgroups"] for option in group]
            chosen = [option for option in options if option["selected"]] or (
                options[:1] if widget["type"] == "select" else []
            )
            yield from ((widget["name"], str(option["value"])) for option in chosen)
        elif widget.get("type") != "checkbox":
            yield widget["name"], widget["value"] or ""
        elif widget["attrs"].get("checked"):
            yield widget["name"], "on"


def save(client: Client, article: Article, data: dict[str, str], **changes: Any) -> Any:
    """Send the form back with changes; a plain save unless `_do` names an action."""
    return client.post(change_url(article), data | changes)
