"""Forms of the article admin: the story, its rows, and what its actions ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import (
    Article,
    ArticleTopic,
    Byline,
    Milestone,
    Publication,
    Source,
    TopicFact,
    TopicMilestone,
)
from articles.refusals import MomentPassed
from articles.widgets import DateInput, MomentField, MomentInput, StoryEditor
from newsroom.core import richtext
from newsroom.core.text import clean_line, clean_text

# The place of a row that was given none, until the save numbers the rows anew.
LAST = 10_000


class CleanTextMixin:
    """Takes control and bidi characters out of everything typed; one-line fields become one line.

    A field of several lines names itself in `multiline`.
    """

    multiline: tuple[str, ...] = ()
    cleaned_data: dict[str, Any]
    fields: dict[str, forms.Field]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc]
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and value and name != "body":
                cleaned[name] = clean_text(value) if name in self.multiline else clean_line(value)
                if not cleaned[name] and self.fields[name].required:
                    self.add_error(name, self.fields[name].error_messages["required"])  # type: ignore[attr-defined]
        return cleaned


class ArticleForm(CleanTextMixin, forms.ModelForm):
    """The working copy of a story. Only its title is required: what publishing needs, the checklist says."""

    multiline = ("standfirst", "key_points", "lead_caption")
    # The form of the action pressed with the save; set by the admin for one request.
    action_form: forms.Form | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    class Meta:
        model = Article
        fields = (
            "title",
            "standfirst",
            "body",
            "lead_image",
            "lead_caption",
            "section",
            "kind",
            "language",
            "kicker",
            "dateline",
            "key_points",
            "slug",
            "embargo_until",
        )
        field_classes = {"embargo_until": MomentField}
        widgets = {
            "title": forms.Textarea(attrs={"rows": 1, "class": "title-input", "data-one-line": ""}),
            "standfirst": forms.Textarea(attrs={"rows": 3, "class": "standfirst-input"}),
            "body": StoryEditor(attrs={"rows": 24}),
            "lead_caption": forms.Textarea(attrs={"rows": 2}),
            "key_points": forms.Textarea(attrs={"rows": 4}),
            # Named although it is the field's own: the admin would put its own in the place of one not named.
            "embargo_until": MomentInput(),
        }
        help_texts = {
            "lead_caption": _("Empty: the picture's own caption."),
            "slug": _("The last part of the address. Left empty, it is made from the title."),
            "key_points": _("Two to five points, one a line. They stand above the text."),
            "kicker": _("A word or two above the title."),
        }

    def clean_body(self) -> str:
        """Return the text as the editor could have written it, whoever sent it."""
        return richtext.sanitize(self.cleaned_data.get("body") or "")

    def clean_language(self) -> str:
        """Keep a translation and its source in two languages."""
        language: str = self.cleaned_data["language"]
        source = self.instance.translation_of
        group = [source] if source else list(self.instance.translations.all()) if self.instance.pk else []
        if any(story.language == language for story in group):
            raise ValidationError(
                _("A story and its translation cannot be in the same language. Unlink them first."), code="translation"
            )
        return language

    def clean(self) -> dict[str, Any]:
        """Check what the pressed action asks together with the story: a refusal saves neither."""
        cleaned = super().clean()
        if self.action_form is not None and not self.action_form.is_valid():
            raise ValidationError(_("The action below needs something more. Nothing was saved yet."), code="action")
        return cleaned


class RowForm(CleanTextMixin, forms.ModelForm):
    """One row of a group. Its place is a number; without one it comes last."""

    position = forms.IntegerField(label=_("Order"), required=False, min_value=0, max_value=9999)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial["position"] = None

    def clean_position(self) -> int:
        """Return the place; that of a row without one lies behind all that can be typed."""
        position = self.cleaned_data["position"]
        return LAST if position is None else position


class BylineForm(RowForm):
    """One name over the story."""

    class Meta:
        model = Byline
        fields = ("contributor", "role", "place", "position")


class TopicForm(RowForm):
    """One topic of the story."""

    class Meta:
        model = ArticleTopic
        fields = ("topic", "position")


class SourceForm(RowForm):
    """One thing the story rests on."""

    class Meta:
        model = Source
        fields = ("title", "kind", "publisher", "url", "published_on", "is_checked", "is_confidential", "position")
        widgets = {"published_on": DateInput()}


class MilestoneForm(RowForm):
    """One entry of the chronology."""

    class Meta:
        model = Milestone
        fields = ("moment", "text", "is_certain", "position")


class TopicMilestoneForm(RowForm):
    """One entry of a topic's chronology; the higher its number, the later it happened."""

    class Meta:
        model = TopicMilestone
        fields = ("moment", "text", "is_certain", "moment_en", "text_en", "position")


class TopicFactForm(RowForm):
    """One line of a topic's facts."""

    class Meta:
        model = TopicFact
        fields = ("label", "value", "label_en", "value_en", "source", "position")


class ActionForm(CleanTextMixin, forms.Form):
    """What an action asks. Rendered inside the story's form, so every field is named after its action."""

    # The browser must not insist on the fields of an action that is not pressed.
    use_required_attribute = False

    def __init__(self, *args: Any, article: Article | None = None, **kwargs: Any) -> None:
        """Take the story the action is about; most forms ask the same of every story."""
        super().__init__(*args, **kwargs)

    def clean_visible_from(self) -> datetime | None:
        """Refuse a moment that has passed while everything typed still stands in the form; the service asks again."""
        moment: datetime | None = self.cleaned_data["visible_from"]
        if moment is not None and moment <= timezone.now():
            raise ValidationError(str(MomentPassed()), code=MomentPassed.code)
        return moment


class NoQuestions(ActionForm):
    """For actions that ask nothing."""


class PublishForm(ActionForm):
    """Publish now."""

    change_note = forms.CharField(
        label=_("What changed, for readers"),
        max_length=Publication._meta.get_field("change_note").max_length,
        required=False,
        help_text=_("Stands below an updated story. Leave it empty for a correction of spelling."),
    )


class ScheduleForm(PublishForm):
    """Publish at a moment to come."""

    visible_from = MomentField(
        label=_("Publish at"),
        error_messages={"required": _("Give the day and the time."), "invalid": _("Give the day and the time.")},
    )
    field_order = ("visible_from", "change_note")


class ReasonForm(ActionForm):
    """Hold."""

    multiline = ("reason",)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=Article._meta.get_field("hold_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why, in a sentence.")},
    )


class NoteForm(ActionForm):
    """Send back."""

    multiline = ("note",)
    note = forms.CharField(
        label=_("What has to change"),
        max_length=Article._meta.get_field("desk_note").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what has to change.")},
    )


class WithdrawForm(CleanTextMixin, forms.Form):
    """Withdraw or kill: readers are told the ground and the reason."""

    multiline = ("public_reason",)
    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[("", "—"), *Publication.Ground.choices],
        error_messages={"required": _("Choose a ground.")},
        help_text=_(
            "Nobody outside the newsroom may have a story withdrawn, except on the first five of these grounds "
            "(cyber media guideline, clause 5) and by order of a court."
        ),
    )
    public_reason = forms.CharField(
        label=_("Reason, for readers"),
        max_length=Publication._meta.get_field("public_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Stands at the story's address instead of the story, and in the public log of withdrawals. "
            "Name neither the accused nor the source."
        ),
        error_messages={"required": _("Write what readers are told.")},
    )
