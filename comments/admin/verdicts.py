"""What a moderator may decide, by the comment's state, and the form that says it."""

from __future__ import annotations

import enum
import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.models import Bulk, Comment, RejectReason, Status
from comments.moderation import bulk, desk
from newsroom.core.models import User


class Verdict(enum.StrEnum):
    """The decisions of the card's buttons."""

    APPROVE = "approve"
    REJECT = "reject"
    SPAM = "spam"
    REMOVE = "remove"
    REMOVE_WITH_REPLIES = "remove_with_replies"


# A ticked row: the comment and its version, as far as the database can hold them.
ROW = re.compile(r"([0-9]{1,15}):([0-9]{1,9})", re.ASCII)
NEEDS_REASON = (Verdict.REJECT, Verdict.REMOVE, Verdict.REMOVE_WITH_REPLIES)
# Per state, in the order of the buttons: the same in source, drawing and tab order, in every width, one by one and in
# bulk. What shows a comment stands last, under the right thumb, and never beside what files it as spam.
POSSIBLE: dict[str, tuple[Verdict, ...]] = {
    Status.PENDING: (Verdict.SPAM, Verdict.REJECT, Verdict.APPROVE),
    Status.APPROVED: (Verdict.SPAM, Verdict.REMOVE_WITH_REPLIES, Verdict.REMOVE),
    Status.REJECTED: (Verdict.SPAM, Verdict.APPROVE),
    Status.SPAM: (Verdict.REJECT, Verdict.APPROVE),
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
        choice = desk.Choice(comment.pk, version)
        return carry_out(verdict, choice, reason=data["reason"], note=data["note"], by=by, at=at)


def carry_out(
    verdict: Verdict,
    choice: desk.Choice,
    *,
    reason: str,
    note: str,
    by: User,
    at: datetime,
    together: Bulk | None = None,
) -> desk.Outcome:
    """Take the decision that a button stands for. Raises what comments.moderation.desk raises."""
    seen: dict[str, Any] = {"version": choice.version, "note": note, "by": by, "at": at}
    if together is not None:
        seen["bulk"] = together
    match verdict:
        case Verdict.APPROVE:
            return desk.approve(choice.comment_id, **seen)
        case Verdict.REJECT:
            return desk.reject(choice.comment_id, reason=reason, **seen)
        case Verdict.SPAM:
            return desk.spam(choice.comment_id, **seen)
        case Verdict.REMOVE:
            return desk.remove(choice.comment_id, reason=reason, **seen)
        case Verdict.REMOVE_WITH_REPLIES:
            return desk.remove_with_replies(choice.comment_id, reason=reason, **seen)


class BulkForm(forms.Form):
    """One decision on the rows that are ticked, each as the moderator saw it: `row` is "id:version"."""

    verdict = forms.ChoiceField(
        choices=[(verdict, verdict) for verdict in Verdict if verdict != Verdict.REMOVE_WITH_REPLIES],
        error_messages={
            "required": _("Choose what to do with the comments."),
            "invalid_choice": _("Choose what to do with the comments."),
        },
    )
    reason = DecisionForm.base_fields["reason"]
    note = DecisionForm.base_fields["note"]

    def clean(self) -> dict[str, Any]:
        """Read the ticks; ask for a reason where readers may be told one."""
        data = super().clean() or {}
        rows: list[str] = self.data.getlist("row")  # type: ignore[attr-defined]
        data["choices"] = [_choice(match) for row in rows if (match := ROW.fullmatch(row))]
        if not data["choices"]:
            self.add_error(None, _("Tick at least one comment, then press the button again."))
        elif len(data["choices"]) > bulk.MOST:
            limit = {"most": bulk.MOST}
            self.add_error(None, _("At most %(most)d comments at once. Nothing was changed.") % limit)
        elif data.get("verdict") in NEEDS_REASON and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Choose a reason, then press the button again. Nothing was changed."))
        return data

    def carry_out(self, *, origin: str, by: User, at: datetime) -> Bulk:
        """Decide on all of them; a state that does not allow the verdict is one of the results."""
        data = self.cleaned_data
        verdict, reason, note = Verdict(data["verdict"]), data["reason"], data["note"]
        pks = [choice.comment_id for choice in data["choices"]]
        # Read before the locks; a version names one state for ever, so what is compared cannot be out of date.
        stands = {row[:2]: row[2] for row in Comment.objects.filter(pk__in=pks).values_list("pk", "version", "status")}

        def act(choice: desk.Choice, together: Bulk) -> desk.Outcome:
            status = stands.get((choice.comment_id, choice.version))
            if status is not None and verdict not in POSSIBLE[status]:
                raise desk.NoSuchDecision(f"No {verdict} for a comment that is {status}.")
            return carry_out(verdict, choice, reason=reason, note=note, by=by, at=at, together=together)

        said = {"verdict": verdict.value, "reason": reason if verdict in NEEDS_REASON else "", "note": note}
        return bulk.decide(data["choices"], act, origin=origin, by=by, at=at, **said)


def _choice(match: re.Match[str]) -> desk.Choice:
    return desk.Choice(int(match[1]), int(match[2]))
