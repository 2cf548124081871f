"""Addresses of the public pages, in either language."""

from __future__ import annotations

import re
from functools import cache

from django.urls import reverse
from django.utils.translation import get_language

# What every route takes as it is: Django's converter for slugs, and figures.
PLAIN = re.compile(r"[-a-zA-Z0-9_]+").fullmatch
# Stands for a slug while an address is taken apart.
MARK = "0-mark-0"


def page_language() -> str:
    """Return the language of the page at hand: "id" or "en"."""
    return language_of(get_language())


def language_of(name: str | None) -> str:
    """Return "en" for English of any kind, else "id"."""
    return "en" if (name or "").startswith("en") else "id"


def address(name: str, *args: str, language: str | None = None) -> str:
    """Return the address of a page of this app ("home", "section") in `language`, by default that of the page at hand.

    A page names some thirty of them, and `reverse` takes as long for each as a database for a small query. So what it
    says for a route that takes one slug is kept, and the slug put in here.
    """
    language = page_language() if language is None else language_of(language)
    if not args:
        return fixed(name, language)
    if len(args) == 1 and PLAIN(args[0]):
        head, tail = around_slug(name, language)
        return f"{head}{args[0]}{tail}"
    return route(name, language, *args)


@cache
def fixed(name: str, language: str) -> str:
    """Return the address of a page that is there once in each language."""
    return route(name, language)


@cache
def around_slug(name: str, language: str) -> tuple[str, str]:
    """Return what stands before and after the slug in the addresses of one kind."""
    head, _, tail = route(name, language, MARK).partition(MARK)
    return head, tail


def route(name: str, language: str, *args: str) -> str:
    """Return what the URLconf says; raises NoReverseMatch."""
    return reverse(f"{'en' if language == 'en' else 'articles'}:{name}", args=args)
