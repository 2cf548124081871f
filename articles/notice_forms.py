"""What the desk is asked about corrections, replies and translations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles import notices, replies
from articles.forms import ActionForm, CleanTextMixin
from articles.models import Article, Notice, ReplyRequest, Revision
from articles.widgets import MomentField

MOMENT_ERROR = _("Give the day and the time, or leave both empty.")
# No id has more digits.
MAX_ID = 10**18


class CorrectForm(ActionForm):
    """Publish with a correction, now or at a moment to come."""

    multiline = ("text",)
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[("", "—"), *Notice.Kind.choices],
        error_messages={"required": _("Choose what it is.")},
        help_text=_(
            "A correction, a clarification and a right of reply show readers a new time of update. "
            "An erratum (a letter, a name misspelt) does not, unless you say so below."
        ),
    )
    text = forms.CharField(
        label=_("What readers are told"),
        max_length=Notice._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what was wrong and what is right.")},
        help_text=_("Say what was wrong and what is right. It stays with the story and cannot be changed later."),
    )
    place = forms.CharField(
        label=_("Which passage"),
        max_length=Notice._meta.get_field("place").max_length,
        required=False,
        help_text=_("“Paragraph 3”, “the headline”."),
    )
    is_grave = forms.BooleanField(
        label=_("Grave: stands above the text as well"),
        required=False,
    )
    changes_substance = forms.BooleanField(
        label=_("This erratum changes what readers were told: show the time of the update"),
        required=False,
    )
    request = forms.ModelChoiceField(
        label=_("Accepted right of reply"), queryset=ReplyRequest.objects.none(), required=False, empty_label="—"
    )
    reply_article = forms.IntegerField(
        label=_("Number of the reply's own story"),
        required=False,
        min_value=1,
        max_value=MAX_ID,
        help_text=_("Only for a right of reply that stands in a story of its own."),
    )
    visible_from = MomentField(
        label=_("Publish at"),
        required=False,
        error_messages={"invalid": MOMENT_ERROR, "incomplete": MOMENT_ERROR},
        help_text=_("Left empty, it is published now."),
    )

    def __init__(self, *args: Any, article: Article | None = None, **kwargs: Any) -> None:
        """Offer the story's accepted replies, and what was typed for a publication that was taken back."""
        if article is not None and (args[0] if args else kwargs.get("data")) is None:
            kwargs["initial"] = first_words(article)
        super().__init__(*args, **kwargs)
        self.article = article
        accepted = ReplyRequest.objects.unpublished().filter(article=article, forgotten_at__isnull=True)
        choices: Any = self.fields["request"]
        choices.queryset = accepted
        choices.label_from_instance = lambda request: f"{request.name}, {request.capacity}"
        if article is None or not accepted.exists():
            del self.fields["request"]

    def clean_reply_article(self) -> Article | None:
        """Return the story of that number."""
        number = self.cleaned_data["reply_article"]
        if number is None:
            return None
        story = Article.objects.filter(pk=number).first()
        if story is None or story == self.article:
            raise ValidationError(_("There is no other story of this number."))
        return story

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") != Notice.Kind.REPLY:
            for name in ("request", "reply_article"):
                if cleaned.get(name):
                    self.add_error(name, _("This belongs to a right of reply only."))
        return cleaned

    def draft(self) -> notices.Draft:
        """Return the notice that was filled in."""
        answers = {name: value for name, value in self.cleaned_data.items() if name != "visible_from"}
        return notices.Draft(**answers)


def first_words(article: Article) -> dict[str, Any]:
    """Return what the form holds at first: an accepted reply, else a notice that never came."""
    request = replies.to_publish(article)
    if request is not None:
        return {
            "kind": Notice.Kind.REPLY,
            "text": replies.signed(request),
            "place": replies.passage_of(request),
            "request": request.pk,
        }
    unsaid = notices.unsaid(article)
    if unsaid is None:
        return {}
    return {
        "kind": unsaid.kind,
        "text": unsaid.text,
        "place": unsaid.place,
        "is_grave": unsaid.is_grave,
        "changes_substance": unsaid.kind == Notice.Kind.ERRATUM and unsaid.is_substantive,
    }


class TakeBackForm(CleanTextMixin, forms.Form):
    """Take back a correction that was wrong itself."""

    multiline = ("reason",)
    reason = forms.CharField(
        label=_("Why, as readers are told"),
        max_length=Notice._meta.get_field("taken_back_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Tell readers why.")},
        help_text=_(
            "The correction stays on the story and in the log, struck out, with this reason. If the text is wrong now, "
            "publish it with a new correction."
        ),
    )


class DecideForm(CleanTextMixin, forms.Form):
    """Decide on a right of reply."""

    multiline = ("reply", "answer")
    PUBLISH, ACCEPT, REFUSE = "publish", "accept", "refuse"

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (PUBLISH, _("Accept, and publish it below the story now")),
            (ACCEPT, _("Accept, and publish it later or as a story of its own")),
            (REFUSE, _("Refuse")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    reply = forms.CharField(
        label=_("The reply, as readers get it"),
        max_length=Notice._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 10}),
        required=False,
        help_text=_("Shorten it and mend its spelling where needed; what it says must stay."),
    )
    is_grave = forms.BooleanField(label=_("Grave: stands above the text as well"), required=False)
    ground = forms.ChoiceField(
        label=_("Ground for refusing"), choices=[("", "—"), *ReplyRequest.Ground.choices], required=False
    )
    answer = forms.CharField(
        label=_("Answer to the sender"),
        max_length=ReplyRequest._meta.get_field("answer").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("Stands in the mail that tells the decision. Needed when you refuse."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        decision = cleaned.get("decision")
        if decision == self.PUBLISH and not cleaned.get("reply"):
            self.add_error("reply", _("Without a text there is nothing to publish."))
        if decision == self.REFUSE:
            if not cleaned.get("ground"):
                self.add_error("ground", _("Choose the ground."))
            if not cleaned.get("answer"):
                self.add_error("answer", _("Tell the sender why."))
        return cleaned


class LinkForm(forms.Form):
    """Say which story this one is a translation of."""

    source = forms.IntegerField(
        label=_("Number of the story it was translated from"),
        min_value=1,
        max_value=MAX_ID,
        error_messages={"required": _("Give its number; it stands at the end of its address.")},
    )

    def clean_source(self) -> Article:
        """Return the story of that number."""
        story = Article.objects.filter(pk=self.cleaned_data["source"]).first()
        if story is None:
            raise ValidationError(_("There is no story of this number."))
        return story


class CurrentForm(forms.Form):
    """Say which version of the source a translation renders."""

    revision = forms.ModelChoiceField(
        label=_("Up to date with version"), queryset=Revision.objects.none(), to_field_name="number", empty_label=None
    )

    def __init__(self, *args: Any, source: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = source.revisions.filter(purged_at__isnull=True).defer("payload").order_by("-number")
        choices: Any = self.fields["revision"]
        choices.queryset = whole
        choices.label_from_instance = lambda revision: str(revision.number)
