"""Deciding at the queue: what each button does, what a second person, a second press and a forged form get."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from comments.admin.verdicts import POSSIBLE, Verdict
from comments.models import Comment, Decision, Status
from tests.comments.admin.conftest import ROLES
from tests.comments.factories import AT, decide, live_article, make_comment

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
QUEUE = "/admin/comments/comment/queue/"
MAY_READ = {"ed", "mo", "cas", "root"}
MAY_DECIDE = {"mo", "cas", "root"}


@pytest.fixture
def held(story: Article) -> Comment:
    """A waiting comment."""
    return make_comment(story, status=Status.PENDING, at=timezone.now() - timedelta(hours=3))


def url(name: str, pk: int) -> str:
    return reverse(f"admin:comments_{name}", args=[pk])


def press(client: Client, comment: Comment, verdict: str, **fields: object) -> object:
    """Press a button on the card of the comment as it stands."""
    comment.refresh_from_db()
    return client.post(url("decide", comment.pk), {"version": comment.version, "verdict": verdict, **fields})


def status_of(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.status


@pytest.mark.parametrize(
    ("verdict", "fields", "status"),
    [
        ("approve", {}, Status.APPROVED),
        ("reject", {"reason": "off_topic", "note": "Bukan di sini"}, Status.REJECTED),
        ("spam", {}, Status.SPAM),
    ],
)
def test_each_button_decides(mo: Client, held: Comment, verdict: str, fields: dict[str, str], status: str) -> None:
    answer = press(mo, held, verdict, **fields)
    assert answer.status_code == 303
    assert status_of(held) == status
    decision = held.decisions.get()
    assert (decision.by.username, decision.reason) == ("mo", fields.get("reason", ""))


def test_next_card_follows_with_the_undo_line(mo: Client, story: Article, held: Comment) -> None:
    younger = make_comment(story, status=Status.PENDING, at=timezone.now() - timedelta(hours=1))
    answer = press(mo, held, "approve")
    assert answer["Location"] == url("card", younger.pk) + "#card"
    page = mo.get(answer["Location"])
    assert [line.decision.comment_id for line in page.context["undo_lines"]] == [held.pk]
    # The youngest is followed by the oldest that is left, the last one by the empty queue.
    other = make_comment(story, status=Status.PENDING, at=timezone.now() - timedelta(hours=30))
    assert press(mo, younger, "spam")["Location"] == url("card", other.pk) + "#card"
    assert press(mo, other, "approve")["Location"] == QUEUE


def test_next_card_stays_within_the_search(mo: Client, story: Article, held: Comment) -> None:
    elsewhere = live_article(at=AT - timedelta(days=9), title="Harga nikel di London")
    make_comment(elsewhere, status=Status.PENDING, at=timezone.now() - timedelta(hours=2))
    same = make_comment(story, status=Status.PENDING, at=timezone.now() - timedelta(hours=1))
    answer = press(mo, held, "approve", article=story.pk)
    assert answer["Location"] == f"{url('card', same.pk)}?article={story.pk}#card"


@pytest.mark.parametrize("verdict", ["reject", "remove"])
def test_reason_is_asked_for_and_nothing_lost(mo: Client, story: Article, held: Comment, verdict: str) -> None:
    comment = held if verdict == "reject" else make_comment(story)
    before = status_of(comment)
    answer = press(mo, comment, verdict, note="Catatan saya")
    assert answer.status_code == 422
    assert status_of(comment) == before
    page = answer.content.decode()
    assert 'id="decide-error"' in page
    assert 'value="Catatan saya"' in page


@pytest.mark.parametrize(
    "forged",
    [
        {"verdict": "delete"},
        {"verdict": ""},
        {"version": "x"},
        {"version": "-1"},
        {"version": "9" * 30},
        {"verdict": "reject", "reason": "because"},
        {"note": "x" * 501},
        {"verdict": "remove", "reason": "other"},
        {"state": "<script>", "article": "9" * 50, "q": "\x00"},
    ],
)
def test_forged_fields_change_nothing(mo: Client, held: Comment, forged: dict[str, str]) -> None:
    fields = {"version": str(held.version), "verdict": "approve"} | forged
    answer = mo.post(url("decide", held.pk), fields)
    if "state" in forged:
        assert answer.status_code == 303
    else:
        assert answer.status_code in (409, 422)
        assert status_of(held) == Status.PENDING
        assert not Decision.objects.exists()


@pytest.mark.parametrize("state", [str(status) for status in Status])
@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_what_the_state_allows(mo: Client, story: Article, state: str, verdict: Verdict) -> None:
    comment = make_comment(story, status=state)
    answer = press(mo, comment, verdict, reason="other")
    assert answer.status_code == (303 if verdict in POSSIBLE[state] else 409)


def test_second_moderator_is_told_who_was_faster(enter: Callable[[str], Client], mo: Client, held: Comment) -> None:
    seen = held.version
    press(enter("cas"), held, "spam")
    form = {"version": seen, "verdict": "reject", "reason": "hatred", "note": "Panjang lebar"}
    answer = mo.post(url("decide", held.pk), form)
    assert answer.status_code == 409
    assert status_of(held) == Status.SPAM
    page = answer.content.decode()
    assert "Cas has decided this already: Spam." in page
    assert 'value="Panjang lebar"' in page
    assert held.decisions.count() == 1


def test_double_press_decides_once(mo: Client, held: Comment) -> None:
    form = {"version": held.version, "verdict": "approve"}
    answers = [mo.post(url("decide", held.pk), form).status_code for _ in range(2)]
    assert answers == [303, 409]
    assert held.decisions.count() == 1


def test_undo_restores_and_shows_the_comment(mo: Client, held: Comment) -> None:
    press(mo, held, "reject", reason="other")
    decision = held.decisions.get()
    answer = mo.post(url("undo", decision.pk))
    assert (answer.status_code, answer["Location"]) == (303, url("card", held.pk) + "#card")
    assert status_of(held) == Status.PENDING
    assert not mo.get(answer["Location"]).context["undo_lines"]
    again = mo.post(url("undo", decision.pk), follow=True)
    assert "Nothing was taken back" in again.content.decode()
    assert held.decisions.count() == 2


def test_undo_line_lasts_a_minute_and_shows_own_decisions_only(
    enter: Callable[[str], Client], mo: Client, held: Comment
) -> None:
    press(mo, held, "approve")
    assert len(mo.get(QUEUE).context["undo_lines"]) == 1
    assert not enter("cas").get(QUEUE).context["undo_lines"]
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert not mo.get(QUEUE).context["undo_lines"]
        # Later the decision can still be taken back, from the card, by any moderator.
        cas = enter("cas")
        assert cas.get(url("card", held.pk)).context["card"].takeable == held.decisions.get()
        undo = url("undo", held.decisions.get().pk)
        assert cas.post(undo).status_code == 303
        assert status_of(held) == Status.APPROVED, "late, and without a note"
        assert cas.post(undo, {"note": "Salah baca."}).status_code == 303
    assert status_of(held) == Status.PENDING
    assert held.decisions.order_by("-pk")[0].note == "Salah baca."


def test_removing_with_replies_asks_first_and_names_their_number(mo: Client, story: Article) -> None:
    root = make_comment(story)
    replies = [make_comment(story, reply_to=root) for _ in range(3)]
    page = mo.get(url("card", root.pk)).content.decode()
    assert "Remove with 3 replies" in page
    asked = mo.get(url("remove", root.pk))
    assert "with 3 replies?" in asked.content.decode()
    assert status_of(root) == Status.APPROVED
    form = {"version": root.version, "verdict": "remove_with_replies", "reason": "hatred", "state": "approved"}
    assert mo.post(url("remove", root.pk), form).status_code == 303
    assert status_of(root) == Status.REMOVED
    assert not Comment.objects.visible().filter(pk__in=[reply.pk for reply in replies]).exists()


def test_removing_keeps_the_replies(mo: Client, story: Article) -> None:
    root = make_comment(story)
    reply = make_comment(story, reply_to=root)
    assert press(mo, root, "remove", reason="other", state="approved").status_code == 303
    reply.refresh_from_db()
    assert (status_of(root), reply.visible) == (Status.REMOVED, True)


def test_approval_below_a_hidden_comment_says_that_it_waits(mo: Client, story: Article) -> None:
    root = make_comment(story)
    reply = make_comment(story, reply_to=root, status=Status.PENDING)
    decide(root, Status.SPAM)
    answer = press(mo, reply, "approve")
    assert "once the comment above it is shown" in mo.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_who_may_read_and_decide(enter: Callable[[str], Client], held: Comment, story: Article, role: str) -> None:
    shown = make_comment(story)
    decision = shown.decisions.get()
    client = enter(role)
    inside = role in {"ada", "ed", "mo", "cas", "root"}
    reads = {
        QUEUE: 403,
        url("card", held.pk): 403,
        reverse("admin:comments_comment_changelist"): 403,
        reverse("admin:comments_comment_change", args=[held.pk]): 403,
    }
    for address, refused in reads.items():
        expected = 200 if role in MAY_READ else refused if inside else 302
        assert client.get(address).status_code == expected, (role, address)
    form = {"version": held.version, "verdict": "approve"}
    writes = [(url("decide", held.pk), form), (url("undo", decision.pk), {}), (url("remove", shown.pk), {})]
    for address, fields in writes:
        answer = client.post(address, fields).status_code
        expected = {303, 422} if role in MAY_DECIDE else {403} if inside else {302}
        assert answer in expected, (role, address, answer)
    assert (status_of(held) == Status.APPROVED) is (role in MAY_DECIDE)


@pytest.mark.parametrize("name", ["decide", "undo"])
@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_only_posts_change_anything(mo: Client, held: Comment, name: str, method: str) -> None:
    assert getattr(mo, method)(url(name, held.pk)).status_code == 405
    assert status_of(held) == Status.PENDING


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_reading_pages_take_no_writes(mo: Client, held: Comment, method: str) -> None:
    for address in (QUEUE, url("card", held.pk)):
        assert getattr(mo, method)(address).status_code == 405


@pytest.mark.parametrize("pk", [0, 999_999, 2**40, 10**30])
def test_what_is_not_there_is_404(mo: Client, pk: int) -> None:
    assert mo.get(url("card", pk)).status_code == 404
    assert mo.get(url("remove", pk)).status_code == 404
    for name in ("decide", "undo", "remove"):
        assert mo.post(url(name, pk), {"version": 1, "verdict": "approve"}).status_code == 404


def test_decision_needs_the_token_against_forgery(held: Comment, enter: Callable[[str], Client]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = enter("mo").cookies
    answer = client.post(url("decide", held.pk), {"version": held.version, "verdict": "approve"})
    assert answer.status_code == 403
    assert status_of(held) == Status.PENDING
