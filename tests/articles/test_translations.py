"""Stories in another language: linked with care, begun in one step, behind when their source moved on."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import companions, publishing, refusals, translations, workflow
from articles.models import Article, Publication
from articles.notices import Draft
from newsroom.core.models import SurfaceLog
from tests.articles.acts import BURIAL, HOUR
from tests.factories import AT, make_approved, make_article, make_live, newest, person, save_article

pytestmark = pytest.mark.django_db
ENGLISH = {"language": "en", "title": "Strait reopened"}


def ed(at: Any = AT + HOUR) -> dict[str, Any]:
    return {"by": person("ed"), "at": at}


def pair() -> tuple[Article, Article]:
    """Return a live source and its live translation."""
    source, english = make_live(), make_live(**ENGLISH)
    translations.link(english, source=source, **ed())
    return source, english


def test_links_a_story_to_the_version_readers_see() -> None:
    source, english = make_live(), make_article(**ENGLISH)
    save_article(source, title="Belum terbit")
    translations.link(english, source=source, **ed())
    assert (english.translation_of, english.translated_revision.number) == (source, 1)


def refused(case: str) -> None:
    source, english = pair()
    other = make_article(title="Lain")
    {
        "translates_itself": lambda: translations.link(source, source=source, **ed()),
        "same_language": lambda: translations.link(other, source=source, **ed()),
        "translation_chain": lambda: translations.link(other, source=english, **ed()),
        "has_translations": lambda: translations.link(source, source=make_article(**ENGLISH), **ed()),
        "language_taken": lambda: translations.link(make_article(**ENGLISH), source=source, **ed()),
        "not_a_translation": lambda: translations.unlink(source, **ed()),
        "no_such_revision": lambda: translations.mark_current(english, revision=99, **ed()),
    }[case]()


@pytest.mark.parametrize(
    "case",
    [
        *("translates_itself", "same_language", "translation_chain", "has_translations", "language_taken"),
        *("not_a_translation", "no_such_revision"),
    ],
)
def test_refuses_what_is_no_translation(case: str) -> None:
    with pytest.raises(refusals.Refusal) as refusal:
        refused(case)
    assert refusal.value.code == case


def test_begins_a_draft_with_all_that_need_not_be_written_anew() -> None:
    source = make_approved(
        kicker="Teluk",
        milestones=[{"moment": "Kini", "text": "Dibuka"}],
        sources=[{"title": "Naskah"}, {"title": "Pembocor", "is_confidential": True}],
        embargo_until=AT + 9 * HOUR,
    )

    draft = translations.start(source, language="en", **ed())

    assert (draft.language, draft.desk_state, draft.slug) == ("en", "draft", "")
    assert (draft.body, draft.section, draft.embargo_until) == (source.body, source.section, source.embargo_until)
    assert [row.title for row in draft.sources.order_by("position")] == ["Naskah", "Pembocor"]
    assert draft.topics.count() == draft.bylines.count() == draft.milestones.count() == 1
    assert newest(draft) == 1
    with pytest.raises(refusals.LanguageTaken):
        translations.start(source, language="en", **ed())


def test_a_stranger_to_the_story_gets_no_confidential_source() -> None:
    source = make_approved(by=person("ed"), bylines=[], sources=[{"title": "Pembocor", "is_confidential": True}])
    draft = translations.start(source, language="en", by=person("ada"), at=AT + HOUR)
    assert not draft.sources.exists()


def update(source: Article, at: Any, **how: Any) -> None:
    number = save_article(source, title=f"Judul {at}", by=person("ed"), at=at)
    publishing.publish(source, revision=number, by=person("ed"), at=at, **how)


def test_is_behind_after_a_substantive_update_until_marked_current() -> None:
    source, english = pair()
    update(source, AT + 2 * HOUR)
    assert not translations.is_outdated(english, at=AT + 3 * HOUR)
    update(source, AT + 4 * HOUR, notice=Draft(kind="correction", text="Angkanya 91."))

    assert translations.is_outdated(english, at=AT + 5 * HOUR)
    assert not translations.is_outdated(source, at=AT + 5 * HOUR)
    translations.mark_current(english, revision=newest(source), **ed(AT + 5 * HOUR))
    assert not translations.is_outdated(english, at=AT + 5 * HOUR)


def test_a_planned_update_puts_the_translation_behind_at_its_moment() -> None:
    source, english = pair()
    number = save_article(source, title="Nanti", by=person("ed"), at=AT)
    publishing.schedule(source, revision=number, visible_from=AT + 5 * HOUR, change_note="Angka baru", **ed())
    assert not translations.is_outdated(english, at=AT + 4 * HOUR)
    assert translations.is_outdated(english, at=AT + 6 * HOUR)


def paths(article: Article, at: Any) -> list[str]:
    live = Publication.objects.live(at).for_page(at).get(article=article)
    return [row.language for row in companions.of(live, at=at).translations]


def test_live_translations_name_each_other_and_themselves() -> None:
    source, english = pair()
    assert paths(source, AT + HOUR) == paths(english, AT + HOUR) == ["en", "id"]
    live = Publication.objects.live(AT + HOUR).for_page(AT + HOUR).get(article=english)
    found = companions.of(live, at=AT + HOUR)
    assert found.default_path == source.publications.get().path == found.other_path
    with CaptureQueriesContext(connection) as queries:
        companions.of(live, at=AT + HOUR)
    assert len(queries) == 1


def test_what_is_not_live_at_the_moment_is_not_named() -> None:
    source, english = make_live(), make_approved(**ENGLISH)
    translations.link(english, source=source, **ed())
    publishing.schedule(english, revision=1, visible_from=AT + 3 * HOUR, **ed())
    publishing.expire(english, visible_until=AT + 5 * HOUR, **ed())

    assert [paths(source, AT + n * HOUR) for n in (2, 4, 6)] == [[], ["en", "id"], []]
    # A page kept at that time knows when to be made anew.
    assert Publication.objects.all().next_boundary(AT + 2 * HOUR) == AT + 3 * HOUR


@pytest.mark.parametrize("act", ["publish", "withdraw", "schedule", "unlink"])
def test_the_pages_of_the_siblings_hear_of_it(act: str) -> None:
    source, english = make_live(), make_approved(**ENGLISH)
    translations.link(english, source=source, **ed())
    if act == "withdraw":
        publishing.publish(english, revision=1, **ed())
    SurfaceLog.objects.all().delete()
    {
        "publish": lambda: publishing.publish(english, revision=1, **ed(AT + 2 * HOUR)),
        "withdraw": lambda: publishing.withdraw(english, **BURIAL, **ed(AT + 2 * HOUR)),
        "schedule": lambda: publishing.schedule(english, revision=1, visible_from=AT + 9 * HOUR, **ed(AT + 2 * HOUR)),
        "unlink": lambda: translations.unlink(english, **ed(AT + 2 * HOUR)),
    }[act]()
    keys = {key for row in SurfaceLog.objects.all() for key in row.keys}
    assert {f"article:{source.pk}", f"article:{english.pk}"} <= keys


def test_the_link_is_no_content() -> None:
    _source, english = pair()
    assert workflow.working_copy_saved(english, **ed()) is None
