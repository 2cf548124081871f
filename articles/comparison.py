"""Two revisions side by side, field by field: texts as words, lists as what came, went, moved and changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from articles import diffing, figures
from articles.models import Article, ArticleKind, Source
from articles.payloads import Payload

Item = dict[str, Any]


@dataclass(frozen=True)
class ItemChange:
    """One entry of a list that was "added", "removed", "changed" or "moved"."""

    how: str
    html: SafeString


@dataclass(frozen=True)
class Change:
    """One field that differs. `html` shows the difference and is safe to print; for lists it is empty: see `items`."""

    field: str
    label: str | Promise
    before: str
    after: str
    html: SafeString
    items: tuple[ItemChange, ...] = ()


@dataclass(frozen=True)
class ListField:
    """How the entries of one list are told apart, and how they read in a line."""

    name: str
    label: str | Promise
    key: Callable[[Item], Any]
    describe: Callable[[Item], str]


def compare(before: Payload, after: Payload, *, with_confidential: bool) -> list[Change]:
    """Return what differs, in the order of the form. Confidential sources are compared only `with_confidential`."""
    if not with_confidential:
        before, after = _open_sources(before), _open_sources(after)
    changes = [_texts(name, before, after, differ) for name, differ in TEXTS.items()]
    changes += [_referent("section", before, after), _referent("lead_image", before, after)]
    changes += [_lists(field, before[field.name], after[field.name]) for field in LISTS]
    return [change for change in changes if change]


def _open_sources(payload: Payload) -> Payload:
    """Return `payload` as who may not know its confidential sources sees it."""
    return {**payload, "sources": [source for source in payload["sources"] if not source["is_confidential"]]}


def _texts(name: str, before: Payload, after: Payload, differ: Callable[[str, str], SafeString]) -> Change | None:
    """Compare one plain field."""
    if before[name] == after[name]:
        return None
    return Change(name, _label(name), before[name], after[name], differ(before[name], after[name]))


def _label(name: str) -> str | Promise:
    """Return what the form calls a field."""
    field = Article._meta.get_field(name)
    return field.verbose_name if isinstance(field, models.Field) else name


def _referent(name: str, before: Payload, after: Payload) -> Change | None:
    """Compare a reference, to a section or a picture; one renamed since is the same."""
    old, new = before[name] or {"id": None, "name": ""}, after[name] or {"id": None, "name": ""}
    if old["id"] == new["id"]:
        return None
    return Change(name, _label(name), old["name"], new["name"], diffing.line(old["name"], new["name"]))


def _lists(field: ListField, before: Sequence[Item], after: Sequence[Item]) -> Change | None:
    """Compare one list by the keys of its entries."""
    old = {field.key(item): item for item in before}
    new = {field.key(item): item for item in after}
    stayed_before = [key for key in old if key in new]
    stayed_after = [key for key in new if key in old]
    items = [
        *(_item("added", "", field.describe(item)) for key, item in new.items() if key not in old),
        *(_item("removed", field.describe(item), "") for key, item in old.items() if key not in new),
        *(
            _item("changed", field.describe(old[key]), field.describe(new[key]))
            for key in stayed_after
            if field.describe(old[key]) != field.describe(new[key])
        ),
        *(
            _item("moved", field.describe(new[key]), field.describe(new[key]))
            for key, place in zip(stayed_after, stayed_before, strict=True)
            if key != place
        ),
    ]
    if not items:
        return None
    return Change(field.name, field.label, _lines(field, before), _lines(field, after), SafeString(), tuple(items))


def _item(how: str, before: str, after: str) -> ItemChange:
    """Return one line of a list's comparison."""
    return ItemChange(how, diffing.line(before, after) if before != after else format_html("{}", after))


def _lines(field: ListField, items: Iterable[Item]) -> str:
    """Return a list as text, one entry a line."""
    return "\n".join(field.describe(item) for item in items)


def _joined(*parts: str) -> str:
    """Return the parts that say something, in a line."""
    return ", ".join(part for part in parts if part)


def _byline(item: Item) -> str:
    return _joined(item["contributor"]["name"], item["role"], item["place"])


def _source(item: Item) -> str:
    return _joined(
        f"{Source.Kind(item['kind']).label}: {item['title']}",
        item["publisher"],
        item["url"],
        item["published_on"] or "",
        pgettext("source", "checked") if item["is_checked"] else pgettext("source", "not checked"),
        pgettext("source", "confidential") if item["is_confidential"] else "",
    )


def _milestone(item: Item) -> str:
    return _joined(f"{item['moment']}: {item['text']}", "" if item["is_certain"] else gettext("not established"))


def _choice(labels: Callable[[str], Any]) -> Callable[[str, str], SafeString]:
    """Return a differ that shows choices by their labels."""
    return lambda before, after: diffing.line(str(labels(before)), str(labels(after)))


def _language(code: str) -> str:
    return str(dict(Article._meta.get_field("language").flatchoices).get(code, code))


# In the order of the form.
TEXTS: dict[str, Callable[[str, str], SafeString]] = {
    "kicker": diffing.line,
    "title": diffing.line,
    "standfirst": diffing.line,
    "dateline": diffing.line,
    "lead_caption": diffing.line,
    "key_points": diffing.line,
    "body": figures.words,
    "slug": diffing.line,
    "kind": _choice(lambda value: ArticleKind(value).label),
    "language": _choice(_language),
}
LISTS = (
    ListField("bylines", _("Bylines"), lambda item: item["contributor"]["id"], _byline),
    ListField("topics", _("Topics"), lambda item: item["id"], lambda item: item["name"]),
    ListField("sources", _("Sources"), lambda item: item["id"], _source),
    ListField("milestones", _("Chronology"), lambda item: item["id"], _milestone),
)
