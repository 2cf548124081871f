"""What a moderator may decide, by the comment's state, and the form that says it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, RejectReason, Status
from comments.moderation import desk
from newsroom.core.models import User


class Verdict(enum.StrEnum):
    """The decisions of the card's buttons."""

    APPROVE = "approve"
    REJECT = "reject"
    SPAM = "spam"
    REMOVE = "remove"
    REMOVE_WITH_REPLIES = "remove_with_replies"


NEEDS_REASON = (Verdict.REJECT, Verdict.REMOVE, Verdict.REMOVE_WITH_REPLIES)
# Per state, in the order of the buttons.
POSSIBLE: dict[str, tuple[Verdict, ...]] = {
    Status.PENDING: (Verdict.APPROVE, Verdict.REJECT, Verdict.SPAM),
    Status.APPROVED: (Verdict.REMOVE, Verdict.REMOVE_WITH_REPLIES, Verdict.SPAM),
    Status.REJECTED: (Verdict.APPROVE, Verdict.SPAM),
    Status.SPAM: (Verdict.APPROVE, Verdict.REJECT),
    Status.REMOVED: (Verdict.APPROVE,),
}


class DecisionForm(forms.Form):
    """One decision on the comment as the moderator saw it."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    verdict = forms.ChoiceField(
        choices=[(verdict, verdict) for verdict in Verdict],
        error_messages={
            "required": _("Choose what to do with the comment."),
            "invalid_choice": _("Choose what to do with the comment."),
        },
    )
    reason = forms.ChoiceField(
        choices=[("", ""), *RejectReason.choices],
        required=False,
        error_messages={"invalid_choice": _("Choose a reason from the list.")},
    )
    note = forms.CharField(
        max_length=500,
        required=False,
        error_messages={"max_length": _("The note is too long: at most %(limit_value)d characters.")},
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where the reader may be told one."""
        data = super().clean() or {}
        if data.get("verdict") in NEEDS_REASON and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Choose a reason, then press the button again. The comment is unchanged."))
        return data

    def decide(self, comment: Comment, *, by: User, at: datetime) -> desk.Outcome:
        """Carry out the decision. Raises what comments.moderation.desk raises, NoSuchDecision for a wrong state too."""
        data = self.cleaned_data
        verdict, version = Verdict(data["verdict"]), data["version"]
        if version == comment.version and verdict not in POSSIBLE[comment.status]:
            raise desk.NoSuchDecision(f"No {verdict} for a comment that is {comment.status}.")
        seen = {"version": version, "by": by, "at": at}
        reasoned = {**seen, "reason": data["reason"], "note": data["note"]}
        match verdict:
            case Verdict.APPROVE:
                return desk.approve(comment.pk, **seen)
            case Verdict.REJECT:
                return desk.reject(comment.pk, **reasoned)
            case Verdict.SPAM:
                return desk.spam(comment.pk, note=data["note"], **seen)
            case Verdict.REMOVE:
                return desk.remove(comment.pk, **reasoned)
            case Verdict.REMOVE_WITH_REPLIES:
                return desk.remove_with_replies(comment.pk, **reasoned)
