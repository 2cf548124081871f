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


# Corrections and replies


class NoticeEmpty(Refusal):
    code = "notice_empty"
    what = _("The correction says nothing.")
    remedy = _("Choose what it is, and write what readers are told.")


class NothingToCorrect(Refusal):
    code = "nothing_to_correct"
    what = _("Readers never saw the story, so there is nothing to correct.")
    remedy = _("Change the text, and publish it without a correction.")


class NoticeNotShown(Refusal):
    code = "notice_not_shown"
    what = _("Readers do not see this correction now.")
    remedy = _("If it is scheduled, cancel the schedule; if the story is gone, publish it again first.")


class NoticeTakenBack(Refusal):
    code = "notice_taken_back"
    what = _("This correction was taken back already.")
    remedy = _("Reload the page to see when and why.")


class ReplyElsewhere(Refusal):
    code = "reply_elsewhere"
    what = _("Only a right of reply has a story of its own, and that is another story than the one it answers.")
    remedy = _("Give the number of the reply's own story, or leave it empty.")


class RequestNotAccepted(Refusal):
    code = "request_not_accepted"
    what = _("This request for a reply is not an accepted one of this story.")
    remedy = _("Decide on the request first.")


class AlreadyDecided(Refusal):
    code = "already_decided"
    what = _("This request was decided already: %(state)s.")
    remedy = _("Reload the page to see the decision.")


class TooManyRequests(Refusal):
    code = "too_many_requests"
    what = _("Many requests came from your connection just now.")
    remedy = _("Wait an hour, then send yours again. Nothing you typed is lost.")


class RequestForgotten(Refusal):
    code = "request_forgotten"
    what = _("What this request said was deleted, since its time was up.")
    remedy = _("Ask the sender to write again.")


# Translations


class TranslatesItself(Refusal):
    code = "translates_itself"
    what = _("A story cannot be a translation of itself.")
    remedy = _("Give the number of the story it was translated from.")


class SameLanguage(Refusal):
    code = "same_language"
    what = _("Both stories are in the same language.")
    remedy = _("Change the language of one of them, or choose another story.")


class TranslationChain(Refusal):
    code = "translation_chain"
    what = _("A translation is linked to the story that was written first, never to another translation.")
    remedy = _("Link it to story %(source)s.")


class HasTranslations(Refusal):
    code = "has_translations"
    what = _("This story has translations itself.")
    remedy = _("Unlink them first, or link the two stories the other way round.")


class LanguageTaken(Refusal):
    code = "language_taken"
    what = _("The story has a translation into this language already: story %(taken)s.")
    remedy = _("Unlink that one first.")


class NotATranslation(Refusal):
    code = "not_a_translation"
    what = _("The story is not linked to a source.")
    remedy = _("Reload the page to see how it stands.")


class NothingToTranslate(Refusal):
    code = "nothing_to_translate"
    what = _("The story was never saved, or its newest version was purged.")
    remedy = _("Save it first.")


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


# Pictures


class UnfitPicture(Refusal):
    """The file is not taken. `why` is one of WHY's keys, the facts are those of articles.imaging.errors.Unfit."""

    code = "unfit_picture"
    what = _("This file is not taken as a picture.")
    remedy = _("Export it as JPEG or PNG and upload that.")
    WHY: ClassVar[dict[str, tuple[str | Promise, str | Promise]]] = {
        "too_many_bytes": (_("The file is larger than %(most)s MB."), _("Export a smaller copy and upload that.")),
        "too_many_pixels": (
            _("The picture has %(width)s × %(height)s pixels, more than %(most)s million."),
            _("Export a smaller copy and upload that."),
        ),
        "too_small": (_("The picture has only %(width)s × %(height)s pixels."), _("Find a larger copy.")),
        "svg": (_("This is an SVG drawing, which can hold programs."), _("Export it as PNG and upload that.")),
        "heic": (_("This is a HEIC photo, as telephones take them."), _("Export it as JPEG and upload that.")),
        "not_a_picture": (
            _("By its content this is no JPEG, PNG, WebP, AVIF or GIF picture."),
            _("Export it as one of these and upload that."),
        ),
        "empty": (_("The file is empty."), _("Choose it again.")),
        "mislabelled": (
            _("The file's name ends in “.%(extension)s”, its content is %(kind)s."),
            _("Rename it or export it anew, and make sure that it is the file you mean."),
        ),
        "polyglot": (
            _("Besides a picture the file holds something that could be run: a page, a program or an archive."),
            _("Export the picture anew from an editing program, and ask where the file came from."),
        ),
        "moving": (_("Moving pictures are not taken."), _("Export one frame as JPEG or PNG.")),
        "truncated": (_("The file breaks off before the picture is complete."), _("Copy or download it again.")),
        "damaged": (_("The picture cannot be read: the file is damaged."), _("Open it in a program and export it.")),
        "too_complex": (_("The picture cannot be read within the limits."), _("Export it as a plain JPEG.")),
        "busy": (_("Too many pictures are being read at this moment."), _("Wait a little, then upload it again.")),
    }

    def __init__(self, why: str = "", **facts: Any) -> None:
        self.why = why
        super().__init__(**facts)

    def __str__(self) -> str:
        words = self.WHY.get(self.why, (self.what, self.remedy))
        return " ".join(str(part) % self.facts for part in words)


class PictureTakenDown(Refusal):
    code = "picture_taken_down"
    what = _("This picture was taken down.")
    remedy = _("It cannot come back. Choose another.")


class StalePicture(Refusal):
    code = "stale_picture"
    what = _("Somebody else changed this picture since you opened it.")
    remedy = _("Reload the page, then make your change again.")


# Standing pages


class PageChanged(Refusal):
    code = "page_changed"
    what = _("Somebody else saved this page since you opened it.")
    remedy = _("Nothing is lost: their text is among the versions, yours stands below. Save again to put yours on top.")


class PageEmpty(Refusal):
    code = "page_empty"
    what = _("The page has no text in Indonesian.")
    remedy = _("Write it first; until then readers do not see the page.")
