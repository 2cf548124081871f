"""The pages a newsroom owes its readers: named, without a text, and so without readers, until somebody writes them."""

from django.db import migrations

PAGES = (
    ("redaksi", "Redaksi", "Who we are"),
    ("pedoman-media-siber", "Pedoman Media Siber", "Cyber media guideline"),
    ("tentang", "Tentang kami", "About us"),
    ("kontak", "Kontak", "Contact"),
    ("privasi", "Kebijakan privasi", "Privacy"),
    ("syarat", "Syarat dan ketentuan", "Terms"),
)


def add(apps, schema_editor):
    pages = apps.get_model("articles", "Page").objects.using(schema_editor.connection.alias)
    for position, (slug, title, title_en) in enumerate(PAGES, start=1):
        pages.get_or_create(slug=slug, defaults={"title": title, "title_en": title_en, "position": position})


def remove(apps, schema_editor):
    """Take away those that nobody wrote."""
    pages = apps.get_model("articles", "Page").objects.using(schema_editor.connection.alias)
    pages.filter(slug__in=[slug for slug, *_ in PAGES], body="", body_en="", updated_at=None).delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_notices_and_replies")]
    operations = [migrations.RunPython(add, remove)]
