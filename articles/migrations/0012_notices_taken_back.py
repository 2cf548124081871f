import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0011_count_visits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="taken_back_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="taken back"),
        ),
        migrations.AddField(
            model_name="notice",
            name="taken_back_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="taken back by",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="taken_back_reason",
            field=models.TextField(
                blank=True, db_default="", editable=False, max_length=1000, verbose_name="why it was taken back"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("taken_back_at__isnull", True), ("taken_back_by__isnull", True), ("taken_back_reason", "")
                    ),
                    models.Q(("taken_back_at__isnull", False), models.Q(("taken_back_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="notice_taken_back",
            ),
        ),
    ]
