"""Writing what searching reads, in the transaction that publishes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from articles.models import Publication, SearchEntry
from articles.models.search import GAP
from articles.search import words
from newsroom.core import richtext

# Words of one story that are kept. PostgreSQL counts places up to 16,383 and takes less than 1 MiB of them.
MOST = 16_000
BATCH = 200


def enter(publication: Publication) -> None:
    """Write the entry of a story; a tombstone has none. Takes 2 to 5 ms for a story of 800 words."""
    if publication.kind == Publication.Kind.STORY:
        SearchEntry.objects.bulk_create([entry_of(publication)])


def leave(publication_ids: Collection[int]) -> None:
    """Delete the entries of publications that were voided, suppressed or emptied."""
    SearchEntry.objects.filter(pk__in=publication_ids).delete()


def entry_of(publication: Publication) -> SearchEntry:
    """Return the entry of a story from what its projection shows, in the stems of its language."""
    language = publication.language
    title = words.stems(publication.title, language)
    names = [byline["name"] for byline in publication.bylines] + [topic["name"] for topic in publication.topics]
    head = _joined([publication.kicker, publication.standfirst, publication.dateline, *names], language)
    milestones = [milestone["text"] for milestone in publication.milestones]
    rest = [*publication.key_points, *richtext.plain_text(publication.body_html).split("\n"), *milestones]
    top = [*title, GAP, *head]
    return SearchEntry(
        publication=publication,
        title=title[:MOST],
        head=top[:MOST],
        whole=[*top, GAP, *_joined(rest, language)][:MOST],
    )


def _joined(parts: Iterable[str], language: str) -> list[str]:
    """Return the stems of all parts, parted so that no phrase reaches from one to the next."""
    joined: list[str] = []
    for part in parts:
        if len(joined) >= MOST:
            break
        joined += [GAP] * bool(joined) + words.stems(part, language, most=MOST - len(joined))
    return joined


def reindex(*, at: datetime) -> int:
    """Write the entries of all that is live or planned anew, a batch a transaction; return how many there are.

    Entries of what is over go. Needed after a change of how words are read, and never for what the desk does.
    """
    ids = list(Publication.objects.unfinished(at).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            _write(ids[start : start + BATCH], at)
    SearchEntry.objects.exclude(publication__in=Publication.objects.unfinished(at)).delete()
    return SearchEntry.objects.count()


def _write(publication_ids: list[int], at: datetime) -> None:
    """Write the entries of these publications, of those which are still to be seen."""
    # The lock keeps a rebuild of the same story from writing an older text after us.
    rows = Publication.objects.unfinished(at).filter(pk__in=publication_ids).select_for_update()
    entries = [entry_of(row) for row in rows]
    SearchEntry.objects.filter(pk__in=publication_ids).delete()
    SearchEntry.objects.bulk_create(entries)


def is_empty(*, at: datetime) -> bool:
    """Say whether there is something to find and no entry at all: a database from before there was searching."""
    return not SearchEntry.objects.exists() and Publication.objects.unfinished(at).exists()
