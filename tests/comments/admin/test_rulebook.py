"""The rule book at the desk and what it changes; trying a text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles.models import Article
from comments import posting, threads
from comments.models import Comment, RuleBook, Thread
from comments.moderation import rulebook, words
from newsroom.core import surfaces
from newsroom.core.models import AuditEntry, SurfaceLog
from newsroom.core.templatetags.newsroom_time import day
from tests.comments.admin.conftest import ROLES
from tests.comments.factories import AT, live_article, make_comment, moderator, typed

pytestmark = pytest.mark.django_db
BOOK = "/admin/comments/rulebook/1/change/"
TRY = "/admin/comments/watchedword/try/"


def form(**changed: object) -> dict[str, object]:
    """Return the page's form with some limits changed."""
    book = rulebook.current()
    values = {name: getattr(book, name) for name in rulebook.FIELDS} | changed
    return {name: value for name, value in values.items() if value is not None and value is not False} | {
        "seen": book.version
    }


def post(article: Article, **fields: object) -> Comment:
    posted = posting.post(**typed(article, **fields))
    assert isinstance(posted, posting.Posted), posted
    return Comment.objects.get(pk=posted.comment_id)


def set_limits(**values: int | bool | None) -> RuleBook:
    return rulebook.change(values, version=rulebook.current().version, by=moderator(), at=AT)


def test_page_sets_limits_and_the_log_knows_what_they_were(mo: Client) -> None:
    assert mo.get(BOOK).status_code == 200
    assert not RuleBook.objects.exists(), "reading writes nothing"
    assert mo.post(BOOK, form(links_allowed=2, holds_brands=False)).status_code == 302
    book = RuleBook.objects.get()
    assert (book.links_allowed, book.holds_brands, book.version) == (2, False, 2)
    entry = AuditEntry.objects.get(action="rulebook.change")
    assert entry.data == {"changed": ["links_allowed", "holds_brands"], "former": [0, True], "now": [2, False]}


@pytest.mark.parametrize(
    "wrong",
    [{"links_allowed": 21}, {"links_allowed": -1}, {"address_limit": 0}, {"longest_unread": "x"}, {"min_seconds": 61}],
)
def test_impossible_limits_come_back(mo: Client, wrong: dict[str, object]) -> None:
    answer = mo.post(BOOK, form(**wrong))
    assert set(answer.context["adminform"].form.errors) == set(wrong)
    assert not RuleBook.objects.exists()


def test_service_refuses_what_no_form_would(mo: Client) -> None:
    with pytest.raises(ValidationError):
        set_limits(twin_days=366)
    assert not RuleBook.objects.exists()


def test_overtaken_author_sees_what_is_in_force_beside_what_was_typed(mo: Client) -> None:
    late = form(links_allowed=9, min_seconds=20, holds_brands=False)
    set_limits(links_allowed=3, close_after_days=30)

    answer = mo.post(BOOK, late)

    back = answer.context["adminform"].form
    assert (back["links_allowed"].value(), back["min_seconds"].value()) == ("9", "20")
    said = {name: str(errors[0]) for name, errors in back.errors.items()}
    assert said.pop("__all__").startswith(f"{moderator()} ")
    assert set(said) == {"links_allowed", "min_seconds", "holds_brands", "close_after_days"}
    assert "3" in said["links_allowed"]
    assert "30" in said["close_after_days"]
    assert (rulebook.current().links_allowed, rulebook.current().version) == (3, 2)

    # Sent again as it came back, it is a decision.
    again = {name: back[name].value() for name in ("seen", *rulebook.FIELDS)}
    assert mo.post(BOOK, {name: value for name, value in again.items() if value}).status_code == 302
    assert (rulebook.current().links_allowed, rulebook.current().close_after_days) == (9, None)


def test_overtaken_between_form_and_service(mo: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    late, read = form(links_allowed=9), [rulebook.current()]
    set_limits(links_allowed=3)
    current = rulebook.current
    # The form is judged by what was read just before the other's commit.
    monkeypatch.setattr(rulebook, "current", lambda: read.pop() if read else current())

    back = mo.post(BOOK, late).context["adminform"].form

    assert (back["links_allowed"].value(), set(back.errors)) == ("9", {"__all__", "links_allowed"})
    assert current().links_allowed == 3


@pytest.mark.parametrize("role", ROLES)
def test_who_may_keep_the_rules(enter: Callable[[str], Client], role: str) -> None:
    answer = enter(role).post(BOOK, form(links_allowed=5))
    assert RuleBook.objects.exists() is (role in {"mo", "cas", "root"}), (role, answer.status_code)


def test_limits_hold_from_the_next_comment_on(story: Article) -> None:
    link = "Lihat https://contoh.example.org ya."
    assert post(story, text=link).rules == ",links,"
    set_limits(links_allowed=1, longest_unread=100, holds_first_time=True)
    assert post(story, text=link + " Lagi.").rules == ",first_time,"
    assert post(story, text="Panjang " * 20).rules == ",first_time,long_text,"
    make_comment(story, email="kenal@example.com")
    assert post(story, email="Kenal@example.com").rules == ","


def test_rules_switched_off_say_nothing(story: Article) -> None:
    set_limits(holds_brands=False, holds_disguise=False, twin_days=0)
    text = "Kata 𝓖𝓪𝓬𝓸𝓻 dan mega88 serta kalimat yang panjang."
    assert post(story, text=text).rules == ","
    assert post(story, text=text, name="Orang lain").rules == ","


def test_age_closes_to_the_second_without_any_task(story: Article) -> None:
    published = story.publications.get().first_published_at
    set_limits(close_after_days=14)
    end = published + timedelta(days=14)
    before, after = (threads.standing(story.pk, at=at) for at in (end - timedelta(microseconds=1), end))
    assert before
    assert after
    assert (before.is_open, before.closes_at, after.is_open) == (True, end, False)
    refused = posting.post(**typed(story, at=end))
    assert isinstance(refused, posting.Refused)
    assert refused.why is posting.Why.CLOSED


def test_readers_are_told_the_day(story: Article, client: Client) -> None:
    publication = story.publications.get()
    assert "data-closes" not in client.get(publication.path).content.decode()
    set_limits(close_after_days=30)
    page = client.get(publication.path).content.decode()
    assert day(publication.first_published_at + timedelta(days=30)) in page.split("data-closes")[1][:80]


def test_a_storys_own_time_and_exception_go_before_its_age(story: Article) -> None:
    set_limits(close_after_days=1)
    own = AT + timedelta(days=30)
    thread = {"mode": Thread.Mode.PREMODERATED, "by": moderator(), "at": AT}
    for kept, closes_at in (({"closes_at": own}, own), ({"closes_at": None, "ignores_age": True}, None)):
        threads.keep(story.pk, **thread, **kept)
        standing = threads.standing(story.pk, at=AT)
        assert standing
        assert standing.is_open
        assert standing.closes_at == closes_at
    other = live_article(at=AT - timedelta(days=9), title="Lain")
    closed = threads.standing(other.pk, at=AT)
    assert closed
    assert not closed.is_open


def test_readers_pages_follow_the_age_alone(story: Article) -> None:
    set_limits(links_allowed=4)
    assert not [row for row in SurfaceLog.objects.all() if surfaces.site() in row.keys]
    set_limits(close_after_days=30)
    assert [row.keys for row in SurfaceLog.objects.all() if surfaces.site() in row.keys] == [[surfaces.site()]]


def test_trying_a_text_shows_reading_and_marks_and_keeps_nothing(mo: Client) -> None:
    words.add("mega88", action="ban", by=moderator(), at=AT)
    answer = mo.post(TRY, {"text": "Main di 𝐌𝐄𝐆𝐀𝟖𝟖 saja, pasti cuan.", "phrase": "cuan"})
    tried = answer.context["tried"]
    assert tried.is_spam
    assert tried.readings == [("𝐌𝐄𝐆𝐀𝟖𝟖", "mega88")]
    assert "<mark>𝐌𝐄𝐆𝐀𝟖𝟖</mark>" in answer.content.decode()
    own = mo.post(TRY, {"text": "Ini c u a n sekali.", "phrase": "cuan"}).context["tried"]
    assert next(why.rule for why in own.whys) == "held_word"
    assert not Comment.objects.exists()
    for wrong in ({"text": ""}, {"text": "x", "phrase": "!!"}, {"text": "x" * 5001}):
        assert mo.post(TRY, wrong).status_code == 422
