"""What a story needs before readers see it."""

from __future__ import annotations

from typing import Any

import pytest

from articles import checklist, payloads, taxonomy
from articles.checklist import Level
from articles.forms import ArticleForm
from tests.factories import AT, make_article, make_section

pytestmark = pytest.mark.django_db


def level(code: str, **fields: Any) -> Level:
    """Return how one row stands for a story that differs from a complete one in `fields`."""
    items = {item.code: item for item in checklist.run(payloads.build(make_article(**fields)))}
    assert bool(str(items[code].message)) == (items[code].level != Level.OK)
    return items[code].level


def test_a_complete_story_has_nothing_against_it() -> None:
    items = checklist.run(payloads.build(make_article()))
    assert {item.level for item in items} == {Level.OK}
    assert checklist.failed(items) == []


@pytest.mark.parametrize(
    ("code", "fields", "expected"),
    [
        ("title", {"title": "  "}, Level.FAIL),
        ("title", {"title": "Selat " * 30}, Level.WARN),
        ("standfirst", {"standfirst": ""}, Level.FAIL),
        ("body", {"body": ""}, Level.FAIL),
        ("body", {"body": "<p>\u00a0</p>"}, Level.FAIL),
        ("body", {"body": "<p>Pendek saja.</p>"}, Level.WARN),
        ("byline", {"bylines": []}, Level.FAIL),
        ("topics", {"topics": []}, Level.WARN),
        ("key_points", {"key_points": "Satu"}, Level.WARN),
        ("key_points", {"key_points": "Satu\nDua"}, Level.OK),
        ("key_points", {"key_points": "\n".join("123456")}, Level.WARN),
        ("sources", {"sources": []}, Level.WARN),
        ("sources", {"sources": [{"title": "Naskah"}]}, Level.WARN),
        ("confidence", {"sources": [{"title": "12 mil", "is_confidential": True}]}, Level.OK),
        ("confidence", {"sources": [{"title": "Negara ketiga", "is_confidential": True}]}, Level.FAIL),
        ("confidence", {"sources": [{"title": "Negara ketiga", "is_confidential": False}]}, Level.OK),
    ],
)
def test_each_row_says_what_it_sees(code: str, fields: dict[str, Any], expected: Level) -> None:
    assert level(code, **fields) == expected


def test_a_story_needs_a_section_in_use() -> None:
    article = make_article()
    article.section = None
    article.save()
    items = {item.code: item for item in checklist.run(payloads.build(article))}
    assert items["section"].level == Level.FAIL
    section = make_section("Lama")
    taxonomy.archive(section, by=None, at=AT)
    assert level("section", section=section) == Level.WARN


def test_every_row_names_a_part_of_the_form_to_jump_to() -> None:
    inlines = {"bylines", "article_topics", "sources", "milestones"}
    assert {check.field for check in checklist.CHECKS} <= set(ArticleForm._meta.fields) | inlines
