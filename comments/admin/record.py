"""A person's record: everything under one address, and what came through the same connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django.utils.functional import cached_property

from comments.models import Comment, Status

SIZE = 50
# Others that came through the same address or network.
NEAR = 20


def outcomes(found: QuerySet[Comment]) -> list[tuple[str, int]]:
    """Return how comments ended: (state, number), only states that occur; one query."""
    tally = dict(found.order_by().values_list("status").annotate(number=Count("pk")))
    return [(status, tally[status]) for status in Status.values if status in tally]


@dataclass
class Record:
    """All that came under the address of one comment. Queries run when a part is first asked for.

    A typed address proves nothing, and a connection is shared by many: both are hints. Hashes of connections are
    dropped after 30 days and their key changes every 15, so the list of neighbours is never complete.
    """

    comment: Comment
    # NULL: from the newest on.
    before: int | None = None

    @property
    def is_purged(self) -> bool:
        """Whether the personal data of the comment is gone, and its record with it."""
        return not self.comment.email

    @property
    def everything(self) -> QuerySet[Comment]:
        """Return every comment under the address, this one too."""
        return Comment.objects.from_address(self.comment.email)

    @cached_property
    def outcomes(self) -> list[tuple[str, int]]:
        """Return how they ended."""
        return outcomes(self.everything)

    @property
    def total(self) -> int:
        """Return how many there are."""
        return sum(number for _state, number in self.outcomes)

    @cached_property
    def first_seen(self) -> datetime | None:
        """Return when the first one came."""
        moment: datetime | None = self.everything.aggregate(moment=Min("created_at"))["moment"]
        return moment

    @cached_property
    def names(self) -> list[str]:
        """Return the names that were typed with the address, most used first."""
        used = self.everything.order_by().values_list("name").annotate(number=Count("pk")).order_by("-number", "name")
        return [name for name, _number in used[:6]]

    @cached_property
    def found(self) -> list[Comment]:
        """Return a page of them and one more, newest first."""
        rows = self.everything if self.before is None else self.everything.filter(pk__lt=self.before)
        wanted = rows.select_related("thread__article").defer("thread__article__body", "findings")
        return list(wanted.order_by("-pk")[: SIZE + 1])

    @property
    def rows(self) -> list[Comment]:
        """Return a page of them, newest first."""
        return self.found[:SIZE]

    @property
    def next_before(self) -> int | None:
        """Return the id to ask the next page with; None: this is the last."""
        return self.rows[-1].pk if len(self.found) > SIZE else None

    @cached_property
    def network(self) -> list[tuple[str, int]]:
        """Return how comments from the same network under other addresses ended."""
        return outcomes(self._near("network_hash"))

    @cached_property
    def neighbours(self) -> list[Comment]:
        """Return the latest under other addresses from the very same connection."""
        near = self._near("address_hash").order_by("-pk")
        return list(near.only("name", "text", "status", "created_at")[:NEAR])

    def _near(self, column: str) -> QuerySet[Comment]:
        value = getattr(self.comment, column)
        if not value or self.is_purged:
            return Comment.objects.none()
        same = Comment.objects.filter(**{column: value})
        return same.exclude(pk__in=self.everything.values("pk"))
