"""Who may do what with comments. Pure predicates, enforced in comments.access."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from articles.models import Article
from articles.permissions import is_in_reach
from newsroom.core.models import User

Visitor = User | AnonymousUser

# Group -> permissions of this app, granted by newsroom.core.groups. The administrator's group has no say in comments.
EDITOR = frozenset({"view_comment", "view_thread", "change_thread"})
MODERATOR = EDITOR | {
    "moderate_comment",
    "view_decision",
    "view_watchedword",
    "add_watchedword",
    "change_watchedword",
    "delete_watchedword",
    "view_rulebook",
    "change_rulebook",
}
GROUP_PERMISSIONS: dict[str, frozenset[str]] = {
    "reporter": frozenset(),
    "editor": EDITOR,
    "moderator": MODERATOR,
    "chief_editor": MODERATOR,
}


def can_see_queue(user: Visitor) -> bool:
    """Whether the user may read comments that readers do not see."""
    return user.has_perm("comments.view_comment")


def can_moderate(user: Visitor) -> bool:
    """Whether the user may decide on comments and undo decisions, their own and others'."""
    return user.has_perm("comments.moderate_comment")


def can_see_decisions(user: Visitor) -> bool:
    """Whether the user may read who decided what."""
    return user.has_perm("comments.view_decision")


def can_keep_thread(user: Visitor, article: Article | None = None) -> bool:
    """Whether the user may open, close and pre-moderate the conversation under a story; without one: under some.

    Moderators under any; an editor who is bound to sections, where an editor's rights reach.
    """
    if not user.has_perm("comments.change_thread"):
        return False
    return article is None or can_moderate(user) or is_in_reach(user, article)


def can_see_words(user: Visitor) -> bool:
    """Whether the user may read the watched words."""
    return user.has_perm("comments.view_watchedword")


def can_keep_words(user: Visitor) -> bool:
    """Whether the user may add, change and remove watched words."""
    return user.has_perm("comments.change_watchedword")


def can_keep_rules(user: Visitor) -> bool:
    """Whether the user may read and set the limits of the rules."""
    return user.has_perm("comments.change_rulebook")
