"""Notices (erratum, correction, clarification, right of reply), what carries them, and requests for a reply."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0006_search_entries_and_pages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="notices",
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name="ReplyRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("id", "Indonesian"), ("en", "English")], max_length=5, verbose_name="language"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("capacity", models.CharField(max_length=200, verbose_name="in what capacity")),
                ("passage", models.TextField(max_length=1000, verbose_name="passage")),
                ("text", models.TextField(max_length=5000, verbose_name="reply")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("due_at", models.DateTimeField(verbose_name="answer due")),
                ("is_doubtful", models.BooleanField(default=False, verbose_name="doubtful")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("accepted", "Accepted"), ("refused", "Refused")],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_concerned", "The sender is not the party the story is about"),
                            ("too_long", "Longer than the passage it answers, and not shortened when asked"),
                            ("unrelated", "Facts that have nothing to do with the story"),
                            ("unlawful", "Publishing it would break the law"),
                            ("third_party", "It would harm the interests of others that the law protects"),
                            ("answered", "The same reply was published already"),
                        ],
                        max_length=16,
                        verbose_name="ground",
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=1000, verbose_name="answer to the sender")),
                ("idempotency_key", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("address_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("forgotten_at", models.DateTimeField(blank=True, null=True, verbose_name="personal data deleted")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply_requests",
                        to="articles.article",
                        verbose_name="story",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="articles.publication"
                    ),
                ),
            ],
            options={
                "verbose_name": "right of reply",
                "verbose_name_plural": "rights of reply",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("erratum", "Erratum"),
                            ("correction", "Correction"),
                            ("clarification", "Clarification"),
                            ("reply", "Right of reply"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(max_length=5000, verbose_name="text")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="passage")),
                ("is_grave", models.BooleanField(default=False, verbose_name="grave")),
                ("is_substantive", models.BooleanField(default=True, verbose_name="changes the substance")),
                ("created_at", models.DateTimeField(verbose_name="written")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="articles.article"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices_brought",
                        to="articles.publication",
                        verbose_name="carried by",
                    ),
                ),
                (
                    "corrected",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices_about",
                        to="articles.publication",
                        verbose_name="corrected publication",
                    ),
                ),
                (
                    "reply_article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replied_from",
                        to="articles.article",
                        verbose_name="the reply's own story",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="articles.replyrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
            },
        ),
        migrations.AddIndex(
            model_name="replyrequest",
            index=models.Index(fields=["state", "due_at"], name="reply_due"),
        ),
        migrations.AddIndex(
            model_name="replyrequest",
            index=models.Index(fields=["received_at"], name="reply_age"),
        ),
        migrations.AddConstraint(
            model_name="replyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "waiting")),
                    models.Q(models.Q(("state", "waiting"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="reply_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="replyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(models.Q(("ground", ""), _negated=True), models.Q(("answer", ""), _negated=True)),
                    _connector="OR",
                ),
                name="reply_refused_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_substantive", True), ("kind", "erratum"), _connector="OR"),
                name="notice_substance",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "reply"),
                    models.Q(("reply_article__isnull", True), ("request__isnull", True)),
                    _connector="OR",
                ),
                name="notice_reply_facts",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reply_article__isnull", True),
                    models.Q(("reply_article", models.F("article")), _negated=True),
                    _connector="OR",
                ),
                name="notice_reply_elsewhere",
            ),
        ),
    ]
