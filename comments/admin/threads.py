"""How the conversation under a story is kept: below the story's form, and as a list of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Publication
from articles.widgets import MomentField, MomentInput
from comments import permissions, threads
from comments.models import RuleBook, Thread
from newsroom.core.templatetags.newsroom_time import moment


class ThreadForm(forms.ModelForm[Thread]):
    """Mode and closing time. Saved by the service, so that the page of the story follows and the log knows."""

    class Meta:
        model = Thread
        fields = ("mode", "closes_at", "ignores_age")
        field_classes = {"closes_at": MomentField}
        widgets = {"closes_at": MomentInput()}
        help_texts = {
            "mode": _("Whether comments are taken, and whether one waits for a moderator."),
            "closes_at": _("From then on no comments are taken. Empty: by the age set for all stories, if one is."),
            "ignores_age": _("The age set for all stories does not close this one."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        # Readers have no way yet to confirm an address: whoever chose it would have chosen moderation.
        unused = {Thread.Mode.CONFIRMED.value} - {self.instance.mode}
        mode: Any = self.fields["mode"]
        mode.choices = [choice for choice in mode.choices if choice[0] not in unused]


class ThreadFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The one thread of a story, made and changed by comments.threads.keep."""

    request: HttpRequest

    def save_new(self, form: ModelForm[Thread], commit: bool = True) -> Thread:
        """Keep the thread of a story that had none."""
        return self._keep(form)

    def save_existing(self, form: ModelForm[Thread], obj: Thread, commit: bool = True) -> Thread:
        """Keep the thread as it is set now."""
        return self._keep(form)

    def _keep(self, form: ModelForm[Thread]) -> Thread:
        data = form.cleaned_data
        return threads.keep(
            self.instance.pk,
            mode=data["mode"],
            closes_at=data["closes_at"],
            ignores_age=data["ignores_age"],
            by=self.request.user,  # type: ignore[arg-type]
            at=timezone.now(),
        )


class ThreadInline(admin.StackedInline[Thread, Article]):
    """The settings of the conversation, on the form of its story."""

    model = Thread
    form = ThreadForm
    formset = ThreadFormSet
    extra = 1
    max_num = 1
    can_delete = False
    verbose_name = verbose_name_plural = _("Conversation")

    def get_formset(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> Any:
        """Let the formset know who is saving."""
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (formset,), {"request": request})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may keep threads."""
        return permissions.can_keep_thread(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may keep the thread of this story."""
        return permissions.can_keep_thread(request.user, obj)

    has_add_permission = has_change_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A conversation is closed, never deleted."""
        return False


@admin.register(Thread)
class ThreadAdmin(admin.ModelAdmin[Thread]):
    """Conversations, each under its story."""

    form = ThreadForm
    list_display = ("article", "mode", "closing", "visible_count")
    list_filter = ("mode",)
    search_fields = ("article__title",)
    list_select_related = ("article",)
    ordering = ("-id",)
    actions = None
    fields = ("article", "mode", "closes_at", "ignores_age", "visible_count")
    readonly_fields = ("article", "visible_count")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Thread]:
        """Leave the stories' texts unread."""
        first = Publication.objects.standing().filter(article=OuterRef("article"), kind=Publication.Kind.STORY)
        return (
            super()
            .get_queryset(request)
            .select_related("article")
            .defer("article__body")
            .annotate(
                first_published_at=Subquery(first.order_by("visible_from").values("first_published_at")[:1]),
                days=Subquery(RuleBook.objects.values("close_after_days")[:1]),
            )
        )

    @admin.display(description=_("closes"), ordering="closes_at")
    def closing(self, thread: Thread) -> str:
        """Return when it closes by itself, by its own time or by its age."""
        return moment(thread.closing(thread.first_published_at, thread.days))  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Thread, form: Any, change: bool) -> None:
        """Keep the thread by the service."""
        threads.keep(
            obj.article_id,
            mode=obj.mode,
            closes_at=obj.closes_at,
            ignores_age=obj.ignores_age,
            by=request.user,  # type: ignore[arg-type]
            at=timezone.now(),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Threads are made with the first comment or the first setting."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Thread | None = None) -> bool:
        """A conversation is closed, never deleted."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Thread | None = None) -> bool:
        """Whoever may keep this one."""
        return permissions.can_keep_thread(request.user, obj.article if obj else None)

    def has_view_permission(self, request: HttpRequest, obj: Thread | None = None) -> bool:
        """Whoever may keep threads."""
        return permissions.can_keep_thread(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may keep threads."""
        return permissions.can_keep_thread(request.user)
