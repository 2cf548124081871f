"""Form controls of the desk that the stock admin lacks or gets wrong."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django_prose_editor.config import expand_extensions, js_from_extensions
from django_prose_editor.widgets import ProseEditorWidget, importmap
from js_asset import Media

from articles.picture_field import picker_words
from newsroom.core import richtext
from newsroom.core.templatetags.newsroom_time import clock


def editor_labels() -> dict[str, str]:
    """Return the editor's words in the active language, by the names its modules use."""
    return {
        "toolbar": gettext("Formatting"),
        "history:undo": gettext("Undo"),
        "history:redo": gettext("Redo"),
        "heading2": gettext("Heading"),
        "heading3": gettext("Subheading"),
        "bold": gettext("Bold"),
        "italic": gettext("Italic"),
        "link": gettext("Link"),
        "unlink": gettext("Remove link"),
        "bulletList": gettext("Bulleted list"),
        "orderedList": gettext("Numbered list"),
        "blockquote": gettext("Quote"),
        "pullQuote": gettext("Pull quote"),
        "figure": gettext("Picture"),
        **{f"figure:{name}": words for name, words in figure_labels().items()},
        "table": gettext("Table"),
        "table:addColumnAfter": gettext("Add column"),
        "table:deleteColumn": gettext("Delete column"),
        "table:addRowAfter": gettext("Add row"),
        "table:deleteRow": gettext("Delete row"),
        "table:mergeCells": gettext("Merge cells"),
        "table:splitCell": gettext("Split cell"),
        "table:toggleHeaderCell": gettext("Heading cell"),
        "table:deleteTable": gettext("Delete table"),
        "address": gettext("Address"),
        "rows": gettext("Rows"),
        "columns": gettext("Columns"),
        "apply": gettext("Apply"),
        "insert": gettext("Insert"),
        "cancel": gettext("Cancel"),
    }


def figure_labels() -> dict[str, str]:
    """Return the words about pictures in a text, those of the picker's dialog among them."""
    return {
        **picker_words(),
        "picture": gettext("Picture"),
        "caption": gettext("Caption of this picture"),
        "captionIs": gettext("Caption; left empty: {caption}"),
        "change": gettext("Change picture"),
        "up": gettext("Move up"),
        "down": gettext("Move down"),
        "remove": gettext("Remove"),
        "unknown": gettext("Picture #{id} is not in the library."),
        "dropped": gettext("Pictures from elsewhere are not taken over. Upload them to the library: Picture button."),
    }


class StoryEditor(ProseEditorWidget):
    """The editor of a story's text; without JavaScript a plain text field with the same clean HTML."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preset = "configurable"

    @property
    def media(self) -> Media:
        """Return what the editor loads: no icon font, its icons are drawn."""
        return Media(
            importmap=importmap,
            css={
                "all": [
                    *("django_prose_editor/editor.css", "desk/article-editor.css", "desk/article-figure.css"),
                    *("desk/media.css", "desk/media-upload.css"),
                ]
            },
            js=[
                Script("django_prose_editor/editor.js", type="module"),
                Script("django_prose_editor/configurable.js", type="module"),
            ],
        )

    def get_config(self) -> dict[str, Any]:
        """Return what the editor is told. Our Figure has no parts that the stock one of that name is warned about."""
        declared = dict(self.config["extensions"])
        stock = {name: options for name, options in declared.items() if name != "Figure"}
        extensions = expand_extensions(stock) | {name: declared[name] for name in declared if name == "Figure"}
        return {**self.config, "extensions": extensions, "js_modules": js_from_extensions(stock)}

    def format_value(self, value: Any) -> str:
        """Return clean HTML, also of a post that came back with errors: the browser parses it on the way in."""
        return richtext.sanitize(str(value)) if value else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        addresses = {name: reverse(f"admin:articles_image_{name}") for name in ("pick", "cards")}
        context["widget"]["attrs"] |= {
            "data-editor-labels": json.dumps(editor_labels(), ensure_ascii=False),
            "data-editor-pictures": json.dumps(addresses),
        }
        return context


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.SplitDateTimeWidget):
    """Day and time in the browser's own fields, each with a name; the label says in which zone."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, date_format="%Y-%m-%d", time_format="%H:%M")
        self.widgets[0].input_type = "date"
        self.widgets[1].input_type = "time"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        labels = (_("Day"), pgettext("of day", "Time"))
        for part, label in zip(context["widget"]["subwidgets"], labels, strict=True):
            part["attrs"]["aria-label"] = label
        return context

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return both fields and the zone in which they are meant, "WIB"."""
        zone = clock(timezone.now()).rpartition(" ")[2]
        fields = super().render(name, value, attrs, renderer)
        return format_html('<span class="moment-input">{}<span class="zone">{}</span></span>', fields, zone)


class MomentField(forms.SplitDateTimeField):
    """Day and time within a span that every zone and the end of a publication's time (FAR_FUTURE) leave room for."""

    widget = MomentInput
    years = (1900, 2999)

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        first, last = self.years
        if moment is not None and not first <= moment.year <= last:
            raise ValidationError(
                _("Give a day between the years %(first)s and %(last)s.") % {"first": first, "last": last}
            )
        return moment
