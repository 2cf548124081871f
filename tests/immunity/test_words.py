"""Words that look like markup, like templates or like formats stand on every public page as they were written."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date, timedelta
from html import escape
from html.parser import HTMLParser
from string import ascii_lowercase
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from articles import notices, publishing, translations, workflow
from articles.models import Article, Byline, Contributor, Notice, Section, Topic, TopicFact, TopicMilestone
from comments.models import Comment, Status
from comments.views.received import receipt_url
from tests.articles.pictures import figure, make_image
from tests.articles.test_pages import make_page
from tests.comments.factories import decide, make_comment
from tests.factories import AT, live_publication, make_article, make_live, newest, person, save_article

# What pages ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NOW = AT + timedelta(days=1)
# Ends attributes of either quotes, elements and data blocks; opens what both template languages and formats know.
ATTACK = "\"'></script><xq xq>&amp;{{7*7}}{%x%}%(x)s{0}100%"
# What has words of its own in English, which begin with an "e" here.
IN_ENGLISH = {
    *("title", "name", "descr", "tm", "ttext", "flabel", "fvalue", "alt", "caption", "bio", "page"),
}
SCRIPT = "javascript:alert(1)//"


def word(name: str) -> str:
    """Return what is written into a field: its name, and the attack. The shortest field takes 60 letters."""
    return f"{name} {ATTACK}"


class Reading(HTMLParser):
    """What a browser makes of a page: elements, attributes, text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.data: list[str] = []
        self.is_data = False
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        self.is_data = tag == "script" and ("type", "application/ld+json") in attrs

    def handle_endtag(self, tag: str) -> None:
        self.is_data = False

    def handle_data(self, data: str) -> None:
        if self.is_data:
            self.data.append(data)
        else:
            self.text += data

    def words(self) -> str:
        """Return all words that people or machines get to see: text, values, data."""
        values = [value or "" for _name, value in self.attributes]
        records = [value for block in self.data for value in strings(json.loads(block))]
        return "\n".join([self.text, *values, *records])


def strings(record: Any) -> Iterator[str]:
    """Yield all strings of a JSON record."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, list | dict):
        for value in record.values() if isinstance(record, dict) else record:
            yield from strings(value)


def people_and_places() -> tuple[Section, Topic, Contributor]:
    """Return a section, a topic and a name of whom every word is an attack."""
    fields = {"name": word("name"), "description": word("descr")}
    fields |= {f"{name}_en": f"e{words}" for name, words in fields.items()}
    section = Section.objects.create(slug="dunia", **fields)
    topic = Topic.objects.create(
        slug="laut", **fields, kind="conflict", is_on_front=True, image=make_image(title="Topik", **picture())
    )
    for certain in (True, False):
        TopicMilestone.objects.create(
            topic=topic, moment=word("tm"), text=word("ttext"), moment_en=word("etm"), text_en=word("ettext"),
            is_certain=certain, position=certain,
        )  # fmt: skip
    for place, source in enumerate((word("fsource"), SCRIPT + ATTACK, f"https://x.example/{ATTACK}")):
        TopicFact.objects.create(
            topic=topic, label=word("flabel"), label_en=word("eflabel"), value=word("fvalue"), value_en=word("efvalue"),
            source=source, position=place,
        )  # fmt: skip
    name = Contributor.objects.create(
        name=word("author"), slug="ada", role=word("crole"), bio=word("bio"), bio_en=word("ebio"),
        portrait=make_image(title="Potret", **picture()),
    )  # fmt: skip
    return section, topic, name


def picture() -> dict[str, str]:
    """Return the words of a picture."""
    return {
        "alt_text": word("alt"), "alt_text_en": word("ealt"), "caption": word("caption"),
        "caption_en": word("ecaption"), "credit": word("credit"),
    }  # fmt: skip


def attacked(section: Section, topic: Topic, name: Contributor, **fields: Any) -> Article:
    """Return a story with an attack in every field, approved."""
    image, inside = (make_image(title=f"{role}{fields}", **picture()) for role in ("lead", "inside"))
    body = f"<p>Isi.</p>{figure(inside, escape(word('figcap')))}<table><tbody><tr><td>1</td></tr></tbody></table>"
    urls = (SCRIPT + ATTACK, f"https://x.example/{ATTACK}", "")
    article = make_article(
        **{
            "title": word("title"), "kicker": word("kicker"), "standfirst": word("standf"), "dateline": word("dateln"),
            "key_points": f"{word('point')}\n{word('second')}", "body": body, "lead_image": image,
            "lead_caption": word("leadcap"), "section": section, "topics": [topic], "bylines": [],
            "milestones": [{"moment": word("m"), "text": word("mtext"), "is_certain": sure} for sure in (True, False)],
            "sources": [
                {"title": word("source"), "publisher": word("publ"), "url": url, "published_on": date(2026, 8, 1)}
                for url in urls
            ],
            **fields,
        }
    )  # fmt: skip
    Byline.objects.create(article=article, contributor=name, role=word("role"), place=word("place"))
    workflow.working_copy_saved(article, by=person("ada"), at=AT)
    workflow.approve(article, revision=newest(article), by=person("ed"), at=AT)
    return article


def publish(article: Article, **more: Any) -> None:
    publishing.publish(article, revision=newest(article), by=person("ed"), **{"at": AT, **more})


class World:
    """A paper whose every word is an attack, and the addresses of its pages."""

    def __init__(self) -> None:
        things = people_and_places()
        self.story, reply = attacked(*things), attacked(*things, title=word("reply"))
        self.english = attacked(*things, title=word("etitle"), language="en")
        publish(reply)
        publish(self.story)
        publish(self.english)
        translations.link(self.english, source=self.story, by=person("ed"), at=AT)
        for kind in ("opinion", "analysis", "explainer"):
            for language in ("id", "en"):
                publish(attacked(*things, kind=kind, language=language, title=word(kind[:7])))
        for article in (self.story, self.english):
            self.correct(article, reply=reply)
        for language in ("id", "en"):
            self.gone = gone = make_live(title=word("gonetit"), section=things[0], language=language)
            how = {"ground": "child", "public_reason": word("reason"), "by": person("ed")}
            publishing.withdraw(gone, **how, at=AT + timedelta(hours=3))
        make_page("kami", title=word("page"), title_en=word("epage"), body="<p>Isi.</p>", body_en="<p>Text.</p>")
        said = {"name": word("rname"), "email": "rea@example.com", "at": AT + timedelta(hours=3)}
        self.comment = make_comment(self.story, text=word("text"), **said)
        self.answer = make_comment(self.story, text=word("answer"), reply_to=self.comment, **said)
        removed = make_comment(self.story, text=word("hidden"), **said)
        make_comment(self.story, text=word("below"), reply_to=removed, **said)
        decide(removed, Status.REMOVED, at=said["at"])
        self.comment = Comment.objects.get(pk=self.comment.pk)

    def correct(self, article: Article, *, reply: Article) -> None:
        """Change the story twice, each time with a notice."""
        for number, is_grave in enumerate((True, False), 1):
            at = AT + timedelta(hours=number)
            save_article(article, standfirst=word(f"s{number}"), at=at)
            workflow.approve(article, revision=newest(article), by=person("ed"), at=at)
            draft = notices.Draft(Notice.Kind.REPLY, word("notice"), word("nplace"), is_grave, reply_article=reply)
            publish(article, at=at, notice=draft, change_note=word("note"))

    def path(self, article: Article) -> str:
        live = live_publication(article, NOW)
        assert live is not None
        return live.path

    def pages(self) -> dict[str, str]:
        """Return the addresses of public pages below either language, and fields whose words stand there."""
        return {
            "": "title kicker",
            "dunia/": "name descr title",
            "topik/laut/": "name descr tm ttext flabel fvalue fsource alt caption credit",
            "topik/laut/?events=1": "name tm ttext",
            "penulis/ada/": "author crole bio title",
            "arsip/": "",
            "arsip/2026/08/": "title kicker",
            "halaman/kami/": "page",
            "koreksi/": "notice nplace reason title",
            "koreksi/pencabutan/": "reason",
            "cari/?q=amp": "title",
            f"cari/?q={quote(word('none'))}&language=all&order=newest&period=year": "none",
            "cari/": "",
            f"{quote(word('address'))}/": "",
        }


def read(client: Client, address: str, **how: Any) -> Reading:
    """Return a page as a browser reads it, and hold it to bring nothing but words."""
    answer = client.post(address, **how) if how else client.get(address)
    html = answer.content.decode()
    found = Reading(html)
    assert answer.status_code < 500
    assert "xq" not in found.tags, address
    assert not [name for name, _value in found.attributes if set(name) - set(ascii_lowercase + "-:120")], address
    assert not [value for _name, value in found.attributes if (value or "").startswith("javascript:")], address
    words = found.words()
    assert words.count("xq xq") == words.count(ATTACK), address
    return found


@pytest.fixture
def world(settings: Any) -> Iterator[World]:
    """Build the paper, and read it a day later."""
    settings.SITE_NAME, settings.SITE_MOTTO = word("paper"), word("motto")
    with time_machine.travel(NOW, tick=False):
        yield World()


def test_pages_of_the_paper(world: World) -> None:
    client = Client()
    for language in ("id", "en"):
        for path, names in world.pages().items():
            address = f"/en/{path}" if language == "en" else f"/{path}"
            words = read(client, address).words()
            wanted = [f"e{name}" if language == "en" and name in IN_ENGLISH else name for name in names.split()]
            assert [name for name in ("paper", *wanted) if word(name) not in words] == [], address
    for address in ("/feed/rss/", "/feed/atom/", "/dunia/feed/atom/", "/koreksi/feed/atom/"):
        words = "\n".join(ET.fromstring(client.get(address).content).itertext())
        assert words.count("xq xq") == words.count(ATTACK) > 0, address


def test_pages_of_a_story(world: World, administrator_client: Client) -> None:
    names = "kicker title s2 dateln point second leadcap credit author role place m mtext source publ name note"
    names += " notice nplace figcap alt rname text answer below"
    for address in (world.path(world.story), reverse("admin:articles_article_preview", args=[world.story.pk])):
        words = read(administrator_client, address).words()
        assert [name for name in names.split() if word(name) not in words] == [], address
    branch = reverse("comments:branch", args=[world.story.pk, world.comment.pk])
    answer = reverse("comments:write", args=[world.story.pk]) + f"?balas={world.comment.pk}"
    others = {
        branch: "rname text answer title",
        answer: "rname text title",
        receipt_url(world.comment.pk, sent_at=NOW): "rname text",
        f"/dunia/x-{world.gone.pk}/": "reason",
        world.path(world.story) + "riwayat/?versi=2": "title note paper",
    }
    for address, names in others.items():
        words = read(Client(), address).words()
        assert [name for name in names.split() if word(name) not in words] == [], address
    assert_what_was_typed_comes_back(world)


def assert_what_was_typed_comes_back(world: World) -> None:
    """Send both forms, with mistakes, from elsewhere, and to stories that take nothing."""
    typed = {name: word(name) for name in ("name", "email", "text", "capacity", "passage", "token", "reply_to")}
    typed["reply"] = typed["text"]
    for route in ("comments:write", "reply_request"):
        for headers in ({"Origin": "http://testserver"}, {"Origin": "https://evil.example"}):
            words = read(Client(), reverse(route, args=[world.story.pk]), data=typed, headers=headers).words()
            assert all(typed[name] in words for name in ("name", "email", "text")), route
        for article in (0, world.gone.pk):
            assert typed["text"] in read(Client(), reverse(route, args=[article]), data=typed).words()
