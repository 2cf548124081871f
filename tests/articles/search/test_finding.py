"""Stories found: what is live and nothing else, in the order of where the words stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from articles.search import finding
from articles.search.finding import Wish
from tests.articles.search.finds import LATER, found
from tests.factories import AT, BODY, make_live, make_section, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def paper(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Six stories for tests that only read."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        day = timedelta(days=1)
        make_live(title="Perairan Natuna dijaga", at=AT - 400 * day, section=make_section("Asia Tenggara"))
        make_live(title="Nelayan melaut lagi", standfirst="Kembali ke Natuna Utara.", at=AT - 3 * day)
        make_live(title="Radar di Ranai", body=BODY + "<p>Pangkalan Natuna besar.</p>", at=AT - 2 * day)
        make_live(title="Batas Natuna dirunding", kind="opinion", at=AT - 20 * day)
        make_live(title="Sebelum Laut Cina Selatan", standfirst="São Paulo.", topics=[make_topic("Batas laut")], at=AT)
        make_live(title="Ships near Natuna", language="en", standfirst="Two shipping lanes.", at=AT)
        yield
        transaction.set_rollback(True)


def test_title_comes_before_head_before_text_and_the_newer_first(paper: None) -> None:
    titles = ["Batas Natuna dirunding", "Perairan Natuna dijaga", "Nelayan melaut lagi", "Radar di Ranai"]
    assert found("natuna") == titles
    assert found("natuna", is_newest_first=True) == [titles[3], titles[2], titles[0], titles[1]]


def test_words_are_found_in_every_form_and_spelling(paper: None) -> None:
    assert found("sao paulo") == found("SÃO") == ["Sebelum Laut Cina Selatan"]
    assert found("menjaga") == ["Perairan Natuna dijaga"]
    assert found("pangkal* besar") == ["Radar di Ranai"]


def test_phrases_stand_side_by_side_and_reach_over_no_end(paper: None) -> None:
    assert found('"batas natuna"') == ["Batas Natuna dirunding"]
    assert found('"natuna batas"') == []
    # The title ends with the first word, the standfirst begins with the second.
    assert found('"selatan sao"') == []


def test_excluded_words(paper: None) -> None:
    assert found("natuna -batas -radar -nelayan") == ["Perairan Natuna dijaga"]


def test_filters(paper: None) -> None:
    assert found("natuna", section_id=make_section("Asia Tenggara").pk) == ["Perairan Natuna dijaga"]
    assert found("natuna", kind="opinion") == ["Batas Natuna dirunding"]
    assert found("natuna", period="week") == ["Nelayan melaut lagi", "Radar di Ranai"]
    assert len(found("natuna", period="month")) == 3
    assert found("ship", language="en") == ["Ships near Natuna"]
    assert len(found("natuna", language="")) == 5


def test_counts_heed_every_filter_but_their_own(paper: None) -> None:
    asia = make_section("Asia Tenggara").pk
    counted = finding.count(Wish("natuna", section_id=asia), at=LATER)
    assert (counted.total, counted.sections[asia], sum(counted.sections.values())) == (1, 1, 4)
    assert counted.kinds == {"news": 1, "opinion": 0}
    assert finding.count(Wish("natuna", kind="opinion"), at=LATER).total == 1


def test_pages_follow_each_other(paper: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 3)
    wish = Wish("natuna")
    both = finding.page_of(wish, 1, at=LATER) + finding.page_of(wish, 2, at=LATER)
    assert len(both) == len(set(both)) == 4
