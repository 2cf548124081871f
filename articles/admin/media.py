"""The picture library: the admin of Image. One page: the pictures, and beside them the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList, IncorrectLookupParameters
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles import permissions
from articles.admin import media_file, media_list, media_panel, picker, upload
from articles.admin.media_forms import PictureForm
from articles.models import Image
from articles.refusals import Refusal

# Address below the picture -> the maker of its view. Its name is that of the address.
PICTURE_VIEWS: dict[str, Callable[[admin.ModelAdmin], Any]] = {
    "archive": media_panel.archive,
    "retry": media_panel.retry,
    "take-down": media_panel.take_down,
}


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    """Pictures. Nobody deletes one: stories and their revisions name them. They are archived or taken down."""

    list_filter = (media_list.ViewFilter, media_list.LicenceFilter)
    list_per_page = media_list.PER_PAGE
    search_fields = media_list.SEARCHED
    ordering = ("-uploaded_at", "-pk")
    show_full_result_count = False
    actions = None
    change_list_template = "admin/articles/media/library.html"

    # Who may

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return permissions.can_browse_pictures(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.can_upload_pictures(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        if obj is None:
            return request.user.has_perm("articles.change_image")
        return permissions.can_change_picture(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return False

    # The library

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return media_list.Library

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Image]:
        return Image.objects.all()

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, self.page(request) | (extra_context or {}))

    def page(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the library shows whether or not a picture is chosen."""
        return {"total": Image.objects.filter(media_list.SAVED_VIEWS[0].condition()).count(), "title": _("Media")}

    # One picture

    @method_decorator(never_cache)
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the picture beside the library, and save what is said of it."""
        image = media_panel.picture(request, object_id)
        may_change = permissions.can_change_picture(request.user, image)
        if request.method == "POST":
            return self.save_picture(request, image)
        return self.panel(request, image, PictureForm(instance=image, may_change=may_change))

    def save_picture(self, request: HttpRequest, image: Image) -> HttpResponse:
        """Save, or show what is wrong beside the library."""
        media_panel.refuse_unless_may_change(request, image)
        # Validating writes the answers to the instance; the page shows the picture as it is stored.
        form = PictureForm(request.POST, instance=Image.objects.get(pk=image.pk))
        if not form.is_valid():
            return self.panel(request, image, form, status=422)
        try:
            media_panel.save(request, image, form)
        except Refusal as refusal:
            return self.panel(request, image, form, status=409, refusal=refusal)
        messages.success(request, _("Saved."))
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(media_panel.picture_url(image, f"?{query}" if query else ""))

    def panel(
        self, request: HttpRequest, image: Image, form: PictureForm, status: int = 200, **more: Any
    ) -> HttpResponse:
        """Return the library with the picture beside it."""
        try:
            library = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(media_panel.picture_url(image))
        context = {
            **self.admin_site.each_context(request),
            **self.page(request),
            **media_panel.context(request, image, form),
            "cl": library,
            "opts": self.opts,
            "media": self.media,
            "has_add_permission": self.has_add_permission(request),
            "subtitle": image.title,
            **more,
        }
        return TemplateResponse(request, self.change_list_template, context, status=status)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return upload.page(self, request)

    # The pages around it

    def get_urls(self) -> list[URLPattern]:
        def own(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"articles_image_{name}")

        return [
            own("pick/", picker.dialog(self), "pick"),
            own("cards/", picker.cards_of, "cards"),
            own("alt/", picker.alt, "alt"),
            own("<int:object_id>/file/<slug:size>/", media_file.file(self), "file"),
            *(
                own(f"<path:object_id>/{name}/", view(self), name.replace("-", "_"))
                for name, view in PICTURE_VIEWS.items()
            ),
            *super().get_urls(),
        ]
