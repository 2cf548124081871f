"""A small newsroom to be changed at random, and what must never be read in it."""

from __future__ import annotations

import itertools
import random
import re
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models
from django.urls import reverse

from articles import pages as standing
from articles import taxonomy, translations
from articles.models import (
    Article,
    Contributor,
    Image,
    Page,
    Publication,
    PublicationRef,
    Section,
    Topic,
    TopicFact,
    TopicMilestone,
)
from comments.models import Comment, RuleBook, Status, Thread
from tests.articles.pictures import figure, make_image
from tests.comments.factories import make_comment
from tests.factories import BODY, make_article, make_contributor, make_live, make_section, make_topic, newest, person

Row = TypeVar("Row", bound=models.Model)

MARK = re.compile(r"zq\d{5}x")
# In the names of who works here and in the addresses of who comments.
PRIVATE = "rahasiadapur"
# Of a version: what it names. A name changes by itself, and other stories show it as it is now.
NAMES = {"section", "topics", "bylines", "lead_image"}
AGE = timedelta(days=3)


class World:
    """The newsroom. `now` says what time it is for whoever acts; all chance comes from `random`."""

    def __init__(self, seed: int, now: Callable[[], datetime]) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.now = now
        self.steps: list[str] = []
        self._marks = itertools.count(1)
        # (kind, id) whose stories a worker has yet to rebuild.
        self.to_rebuild: list[tuple[str, int]] = []
        # Addresses that were right once; what stands there now is for Django to say.
        self._addresses: dict[str, None] = {}

    # Chance

    def mark(self) -> str:
        """Return a word that stands nowhere else."""
        return f"zq{next(self._marks):05}x"

    def pick(self, rows: models.QuerySet[Row]) -> Row:
        """Return one of these rows as it is now. Raises IndexError where there is none."""
        return rows.get(pk=self.random.choice(list(rows.order_by("pk").values_list("pk", flat=True))))

    def maybe(self, share: float) -> bool:
        """Return True in so many cases."""
        return self.random.random() < share

    def soon(self) -> datetime:
        """Return a moment that comes within the next seconds."""
        return self.now() + timedelta(seconds=self.random.uniform(0.6, 2.5))

    # What stands there at the beginning

    def set_up(self) -> None:
        """Make stories of all kinds, a thread, a dossier, pictures, people, standing pages: published days ago."""
        for name in ("ada", "ed", "mo", "cas"):
            person(name, first_name=f"{name.title()} {PRIVATE}", email=f"{name}.{PRIVATE}@example.com")
        at = self.now() - AGE
        sections = [make_section("Dunia", position=1), make_section("Ekonomi", position=2, name_en="Economy")]
        topics = [make_topic("Energi"), make_topic("Selat Hormuz", is_on_front=True), make_topic("Minyak")]
        people = [make_contributor("Ada Wibowo"), make_contributor("Budi Santoso"), make_contributor("Cici Lim")]
        images = [make_image(title=f"Gambar {number}", at=at) for number in range(3)]
        Topic.objects.filter(pk=topics[0].pk).update(image=images[0])
        Contributor.objects.filter(pk=people[1].pk).update(portrait=images[1])
        for position in range(3):
            TopicMilestone.objects.create(topic=topics[1], moment=f"{position} Mei", text="Terjadi", position=position)
        TopicFact.objects.create(topic=topics[1], label="Lebar", value="33 km", position=1)
        for number in range(8):
            make_live(
                at=at + timedelta(minutes=number),
                title=f"Berita {self.mark()}",
                standfirst=f"Ringkasan {self.mark()}",
                section=sections[number % 2],
                topics=[topics[number % 3], topics[(number + 1) % 3]],
                bylines=[people[number % 3]],
                kind="opinion" if number > 5 else "news",
                lead_image=images[2] if number in (0, 7) else None,
                body=BODY + (figure(images[2]) if number == 1 else ""),
            )
        self._in_english(sections[0], topics, people, at)
        for number, slug in enumerate(("panduan-pembaca", "mitra")):
            page = Page(slug=slug, title=slug.title(), body=f"<p>{self.mark()}</p>", position=number)
            standing.save(page, seen=None, by=None, at=at)
            standing.publish(page, by=None, at=at)
        for story in Article.objects.order_by("pk")[:3]:
            for status in (Status.APPROVED, Status.APPROVED, Status.PENDING):
                self.comment(story, status)

    def _in_english(self, section: Section, topics: list[Topic], people: list[Contributor], at: datetime) -> None:
        story = make_live(
            at=at, title=f"News {self.mark()}", language="en", section=section, topics=topics[:2], bylines=people[:1]
        )
        source = Article.objects.order_by("pk")[0]
        translations.link(story, source=source, revision=1, by=person("ed"), at=at)

    def comment(self, story: Article, status: str, **fields: Any) -> Comment:
        """Have somebody comment, and Mo decide."""
        text = f"Pendapat {self.mark()} tentang hal itu."
        email = f"rea.{PRIVATE}{next(self._marks)}@example.com"
        return make_comment(story, status=status, at=self.now(), text=text, email=email, **fields)

    def draft(self, **fields: Any) -> Article:
        """Return a new story that nobody approved."""
        return make_article(
            at=self.now(),
            title=f"Berita {self.mark()}",
            standfirst=f"Ringkasan {self.mark()}",
            section=self.pick(Section.objects.filter(archived_at=None)),
            topics=[self.pick(Topic.objects.filter(merged_into=None))],
            bylines=[self.pick(Contributor.objects.all())],
            **fields,
        )

    def story(self) -> Article:
        """Return one of the stories."""
        return self.pick(Article.objects.all())

    def seen(self, story: Article) -> int:
        """Return the number of the story's newest version."""
        return newest(story)

    def renamed(self, referent: Section | Topic | Contributor) -> None:
        """Save a section, topic or contributor as the desk does; a worker will rebuild the stories."""
        referent.save()
        taxonomy.saved(referent, by=person("ed"), at=self.now())
        self.to_rebuild.append((str(taxonomy.kind_of(referent)), referent.pk))

    def shows_picture(self, image: Image) -> None:
        """Note that stories with this picture are to be rebuilt."""
        self.to_rebuild.append((str(PublicationRef.Kind.IMAGE), image.pk))

    # What readers may ask for

    def addresses(self) -> list[str]:
        """Return all public addresses, former ones included."""
        fixed = [reverse(f"articles:{name}") for name in ("home", "archive", "corrections", "withdrawals", "search")]
        fixed += [reverse(f"en:{name}") for name in ("home", "archive", "corrections")]
        fixed += [reverse(name) for name in ("sitemap", "sitemap_news", "sitemap_pages", "robots")]
        fixed += [reverse("sitemap_stories", args=[0]), reverse("articles:corrections_feed")]
        fixed += [reverse("articles:feed_atom"), reverse("articles:feed_rss"), reverse("en:feed_atom")]
        local = f"{self.now():%Y}", f"{self.now():%m}"
        fixed.append(reverse("articles:archive_month", args=local))
        for slug in Section.objects.values_list("slug", flat=True):
            self._add(reverse("articles:section", args=[slug]), reverse("en:section", args=[slug]))
            self._add(reverse("articles:section_feed_atom", args=[slug]))
        for slug in Topic.objects.values_list("slug", flat=True):
            self._add(reverse("articles:topic", args=[slug]))
        for slug in Contributor.objects.values_list("slug", flat=True):
            self._add(reverse("articles:contributor", args=[slug]))
        for slug in Page.objects.values_list("slug", flat=True):
            self._add(reverse("articles:page", args=[slug]))
        for path in Publication.objects.exclude(path="").values_list("path", flat=True):
            self._add(path, f"{path}riwayat/")
        return [*fixed, *self._addresses]

    def some_addresses(self, most: int) -> list[str]:
        """Return so many of them, always the same ones of those there are."""
        return sorted(self.addresses(), key=lambda address: zlib.crc32(f"{self.seed}{address}".encode()))[:most]

    def _add(self, *addresses: str) -> None:
        self._addresses |= dict.fromkeys(addresses)

    # When something begins or ends by itself

    def moments(self) -> set[datetime]:
        """Return the moments at which a page may change though nobody writes."""
        rows = Publication.objects.filter(voided_at=None).values_list("visible_from", "visible_until")
        days = RuleBook.objects.values_list("close_after_days", flat=True).first()
        found = {moment for row in rows for moment in row}
        found |= {moment for moment in Thread.objects.values_list("closes_at", flat=True) if moment}
        first = set(Publication.objects.values_list("first_published_at", flat=True))
        found |= {moment + timedelta(hours=48) for moment in first}
        return found | ({moment + timedelta(days=days) for moment in first} if days is not None else set())

    # What must not be read

    def secrets(self, at: datetime) -> set[bytes]:
        """Return the words that no reader may see at `at`: of drafts, plans, what was taken away, what waits.

        Told from the facts by a rule of its own, row by row.
        """
        public: set[str] = set()
        written: set[str] = set()
        for story in Article.objects.prefetch_related("revisions", "publications"):
            rows = [row for row in story.publications.all() if row.voided_at is None and row.visible_from <= at]
            is_gone = any(row.kind == "tombstone" for row in rows)
            is_live = any(row.kind == "story" and at < row.visible_until for row in rows)
            shown = {row.revision_id for row in rows if row.suppressed_at is None and (is_live or not is_gone)}
            for revision in story.revisions.all():
                words = {name: value for name, value in revision.payload.items() if name not in NAMES}
                marks = set(MARK.findall(str(words)))
                written |= marks
                public |= marks if revision.pk in shown else set()
        # A translation begins with the words of its source, so a word may be a draft here and public there.
        hidden = written - public
        waiting = Comment.objects.exclude(status=Status.APPROVED).values_list("text", flat=True)
        hidden |= {mark for text in waiting for mark in MARK.findall(text)}
        return {mark.encode() for mark in hidden} | {PRIVATE.encode()}
