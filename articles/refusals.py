"""What a desk service says when it will not do a thing: typed, in the user's language, naming the remedy."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """A service changed nothing. `str()` is a whole message for people; `code` is for tests, logs and templates.

    `what` and `remedy` are formatted with the keyword arguments given when raised, in the language then active.
    """

    code: ClassVar[str] = ""
    what: ClassVar[str | Promise] = ""
    remedy: ClassVar[str | Promise] = ""

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(facts)

    def __str__(self) -> str:
        return " ".join(part % self.facts for part in (str(self.what), str(self.remedy)) if part)


# On the way to publication


class Held(Refusal):
    code = "held"
    what = _("The story is on hold.")
    remedy = _("Lift the hold first.")


class Embargoed(Refusal):
    code = "embargoed"
    what = _("The story is under embargo until %(until)s.")
    remedy = _("Choose a later moment, or change the embargo.")


class NotApproved(Refusal):
    code = "not_approved"
    what = _("Version %(number)s is not approved.")
    remedy = _("Submit it for review, and have an editor approve it.")


class ChecklistFailed(Refusal):
    """Carries `items`, the checklist's failed entries."""

    code = "checklist"
    what = _("The story is not complete: %(missing)s")
    remedy = _("Complete it, save, and try again.")


class AlreadyPublic(Refusal):
    code = "already_public"
    what = _("Readers already see version %(number)s.")
    remedy = _("Save a change before you publish again.")


class Killed(Refusal):
    code = "killed"
    what = _("The story was killed. It cannot come back.")
    remedy = _("Start a new story.")


class NoSuchRevision(Refusal):
    code = "no_such_revision"
    what = _("The story has no version %(number)s.")
    remedy = _("Reload the page to see its versions.")


class RevisionPurged(Refusal):
    code = "revision_purged"
    what = _("Version %(number)s was purged.")
    remedy = _("Choose another version.")


class StaleRevision(Refusal):
    code = "stale_revision"
    what = _("Version %(number)s is not the newest: version %(newest)s was saved since.")
    remedy = _("Read the newest version, then decide again.")


# Moments


class MomentPassed(Refusal):
    code = "moment_passed"
    what = _("That moment has passed.")
    remedy = _("Choose a moment to come, or act now.")


class EndsBeforeItBegins(Refusal):
    code = "ends_before_it_begins"
    what = _("The story would end before it begins.")
    remedy = _("Choose a later end.")


# What readers see


class NothingPublic(Refusal):
    code = "nothing_public"
    what = _("Readers do not see the story now.")
    remedy = _("If it is scheduled, cancel the schedule.")


class NothingPlanned(Refusal):
    code = "nothing_planned"
    what = _("Nothing is scheduled for this story.")
    remedy = _("Reload the page to see how it stands.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    what = _("A reason is missing.")
    remedy = _("Write a sentence or two.")


class GroundMissing(Refusal):
    code = "ground_missing"
    what = _("The ground is missing.")
    remedy = _("Choose one from the list.")


# The desk


class WrongDeskState(Refusal):
    code = "wrong_desk_state"
    what = _("That is not possible while the story's state is “%(state)s”.")
    remedy = _("Reload the page to see how it stands.")


class AlreadyHeld(Refusal):
    code = "already_held"
    what = _("The story is on hold already.")
    remedy = _("Lift the hold to give another reason.")


class NotHeld(Refusal):
    code = "not_held"
    what = _("The story is not on hold.")
    remedy = _("Reload the page to see how it stands.")


# Purging


class NewestRevision(Refusal):
    code = "newest_revision"
    what = _("Version %(number)s is the newest: the working copy still holds its text.")
    remedy = _("Take the text out of the story, save, then purge.")


class RevisionPublic(Refusal):
    code = "revision_public"
    what = _("Version %(number)s is published or scheduled.")
    remedy = _("Withdraw the story, or publish another version, and cancel what is scheduled.")


class NotRequested(Refusal):
    code = "not_requested"
    what = _("Nobody has asked for version %(number)s to be purged.")
    remedy = _("Ask for it first; another person then confirms.")


class SecondPersonNeeded(Refusal):
    code = "second_person_needed"
    what = _("Who asked for a version to be purged cannot confirm it.")
    remedy = _("Another person with this right has to confirm.")


# Topics


class MergedIntoItself(Refusal):
    code = "merged_into_itself"
    what = _("A topic cannot be merged into itself, or into one that was merged into it.")
    remedy = _("Choose another target.")
