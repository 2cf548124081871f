"""Attacks on the outbox: the links in its mails open accounts."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from newsroom.core import mail
from newsroom.core.models import User
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["body_text__contains=key/1-a", "body_text__startswith=B", "message_id__gt=a"])
def test_administrator_cannot_read_a_mail_through_filters(query: str) -> None:
    administrator = User.objects.create_user("adm", "adm@example.com", is_staff=True)
    administrator.groups.add(Group.objects.get(name="administrator"))
    client = Client()
    client.force_login(administrator, "newsroom.accounts.backend.StaffBackend")
    mail.queue_text("reset:1", "bos@example.com", "Subject", "Buka key/1-abc", at=AT)
    url = reverse("admin:core_outboxmail_changelist")

    assert client.get(f"{url}?kind__exact=notice").status_code == 200
    assert client.get(f"{url}?{query}").status_code == 400
