"""The logs can be read at the desk and nothing more; accounts are kept, and rights cannot be taken."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from newsroom.core import audit, mail
from newsroom.core.models import AuditEntry, User

pytestmark = pytest.mark.django_db
AT = datetime(2026, 8, 12, 7, 5, tzinfo=UTC)


def member(name: str, group: str) -> User:
    user = User.objects.create_user(name, f"{name}@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def admin() -> User:
    return member("administrator", "administrator")


@pytest.fixture
def desk(admin: User, client: Client) -> Client:
    client.force_login(admin)
    return client


def test_the_audit_log_is_read_with_its_times(desk: Client, admin: User) -> None:
    entry = audit.record("user.change", admin, by=admin, at=AT, fields=["email"])
    page = desk.get(reverse("admin:core_auditentry_changelist")).content.decode()
    assert "user.change" in page
    assert "14.05 WIB" in page
    assert desk.get(reverse("admin:core_auditentry_change", args=[entry.pk])).status_code == 200


@pytest.mark.parametrize("model", ["auditentry", "outboxmail"])
def test_logs_offer_no_way_to_change_them(desk: Client, admin: User, model: str) -> None:
    entry = audit.record("user.change", admin, by=admin, at=AT)
    row = mail.queue_text("e", "rea@example.org", "S", "secret link", at=AT)
    pk = entry.pk if model == "auditentry" else row.pk
    assert desk.get(reverse(f"admin:core_{model}_add")).status_code == 403
    assert desk.post(reverse(f"admin:core_{model}_change", args=[pk]), {"action": "x"}).status_code == 403
    assert desk.post(reverse(f"admin:core_{model}_delete", args=[pk]), {"post": "yes"}).status_code == 403
    page = desk.get(reverse(f"admin:core_{model}_change", args=[pk])).content.decode()
    assert "secret link" not in page


def test_others_do_not_read_the_logs(client: Client) -> None:
    client.force_login(member("ada", "reporter"))
    for model in ("auditentry", "outboxmail", "user"):
        assert client.get(reverse(f"admin:core_{model}_changelist")).status_code == 403


def change(client: Client, user: User, **fields: object) -> int:
    data = {
        "username": user.username, "first_name": user.first_name, "last_name": user.last_name, "email": user.email,
        "language": user.language, "zone": user.zone, "is_active": "on", "is_staff": "on",
        "groups": list(user.groups.values_list("pk", flat=True)), **fields,
    }  # fmt: skip
    return client.post(reverse("admin:core_user_change", args=[user.pk]), data).status_code  # type: ignore[arg-type]


def test_an_administrator_keeps_accounts_and_leaves_a_trace(desk: Client, admin: User) -> None:
    ada = member("ada", "reporter")
    assert change(desk, ada, first_name="Ada", language="en") == 302
    ada.refresh_from_db()
    assert (ada.first_name, ada.language) == ("Ada", "en")
    entry = AuditEntry.objects.about(ada).get()
    assert (entry.action, entry.by, sorted(entry.data["fields"])) == ("user.change", admin, ["first_name", "language"])


def test_an_administrator_cannot_make_a_superuser_or_take_one_over(desk: Client, admin: User) -> None:
    change(desk, admin, is_superuser="on", user_permissions=[1, 2, 3])
    admin.refresh_from_db()
    assert not admin.is_superuser
    assert not admin.user_permissions.exists()
    root = User.objects.create_superuser("root", "root@example.org", "x")
    assert change(desk, root, email="administrator@example.org") == 403
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    assert desk.post(password, {"password1": "n" * 12, "password2": "n" * 12}).status_code == 403
    root.refresh_from_db()
    assert root.email == "root@example.org"
    assert root.check_password("x")


def test_lists_read_search_filters_rows_in_this_order(desk: Client) -> None:
    page = desk.get("/admin/core/user/").content.decode()
    places = [page.index(part) for part in ('id="searchbar"', 'id="changelist-filter"', 'id="result_list"')]
    assert places == sorted(places)


def test_accounts_are_not_deleted(desk: Client) -> None:
    ada = member("ada", "reporter")
    assert desk.post(reverse("admin:core_user_delete", args=[ada.pk]), {"post": "yes"}).status_code == 403
