"""The rule book at the desk: one page, every limit with a sentence and its default."""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comments import permissions
from comments.models import RuleBook
from comments.models.rulebook import PK
from comments.moderation import rulebook
from newsroom.core.forms import UnlabelledInput
from newsroom.core.models import AuditEntry
from newsroom.core.templatetags.newsroom_time import moment

WORDS = {
    "links_allowed": _("A comment with more links waits for a moderator. Default: 0, every link is looked at."),
    "min_seconds": _("What is sent sooner after the form was opened waits. Default: 3."),
    "address_limit": _(
        "More from one internet address within ten minutes are not taken; the text is kept. Default: 10."
    ),
    "network_limit": _("The same for a whole network, which many honest readers share. Default: 100."),
    "twin_days": _(
        "The same words sent again within so many days wait. 0: repetitions are not looked for. Default: 30."
    ),
    "longest_unread": _("Longer comments wait. Default: 5000, which is as long as a comment can be."),
    "holds_first_time": _(
        "Where comments appear at once, the first one under an address waits. An address proves nothing: a known one "
        "is spared no other rule. Default: off."
    ),
    "holds_brands": _("Words such as mega88 wait: so gambling sites advertise without a link. Default: on."),
    "holds_disguise": _("Words in look-alike, spaced or boxed letters wait. Default: on."),
    "close_after_days": _(
        "Counted from a story's first publication, exact to the second; readers are told the day. A story's own time "
        "goes before. Empty: conversations stay open. Default: empty."
    ),
}


class RuleBookForm(forms.ModelForm[RuleBook]):
    """All limits, and the version they were read at."""

    seen = forms.IntegerField(widget=UnlabelledInput, min_value=0, max_value=2**31 - 1)

    class Meta:
        model = RuleBook
        fields = rulebook.FIELDS
        help_texts = WORDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["seen"].initial = self.instance.version
        # The form writes what was typed into its instance.
        self.in_force = copy(self.instance)

    def clean(self) -> dict[str, Any]:
        """Refuse what rests on limits that are no longer in force; say beside each what is, and who set it last.

        The form that goes back names the version it now tells of: sent again, it is a decision.
        """
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("seen") in (None, self.in_force.version):
            return cleaned
        self.data = {**self.data.dict(), "seen": self.in_force.version}
        last = AuditEntry.objects.about(self.in_force).select_related("by").order_by("-pk").first()
        set_by = {"name": (last and last.by) or "—", "at": moment(last.at if last else None)}
        for name in rulebook.FIELDS:
            stands = getattr(self.in_force, name)
            if name in cleaned and cleaned[name] != stands:
                self.add_error(name, _("In force: %(value)s") % {"value": in_words(stands)})
        raise ValidationError(
            _(
                "%(name)s set limits on %(at)s, after you opened this page. Nothing of yours is saved yet: where yours "
                "differ, what is in force stands beside them. Save again to set yours."
            )
            % set_by
        )


def in_words(limit: int | bool | None) -> str | Promise:
    """Return a limit as the desk reads it."""
    if isinstance(limit, bool):
        return _("on") if limit else _("off")
    return _("none") if limit is None else str(limit)


@admin.register(RuleBook)
class RuleBookAdmin(admin.ModelAdmin[RuleBook]):
    """The one rule book. Reading it writes nothing: until somebody sets a limit, the defaults are shown."""

    class Media:
        css = {"all": ["desk/queue-rules.css"]}

    form = RuleBookForm
    fieldsets = (
        (_("What waits for a moderator"), {"fields": ("seen", *rulebook.FIELDS[:2], *rulebook.FIELDS[4:9])}),
        (_("How much is taken"), {"fields": rulebook.FIELDS[2:4]}),
        (_("How long"), {"fields": ("close_after_days",)}),
    )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> RuleBook | None:
        """Return the rule book, stored or not."""
        return rulebook.current() if object_id == str(PK) else None

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Open the one there is."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("admin:comments_rulebook_change", args=[PK]))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Give the page its title. Who is overtaken between the form and the service gets the form's answer too."""
        context = {"title": RuleBook._meta.verbose_name, "subtitle": None, **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except rulebook.Overtaken:
            return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: RuleBook, form: Any, change: bool) -> None:
        """Set the limits by the service."""
        values = {name: form.cleaned_data[name] for name in rulebook.FIELDS}
        seen = form.cleaned_data["seen"]
        rulebook.change(values, version=seen, by=request.user, at=timezone.now())  # type: ignore[arg-type]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever keeps the rules."""
        return permissions.can_keep_rules(request.user)

    def has_view_permission(self, request: HttpRequest, obj: RuleBook | None = None) -> bool:
        """Whoever keeps the rules."""
        return permissions.can_keep_rules(request.user)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RuleBook | None = None) -> bool:
        """There is always one."""
        return False
