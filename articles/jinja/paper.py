"""What the templates of the public site ask for: names, addresses, times, and the list of sections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Page
from django.db.models import QuerySet, Value
from django.db.models.functions import Left
from django.http import HttpRequest
from django.utils import dates, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _
from markupsafe import escape

from articles import seo
from articles.addresses import address, page_language
from articles.models import Page as StandingPage
from articles.models import Publication, Section
from articles.models.article import ArticleKind
from articles.teasers import Teaser
from newsroom.core.prepared import Prepared
from newsroom.core.templatetags.newsroom_time import local_clock, local_day, local_element

# A title of more letters drops one step in size.
LONG_TITLE = 70
# Width to height of the pictures that lists show whole.
SQUAREST, FLATTEST = 1.25, 2.1
# More names than this are counted in lists.
MOST_NAMES = 3
# Indonesia's zones at their true meridians, which the ruler shows.
ZONES = (("wib", "WIB", "Asia/Jakarta"), ("wita", "WITA", "Asia/Makassar"), ("wit", "WIT", "Asia/Jayapura"))

# Until which hour of the day.
EDITIONS = (
    (4, gettext_noop("Night edition")),
    (11, gettext_noop("Morning edition")),
    (15, gettext_noop("Midday edition")),
    (18, gettext_noop("Afternoon edition")),
    (24, gettext_noop("Evening edition")),
)


class Paper:
    """The paper's name and motto, as the settings have them."""

    @property
    def name(self) -> str:
        """Return its name."""
        return str(settings.SITE_NAME)

    @property
    def motto(self) -> str:
        """Return its motto; "" for none."""
        return str(settings.SITE_MOTTO)


def paper_sections(request: HttpRequest) -> list[dict[str, str]]:
    """Return the sections in use as [{"name", "slug", "url"}], for the language of the page. One query, with
    `paper_pages`.
    """
    language = page_language()
    return [
        {
            "name": (language == "en" and name_en) or name,
            "slug": slug,
            "url": address("section", slug, language=language),
        }
        for what, slug, name, name_en, *_rest in furniture(request)
        if what == "section"
    ]


def paper_pages(request: HttpRequest) -> list[dict[str, str]]:
    """Return the standing pages of the footer as [{"title", "url", "language"}], in their order.

    A page that has no English text is named and linked in Indonesian. One query, with `paper_sections`.
    """
    pages = []
    for what, slug, title, title_en, body_en, *_rest in furniture(request):
        if what == "page":
            language = "en" if page_language() == "en" and body_en else "id"
            name = (language == "en" and title_en) or title
            pages.append({"title": name, "url": address("page", slug, language=language), "language": language})
    return pages


def all_furniture() -> QuerySet[Section, tuple[Any, ...]]:
    """Return what stands on every page as one query: what it is, slug, name, English name, its English text's first
    letter, place, id.
    """
    sections = Section.objects.filter(archived_at__isnull=True).order_by()
    pages = StandingPage.objects.in_footer().order_by()
    return sections.values_list(Value("section"), "slug", "name", "name_en", Value(""), "position", "pk").union(
        pages.values_list(Value("page"), "slug", "title", "title_en", Left("body_en", 1), "position", "pk"), all=True
    )


FURNITURE = Prepared(all_furniture, lambda *row: row)


def furniture(request: HttpRequest) -> list[tuple[Any, ...]]:
    """Return the rows of what stands on every page, in order: one query, asked once for each page."""
    kept: list[tuple[Any, ...]] | None = getattr(request, "_paper_furniture", None)
    if kept is None:
        kept = request._paper_furniture = sorted(FURNITURE.all(), key=lambda row: row[-2:])  # type: ignore[attr-defined]
    return kept


def absolute(request: HttpRequest, path: str) -> str:
    """Return `path` with scheme and host: those of SITE_URL, or else those under which the page was asked for."""
    return seo.absolute(seo.origin(request), path)


def zone_times(at: datetime) -> list[dict[str, str]]:
    """Return the clock of each Indonesian zone at `at`: [{"code", "name", "clock"}], west to east."""
    language = get_language()
    clocks = [local_clock(at.astimezone(ZoneInfo(zone)), language).rsplit(" ", 1)[0] for *_names, zone in ZONES]
    return [
        {"code": code, "name": name, "clock": clock} for (code, name, _zone), clock in zip(ZONES, clocks, strict=True)
    ]


def stamp(at: datetime) -> str:
    """Return the moment as `datetime` of a `<time>` takes it: to the second, since HTML knows no microseconds."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def weekday(at: datetime) -> str:
    """Return "Minggu"."""
    return str(dates.WEEKDAYS[timezone.localtime(at).weekday()])


def edition(at: datetime) -> str:
    """Return which edition stands on the front page: the time of day at which it last changed."""
    hour = timezone.localtime(at).hour
    return _(next(name for until, name in EDITIONS if hour < until))


def month(at: date) -> str:
    """Return "November 2026"; a moment is read in the zone of the page."""
    local = timezone.localtime(at) if isinstance(at, datetime) else at
    return f"{dates.MONTHS[local.month]} {local.year}"


def month_name(at: date) -> str:
    """Return "November"."""
    return str(dates.MONTHS[at.month])


def month_url(at: date) -> str:
    """Return the address of the month of `at` in the archive."""
    local = timezone.localtime(at) if isinstance(at, datetime) else at
    return address("archive_month", f"{local.year:04}", f"{local.month:02}")


def initials(name: str) -> str:
    """Return the first letters of the first and the last part of a name, for the plate of who has no portrait."""
    parts = [part for part in name.split() if part[0].isalnum()]
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


def fitting(picture: dict[str, Any]) -> str:
    """Return the shape in which a picture opens a story in a list: whole where it lies flat enough, else cut to 16:9.

    A map is drawn to its edge; cut, it would lose its frame.
    """
    full = picture["shapes"].get("full")
    return "full" if full and FLATTEST >= full["width"] / full["height"] >= SQUAREST else "wide"


def story_time(at: datetime, today: datetime | None = None) -> SafeString:
    """Return a `<time>`: the clock alone on the day of `today`, day and clock on every other day."""
    local, language = timezone.localtime(at), get_language()
    words = local_clock(local, language)
    if not (today and today.astimezone(local.tzinfo).date() == local.date()):
        words = f"{local_day(local, language)}, {words}"
    return local_element(local, words)


def log_time(at: datetime) -> SafeString:
    """Return a `<time>` for a column of times: the day above, the clock below."""
    local, language = timezone.localtime(at), get_language()
    return format_html(
        '<time datetime="{}"><span>{}</span> <span>{}</span></time>',
        local.isoformat(timespec="seconds"),
        local_day(local, language),
        local_clock(local, language),
    )


def kicker(story: Publication | Teaser, show_section: bool = False) -> str:
    """Return the words above a title: opinion and the like always say what they are; with `show_section` the section
    stands in for a kicker that is missing.
    """
    if story.story_kind != ArticleKind.NEWS:
        kind = str(story.get_story_kind_display())
        return f"{kind} · {story.kicker}" if story.kicker else kind
    return story.kicker or (story.section_name if show_section else "")


def is_long(title: str) -> bool:
    """Say whether a title needs the smaller step."""
    return len(title) > LONG_TITLE


def names(publication: Publication | Teaser) -> SafeString:
    """Return the names over a story for a list, each isolated so that no script turns its neighbours round.

    More than three become two and a number; one name says where from.
    """
    bylines = publication.bylines
    shown = bylines if len(bylines) <= MOST_NAMES else bylines[: MOST_NAMES - 1]
    # `format_html_join` takes several times as long, and a front page has a dozen.
    words = SafeString(", ".join([f"<bdi>{escape(byline['name'])}</bdi>" for byline in shown]))
    if others := len(bylines) - len(shown):
        text = ngettext("and %(number)d other", "and %(number)d others", others) % {"number": others}
        return format_html("{} {}", words, text)
    if len(bylines) == 1 and bylines[0].get("place"):
        return format_html("{}, <bdi>{}</bdi>", words, bylines[0]["place"])
    return words


def places(publication: Publication) -> list[str]:
    """Return where the story was reported from, each place once: those of the bylines, or else the dateline's."""
    found = dict.fromkeys(byline["place"] for byline in publication.bylines if byline.get("place"))
    return list(found) or ([publication.dateline] if publication.dateline else [])


def dressed(publication: Publication) -> str:
    """Return the clean HTML of the text as the page shows it; for `_body.html` alone.

    The dateline stands at the head of the first paragraph, each table in its frame.
    """
    body, dateline = publication.body_html, publication.dateline
    if dateline and body.startswith("<p>"):
        body = format_html('<p><b class="text__dateline">{}</b> ', dateline) + body.removeprefix("<p>")
    return framed(body)


def framed(body: str) -> str:
    """Return clean HTML whose tables scroll within frames of their own, which the keyboard reaches.

    The sanitiser wrote the text, so its tables open and close in one known way.
    """
    frame = format_html('<div class="table" role="region" tabindex="0" aria-label="{}"><table>', _("Table"))
    framed = body.replace("<table>", frame).replace("</table>", "</table></div>")
    return SafeString(framed) if isinstance(body, SafeString) else framed


def share_links(title: str, url: str) -> list[dict[str, str]]:
    """Return plain links that hand the story to other services: no script, nothing loaded from them."""
    return [
        {"name": "WhatsApp", "url": "https://wa.me/?" + urlencode({"text": f"{title} {url}"}, quote_via=quote)},
        {"name": _("E-mail"), "url": "mailto:?" + urlencode({"subject": title, "body": url}, quote_via=quote)},
        {"name": "X", "url": "https://x.com/intent/post?" + urlencode({"url": url, "text": title}, quote_via=quote)},
    ]


def is_web_address(url: str) -> bool:
    """Say whether `url` may become a link: nothing but http and https ever does."""
    return url.startswith(("http://", "https://"))


def iso_day(stamp: str) -> str:
    """Return "12 Agustus 2026" for "2026-08-12"; anything else as it is."""
    try:
        found = date.fromisoformat(stamp)
    except ValueError:
        return stamp
    return f"{found.day} {dates.MONTHS[found.month]} {found.year}"


def page_path(path: str, number: int) -> str:
    """Return the address of page `number` of a list; the first page is the list's own."""
    return path if number == 1 else f"{path}?page={number}"


def page_numbers(page: Page) -> list[int]:  # type: ignore[type-arg]
    """Return the numbers to offer: first, last and those round the current one; 0 stands for what is left out."""
    last, here = page.paginator.num_pages, page.number
    shown = sorted({1, last} | {number for number in range(here - 1, here + 2) if 1 <= number <= last})
    numbers: list[int] = []
    for number in shown:
        if numbers and number > numbers[-1] + 1:
            numbers.append(0)
        numbers.append(number)
    return numbers
