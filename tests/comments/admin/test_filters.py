"""Filters, saved views, a person's record, and one's own decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from comments.models import Comment, SavedView, Status
from tests.comments.admin.conftest import ROLES
from tests.comments.factories import AT, decide, live_article, make_comment

pytestmark = pytest.mark.django_db
QUEUE = "/admin/comments/comment/queue/"
VIEWS = f"{QUEUE}views/"
MINE = f"{QUEUE}mine/"


def waiting(story: Article, **fields: object) -> Comment:
    return make_comment(story, status=Status.PENDING, at=timezone.now() - timedelta(hours=3), **fields)


def listed(mo: Client, **query: object) -> set[int]:
    """Return the ids of the rail."""
    return {row.pk for row in mo.get(QUEUE, query).context["rail"].rows}


def test_each_filter_and_all_together(mo: Client, story: Article) -> None:
    other = live_article(at=AT - timedelta(days=9), title="Cerita lain")
    link = waiting(story, text="Lihat https://contoh.example.org tentang nikel.", email="jago@example.net", name="Jago")
    plain = waiting(other, text="Nikel saja, tanpa tautan apa pun.", email="JAGO@example.net")
    third = waiting(story, text="Soal lain sama sekali.", email="lain@example.net")
    assert listed(mo, rule="links") == {link.pk}
    assert listed(mo, q="NIKEL") == {link.pk, plain.pk}
    assert listed(mo, q="jago") == {link.pk}, "names, and never addresses"
    assert listed(mo, person=third.pk) == {third.pk}
    assert listed(mo, person=link.pk) == {link.pk, plain.pk}
    assert listed(mo, article=story.pk) == {link.pk, third.pk}
    assert listed(mo, q="nikel", person=plain.pk, article=other.pk) == {plain.pk}
    assert listed(mo, rule="brand") == set()


def test_search_finds_marked_words_in_whatever_letters(mo: Client, story: Article) -> None:
    held = waiting(story, text="Main di 𝐌𝐄𝐆𝐀𝟖𝟖 saja, bos.")
    waiting(story, text="Soal lain sama sekali.")
    assert listed(mo, q="mega88") == {held.pk}
    assert held.marks
    assert "mega" not in held.marks


def test_filter_by_reason_of_the_decision(mo: Client, story: Article) -> None:
    rejected = make_comment(story, status=Status.REJECTED)
    assert listed(mo, state="rejected", reason_given="other") == {rejected.pk}
    assert listed(mo, state="rejected", reason_given="hatred") == set()


def test_filters_are_kept_through_decision_undo_and_paging(mo: Client, story: Article) -> None:
    first, second = (waiting(story, text=f"Nikel nomor {number} di pasar.") for number in range(2))
    waiting(story, text="Bukan itu.")
    answer = mo.post(
        reverse("admin:comments_decide", args=[first.pk]), {"version": 1, "verdict": "approve", "q": "nikel"}
    )
    assert answer["Location"].endswith(f"/{second.pk}/?q=nikel#card")
    page = mo.get(answer["Location"]).content.decode()
    assert '<input type="hidden" name="q" value="nikel">' in page.split("data-toasts")[1].split("</form>")[0]
    undo = reverse("admin:comments_undo", args=[first.decisions.get().pk])
    assert mo.post(undo, {"q": "nikel"})["Location"].endswith(f"/{first.pk}/?q=nikel#card")
    assert f"/{second.pk}/?q=nikel#card" in mo.get(f"{QUEUE}{first.pk}/?q=nikel").content.decode()


def test_addresses_of_people_stand_in_no_link(mo: Client, story: Article) -> None:
    held = waiting(story, email="rahasia@example.net")
    waiting(story, email="rahasia@example.net")
    for url in (f"{QUEUE}{held.pk}/", f"{QUEUE}{held.pk}/person/", f"{QUEUE}?person={held.pk}"):
        page = mo.get(url).content.decode()
        hrefs = [part.split('"')[0] for part in page.split('href="')[1:]]
        assert not [href for href in hrefs if "rahasia" in href or "%40example" in href]


def test_chips_count_and_a_view_is_kept_by_its_owner(
    mo: Client, story: Article, enter: Callable[[str], Client]
) -> None:
    waiting(story, text="Lihat https://contoh.example.org saja.")
    waiting(story)
    mo.post(VIEWS, {"name": "Tautan", "rule": "links"})
    filters = mo.get(QUEUE).context["filters"]
    assert [chip.count for chip in filters.states] == ["2", "0", "0", "0", "0"]
    assert [(chip.label, chip.count) for chip in filters.views] == [("Tautan", "1")]
    mo.post(VIEWS, {"name": "Tautan", "q": "lain"})
    view = SavedView.objects.get()
    assert view.query == "q=lain"
    cas = enter("cas")
    assert cas.get(QUEUE).context["filters"].views == []
    drop = reverse("admin:comments_drop_view", args=[view.pk])
    cas.post(drop)
    assert SavedView.objects.exists()
    mo.post(drop)
    assert not SavedView.objects.exists()


def test_views_have_a_name_and_a_limit(mo: Client) -> None:
    for name in ("", "   ", "x" * 41, "\0", *(f"Nomor {number}" for number in range(10))):
        assert mo.post(VIEWS, {"name": name}).status_code == 303
    assert SavedView.objects.count() == 8


def test_record_tells_all_and_keeps_to_moderators(mo: Client, story: Article, enter: Callable[[str], Client]) -> None:
    shown = make_comment(story, email="Jago@example.net", address="10.9.9.9", text="Yang pertama sekali.")
    make_comment(story, status=Status.SPAM, email="jago@example.net", text="Yang kedua kali.")
    near = waiting(story, email="tetangga@example.net", address="10.9.9.9", name="Tetangga")
    record = mo.get(f"{QUEUE}{shown.pk}/person/").context["record"]
    assert (record.total, record.outcomes) == (2, [("approved", 1), ("spam", 1)])
    assert record.first_seen == shown.created_at
    assert record.neighbours == [near]
    for role in ROLES:
        status = enter(role).get(f"{QUEUE}{shown.pk}/person/").status_code
        assert (status == 200) is (role in {"mo", "cas", "root"}), role


def test_purged_comments_are_nobodys(mo: Client, story: Article) -> None:
    one, two = waiting(story, email="a@example.net"), waiting(story, email="b@example.net")
    Comment.objects.filter(pk__in=[one.pk, two.pk]).update(email="", name="", text="", address_hash="", network_hash="")
    record = mo.get(f"{QUEUE}{one.pk}/person/").context["record"]
    assert record.is_purged
    assert record.total == 0
    assert listed(mo, person=one.pk) == set()
    assert mo.get(f"{QUEUE}{one.pk}/").context["card"].earlier == []


def test_own_decisions_offer_undo_then_reversal(mo: Client, story: Article, enter: Callable[[str], Client]) -> None:
    held = waiting(story)
    mo.post(reverse("admin:comments_decide", args=[held.pk]), {"version": 1, "verdict": "approve"})
    [row] = [each for each in mo.get(MINE).context["rows"] if each["decision"].comment_id == held.pk]
    assert (row["can_undo"], row["can_reverse"]) == (True, False)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        mo = enter("mo")
        row = mo.get(MINE).context["rows"][0]
        assert (row["can_undo"], row["can_reverse"]) == (False, True)
        decide(held, Status.REMOVED, by=None)
        assert mo.get(f"{QUEUE}{held.pk}/").status_code == 200
    assert enter("cas").get(MINE).context["rows"] == []


def test_history_names_who_when_and_why(mo: Client, story: Article) -> None:
    held = waiting(story)
    form = {"version": 1, "verdict": "reject", "reason": "off_topic", "note": "Sudah diperingatkan"}
    mo.post(reverse("admin:comments_decide", args=[held.pk]), form)
    page = mo.get(f"{QUEUE}{held.pk}/").content.decode()
    history = page.split('id="decisions-card"')[1]
    for told in ("Off topic", "Sudah diperingatkan", "Mo"):
        assert told in history
