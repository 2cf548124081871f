"""What approval means: one revision has it, and an edit by someone who could not give it leaves it behind."""

from __future__ import annotations

from articles import permissions
from articles.models import Article, DeskState, Revision
from newsroom.core.models import User


def carry(article: Article, revision: Revision, *, by: User | None) -> None:
    """Set the desk state after `revision` was saved on top of an approved story; call it under the article's lock.

    Who may approve approves what they save. Anybody else's save returns the story to draft: the approved revision stays
    approved, and scheduled if it was, since nobody who could approve has said otherwise; what was saved is not.
    """
    if article.desk_state != DeskState.APPROVED:
        return
    if by is not None and permissions.can_approve(by, article):
        article.approved_revision = revision
    else:
        article.desk_state = DeskState.DRAFT
    article.save(update_fields=["desk_state", "approved_revision"])


def withdraw(article: Article) -> None:
    """Take the approval away, whichever revision has it; call it under the article's lock."""
    article.approved_revision = None
    if article.desk_state == DeskState.APPROVED:
        article.desk_state = DeskState.DRAFT
    article.save(update_fields=["desk_state", "approved_revision"])
