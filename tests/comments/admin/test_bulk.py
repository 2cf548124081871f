"""Deciding together: what is listed, what is ticked, what comes of each row, and one undo for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from comments.models import Bulk, Comment, Decision, Status
from comments.moderation import words
from tests.comments.factories import AT, build_thread, decide, make_comment, moderator

pytestmark = pytest.mark.django_db
BULK = "/admin/comments/comment/queue/bulk/"
DECIDE = f"{BULK}decide/"


def waiting(story: Article, **fields: object) -> Comment:
    """Return a comment that waits."""
    return make_comment(story, status=Status.PENDING, at=timezone.now() - timedelta(hours=3), **fields)


def row(comment: Comment) -> str:
    return f"{comment.pk}:{comment.version}"


def outcomes(answer: object) -> list[str]:
    """Return what came of each row, as the page that follows tells it."""
    return [each.outcome for each in answer.context["rows"]]  # type: ignore[attr-defined]


def send(mo: Client, rows: list[str], verdict: str, **fields: object) -> object:
    return mo.post(DECIDE, {"row": rows, "verdict": verdict, **fields}, follow=True)


def test_every_row_has_its_own_result(mo: Client, story: Article) -> None:
    root = make_comment(story)
    below = waiting(story, reply_to=root)
    decide(root, Status.SPAM)
    fine, taken, changed = (waiting(story) for _ in range(3))
    decide(taken, Status.REJECTED, by=moderator("cas"))
    rows = [row(fine), f"{taken.pk}:1", f"{changed.pk}:7", row(below), "999999:1"]
    answer = send(mo, rows, "approve")
    assert outcomes(answer) == ["decided", "stale", "changed", "waits", "gone"]
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert "Cas was faster: Rejected" in page
    taken.refresh_from_db()
    assert taken.status == Status.REJECTED


def test_one_undo_takes_all_back_but_what_was_decided_since(mo: Client, story: Article) -> None:
    made = [waiting(story) for _ in range(3)]
    send(mo, [row(comment) for comment in made], "spam")
    decide(made[1], Status.APPROVED, by=moderator("cas"))
    bulk = Bulk.objects.get()
    answer = mo.post(reverse("admin:comments_bulk_undo", args=[bulk.pk]), follow=True)
    assert sorted(outcomes(answer)) == ["decided", "decided", "stale"]
    statuses = Comment.objects.filter(pk__in=[each.pk for each in made]).order_by("pk").values_list("status", flat=True)
    assert list(statuses) == [Status.PENDING, Status.APPROVED, Status.PENDING]
    again = mo.post(reverse("admin:comments_bulk_undo", args=[bulk.pk]), follow=True)
    assert "taken back before" in again.content.decode()
    assert Bulk.objects.count() == 2


def test_undo_line_names_the_number_and_late_undo_needs_a_note(mo: Client, story: Article) -> None:
    made = [waiting(story) for _ in range(2)]
    send(mo, [row(comment) for comment in made], "reject", reason="off_topic", note="Sama semua")
    context = mo.get("/admin/comments/comment/queue/").context
    assert (context["bulk_line"].decided, list(context["undo_lines"])) == (2, [])
    undo = reverse("admin:comments_bulk_undo", args=[Bulk.objects.get().pk])
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        mo.post(undo)
        assert Bulk.objects.count() == 1
        mo.post(undo, {"note": "Salah pilih"})
    assert Comment.objects.filter(status=Status.PENDING).count() == 2
    assert set(Decision.objects.filter(undoes__isnull=False).values_list("note", flat=True)) == {"Salah pilih"}


def test_alike_starts_ticked_where_it_hides_and_a_victim_does_not(mo: Client, story: Article) -> None:
    words.add("mega88", action="hold", by=moderator(), at=AT)
    first = waiting(story, text="Sambil baca mending main di 𝐌𝐄𝐆𝐀𝟖𝟖 bos.")
    spaced = waiting(story, text="Santai dulu di m e g a 8 8 saja.")
    victim = waiting(story, text="Bukan promosi: kalah di mega88, rumah tangga saya hampir habis.")
    other = waiting(story, text="Peta di paragraf tiga keliru, lihat https://peta.example.org ya.")
    card = mo.get(reverse("admin:comments_card", args=[first.pk])).context["card"]
    assert card.similar == 2
    listed = {each.comment: each for each in mo.get(BULK, {"like": first.pk}).context["rows"]}
    assert set(listed) == {first, spaced, victim}
    assert [listed[each].is_ticked for each in (first, spaced, victim)] == [True, True, False]
    assert listed[victim].is_plain
    assert other not in listed


def test_same_words_over_and_over_start_ticked(mo: Client, story: Article) -> None:
    text = "Kunjungi kanal kami untuk berita yang lebih lengkap lagi."
    flood = [waiting(story, text=text, name=f"Akun {number}") for number in range(3)]
    rows = mo.get(BULK, {"like": flood[2].pk}).context["rows"]
    assert [each.is_ticked for each in rows] == [True, True, True]


def test_what_is_missing_keeps_the_ticks(mo: Client, story: Article) -> None:
    made = [waiting(story) for _ in range(2)]
    for form in ({"verdict": "approve"}, {"verdict": "reject", "row": row(made[0])}, {"row": row(made[0])}):
        answer = mo.post(DECIDE, form)
        assert answer.status_code == 422
        assert [each.is_ticked for each in answer.context["rows"]] == ["row" in form, False]
    assert not Decision.objects.exists()


def test_selection_is_kept_to_the_result_and_back(mo: Client, story: Article) -> None:
    made = waiting(story, text="Nikel di sini: https://contoh.example.org dan seterusnya.")
    answer = send(mo, [row(made)], "approve", rule="links", q="nikel")
    assert "q=nikel&rule=links" in answer.context["list_url"]  # type: ignore[attr-defined]


def test_only_what_the_state_allows(mo: Client, story: Article) -> None:
    shown = make_comment(story)
    assert outcomes(send(mo, [row(shown)], "reject", reason="other")) == ["impossible"]
    assert mo.post(DECIDE, {"row": row(shown), "verdict": "remove_with_replies", "reason": "other"}).status_code == 422


def test_queries_of_the_list_do_not_grow(mo: Client, story: Article, enter: Callable[[str], Client]) -> None:
    build_thread(story, roots=40, replies=0)
    Comment.objects.update(status=Status.PENDING, visible=False, hides_replies=True)
    counts = []
    for rows in ("50", "50"):
        with CaptureQueriesContext(connection) as caught:
            assert len(mo.get(BULK, {"rows": rows}).context["rows"]) >= 40
        counts.append(len(caught))
        build_thread(story, roots=40, replies=0)
        Comment.objects.filter(status=Status.APPROVED).update(status=Status.PENDING, visible=False, hides_replies=True)
    assert counts[0] == counts[1] <= 12
