"""An index for the last comments under one address, letter case aside."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(Lower("email"), models.F("id").desc(), name="comment_person"),
        ),
    ]
