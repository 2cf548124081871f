"""Who may do what with a story. Pure predicates: no writing, no clock, no request.

Three rules stand behind all of them. A reporter works on their own stories until one is approved: from then on it is
with the editors, whether readers see it yet or not, until an editor sends it back. An editor works on every story; one
who is bound to sections, on those of these sections and on their own. A moderator reads and changes nothing.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from articles.models import Article, DeskState, Image, Publication, Revision, SectionEditor
from newsroom.core.models import User

Visitor = User | AnonymousUser

# Group -> permissions of this app, granted by newsroom.core.groups. Superusers need none; the administrator's group has
# no say in stories. Moderators read stories and never change them.
TAXONOMY = frozenset({"view_section", "view_topic", "view_contributor"})
PICTURES = frozenset({"view_image", "add_image", "change_image"})
REPORTER = TAXONOMY | PICTURES | {"view_article", "add_article", "change_article"}
EDITOR = (
    REPORTER
    | {"change_any_article", "approve_article", "publish_article", "withdraw_article"}
    | {"change_any_image", "take_down_image"}
    | {"add_topic", "change_topic", "add_contributor", "change_contributor"}
)
STANDING_PAGES = frozenset({"view_page", "add_page", "change_page"})
CHIEF_EDITOR = (
    EDITOR
    | STANDING_PAGES
    | {"kill_article", "purge_revision", "add_section", "change_section", "work_in_every_section"}
)
GROUP_PERMISSIONS: dict[str, frozenset[str]] = {
    "reporter": REPORTER,
    "editor": EDITOR,
    "moderator": frozenset({"view_article"}),
    "chief_editor": CHIEF_EDITOR,
    "administrator": STANDING_PAGES,
}


def is_own(user: Visitor, article: Article) -> bool:
    """Whether the user began the story or stands in its byline; one that was not saved yet is whoever's begins it."""
    if not user.is_authenticated:
        return False
    if article.pk is None:
        return True
    return article.created_by_id == user.pk or article.bylines.filter(contributor__user=user).exists()


def sections_of(user: Visitor) -> frozenset[int]:
    """Return the ids of the sections the user is bound to; empty: bound to none, so free to work in all.

    Read once for each user object, that is once a request, as Django keeps a user's permissions.
    """
    known: frozenset[int] | None = getattr(user, "_bound_sections", None)
    if known is None:
        known = frozenset(SectionEditor.objects.filter(user_id=user.pk or 0).values_list("section_id", flat=True))
        user._bound_sections = known  # type: ignore[union-attr]
    return known


def is_in_reach(user: Visitor, article: Article) -> bool:
    """Whether an editor's rights reach this story: it lies in a section of theirs, is their own, or they have all."""
    if user.has_perm("articles.work_in_every_section"):
        return True
    bound = sections_of(user)
    return not bound or article.section_id in bound or is_own(user, article)


def is_with_editors(article: Article) -> bool:
    """Whether the story has left its reporter's hands: approved, or public at any time, and not sent back since."""
    if article.desk_state == DeskState.CHANGES_REQUESTED:
        return False
    if article.desk_state == DeskState.APPROVED or article.approved_revision_id is not None:
        return True
    return article.pk is not None and Publication.objects.standing().filter(article=article).exists()


def works_on(user: Visitor, article: Article) -> bool:
    """Whether the story is the user's business, as its reporter or as its editor, whoever holds it now."""
    if not user.has_perm("articles.change_article"):
        return False
    return _edits(user, article) or is_own(user, article)


def _edits(user: Visitor, article: Article) -> bool:
    """Whether the user may change the story as an editor."""
    return user.has_perm("articles.change_any_article") and is_in_reach(user, article)


def can_add(user: Visitor) -> bool:
    """Whether the user may begin stories."""
    return user.has_perm("articles.add_article")


def can_view(user: Visitor, article: Article) -> bool:
    """Whether the user may read the working copy and its revisions.

    The desk reads all; who only reads (a moderator) sees a story once a version of it was approved.
    """
    if not user.has_perm("articles.view_article"):
        return False
    return user.has_perm("articles.change_article") or article.approved_revision_id is not None


def can_change(user: Visitor, article: Article) -> bool:
    """Whether the user may save the working copy: reporters their own while it is with them, editors within reach."""
    if not user.has_perm("articles.change_article"):
        return False
    return _edits(user, article) or (is_own(user, article) and not is_with_editors(article))


def can_see_confidential(user: Visitor, article: Article) -> bool:
    """Whether the user may know the story's confidential sources: who works on it, nobody else."""
    return works_on(user, article)


def can_submit(user: Visitor, article: Article) -> bool:
    """Whether the user may hand the story in for review now."""
    return article.desk_state in (DeskState.DRAFT, DeskState.CHANGES_REQUESTED) and can_change(user, article)


def can_approve(user: Visitor, article: Article) -> bool:
    """Whether the user may approve versions of the story, and so publish any version of it."""
    return user.has_perm("articles.approve_article") and is_in_reach(user, article)


def can_send_back(user: Visitor, article: Article) -> bool:
    """Whether the user may ask for changes now."""
    if not can_approve(user, article):
        return False
    return article.desk_state in (DeskState.IN_REVIEW, DeskState.APPROVED) or is_with_editors(article)


def can_hold(user: Visitor, article: Article) -> bool:
    """Whether the user may put the story on hold, or lift the hold."""
    return user.has_perm("articles.publish_article") and is_in_reach(user, article)


def can_embargo(user: Visitor, article: Article) -> bool:
    """Whether the user may set, move or lift the embargo."""
    return user.has_perm("articles.publish_article") and is_in_reach(user, article)


def can_publish(user: Visitor, article: Article) -> bool:
    """Whether the user may publish, schedule, cancel and end; for unapproved versions see `can_approve`."""
    return user.has_perm("articles.publish_article") and is_in_reach(user, article)


def can_withdraw(user: Visitor, article: Article) -> bool:
    """Whether the user may withdraw the story from readers, with a public reason."""
    return user.has_perm("articles.withdraw_article") and is_in_reach(user, article)


def can_kill(user: Visitor, article: Article) -> bool:
    """Whether the user may kill the story: nothing of it is shown again, ever."""
    return user.has_perm("articles.kill_article") and is_in_reach(user, article)


def can_restore(user: Visitor, article: Article) -> bool:
    """Whether the user may bring an old version back into the working copy."""
    return can_change(user, article)


def can_request_purge(user: Visitor, article: Article) -> bool:
    """Whether the user may ask for a version to be purged."""
    return user.has_perm("articles.purge_revision")


def can_purge(user: Visitor, revision: Revision) -> bool:
    """Whether the user may confirm a purge that somebody else asked for."""
    asked = revision.purge_requested_by_id is not None and revision.purge_requested_by_id != user.pk
    return asked and user.has_perm("articles.purge_revision")


# Corrections and replies


def can_see_replies(user: Visitor) -> bool:
    """Whether the user may see requests for a right of reply at all: they hold personal data."""
    return user.has_perm("articles.publish_article")


def can_decide_reply(user: Visitor, article: Article) -> bool:
    """Whether the user may read and decide the requests about this story."""
    return can_see_replies(user) and is_in_reach(user, article)


# Pictures


def can_browse_pictures(user: Visitor) -> bool:
    """Whether the user may look through the library and put its pictures into stories."""
    return user.has_perm("articles.view_image")


def can_upload_pictures(user: Visitor) -> bool:
    """Whether the user may add pictures to the library."""
    return user.has_perm("articles.add_image")


def can_change_picture(user: Visitor, image: Image) -> bool:
    """Whether the user may write what is said of the picture, move its focal point and archive it: editors any, others
    what they uploaded themselves. What was taken down stays as it was.
    """
    if image.taken_down_at is not None or not user.has_perm("articles.change_image"):
        return False
    return user.has_perm("articles.change_any_image") or image.uploaded_by_id == user.pk


def can_take_down_picture(user: Visitor, image: Image) -> bool:
    """Whether the user may take the picture off every page, for good."""
    return image.taken_down_at is None and user.has_perm("articles.take_down_image")
