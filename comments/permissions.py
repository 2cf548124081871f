"""Who may do what with comments: pure predicates, enforced in comments.access."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from newsroom.core.models import User

Account = User | AbstractBaseUser | AnonymousUser

# Group -> permissions of this app, as "app.codename"; put in place by the kernel's migration of groups.
GROUP_PERMISSIONS: dict[str, tuple[str, ...]] = {
    "reporter": (),
    "editor": ("comments.view_comment", "comments.view_thread", "comments.change_thread"),
    "moderator": (
        "comments.view_comment",
        "comments.moderate_comment",
        "comments.view_decision",
        "comments.view_thread",
        "comments.change_thread",
        "comments.view_watchedword",
        "comments.add_watchedword",
        "comments.change_watchedword",
        "comments.delete_watchedword",
    ),
    "chief_editor": (
        "comments.view_comment",
        "comments.moderate_comment",
        "comments.view_decision",
        "comments.view_thread",
        "comments.change_thread",
        "comments.view_watchedword",
        "comments.add_watchedword",
        "comments.change_watchedword",
        "comments.delete_watchedword",
    ),
    "administrator": (),
}


def can_see_queue(user: Account) -> bool:
    """Say whether `user` may read comments that readers do not see."""
    return _may(user, "comments.view_comment")


def can_moderate(user: Account) -> bool:
    """Say whether `user` may decide on comments and undo decisions, any moderator's."""
    return _may(user, "comments.moderate_comment")


def can_see_decisions(user: Account) -> bool:
    """Say whether `user` may read who decided what."""
    return _may(user, "comments.view_decision")


def can_keep_thread(user: Account) -> bool:
    """Say whether `user` may open, close and pre-moderate the conversation under a story."""
    return _may(user, "comments.change_thread")


def can_keep_words(user: Account) -> bool:
    """Say whether `user` may change the watched words."""
    return _may(user, "comments.change_watchedword")


def _may(user: Account, permission: str) -> bool:
    """Say whether an active member of staff holds `permission`."""
    return isinstance(user, User) and user.is_active and user.is_staff and user.has_perm(permission)
