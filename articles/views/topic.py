"""The page of one topic: what happened when, what is known, and every story about it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from articles import pictures
from articles.addresses import address, page_language
from articles.jinja.pictures import showable
from articles.models import PublicationTopic, Topic, TopicMilestone
from articles.projection import resolve_topics
from articles.views._paging import page_of
from articles.views._public import in_other_language, public_page, stands_on, stories_of, turned_by
from newsroom.core import surfaces

# Entries of the chronology above the newest stories, and on a page of its own.
NEWEST_EVENTS = 6
EVENTS = 40


@public_page
@turned_by("page")
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a topic; `?page=2` has older stories, `?events=1` the whole chronology. A merged one leads to its target.

    Raises Http404 while readers see no story about it in either language.
    Stands on `surfaces.topic`.
    """
    subject = get_object_or_404(Topic.objects.select_related("image"), slug=slug)
    if subject.merged_into_id is not None:
        return HttpResponsePermanentRedirect(address("topic", resolve_topics([subject.pk])[0].slug))
    language = page_language()
    is_chronology = "events" in request.GET
    milestones = TopicMilestone.objects.filter(topic=subject).order_by("-position", "-pk")
    events = page_of(request, milestones, size=EVENTS if is_chronology else NEWEST_EVENTS, parameter="events")
    at = timezone.now()
    rows = PublicationTopic.objects.live(at).filter(topic=subject).newest(language)
    page = None if is_chronology else page_of(request, rows)
    if not (page and page.object_list) and not PublicationTopic.objects.live(at).filter(topic=subject).exists():
        # Drafts may use it already, and its name alone may say what they are about.
        raise Http404
    response = render(
        request,
        "articles/topic.html",
        {
            "topic": subject,
            "name": subject.display_name(language),
            "description": subject.about(language),
            "is_chronology": is_chronology,
            "events": events,
            "milestones": [milestone.words(language) for milestone in events],
            "facts": [fact.words(language) for fact in subject.facts.order_by("position", "pk")],
            "picture": showable(pictures.data(subject.image, language)),
            "page": page,
            "stories": stories_of(page, at=at) if page else [],
            "other_url": in_other_language("topic", subject.slug),
        },
    )
    return stands_on(response, surfaces.topic(subject.pk))
