from django.db import migrations, models

TAKEN = (
    *("accounts", "admin", "arsip", "cari", "en", "feed", "hak-jawab", "halaman", "healthz", "komentar", "koreksi"),
    *("media", "penulis", "readyz", "static", "topik"),
)


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_rendition_is_public_by_time")]

    operations = [
        migrations.RemoveConstraint(model_name="section", name="section_slug_free"),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug__in", TAKEN), _negated=True),
                name="section_slug_free",
                violation_error_message="This slug is taken by another address of the site. Choose another.",
            ),
        ),
    ]
