"""What the buttons of the editor do after they saved: one row an action, each calling one service of the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import permissions, publishing, revisions, workflow
from articles.admin.standing import Standing
from articles.forms import ActionForm, NoQuestions, NoteForm, PublishForm, ReasonForm, ScheduleForm
from articles.models import Article
from articles.notice_forms import CorrectForm
from newsroom.core.models import User
from newsroom.core.templatetags.newsroom_time import moment

# The name of every action button; its value is the action's.
FIELD = "_do"
# Names an action that was pressed and not done, while its answers travel with the form.
WAITING = "_waiting"


@dataclass(frozen=True)
class Act:
    """One pressed action: on what, by whom, when, with which answers."""

    article: Article
    by: User
    at: datetime
    form: Any

    @property
    def answers(self) -> dict[str, Any]:
        """What was filled in."""
        found: dict[str, Any] = self.form.cleaned_data
        return found

    @property
    def newest(self) -> int:
        """The number of the revision that the press saved, or of the one it left as it was."""
        revision = revisions.latest(self.article)
        return revision.number if revision else 0


@dataclass(frozen=True)
class Action:
    """One button: who may press it, when it makes sense, what it asks, what it does and says."""

    name: str
    icon: str
    label: str | Promise
    # Whether the user may; asked again when the button was pressed.
    may: Callable[[Any, Article], bool]
    # Whether the button is shown. The service has the last word.
    fits: Callable[[Standing], bool]
    run: Callable[[Act], str]
    form: type[ActionForm] = NoQuestions
    # Pressed without the rest of the form where the text must not be touched.
    is_danger: bool = False

    @property
    def asks(self) -> bool:
        """Whether the button opens questions before it acts."""
        return self.form is not NoQuestions

    @property
    def prefix(self) -> str:
        """What the names of its questions begin with."""
        return f"act-{self.name}"

    def bind(self, data: Any = None, *, article: Article | None) -> ActionForm:
        """Return the action's form for a story; its fields are prefixed with the action's name."""
        return self.form(data, prefix=self.prefix, label_suffix="", article=article)


def _submit(act: Act) -> str:
    workflow.submit(act.article, by=act.by, at=act.at)
    return gettext("Submitted. An editor reads it next.")


def _approve(act: Act) -> str:
    workflow.approve(act.article, revision=act.newest, by=act.by, at=act.at)
    return gettext("Approved: revision %(number)s.") % {"number": act.newest}


def _send_back(act: Act) -> str:
    voided = workflow.send_back(act.article, by=act.by, at=act.at, note=act.answers["note"])
    return _with_voided(gettext("Sent back with your note."), len(voided))


def _hold(act: Act) -> str:
    voided = workflow.hold(act.article, by=act.by, at=act.at, reason=act.answers["reason"])
    return _with_voided(gettext("Held. Nothing of it is published until the hold is lifted."), len(voided))


def _lift_hold(act: Act) -> str:
    workflow.lift_hold(act.article, by=act.by, at=act.at)
    return gettext("Hold lifted. What the hold cancelled stays cancelled.")


def _publish(act: Act) -> str:
    outcome = publishing.publish(
        act.article, revision=act.newest, by=act.by, at=act.at, change_note=act.answers.get("change_note", "")
    )
    said = gettext("Published: revision %(number)s.") % {"number": act.newest}
    if outcome.kept:
        said += " " + gettext("The update planned for %(moment)s stays.") % {
            "moment": moment(outcome.kept.visible_from)
        }
    return _with_notices(said, outcome)


def _schedule(act: Act) -> str:
    outcome = publishing.schedule(
        act.article,
        revision=act.newest,
        visible_from=act.answers["visible_from"],
        by=act.by,
        at=act.at,
        change_note=act.answers["change_note"],
    )
    said = gettext("Scheduled: revision %(number)s, %(moment)s.") % {
        "number": act.newest,
        "moment": moment(outcome.publication.visible_from),
    }
    return _with_notices(_with_voided(said, len(outcome.voided)), outcome)


def _correct(act: Act) -> str:
    common: dict[str, Any] = {"revision": act.newest, "by": act.by, "at": act.at, "notice": act.form.draft()}
    visible_from = act.answers["visible_from"]
    if visible_from is None:
        outcome = publishing.publish(act.article, **common)
        said = gettext("Published with the correction: revision %(number)s.") % {"number": act.newest}
        if outcome.kept:
            when = moment(outcome.kept.visible_from)
            said += " " + gettext("The update planned for %(moment)s stays.") % {"moment": when}
        return _with_notices(said, outcome)
    outcome = publishing.schedule(act.article, visible_from=visible_from, **common)
    when = moment(outcome.publication.visible_from)
    said = gettext("Scheduled with the correction: revision %(number)s, %(moment)s.") % {
        "number": act.newest,
        "moment": when,
    }
    return _with_notices(_with_voided(said, len(outcome.voided)), outcome)


def _with_notices(said: str, outcome: publishing.Outcome) -> str:
    """Add what became of the correction that was planned."""
    if outcome.moved:
        return " ".join([said, gettext("The correction planned with it comes along.")])
    if outcome.dropped:
        return " ".join([said, gettext("The correction that was planned does not come; the form keeps its words.")])
    return said


def _cancel(act: Act) -> str:
    publishing.cancel(act.article, by=act.by, at=act.at)
    return gettext("Schedule cancelled. What readers see now stays.")


def _expire(act: Act) -> str:
    outcome = publishing.expire(act.article, by=act.by, at=act.at)
    return _with_voided(gettext("Ended. Readers no longer see the story."), len(outcome.voided))


def _with_voided(said: str, voided: int) -> str:
    return " ".join([said, gettext("The publication that was planned is cancelled.")]) if voided else said


ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action("submit", "right", _("Submit"), permissions.can_submit, lambda now: now.may_be_submitted, _submit),
        Action("approve", "check", _("Approve"), permissions.can_approve, lambda now: now.is_in_review, _approve),
        Action("publish", "globe", _("Publish now"), permissions.can_publish, lambda now: now.may_go_out, _publish),
        Action(
            "update",
            "globe",
            _("Publish update"),
            permissions.can_publish,
            lambda now: now.may_update,
            _publish,
            PublishForm,
        ),
        Action(
            "correct",
            "warning",
            _("Publish with correction…"),
            permissions.can_publish,
            lambda now: now.may_correct,
            _correct,
            CorrectForm,
        ),
        Action("lift_hold", "undo", _("Lift hold"), permissions.can_hold, lambda now: now.may_be_resumed, _lift_hold),
        Action(
            "schedule",
            "clock",
            _("Schedule…"),
            permissions.can_publish,
            lambda now: now.may_be_planned,
            _schedule,
            ScheduleForm,
        ),
        Action(
            "send_back",
            "back",
            _("Send back…"),
            permissions.can_send_back,
            lambda now: not now.is_killed,
            _send_back,
            NoteForm,
        ),
        Action("hold", "bars", _("Hold…"), permissions.can_hold, lambda now: now.may_be_held, _hold, ReasonForm),
        Action("cancel", "cross", _("Cancel schedule"), permissions.can_publish, lambda now: now.is_planned, _cancel),
        Action(
            "expire", "slash", _("End now"), permissions.can_publish, lambda now: now.is_live, _expire, is_danger=True
        ),
    )
}


def pressed(request: HttpRequest) -> Action | None:
    """Return the action whose button sent this form; None for a plain save, or a name that is none."""
    return ACTIONS.get(request.POST.get(FIELD, "")) if request.method == "POST" else None


def waiting(request: HttpRequest) -> Action | None:
    """Return the action this form pressed, or has carried since, if there are answers of it to keep."""
    action = pressed(request) or ACTIONS.get(request.POST.get(WAITING, ""))
    return action if action and any(value.strip() for _name, value in answers(request.POST, action)) else None


def answers(data: Mapping[str, str], action: Action) -> list[tuple[str, str]]:
    """Return name and value of everything a post answers to the questions of an action."""
    return [(name, value) for name, value in data.items() if name.startswith(f"{action.prefix}-")]


def offered(user: Any, article: Article, standing: Standing) -> Iterator[Action]:
    """Yield the actions this user has for the story as it stands."""
    for action in ACTIONS.values():
        if action.fits(standing) and action.may(user, article):
            yield action


def primary(offer: list[Action], standing: Standing) -> Action | None:
    """Return the one action that is next; None where nothing is, and saving is all there is to do."""
    by_name = {action.name: action for action in offer}
    if standing.is_held:
        wanted = ["lift_hold"]
    elif standing.is_embargoed and standing.is_approved:
        wanted = ["schedule"]
    elif standing.is_approved:
        wanted = ["update", "publish"]
    else:
        wanted = ["approve", "submit"]
    return next((by_name[name] for name in wanted if name in by_name), None)
