"""Attacks on the queue's lists and filters: forged rows, lies about versions, floods of ids, hostile filters."""

from __future__ import annotations

import time

import pytest
from django.http import QueryDict
from django.test import Client

from comments.admin.selection import Selection
from comments.models import Bulk, Comment, Decision, SavedView, Status
from comments.moderation import words
from comments.moderation.folding import read
from tests.comments.factories import AT, live_article, make_comment
from tests.factories import person

pytestmark = pytest.mark.django_db
QUEUE = "/admin/comments/comment/queue/"
DECIDE = f"{QUEUE}bulk/decide/"
BACKEND = "newsroom.accounts.backend.StaffBackend"
HOSTILE = ["\0", "x\0y", "x" * 5000, "％' OR 1=1 --", "\u202eNIKEL", "😀" * 200, "%_\\", "\ufffd"]


def client(name: str = "mo") -> Client:
    made = Client()
    made.force_login(person(name), BACKEND)
    return made


NAMES = ("q", "state", "rule", "reason_given", "article", "person", "like")


def test_hostile_filters_are_no_error() -> None:
    for value in [*HOSTILE, "-1", "0", "9" * 40, "9" * 16, "٣", "1e9", "NaN", "[]"]:
        for name in NAMES:
            selection = Selection.read({name: value})
            assert selection.comments().first() is None
            assert len(selection.query) <= 100
            assert Selection.read(QueryDict(selection.address)) == selection


def test_hostile_filters_are_no_error_on_the_pages() -> None:
    mo, filters = client(), dict.fromkeys([*NAMES, "rows"], HOSTILE[3])
    for page in (QUEUE, f"{QUEUE}bulk/"):
        assert mo.get(page, filters).status_code == 200
        # The whole desk answers 404 to a NUL in an address.
        assert mo.get(page, {"q": "\0"}).status_code == 404


def test_forged_rows_decide_nothing() -> None:
    shown = make_comment(live_article())
    held = make_comment(live_article(title="Lain"), status=Status.PENDING)
    decisions = Decision.objects.count()
    rows = [
        "0:1",
        "-1:1",
        f"{held.pk}",
        f"{held.pk}:",
        f"{held.pk}:-1",
        f"{held.pk}:{2**40}",
        "a:b",
        "٣:1",
        "1:1\n",
        "\0:1",
    ]
    assert client().post(DECIDE, {"verdict": "approve", "row": rows}).status_code in (303, 422)
    lies = [f"{held.pk}:99", f"{shown.pk}:1", f"{10**14}:1"]
    assert client().post(DECIDE, {"verdict": "approve", "row": lies}).status_code == 303
    assert Decision.objects.count() == decisions
    assert {row["outcome"] for row in Bulk.objects.order_by("-pk")[0].results} <= {"changed", "stale", "gone"}


def test_a_comment_named_twice_is_decided_once() -> None:
    held = make_comment(live_article(), status=Status.PENDING)
    client().post(DECIDE, {"verdict": "approve", "row": [f"{held.pk}:1", f"{held.pk}:1", f"{held.pk}:2"]})
    assert held.decisions.count() <= 1


@pytest.mark.parametrize("number", [501, 10_000])
def test_floods_of_ids_are_refused(number: int) -> None:
    answer = client().post(DECIDE, {"verdict": "approve", "row": [f"{pk}:1" for pk in range(1, number + 1)]})
    assert answer.status_code in (400, 422)
    assert not Bulk.objects.exists()


def test_nobody_but_moderators_decides_together() -> None:
    held = make_comment(live_article(), status=Status.PENDING)
    form = {"verdict": "approve", "row": f"{held.pk}:1"}
    bulk = Bulk.objects.create(by=person("mo"), at=AT, verdict="spam")
    for name in ("ada", "ed"):
        assert client(name).post(DECIDE, form).status_code == 403
        assert client(name).post(f"{QUEUE}bulk/{bulk.pk}/undo/").status_code == 403
        assert client(name).post(f"{QUEUE}views/", {"name": "x"}).status_code == 403
    assert client("rea").post(DECIDE, form).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person("mo"), BACKEND)
    assert strict.post(DECIDE, form).status_code == 403
    held.refresh_from_db()
    assert held.status == Status.PENDING
    assert not SavedView.objects.exists()


def test_stored_views_are_read_as_carefully_as_addresses() -> None:
    for number, query in enumerate(["state=x&person=a", "q=%00", "article=" + "9" * 50, "&&&===", "like=-1"]):
        SavedView.objects.create(owner=person("mo"), name=str(number), query=query)
    assert client().get(QUEUE).status_code == 200


def test_bulk_ids_beyond_the_database_are_unknown() -> None:
    for pk in (0, 2**63, 10**30):
        assert client().get(f"{QUEUE}bulk/{pk}/").status_code == 404
        assert client().post(f"{QUEUE}bulk/{pk}/undo/").status_code == 404
        assert client().post(f"{QUEUE}views/{pk}/drop/").status_code == 303


@pytest.mark.parametrize("phrase", ["(a+)+$", "[a-z]*[a-z]*[a-z]*x", ".*" * 40, "(?:x{1,99}){1,99}", "\\d+" * 30])
def test_phrases_are_words_not_patterns(phrase: str) -> None:
    began = time.perf_counter()
    try:
        folded = words.fold_phrase(phrase)
    except words.NothingToMatch:
        return
    watched = [words.Watched(phrase, folded, is_banned=False)]
    found = list(words.matches(read("ab" * 2500), watched))
    assert not found
    assert time.perf_counter() - began < 1


def test_text_search_treats_wildcards_as_letters() -> None:
    make_comment(live_article(), status=Status.PENDING, text="Seratus persen setuju dengan ini.")
    sure = make_comment(live_article(title="Lain"), status=Status.PENDING, text="Hanya 100% dari itu_saja.")
    for query in ("100%", "itu_saja"):
        assert [row.pk for row in client().get(QUEUE, {"q": query}).context["rail"].rows] == [sure.pk]
    assert Comment.objects.count() == 2
