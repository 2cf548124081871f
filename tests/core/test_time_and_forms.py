"""Moments with their zone; forms that lose nothing and name what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.admin.utils import display_for_value
from django.template import Context, Template
from django.utils import timezone, translation

from newsroom.core.forms import CrispyForm, error_summary
from newsroom.core.models import User
from newsroom.core.templatetags.newsroom_time import clock, day, moment

AT = datetime(2026, 8, 12, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("id", "Asia/Jakarta", "12 Agustus 2026, 14.05 WIB"),
        ("en", "Asia/Jakarta", "12 August 2026, 14:05 WIB"),
        ("id", "Asia/Makassar", "12 Agustus 2026, 15.05 WITA"),
        ("id", "Asia/Jayapura", "12 Agustus 2026, 16.05 WIT"),
        ("id", "UTC", "12 Agustus 2026, 07.05 UTC"),
        ("en", "Asia/Dubai", "12 August 2026, 11:05 UTC+04"),
    ],
)
def test_moments_name_their_zone(language: str, zone: str, expected: str) -> None:
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        assert moment(AT) == expected
        assert f"{day(AT)}, {clock(AT)}" == expected


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("zone", User.Zone.values)
def test_the_stock_admin_writes_moments_like_everybody(language: str, zone: str) -> None:
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        assert display_for_value(AT, "–") == moment(AT)
        assert display_for_value(AT.date(), "–") == day(AT)


def test_times_are_written_for_machines_too() -> None:
    template = Template("{% load newsroom_time %}{% time at %}|{{ at|moment }}|{% time none %}{{ none|day }}")
    with translation.override("en"), timezone.override(ZoneInfo("Asia/Jakarta")):
        assert template.render(Context({"at": AT, "none": None})) == (
            '<time datetime="2026-08-12T14:05:00+07:00">12 August 2026, 14:05 WIB</time>|12 August 2026, 14:05 WIB|'
        )


class Letter(CrispyForm):
    """A form as public pages have them."""

    name = forms.CharField(label="Name", max_length=5)
    text = forms.CharField(label="Text", widget=forms.Textarea)
    layout = ("text", "name")


def render(form: Letter) -> str:
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))


def test_the_template_owns_the_form_element_and_the_layout_the_order() -> None:
    page = render(Letter())
    assert "<form" not in page
    assert "csrf" not in page
    assert page.index('name="text"') < page.index('name="name"')
    assert "style=" not in page


def test_errors_are_listed_with_links_and_what_was_typed_stays() -> None:
    form = Letter({"name": "<b>much too long", "text": ""})
    with translation.override("en"):
        summary = error_summary(form)
    assert 'href="#id_name"' in summary
    assert 'href="#id_text"' in summary
    assert 'value="&lt;b&gt;much too long"' in render(form)
    assert 'aria-invalid="true"' in render(form)


def test_without_errors_there_is_no_summary() -> None:
    assert error_summary(Letter()) == ""
    assert Letter({"name": "Rea", "text": "t"}).error_summary() == ""
