"""The newsroom in which the permission matrix is taken: every role, and an object of each kind in each state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles import publishing, replies
from articles.models import Article, DeskState, FormerAddress, Notice, Page, ReplyRequest, Section, SectionEditor
from articles.notices import Draft
from comments.models import Bulk, Comment, Decision, Status, WatchedWord
from comments.moderation import words
from newsroom.core.models import AuditEntry, User
from tests.articles.library import make_picture
from tests.comments.factories import make_comment
from tests.factories import AT, make_approved, make_article, make_live, make_section, make_topic, person, save_article
from tests.routes import Route, address

# The columns of the matrix, in this order.
ROLES = ("anonymous", "stranger", "reporter", "editor", "moderator", "chief_editor", "administrator")
# Two more for routes about one story: an editor bound to its section, and one bound to another. Elsewhere they are
# editors like any other.
STORY_ROLES = (*ROLES, "editor_here", "editor_elsewhere")
USERNAMES = {
    "stranger": "tom",
    "reporter": "ada",
    "editor": "ed",
    "moderator": "mo",
    "chief_editor": "cas",
    "editor_here": "ines",
    "editor_elsewhere": "oto",
}

# Route -> the one object it is about; a story's slug may be anything.
SLUGS = {"page": "redaksi", "topic": "energi", "contributor": "ada-wibowo"}

# What a cell says.
LETTERS = {200: "O", 400: "B", 403: "F", 404: "N", 405: "M", 409: "C", 410: "G", 422: "U", 503: "S"}


def letter(response: HttpResponse) -> str:
    """Return a cell's letter: O shown, L sent to log in, R sent elsewhere, F forbidden, N unknown, M wrong method..."""
    if response.status_code in (301, 302, 303):
        return "L" if "/login/" in response["Location"] else "R"
    return LETTERS.get(response.status_code, f"<{response.status_code}>")


@dataclass
class Scene:
    """The objects that routes are tried on."""

    articles: dict[str, Article]
    comment: Comment
    decision: Decision
    reader: User
    # Part of a route's name -> the object it is tried on; other routes are tried on the article.
    ids: dict[str, int]
    clients: dict[str, Client]

    def cell(self, route: Route, role: str, method: str, state: str) -> str:
        """Try one cell on the objects as they are, and leave them so."""
        client = self.clients[role]
        cookies = client.cookies.output()
        with transaction.atomic():
            response = client.generic(method, self.path(route, state), content_type="application/x-www-form-urlencoded")
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
        return letter(response)

    def path(self, route: Route, state: str) -> str:
        """Return the address of `route` for the article in `state`, or for the one object of another kind."""
        article = self.articles[state]
        values: dict[str, Any] = {"article_id": article.pk, "comment_id": self.comment.pk, "token": "x"}
        values |= {"decision_id": self.decision.pk, "section": "timur-tengah", "year": "2026", "month": "08"}
        values["slug"] = SLUGS.get(route.name.rpartition(":")[2], "x")
        values["object_id"] = next((pk for name, pk in self.ids.items() if name in route.name), article.pk)
        values["size"] = "thumb"
        values |= {"bulk_id": self.ids["bulk"], "view_id": 1}
        values |= {"id": self.reader.pk, "number": 1, "publication_id": 1, "uidb36": "1", "key": "set-password"}
        return address(route, **values)


def build() -> Scene:
    """Make the newsroom. Ada began every story but the foreign one."""
    for username in USERNAMES.values():
        person(username)
    bind("ines", make_section())
    bind("oto", make_section("Eropa"))
    User.objects.create_superuser("bos", "bos@example.com", "unused")
    articles = {
        "own draft": make_article(title="Rancangan sendiri"),
        "foreign draft": make_article(title="Rancangan orang", by=person("ed"), bylines=[]),
        "in review": make_article(title="Sedang ditinjau", desk_state=DeskState.IN_REVIEW),
        "approved": make_approved(title="Sudah disetujui"),
        "scheduled": make_approved(title="Sudah dijadwalkan"),
        "live": make_live(title="Sudah terbit"),
        "withdrawn": make_live(title="Sudah ditarik"),
        "killed": make_live(title="Sudah dibunuh"),
    }
    # A second revision each, so that there is one to restore.
    for article in articles.values():
        save_article(article, by=person("ed"), kicker="Baru")
    publishing.withdraw(
        articles["withdrawn"],
        ground="decency",
        public_reason="Alasan umum.",
        by=person("ed"),
        at=AT + timedelta(hours=1),
    )
    publishing.schedule(
        articles["scheduled"],
        revision=2,
        visible_from=timezone.now() + timedelta(days=9),
        by=person("ed"),
        at=timezone.now(),
    )
    publishing.kill(
        articles["killed"], ground="court", public_reason="Putusan.", by=person("cas"), at=AT + timedelta(hours=1)
    )
    answered = make_comment(articles["live"], status=Status.APPROVED)
    make_comment(articles["live"], status=Status.PENDING)
    words.add("contoh", action="hold", note="", by=person("mo"), at=AT)
    FormerAddress.objects.create(path="/lama/alamat/", article=articles["live"])
    decision = Decision.objects.get(comment=answered)
    return Scene(
        articles,
        comment=Comment.objects.get(pk=answered.pk),
        decision=decision,
        reader=person("rea"),
        ids=_ids(articles["live"], decision),
        clients=dict(_clients()),
    )


def bind(username: str, section: Section) -> None:
    """Make an editor of one section."""
    editor = person(username)
    User.objects.filter(pk=editor.pk).update(is_staff=True)
    editor.groups.set(person("ed").groups.all())
    SectionEditor.objects.create(user=editor, section=section)


def _ids(article: Article, decision: Decision) -> dict[str, int]:
    """Return the id of one object of each model that has an admin."""
    return {
        "articles_section": article.section_id or 0,
        "articles_page": Page.objects.get_or_create(slug="redaksi", defaults={"title": "Redaksi"})[0].pk,
        "articles_topic": make_topic().pk,
        "articles_contributor": article.bylines.values_list("contributor_id", flat=True)[0],
        # Ed's: a reporter may look at it and no more.
        "articles_image": make_picture(by=person("ed"), with_file=True).pk,
        "articles_replyrequest": ask(article).pk,
        "articles_notice": correct(article).pk,
        "articles_formeraddress": FormerAddress.objects.get().pk,
        "comments_comment": decision.comment_id,
        "comments_decision": decision.pk,
        "comments_thread": decision.comment.thread_id,
        "comments_watchedword": WatchedWord.objects.get().pk,
        "comments_rulebook": 1,
        "bulk": Bulk.objects.create(by=person("mo"), at=AT, verdict="spam").pk,
        "core_user": person("rea").pk,
        "core_auditentry": AuditEntry.objects.values_list("pk", flat=True)[0],
        "auth_group": Group.objects.values_list("pk", flat=True)[0],
    }


def correct(article: Article) -> Notice:
    """Publish a correction with the live story."""
    draft = Draft(kind=Notice.Kind.CORRECTION, text="Angkanya 91.")
    publishing.publish(article, revision=1, notice=draft, by=person("ed"), at=AT + timedelta(hours=1))
    return Notice.objects.get()


def ask(article: Article) -> ReplyRequest:
    """Send a request for a right of reply to the live story."""
    live = article.publications.get()
    typed = {"name": "Rea", "email": "rea@example.com", "capacity": "Juru bicara", "passage": "Alinea 1"}
    return replies.receive(live, reply="Kami membantah.", address="203.0.113.9", at=AT, **typed).request


def _clients() -> Iterator[tuple[str, Client]]:
    for role in STORY_ROLES:
        client = Client()
        if role == "administrator":
            client.force_login(User.objects.get(username="bos"))
        elif role != "anonymous":
            client.force_login(person(USERNAMES[role]))
        yield role, client
