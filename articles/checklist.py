"""What a story needs before readers see it, as rows a panel can show; publishing enforces the ones that fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles import pictures, projection
from articles.models import Image, Section
from articles.payloads import Payload
from newsroom.core import richtext


class Level(StrEnum):
    """What a row means for publishing."""

    OK = "ok"
    # The desk should know, and may publish.
    WARN = "warn"
    # Publishing refuses.
    FAIL = "fail"


@dataclass(frozen=True)
class Item:
    """One row: what was looked at, how it stands, and the field or the picture where that is mended."""

    code: str
    label: str | Promise
    level: Level
    field: str
    message: str | Promise = ""
    # The id of the picture in the library that lacks something; 0: the form itself does.
    picture: int = 0


@dataclass(frozen=True)
class Check:
    """One question put to a payload.

    The answer is a level, words for the desk where there is something to say, and the picture that has to be mended.
    """

    code: str
    label: str | Promise
    field: str
    answer: Callable[[Payload], Answer]


Answer = tuple[Level, str | Promise] | tuple[Level, str | Promise, int]
GOOD: Answer = (Level.OK, "")

# In characters: longer titles are cut in search results and on telephones.
LONG_TITLE = 110
# In words: below this a text is rather a note.
SHORT_BODY = 60
KEY_POINTS = range(2, 6)


def title(payload: Payload) -> Answer:
    """Ask for a title of readable length."""
    if not payload["title"].strip():
        return Level.FAIL, _("Write a title.")
    if len(payload["title"]) > LONG_TITLE:
        return Level.WARN, _("The title is long: search results and telephones will cut it.")
    return GOOD


def standfirst(payload: Payload) -> Answer:
    """Ask for the sentence that stands below the title and in lists."""
    return GOOD if payload["standfirst"].strip() else (Level.FAIL, _("Write a standfirst: lists show it."))


def section(payload: Payload) -> Answer:
    """Ask for a section that is in use: it is part of the address."""
    if not payload["section"]:
        return Level.FAIL, _("Choose a section.")
    filed = Section.objects.filter(pk=payload["section"]["id"]).first()
    if filed is None:
        return Level.FAIL, _("The section no longer exists. Choose another.")
    if filed.archived_at:
        return Level.WARN, _("The section is archived.")
    return GOOD


def byline(payload: Payload) -> Answer:
    """Ask who wrote it."""
    return GOOD if payload["bylines"] else (Level.FAIL, _("Name who wrote it."))


def body(payload: Payload) -> Answer:
    """Ask for a text."""
    count = richtext.word_count(payload["body"])
    if not count:
        return Level.FAIL, _("Write the text.")
    if count < SHORT_BODY:
        return Level.WARN, _("The text is very short.")
    return GOOD


def topics(payload: Payload) -> Answer:
    """Ask for a topic, by which readers find more."""
    return GOOD if payload["topics"] else (Level.WARN, _("No topic: readers find the story in its section only."))


def key_points(payload: Payload) -> Answer:
    """Ask for none or a handful of key points."""
    count = len(projection.lines(payload["key_points"]))
    return GOOD if not count or count in KEY_POINTS else (Level.WARN, _("Two to five key points read best."))


def sources(payload: Payload) -> Answer:
    """Ask for sources, and whether somebody checked them."""
    if not payload["sources"]:
        return Level.WARN, _("No source is recorded.")
    if not all(source["is_checked"] for source in payload["sources"]):
        return Level.WARN, _("Not every source is checked.")
    return GOOD


def lead_picture(payload: Payload) -> Answer:
    """Ask that the lead picture, if there is one, can be shown and says what it must."""
    return picture_fit([payload["lead_image"]["id"]], payload["language"]) if payload["lead_image"] else GOOD


def figures(payload: Payload) -> Answer:
    """Ask the same of the pictures in the text; of the lead picture, where it stands there too, it was asked."""
    lead = payload["lead_image"]["id"] if payload["lead_image"] else None
    return picture_fit([pk for pk in pictures.figure_ids(payload["body"]) if pk != lead], payload["language"])


def picture_fit(ids: Sequence[int], language: str) -> Answer:
    """Return the gravest of what is wrong with these pictures."""
    found = Image.objects.in_bulk(ids) if ids else {}
    answers = [image_fit(found.get(pk), language) for pk in ids]
    order = [Level.FAIL, Level.WARN, Level.OK]
    return min(answers, key=lambda answer: order.index(answer[0]), default=GOOD)


def image_fit(image: Image | None, language: str) -> Answer:
    """Ask for alternative text, credit and a known licence of a picture that is still there."""
    if image is None or image.taken_down_at:
        return Level.FAIL, _("A picture was taken down. Take it out of the story, or choose another.")
    facts = {"title": image.title}
    if image.state == Image.State.FAILED:
        return (
            Level.FAIL,
            _("The picture “%(title)s” could not be prepared. Try again, or upload it anew.") % facts,
            image.pk,
        )
    if not image.alt(language):
        return Level.FAIL, _("The picture “%(title)s” has no alternative text.") % facts, image.pk
    if not image.credit:
        return Level.FAIL, _("The picture “%(title)s” has no credit.") % facts, image.pk
    if not image.licence:
        return Level.WARN, _("The licence of the picture “%(title)s” is not recorded.") % facts, image.pk
    if language == "en" and not image.alt_text_en:
        return Level.WARN, _("The picture “%(title)s” has no alternative text in English.") % facts, image.pk
    if image.state == Image.State.PENDING:
        return Level.WARN, _("The picture “%(title)s” is still being prepared. It appears once it is ready.") % facts
    return GOOD


def licence(payload: Payload, at: datetime) -> Answer:
    """Ask that every picture may be shown at `at`, when readers are to see the story."""
    image = pictures.ended(payload, at)
    if image is None or image.licence_until is None:
        return GOOD
    until = formats.date_format(image.licence_until)
    facts = {"title": image.title, "until": until}
    return Level.FAIL, _("The licence of the picture “%(title)s” ends on %(until)s. Choose another.") % facts


def confidence(payload: Payload) -> Answer:
    """Ask whether the text gives away a confidential source. By its recorded title only: people still have to read."""
    words = projected_words(payload)
    named = [s for s in payload["sources"] if s["is_confidential"] and len(s["title"]) > 3]
    if any(source["title"].casefold() in words for source in named):
        return Level.FAIL, _("The story names a confidential source. Take the name out, or mark the source as open.")
    return GOOD


def projected_words(payload: Payload) -> str:
    """Return all words readers would see, folded for comparison."""
    spoken = [payload[name] for name in ("title", "standfirst", "kicker", "dateline", "key_points")]
    spoken += [milestone["text"] for milestone in payload["milestones"]]
    return " ".join([*spoken, richtext.plain_text(payload["body"])]).casefold()


# In the order of the form.
CHECKS: tuple[Check, ...] = (
    Check("title", _("Title"), "title", title),
    Check("standfirst", _("Standfirst"), "standfirst", standfirst),
    Check("key_points", _("Key points"), "key_points", key_points),
    Check("body", _("Text"), "body", body),
    Check("lead_picture", _("Lead picture"), "lead_image", lead_picture),
    Check("figures", _("Pictures in the text"), "body", figures),
    Check("section", _("Section"), "section", section),
    Check("byline", _("Byline"), "bylines", byline),
    Check("topics", _("Topics"), "article_topics", topics),
    Check("sources", _("Sources"), "sources", sources),
    Check("confidence", _("Source protection"), "sources", confidence),
)


def run(payload: Payload, *, at: datetime | None = None) -> list[Item]:
    """Return one row for each check, in the order of the form.

    `at` is when readers are to see the story; with it, and where there are pictures, their licences are asked as well.
    """
    items: list[Item] = []
    for check in CHECKS:
        level, message, *mended_at = check.answer(payload)
        items.append(Item(check.code, check.label, level, check.field, message, *mended_at))
    if at is not None and pictures.named_by(payload):
        level, message, *_mended_at = licence(payload, at)
        items.append(Item("licence", _("Licences of the pictures"), level, "lead_image", message))
    return items


def failed(items: Iterable[Item]) -> list[Item]:
    """Return the rows that keep a story from being published."""
    return [item for item in items if item.level == Level.FAIL]
