"""Corrections as records, and the requests for a right of reply with their deadlines and decisions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles import permissions, publishing, replies
from articles.admin.story_page import editor_url, staff
from articles.models import Article, Notice, Publication, ReplyRequest
from articles.notice_forms import DecideForm, TakeBackForm
from articles.refusals import Refusal
from newsroom.core.deadlines import clock_for
from newsroom.core.templatetags.newsroom_time import moment


class WrittenOnce(admin.ModelAdmin[Any]):
    """Records that services write and people read."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("story"))
    def story(self, obj: Notice | ReplyRequest) -> SafeString:
        return format_html('<a href="{}">{}</a>', editor_url(obj.article), obj.article.title)


class TakenBackFilter(admin.SimpleListFilter):
    """Whether a correction still holds."""

    title = _("state")
    parameter_name = "taken_back"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Holds")), ("yes", pgettext_lazy("correction", "Taken back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        """Keep those; anything else in the address keeps all."""
        if self.value() in ("no", "yes"):
            return queryset.filter(taken_back_at__isnull=self.value() == "no")
        return queryset


@admin.register(Notice)
class NoticeAdmin(WrittenOnce):
    """Every correction ever written, those that never came included."""

    list_display = ("opening", "kind", "story", "state", "since", "by")
    list_filter = ("kind", "is_grave", TakenBackFilter)
    search_fields = ("text", "article__title")
    ordering = ("-pk",)

    def has_view_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        """Let in who works on stories: moderators find what readers see in the public log."""
        return request.user.has_perm("articles.change_article")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        at = timezone.now()
        found = super().get_queryset(request).select_related("article", "carrier", "by", "taken_back_by")
        is_public = Case(When(pk__in=Notice.objects.public(at), then=Value(1)), default=Value(0))
        is_planned = Case(When(carrier__in=Publication.objects.planned(at), then=Value(1)), default=Value(0))
        return found.annotate(is_public=is_public, is_planned=is_planned)

    def change_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a correction; take it back when that is sent."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        notice = self.get_object(request, object_id)
        if notice is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return show(request, self, notice)

    @admin.display(description=_("text"))
    def opening(self, obj: Notice) -> str:
        return obj.text if len(obj.text) <= 120 else f"{obj.text[:119].rstrip()}…"

    @admin.display(description=_("readers"))
    def state(self, obj: Any) -> str:
        if obj.is_public:
            return gettext("Taken back, on the story") if obj.taken_back_at else gettext("On the story")
        return gettext("Planned") if obj.is_planned else gettext("Not shown")

    @admin.display(description=_("since"), ordering="carrier__visible_from")
    def since(self, obj: Notice) -> str:
        return moment(obj.carrier.visible_from)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show(request: HttpRequest, model_admin: NoticeAdmin, notice: Notice) -> HttpResponse:
    """Show a correction, and to whoever may publish the form to take it back; do that."""
    may = permissions.can_publish(request.user, notice.article)
    form = TakeBackForm(request.POST if request.method == "POST" else None, label_suffix="")
    status, refusal = 200, None
    if form.is_bound:
        if not may:
            raise PermissionDenied
        status = 422
        if form.is_valid():
            try:
                publishing.take_back_notice(
                    notice, reason=form.cleaned_data["reason"], by=staff(request), at=timezone.now()
                )
                messages.success(request, gettext("Taken back. Readers see it struck out, with the reason."))
                return HttpResponseRedirect(request.path)
            except Refusal as refused:
                refusal, status = refused, 409
    current = model_admin.get_queryset(request).get(pk=notice.pk)
    is_open = may and current.is_public and not current.taken_back_at
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": current.get_kind_display(),
        "notice": current,
        "state": model_admin.state(current),
        # What was typed stands there also when it was refused.
        "form": form if is_open or form.is_bound else None,
        "refusal": refusal,
        "live": Publication.objects.live(timezone.now()).filter(article=current.article).first(),
        "editor_url": editor_url(current.article),
    }
    return TemplateResponse(request, "admin/articles/notice.html", context, status=status)


@admin.register(ReplyRequest)
class ReplyRequestAdmin(WrittenOnce):
    """Requests for a right of reply, the most pressing first."""

    list_display = ("person", "state_and_clock", "story", "received")
    list_display_links = ("person",)
    list_filter = ("state", "is_doubtful")
    search_fields = ("name", "article__title")
    list_select_related = ("article",)

    def has_view_permission(self, request: HttpRequest, obj: ReplyRequest | None = None) -> bool:
        """Let in who may decide: a request names people."""
        if obj is None:
            return permissions.can_see_replies(request.user)
        return permissions.can_decide_reply(request.user, obj.article)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReplyRequest]:
        """Return the requests about stories this user decides on; what waits comes first, honest ones before others."""
        found = super().get_queryset(request)
        bound = permissions.sections_of(request.user)
        if bound and not request.user.has_perm("articles.work_in_every_section"):
            found = found.filter(article__section__in=bound)
        waits = Case(When(state=ReplyRequest.State.WAITING, then=Value(0)), default=Value(1))
        return found.order_by(waits, "is_doubtful", "due_at", "-pk")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ()

    @admin.display(description=_("from"))
    def person(self, obj: ReplyRequest) -> SafeString:
        return format_html('{}<br><span class="quiet">{}</span>', obj.name, obj.capacity)

    @admin.display(description=_("state"))
    def state_and_clock(self, obj: ReplyRequest) -> SafeString:
        return SafeString(render_to_string("admin/articles/_reply_state.html", clock_context(obj)))

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, obj: ReplyRequest) -> str:
        return moment(obj.received_at)

    def change_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a request with what it is about, and take the decision."""
        return decide(self, request, object_id)


def clock_context(found: ReplyRequest) -> dict[str, Any]:
    """Return how a request stands: its state, its clock while it waits, and whether readers got the reply."""
    waits = found.state == ReplyRequest.State.WAITING
    clock = clock_for(found.received_at, at=timezone.now()) if waits else None
    return {"reply": found, "clock": clock}


def requested(request: HttpRequest, object_id: str) -> ReplyRequest:
    """Return the request if this user may decide on it. Raises Http404 for none, PermissionDenied."""
    if not permissions.can_see_replies(request.user):
        raise PermissionDenied
    try:
        pk = ReplyRequest._meta.pk.to_python(object_id)
        found = ReplyRequest.objects.select_related("article", "publication").filter(pk=pk).first()
    except (ValidationError, OverflowError):
        found = None
    if found is None:
        raise Http404
    if not permissions.can_decide_reply(request.user, found.article):
        raise PermissionDenied
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def decision(request: HttpRequest, model_admin: ReplyRequestAdmin, found: ReplyRequest) -> HttpResponse:
    """Show the request and the form of the decision; do what was decided."""
    initial = {"reply": replies.signed(found)}
    form = DecideForm(request.POST if request.method == "POST" else None, initial=initial, label_suffix="")
    status, refusal = 200, None
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                messages.success(request, decided(request, found, form.cleaned_data))
                return HttpResponseRedirect(reverse("admin:articles_replyrequest_changelist"))
            except Refusal as refused:
                refusal, status = refused, 409
    live = Publication.objects.live(timezone.now()).filter(article=found.article).first()
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": gettext("Right of reply"),
        "form": form,
        "refusal": refusal,
        "live": live,
        "editor_url": editor_url(found.article),
        "notice": Notice.objects.of_standing_carriers()
        .filter(request=found, taken_back_at__isnull=True)
        .select_related("carrier")
        .first(),
        **clock_context(found),
    }
    return TemplateResponse(request, "admin/articles/reply_request.html", context, status=status)


def decide(model_admin: ReplyRequestAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Answer the address of one request."""
    return decision(request, model_admin, requested(request, object_id))


def decided(request: HttpRequest, found: ReplyRequest, answers: dict[str, Any]) -> str:
    """Call the service that was chosen; return what it did, in words. Raises Refusal."""
    common: dict[str, Any] = {"by": staff(request), "at": timezone.now(), "answer": answers["answer"]}
    if answers["decision"] == DecideForm.REFUSE:
        replies.refuse(found, ground=answers["ground"], **common)
        return gettext("Refused. The sender is told why.")
    if answers["decision"] == DecideForm.ACCEPT:
        replies.accept(found, **common)
        return gettext("Accepted. The story offers the reply under “Publish with correction”.")
    replies.publish(found, reply=answers["reply"], is_grave=answers["is_grave"], **common)
    return gettext("Accepted and published below the story.")


def waiting_for(user: Any) -> QuerySet[ReplyRequest]:
    """Return the requests that wait for this user, the most pressing first."""
    if not permissions.can_see_replies(user):
        return ReplyRequest.objects.none()
    found = ReplyRequest.objects.waiting().filter(is_doubtful=False)
    bound = permissions.sections_of(user)
    if bound and not user.has_perm("articles.work_in_every_section"):
        found = found.filter(article__in=Article.objects.filter(section__in=bound))
    return found.order_by("due_at", "pk")
