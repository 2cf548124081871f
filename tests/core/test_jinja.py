"""The environment of the public templates: escapes, knows the language of the moment, and what nobody defined fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from jinja2 import DictLoader, Environment, UndefinedError

from newsroom.core.compiled import CompiledTemplates

HOSTILE = "<b>{name}</b> {0} {{ url }} %s %(x)s & \"'"
ESCAPED = "&lt;b&gt;{name}&lt;/b&gt; {0} {{ url }} %s %(x)s &amp; &#34;&#39;"


def rendered(source: str, **context: Any) -> str:
    return str(engines["jinja2"].from_string(source).render(context))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ text }}", ESCAPED),
        ("{{ lazy }}", "&lt;i&gt;"),
        ("{{ markup }}", "<i>&amp;</i>"),
        ("{% trans %}Search: {{ text }}{% endtrans %}", f"Search: {ESCAPED}"),
        ('{{ _("Archive: %(month)s", month=text) }}', f"Archive: {ESCAPED}"),
        ("{{ text|linebreaks }}", f"<p>{ESCAPED.replace('&#34;', '&quot;').replace('&#39;', '&#x27;')}</p>"),
    ],
)
def test_whatever_is_no_markup_is_escaped(source: str, expected: str) -> None:
    values = {"text": HOSTILE, "lazy": gettext_lazy("<i>"), "markup": format_html("<i>{}</i>", "&")}
    with translation.override("en"):
        assert rendered(source, **values) == expected


@pytest.mark.parametrize(
    "source", ["{{ titel }}", "{{ story.titel }}", "{% if titel %}{% endif %}", "{{ dict.titel }}"]
)
def test_a_misspelt_name_fails(source: str) -> None:
    with pytest.raises(UndefinedError):
        rendered(source, story=object(), dict={})


def test_words_are_those_of_the_language_at_hand() -> None:
    source = """{{ _("Search") }} {{ pgettext("east longitude", "E") }}
        {% trans count=2 %}{{ count }} story{% pluralize %}{{ count }} stories{% endtrans %}"""
    said = {}
    for language in ("id", "en"):
        with translation.override(language):
            said[language] = rendered(source).split()
    assert said == {"id": ["Cari", "BT", "2", "tulisan"], "en": ["Search", "E", "2", "stories"]}


@pytest.mark.parametrize(
    ("template", "context", "said"),
    [
        ("articles/archive.html", {"years": [{"number": 2026, "count": 1234, "months": []}], "other_url": ""},
         ("1.234 tulisan", "1,234 stories")),
        ("articles/archive.html", {"years": [{"number": 2026, "count": 1, "months": []}], "other_url": ""},
         ("1 tulisan", "1 story")),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_numbers_are_those_of_the_language_at_hand(
    template: str, context: dict[str, Any], said: tuple[str, str]
) -> None:
    for language, words in zip(("id", "en"), said, strict=True):
        with translation.override(language):
            page = render_to_string(template, context, RequestFactory().get("/"))
        assert f">{words}<" in page
        assert ">2026<" in page


def test_the_folder_says_the_language() -> None:
    assert get_template("articles/home.html").backend.name == "jinja2"
    assert get_template("account/login.html").backend.name == "django"
    with pytest.raises(TemplateDoesNotExist):
        engines["jinja2"].get_template("account/login.html")


def test_a_comment_is_drawn_with_whatever_its_author_wrote() -> None:
    source = """{% from "comments/_comment.html" import comment_entry %}{{ comment_entry(entry) }}"""
    answers = {"url": "/a/", "name": HOSTILE}
    entry = dict.fromkeys(("id", "name", "text", "url", "stamp", "time", "reply_url", "reason"), HOSTILE)
    drawn = rendered(source, entry={**entry, "is_tombstone": False, "answers": answers, "replies": []})
    gone = rendered(source, entry={**entry, "is_tombstone": True, "answers": None, "replies": []})
    assert "<b>" not in drawn + gone
    assert drawn.count("{name}") == 9
    assert gone.count("{name}") == 2


def compiled(folder: Path, source: str, made_by: str = "1") -> str:
    kept = CompiledTemplates(folder, made_by=made_by)
    return Environment(loader=DictLoader({"page": source}), bytecode_cache=kept).get_template("page").render()


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_a_template_is_compiled_once(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    assert compiled(folder, "{{ 1 + 1 }}") == "2"
    first = only_file(folder).stat()
    assert compiled(folder, "{{ 1 + 1 }}") == "2"
    assert only_file(folder).stat() == first


def test_what_was_compiled_of_another_text_or_otherwise_counts_for_nothing(tmp_path: Path) -> None:
    assert compiled(tmp_path, "{{ 1 + 1 }}") == "2"
    assert compiled(tmp_path, "{{ 1 + 2 }}") == "3"
    first = only_file(tmp_path).read_bytes()
    assert compiled(tmp_path, "{{ 1 + 2 }}", made_by="2") == "3"
    assert only_file(tmp_path).read_bytes() != first


@pytest.mark.parametrize("length", [0, 3, 30, 200])
def test_half_a_file_is_compiled_anew(tmp_path: Path, length: int) -> None:
    compiled(tmp_path, "{{ 1 + 1 }}")
    file = only_file(tmp_path)
    whole = file.read_bytes()
    assert length < len(whole)
    file.write_bytes(whole[:length])
    assert compiled(tmp_path, "{{ 1 + 1 }}") == "2"
    assert file.read_bytes() == whole


def test_where_nothing_can_be_written_all_is_compiled(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert compiled(tmp_path / "file", "{{ 1 + 1 }}") == "2"
    assert compiled(tmp_path / "none" / "there", "{{ 1 + 1 }}") == "2"
