"""How a story stands at a moment: everything the panel shows and the buttons depend on, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from articles import revisions
from articles.models import FAR_FUTURE, Article, DeskState, Publication, Revision
from articles.states import PublicState, public_state


@dataclass(frozen=True)
class Standing:
    """A story's desk state, what readers see, and what is planned, at `at`."""

    article: Article
    at: datetime
    public: PublicState
    newest: Revision | None
    # What the address answers with now; None: nothing yet, or nothing any more.
    current: Publication | None
    # What begins next.
    planned: Publication | None

    @property
    def desk_state(self) -> str:
        return self.article.desk_state

    @property
    def is_open(self) -> bool:
        """Whether the desk still writes: a draft, or sent back."""
        return self.desk_state in (DeskState.DRAFT, DeskState.CHANGES_REQUESTED)

    @property
    def may_be_submitted(self) -> bool:
        """Whether the desk still writes, at a story that may yet go out."""
        return self.is_open and not self.is_killed

    @property
    def is_in_review(self) -> bool:
        """Whether an editor is to read it; nobody is asked to approve what can never go out."""
        return self.desk_state == DeskState.IN_REVIEW and not self.is_killed

    @property
    def is_approved(self) -> bool:
        return self.desk_state == DeskState.APPROVED

    @property
    def is_held(self) -> bool:
        return self.article.held_at is not None

    @property
    def may_be_held(self) -> bool:
        """Whether there is anything a hold could stop."""
        return not self.is_held and not self.is_killed

    @property
    def may_be_resumed(self) -> bool:
        """Whether lifting a hold lets anything happen."""
        return self.is_held and not self.is_killed

    @property
    def is_embargoed(self) -> bool:
        until = self.article.embargo_until
        return until is not None and until > self.at

    @property
    def is_killed(self) -> bool:
        """Whether nothing can ever follow."""
        return self.current is not None and self.current.suppressed_at is not None

    @property
    def is_live(self) -> bool:
        return self.public in (PublicState.LIVE, PublicState.LIVE_UPDATE_SCHEDULED)

    @property
    def is_planned(self) -> bool:
        return self.planned is not None

    @property
    def ends_at(self) -> datetime | None:
        """When the story that readers see is planned to end; None: no end is planned."""
        if not self.is_live or self.current is None or self.is_planned:
            return None
        return self.current.visible_until if self.current.visible_until < FAR_FUTURE else None

    @property
    def has_changes(self) -> bool:
        """Whether the newest revision is not the one that readers see."""
        return self.newest is not None and (self.current is None or self.current.revision_id != self.newest.pk)

    @property
    def may_go_out(self) -> bool:
        """Whether publishing for the first time, or again after an end, is what the buttons may offer."""
        return self.is_approved and not self.is_live and not self._is_stopped

    @property
    def may_update(self) -> bool:
        return self.is_approved and self.is_live and self.has_changes and not self._is_stopped

    @property
    def may_be_planned(self) -> bool:
        """Whether a publication at a later moment may be offered; an embargo does not stand against it."""
        return self.is_approved and (not self.is_live or self.has_changes) and not self.is_held and not self.is_killed

    @property
    def may_correct(self) -> bool:
        """Whether a correction may be offered: readers saw the story, and a version of it may go out or stay."""
        was_public = self.public not in (PublicState.NEVER, PublicState.SCHEDULED)
        return self.is_approved and was_public and not self.is_held and not self.is_killed

    @property
    def _is_stopped(self) -> bool:
        return self.is_held or self.is_embargoed or self.is_killed


def standing(article: Article, *, at: datetime) -> Standing:
    """Read how the story stands at `at`: four queries."""
    rows = Publication.objects.filter(article=article).select_related("revision")
    return Standing(
        article=article,
        at=at,
        public=public_state(article, at),
        newest=revisions.latest(article),
        current=rows.at(at).first(),
        planned=rows.planned(at).order_by("visible_from").first(),
    )
