import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import articles.models.search

# Which stories hold these words: in the title, at its head, anywhere. SQLite has an FTS5 table, see articles.search.
COLUMNS = ("title", "head", "whole")


def add_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for column in COLUMNS:
            schema_editor.execute(
                f"CREATE INDEX search_entry_{column} ON articles_searchentry USING gin ({column}) "
                "WITH (fastupdate = off)",
                params=None,
            )


def drop_indexes(apps, schema_editor):
    """Take away what SQLite keeps beside the table; PostgreSQL's indexes go with it."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE IF EXISTS articles_searchindex", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_section_editors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="articles.publication",
                    ),
                ),
                ("title", articles.models.search.StemsField()),
                ("head", articles.models.search.StemsField()),
                ("whole", articles.models.search.StemsField()),
            ],
        ),
        migrations.RunPython(add_indexes, drop_indexes),
        migrations.CreateModel(
            name="Page",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="slug")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("title_en", models.CharField(blank=True, max_length=120, verbose_name="title in English")),
                ("body", models.TextField(blank=True, verbose_name="text")),
                ("body_en", models.TextField(blank=True, verbose_name="text in English")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_in_footer", models.BooleanField(default=True, verbose_name="in the footer")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published"),
                ),
                ("updated_at", models.DateTimeField(editable=False, null=True, verbose_name="saved")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "standing page",
                "verbose_name_plural": "standing pages",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at__isnull", True), models.Q(("body", ""), _negated=True), _connector="OR"
                        ),
                        name="page_says_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PageRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("payload", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="articles.page"
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a standing page",
                "verbose_name_plural": "versions of standing pages",
                "constraints": [models.UniqueConstraint(fields=("page", "version"), name="page_revision_once")],
            },
        ),
    ]
