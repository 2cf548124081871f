"""Gives accounts whose names differ by case alone a number: the oldest keeps its name."""

from collections import Counter

from django.db import migrations


def tell_apart(apps, schema_editor):
    User = apps.get_model("core", "User")
    taken = Counter(name.lower() for name in User.objects.values_list("username", flat=True))
    seen = set()
    for pk, name in list(User.objects.order_by("date_joined", "pk").values_list("pk", "username")):
        if name.lower() in seen:
            number = 2
            while taken[f"{name[:140]}{number}".lower()]:
                number += 1
            name = f"{name[:140]}{number}"
            taken[name.lower()] += 1
            User.objects.filter(pk=pk).update(username=name)
        seen.add(name.lower())


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_purged_surfaces"),
    ]

    # Back, the numbers stay: nobody can say which name somebody had who is known by the new one.
    operations = [migrations.RunPython(tell_apart, migrations.RunPython.noop)]
