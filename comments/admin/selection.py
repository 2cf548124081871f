"""Which comments of the queue: the filters, as an address, a form and a query say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from comments import paths
from comments.admin.findings import RULES
from comments.models import Comment, RejectReason, Status
from comments.moderation import patterns

QUERY_LENGTH = 100
# More are counted as "999+", so that a count costs the same in every newsroom.
COUNTED = 1000


@dataclass(frozen=True)
class Selection:
    """Comments of one state, narrowed by what is given. Waiting ones by deadline, decided ones newest first."""

    state: str = Status.PENDING
    # Words in the text, the name, or the story's title.
    query: str = ""
    # NULL: every story.
    article_id: int | None = None
    # A rule that objected.
    rule: str = ""
    # The reason of the decision in force.
    reason: str = ""
    # One comment of a person, standing for all that came under its address: the address itself is in no link.
    person: int | None = None
    # One comment, standing for those of its pattern.
    like: int | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any], *, default: str = Status.PENDING) -> Selection:
        """Read a selection from a query string or a form; what makes no sense counts as not given."""
        state, rule, reason = (str(data.get(name, "")) for name in ("state", "rule", "reason_given"))
        return cls(
            state if state in Status.values else default,
            str(data.get("q", "")).replace("\0", "").strip()[:QUERY_LENGTH],
            _id(data.get("article", "")),
            rule if rule in RULES else "",
            reason if reason in RejectReason.values else "",
            _id(data.get("person", "")),
            _id(data.get("like", "")),
        )

    @property
    def is_waiting(self) -> bool:
        """Whether these are the comments that still need a decision."""
        return self.state == Status.PENDING

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter leaves comments out."""
        return self != Selection(state=self.state)

    @property
    def fields(self) -> dict[str, str]:
        """Return what a form or an address carries to come back to this selection."""
        given = {
            "state": str(self.state),
            "q": self.query,
            "article": str(self.article_id or ""),
            "rule": self.rule,
            "reason_given": self.reason,
            "person": str(self.person or ""),
            "like": str(self.like or ""),
        }
        return {name: value for name, value in given.items() if value and (name, value) != ("state", "pending")}

    @property
    def address(self) -> str:
        """Return the query string."""
        return urlencode(self.fields)

    @property
    def suffix(self) -> str:
        """Return the query string with its question mark, "" for the plain queue."""
        return f"?{self.address}" if self.fields else ""

    @property
    def link(self) -> str:
        """Return the query string with its question mark, the state always named: for links to states."""
        return f"?{urlencode({'state': str(self.state), **self.fields})}"

    def in_state(self, state: str) -> Selection:
        """Return the same selection for another state; waiting comments were given no reason."""
        return replace(self, state=state, reason=self.reason if state != Status.PENDING else "")

    def without(self, **gone: Any) -> Selection:
        """Return the same selection with filters taken off: name=empty value."""
        return replace(self, **gone)

    def comments(self) -> QuerySet[Comment]:
        """Return the comments in the rail's order."""
        found = Comment.objects.filter(status=self.state)
        if self.article_id is not None:
            found = found.filter(thread__article_id=self.article_id)
        if self.rule:
            found = found.under_rule(self.rule)
        if self.reason:
            found = found.filter(reason=self.reason)
        if self.person is not None:
            found = found.from_address(self.named(self.person).email)
        if self.like is not None:
            found = found.of_pattern(self.pattern.marks.split(), self.pattern.text_hash)
        if self.query:
            wanted = [(f"{name}__icontains", self.query) for name in ("text", "name", "thread__article__title")]
            # What rules pointed at is found as the system reads it: "gacor" finds it in whatever letters it hides.
            if mark := patterns.mark(self.query):
                wanted.append(("marks__contains", mark))
            found = found.filter(Q(*wanted, _connector=Q.OR))
        return found.order_by(*(("created_at", "id") if self.is_waiting else ("-created_at", "-id")))

    @cached_property
    def pattern(self) -> Comment:
        """The comment whose pattern is asked for; an empty one when there is none."""
        return self.named(self.like)

    def count(self) -> str:
        """Return how many there are, for people: "12", "999+"."""
        number = self.comments().order_by()[:COUNTED].count()
        return str(number) if number < COUNTED else f"{COUNTED - 1}+"

    def before(self, comment: Comment) -> QuerySet[Comment]:
        """Return what stands before `comment` in the rail."""
        return self._beside(comment, "lt" if self.is_waiting else "gt")

    def after(self, comment: Comment) -> QuerySet[Comment]:
        """Return what stands after `comment` in the rail."""
        return self._beside(comment, "gt" if self.is_waiting else "lt")

    def following(self, comment: Comment) -> int | None:
        """Return the id to show once `comment` is decided: the next one, else the first one left."""
        next_id = self.after(comment).values_list("pk", flat=True).first()
        return next_id or self.comments().exclude(pk=comment.pk).values_list("pk", flat=True).first()

    def _beside(self, comment: Comment, side: str) -> QuerySet[Comment]:
        moment = comment.created_at
        # The first condition alone lets the index comment_queue start at the right place.
        return self.comments().filter(
            Q(**{f"created_at__{side}e": moment}),
            Q(**{f"created_at__{side}": moment}) | Q(created_at=moment, **{f"pk__{side}": comment.pk}),
        )

    @cached_property
    def _heads(self) -> dict[int, Comment]:
        wanted = [pk for pk in (self.person, self.like) if pk is not None]
        return Comment.objects.only("name", "email", "marks", "text_hash").in_bulk(wanted)

    def named(self, pk: int | None) -> Comment:
        """Return the comment that stands for a person or a pattern; an empty one when there is none."""
        return self._heads.get(pk or 0) or Comment()


def _id(text: object) -> int | None:
    """Return an id as an address names it, None for anything else."""
    said = str(text)
    if not (said.isascii() and said.isdigit() and len(said) <= 16):
        return None
    return int(said) if 0 < int(said) <= paths.MAX_ID else None
