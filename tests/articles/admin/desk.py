"""A desk without a browser: forms are read from the page and sent back as a browser without JavaScript would."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

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
    """Return the form of the story as it was sent to the browser."""
    response = client.get(change_url(article))
    assert response.status_code == 200
    return Page(response.content.decode()).data


def save(client: Client, article: Article, data: dict[str, str], **changes: Any) -> Any:
    """Send the form back with changes; a plain save unless `_do` names an action."""
    return client.post(change_url(article), data | changes)
