"""A section cannot take the place of another address."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from articles.models import Section
from articles.models.taxonomy import RESERVED_SLUGS
from tests.routes import routes


def test_every_first_part_of_an_address_is_reserved() -> None:
    """Whatever the URLconf and the servers in front answer under a fixed name."""
    fixed = {route.template.partition("/")[0] for route in routes()}
    names = {name for name in fixed if re.fullmatch(r"[-\w]+", name)} | {"static", "media"}
    # Kept free: pages of corrections and replies.
    assert set(RESERVED_SLUGS) - names <= {"hak-jawab", "koreksi"}
    assert names <= set(RESERVED_SLUGS)


@pytest.mark.django_db
def test_section_with_a_reserved_slug_is_refused() -> None:
    """By the form, with words, and by the database."""
    section = Section(name="Inggris", slug="en")
    with translation.override("en"), pytest.raises(ValidationError, match="Choose another"):
        section.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        section.save()
