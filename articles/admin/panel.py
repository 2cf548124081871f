"""The panel beside the text: three lanes, what is missing, the actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from articles import checklist, payloads, permissions, visits
from articles.admin import actions, answers, media_panel, translating
from articles.admin.actions import Action
from articles.admin.standing import Standing, standing
from articles.models import Article
from newsroom.core import richtext, text

WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class Button:
    """An action as the panel shows it."""

    action: Action
    label: str
    form: forms.Form
    is_primary: bool
    # Whether it holds answers to an action that was not pressed.
    is_answered: bool = False

    @property
    def verb(self) -> str:
        """The words on the button below the questions: the same verb, with nothing more to come."""
        return self.label.rstrip("…")

    @property
    def is_open(self) -> bool:
        """Whether its questions are shown at once: there are answers to look at."""
        return self.is_answered or (self.form.is_bound and bool(self.form.errors))


def context(request: HttpRequest, article: Article | None, bound: forms.Form | None) -> dict[str, Any]:
    """Return what the change form's own template needs; `bound` is the form of the action that was pressed, if any."""
    if article is None:
        return {"panel": None, "may_save": permissions.can_add(request.user)}
    now = standing(article, at=timezone.now())
    user = request.user
    may_change = permissions.can_change(user, article)
    offer = list(actions.offered(user, article, now)) if may_change else []
    return {
        "panel": now,
        "may_save": may_change,
        "buttons": _buttons(user, offer, now, bound, answers.at_hand(request, article) if may_change else {}),
        "checks": checks(now),
        "visits": visits.of(article.pk, at=now.at) if now.current else None,
        "siblings": translating.summary(article, at=now.at),
        "hints": hints(user, now) if may_change else [locked(user, article)],
        "may_withdraw": now.current is not None
        and not now.is_killed
        and now.public != "withdrawn"
        and permissions.can_withdraw(user, article),
        "may_kill": not now.is_killed and permissions.can_kill(user, article),
    }


def _buttons(
    user: Any, offer: list[Action], now: Standing, bound: forms.Form | None, typed: answers.Typed
) -> list[Button]:
    """Return the buttons, what is next first; an action with answers keeps its place though it fits no longer.

    Not where the user may not do it: its questions may name people.
    """
    first = actions.primary(offer, now)
    ordered = sorted(offer, key=lambda action: action is not first)
    pressed = next((action for action in actions.ACTIONS.values() if bound and bound.prefix == action.prefix), None)
    answered = [*([pressed] if pressed and pressed.asks else []), *(actions.ACTIONS[name] for name in typed)]
    for action in answered:
        if action not in ordered and action.may(user, now.article):
            ordered.append(action)
    return [
        Button(
            action,
            label(action, now),
            bound
            if bound is not None and action is pressed
            else answers.asked_with(action.bind(article=now.article), typed.get(action.name, {})),
            action is first,
            is_answered=action.name in typed,
        )
        for action in ordered
    ]


def label(action: Action, now: Standing) -> str:
    """Return the words on the button; approving names the revision it is about."""
    if action.name == "approve" and now.newest:
        return gettext("Approve revision %(number)s") % {"number": now.newest.number}
    return str(action.label)


def checks(now: Standing) -> dict[str, Any]:
    """Return what the checklist says of the newest revision: what is missing, what is suggested, what is well."""
    if now.newest is None or now.newest.purged_at:
        return {"todo": [], "well": [], "missing": 0, "suggested": 0}
    items = checklist.run(payloads.read(now.newest), at=timezone.now())
    failed = checklist.failed(items)
    warned = [item for item in items if item.level == checklist.Level.WARN]
    return {
        "todo": [{"item": item, "url": remedy_url(item)} for item in (*failed, *warned)],
        "well": [item.label for item in items if item.level == checklist.Level.OK],
        "missing": len(failed),
        "suggested": len(warned),
    }


def remedy_url(item: checklist.Item) -> str:
    """Return where a check is answered: the picture's page, a field of this one, or one of its groups of rows."""
    if item.picture:
        return media_panel.picture_url(item.picture, "#picture")
    return (
        f"#{item.field}-group"
        if item.field in {"bylines", "article_topics", "sources", "milestones"}
        else f"#id_{item.field}"
    )


def hints(user: Any, now: Standing) -> list[str]:
    """Say why an action one may look for is not there."""
    found = []
    if now.is_killed:
        found.append(gettext("The story was killed. Nothing can be published after it."))
    elif now.is_held:
        found.append(gettext("Publishing returns when the hold is lifted."))
    elif not permissions.can_publish(user, now.article):
        found.append(gettext("An editor approves and publishes."))
    elif not now.is_approved:
        found.append(gettext("Publishing and scheduling appear once the story is approved."))
    elif now.is_embargoed:
        found.append(gettext("Until the embargo ends the story can be scheduled, not published."))
    elif now.is_live and not now.has_changes:
        found.append(gettext("Readers see the newest revision. An update appears when you save a change."))
    return found


def locked(user: Any, article: Article) -> str:
    """Say why the user may not change the story, and who may."""
    if not user.has_perm("articles.change_article"):
        return gettext("Its reporters and editors may change it.")
    if user.has_perm("articles.change_any_article"):
        return gettext("You edit other sections. The editors of this section and the chief editor may change it.")
    if permissions.is_own(user, article):
        return gettext(
            "The story is with the editors since it was approved. To change it again, ask an editor to send it back."
        )
    return gettext("Whoever began it, those in its byline, and editors may change it.")


def length(article: Article | None) -> dict[str, int]:
    """Return the words of the text and the minutes to read them, as the line under the editor shows them."""
    words = len(text.words(richtext.plain_text(article.body))) if article and article.body else 0
    return {"words": words, "minutes": max(1, round(words / WORDS_A_MINUTE)) if words else 0}
