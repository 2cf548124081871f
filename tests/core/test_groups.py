"""Groups have the rights the code declares, after every migration."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from newsroom.core import groups

pytestmark = pytest.mark.django_db


def rights(name: str) -> set[tuple[str, str]]:
    permissions = Permission.objects.filter(group__name=name).select_related("content_type")
    return {(permission.content_type.app_label, permission.codename) for permission in permissions}


def test_the_five_groups_stand_with_what_the_apps_declare() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(groups.NAMES)
    declared = groups.declared()
    for name in groups.NAMES:
        assert rights(name) == declared[name]


def test_every_declared_permission_exists() -> None:
    existing = {
        (permission.content_type.app_label, permission.codename)
        for permission in Permission.objects.select_related("content_type")
    }
    assert set().union(*groups.declared().values()) - existing == set()


def test_nobody_but_the_administrator_touches_accounts() -> None:
    for name in groups.NAMES:
        assert (("core", "change_user") in rights(name)) == (name == groups.ADMINISTRATOR)
        assert ("core", "delete_user") not in rights(name)
        assert ("auth", "change_group") not in rights(name)


def test_what_was_added_by_hand_is_taken_back_and_what_is_missing_given_again() -> None:
    group = Group.objects.get(name="reporter")
    before = rights("reporter")
    group.permissions.set(Permission.objects.filter(codename="change_user"))
    call_command("migrate", verbosity=0, skip_checks=True)
    assert rights("reporter") == before
