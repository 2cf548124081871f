"""A second factor is set up and opens the desk; each page on the way as its owner sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.newsroom_process import NewsroomProcess

# What the pages look like is the same on both databases.
pytestmark = pytest.mark.sqlite

PASSWORD = "kapal-tanker-di-selat-itu"
MAKE = f"""
from django.contrib.auth.models import Group
from newsroom.core.models import User
user = User.objects.create_user("faktor", "faktor@example.com", "{PASSWORD}", is_staff=True)
user.groups.add(Group.objects.get(name="reporter"))
"""


def code(secret: str) -> str:
    """Return what the app shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def send(page: Page, **typed: str) -> None:
    """Fill the page's form and send it."""
    for name, value in typed.items():
        page.locator(f"main [name={name}]").fill(value)
    page.locator("main form button[type=submit]").first.click()


def test_pages_of_a_second_factor(
    newsroom: NewsroomProcess,
    new_context: Callable[..., BrowserContext],
    watch: Callable[[BrowserContext], None],
    glance: Callable[[Page, str], None],
) -> None:
    newsroom.manage("shell", "--no-imports", "-c", MAKE)
    context = new_context()
    watch(context)
    page, factors = context.new_page(), f"{newsroom.url}/accounts/mfa"
    page.goto(f"{newsroom.url}/admin/")
    send(page, login="faktor", password=PASSWORD)
    page.goto(f"{factors}/totp/activate/")
    if page.locator("main [name=password]").count():
        send(page, password=PASSWORD)
    send(page, code=code(page.locator("#totp-secret").input_value()))
    page.wait_for_url(f"{factors}/recovery-codes/")
    glance(page, "desk-recovery-codes")
    spare = page.locator("main code").first.inner_text().split()[0]
    page.goto(f"{factors}/recovery-codes/generate/")
    glance(page, "desk-recovery-codes-new")
    page.goto(f"{factors}/reauthenticate/")
    glance(page, "desk-second-factor-again")

    context.clear_cookies()
    page.goto(f"{newsroom.url}/admin/")
    send(page, login="faktor", password=PASSWORD)
    expect(page.locator("main [name=code]")).to_be_visible()
    glance(page, "desk-second-factor")
    send(page, code=spare)
    page.wait_for_url(f"{newsroom.url}/admin/")

    page.goto(f"{factors}/totp/deactivate/")
    glance(page, "desk-second-factor-off")
