"""Whatever strangers write, the desk shows it as text: in the rail, the card, the undo line, the lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from comments.models import Comment, Status
from tests.comments.factories import decide, make_comment
from tests.factories import person

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'; alert(1); //",
    "</textarea><script>alert(1)</script>",
    '<a href="javascript:alert(1)">klik</a>',
    "{{ request.user }}{% csrf_token %}",
    "</title><iframe src=//evil.example>",
    "&lt;b&gt; &amp; &#x3c;script&#x3e;",
    "<style>*{display:none}</style>",
    "--><!-- <b>",
    "%(name)s %s {0} ${x}",
)


class Tags(HTMLParser):
    """Collects what a browser would take for an element with a script, a handler or a foreign address."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in {"iframe", "style"} or (
            tag == "script" and not (given.get("src") or "").startswith(("/static/", "/admin/"))
        ):
            self.bad.append(tag)
        if tag == "img" and given.get("src") == "x":
            self.bad.append("img")
        for name, value in attributes:
            if name.startswith("on") or name == "style" or (value or "").strip().lower().startswith("javascript:"):
                self.bad.append(f"{tag} {name}")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_and_name_stay_text_everywhere(mo: Client, story: Article, payload: str) -> None:
    now = timezone.now()
    root = make_comment(story, name=payload[:80], text=payload, at=now - timedelta(hours=4))
    held = make_comment(
        story, name=payload[:80], text=f"{payload} https://x.example", status=Status.PENDING, reply_to=root, at=now
    )
    Comment.objects.filter(pk=held.pk).update(
        findings=[{"rule": "held_word", "detail": payload, "spans": [[0, len(payload)], [-3, 2], [5, 99999]]}]
    )
    decided = make_comment(story, name=payload[:80], text=payload + " lagi", status=Status.PENDING, at=now)
    decide(decided, Status.REJECTED, by=person("mo"), at=timezone.now())
    decided.decisions.update(note=payload)
    for address in (
        reverse("admin:comments_queue"),
        reverse("admin:comments_queue") + "?state=rejected",
        reverse("admin:comments_card", args=[held.pk]),
        reverse("admin:comments_card", args=[decided.pk]),
        reverse("admin:comments_remove", args=[root.pk]),
        reverse("admin:comments_comment_changelist"),
        reverse("admin:comments_comment_change", args=[held.pk]),
        reverse("admin:comments_decision_changelist"),
        reverse("admin:comments_decision_change", args=[decided.decisions.get().pk]),
        reverse("admin:index"),
    ):
        answer = mo.get(address)
        assert answer.status_code == 200, address
        tags = Tags()
        tags.feed(answer.content.decode())
        assert tags.bad == [], address


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_the_moderator_types_comes_back_as_text(mo: Client, story: Article, payload: str) -> None:
    held = make_comment(story, status=Status.PENDING, at=timezone.now())
    form = {"version": held.version, "verdict": "reject", "reason": payload, "note": payload, "q": payload}
    answer = mo.post(reverse("admin:comments_decide", args=[held.pk]), form)
    assert answer.status_code == 422
    tags = Tags()
    tags.feed(answer.content.decode())
    assert tags.bad == []


@pytest.mark.parametrize("findings", [[], [{}], [{"rule": "x"}], [{"rule": "links", "detail": "", "spans": [[9, 2]]}]])
def test_odd_findings_break_nothing(mo: Client, story: Article, findings: list[dict[str, object]]) -> None:
    held = make_comment(story, status=Status.PENDING, at=timezone.now())
    Comment.objects.filter(pk=held.pk).update(findings=findings)
    assert mo.get(reverse("admin:comments_card", args=[held.pk])).status_code == 200


def test_enter_is_polite(enter: Callable[[str], Client]) -> None:
    """Nobody who is not logged in learns what waits."""
    answer = enter("").get(reverse("admin:comments_queue"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("admin:login"))
