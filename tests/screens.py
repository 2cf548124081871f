"""Every page people see, by its route: what the browser journeys look at and the HTML checker reads.

A route that answers GET and stands neither here nor in `APART` fails tests/test_screens.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.journeys.newsroom_process import NewsroomProcess
from tests.routes import address, routes

# Demo account -> routes, with what follows the path. "" is a reader.
SHOWN: dict[str, dict[str, str]] = {
    "": {
        **{
            f"{language}:{page}": query
            for language in ("articles", "en")
            for page, query in {
                "home": "",
                "section": "",
                "topic": "",
                "contributor": "",
                "archive": "",
                "archive_month": "",
                "search": "?q=laut",
                "page": "",
                "corrections": "",
                "withdrawals": "",
                "article": "",
                "history": "",
            }.items()
        },
        "comments:write": "",
        "comments:branch": "",
        "comments:received": "",
        "reply_request": "",
        "reply_received": "",
        "account_login": "",
        "account_signup": "",
        "account_inactive": "",
        "account_invitation": "",
        "account_reset_password": "",
        "account_reset_password_done": "",
        "account_reset_password_from_key_done": "",
    },
    "kepala": {
        "admin:index": "",
        "admin:all_data": "",
        "admin:articles_article_changelist": "",
        "admin:articles_article_add": "",
        "admin:articles_article_change": "",
        "admin:articles_article_preview": "",
        "admin:articles_article_revisions": "",
        "admin:articles_article_compare": "",
        "admin:articles_article_restore": "?revision=1",
        "admin:articles_article_translations": "",
        "admin:articles_article_withdraw": "",
        "admin:articles_article_kill": "",
        "admin:articles_article_history": "",
        "admin:articles_section_changelist": "",
        "admin:articles_section_add": "",
        "admin:articles_section_change": "",
        "admin:articles_section_history": "",
        "admin:articles_topic_changelist": "",
        "admin:articles_topic_add": "",
        "admin:articles_topic_change": "",
        "admin:articles_topic_history": "",
        "admin:articles_contributor_changelist": "",
        "admin:articles_contributor_add": "",
        "admin:articles_contributor_change": "",
        "admin:articles_contributor_history": "",
        "admin:articles_image_changelist": "",
        "admin:articles_image_add": "",
        "admin:articles_image_change": "",
        "admin:articles_image_history": "",
        "admin:articles_image_take_down": "",
        "admin:articles_notice_changelist": "",
        "admin:articles_notice_change": "",
        "admin:articles_notice_history": "",
        "admin:articles_replyrequest_changelist": "",
        "admin:articles_replyrequest_change": "",
        "admin:articles_replyrequest_history": "",
        "admin:articles_page_changelist": "",
        "admin:articles_page_add": "",
        "admin:articles_page_change": "",
        "admin:articles_page_history": "",
    },
    "mo": {
        "admin:comments_queue": "",
        "admin:comments_card": "",
        "admin:comments_remove": "",
        "admin:comments_person": "",
        "admin:comments_bulk": "",
        "admin:comments_bulk_result": "",
        "admin:comments_mine": "",
        "admin:comments_try": "",
        "admin:comments_rulebook_change": "",
        "admin:comments_rulebook_history": "",
        "admin:comments_comment_changelist": "",
        "admin:comments_comment_change": "",
        "admin:comments_comment_history": "",
        "admin:comments_decision_changelist": "",
        "admin:comments_decision_change": "",
        "admin:comments_decision_history": "",
        "admin:comments_thread_changelist": "",
        "admin:comments_thread_change": "",
        "admin:comments_thread_history": "",
        "admin:comments_watchedword_changelist": "",
        "admin:comments_watchedword_add": "",
        "admin:comments_watchedword_change": "",
        "admin:comments_watchedword_history": "",
        "admin:comments_watchedword_delete": "",
    },
    "admin": {
        "admin:core_user_changelist": "",
        "admin:core_user_add": "",
        "admin:core_user_change": "",
        "admin:core_user_history": "",
        "admin:core_auditentry_changelist": "",
        "admin:core_auditentry_change": "",
        "admin:core_auditentry_history": "",
        "admin:password_change_done": "",
        "account_change_password": "",
        "account_sessions": "",
        "account_logout": "",
        "account_reauthenticate": "",
        "mfa_index": "",
        "mfa_activate_totp": "",
    },
}

# Routes without a page of ours, and why.
NO_PAGE = "data, files, fragments or redirects"
STOCK = "Django's or a library's own page, for superusers alone"
WITH_FACTOR = "wants a second factor that is set up; tests/journeys/test_second_factor.py looks at it"
APART = {
    **dict.fromkeys(
        (
            *("healthz", "readyz", "media", "picture_file", "robots"),
            *("sitemap", "sitemap_news", "sitemap_pages", "sitemap_stories"),
            *("articles:feed_rss", "articles:feed_atom", "articles:section_feed_rss", "articles:section_feed_atom"),
            *("en:feed_rss", "en:feed_atom", "en:section_feed_rss", "en:section_feed_atom"),
            *("articles:corrections_feed", "en:corrections_feed"),
            *("admin:language", "admin:login", "admin:logout", "admin:password_change", "admin:autocomplete"),
            *("admin:jsi18n", "admin:view_on_site", "admin:app_list", "admin:<admin/(?P<url>.*)$>"),
            *("admin:articles_image_pick", "admin:articles_image_cards", "admin:articles_image_file"),
            *("admin:comments_rulebook_changelist", "account_set_password", "account_reset_password_from_key"),
            *("<accounts/mfa/totp/activate/>", "mfa_download_recovery_codes"),
        ),
        NO_PAGE,
    ),
    **dict.fromkeys(
        (
            *("mfa_authenticate", "mfa_reauthenticate", "mfa_deactivate_totp"),
            *("mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
        ),
        WITH_FACTOR,
    ),
    "admin:auth_user_password_change": STOCK,
}
# Models that have no screen but the stock ones of superusers.
STOCK_MODELS = (
    *("articles_formeraddress", "core_outboxmail", "auth_group"),
    "django_tasks_database_dbtaskresult",
)
# Runs in the served newsroom's own settings.
FIND = "from tests import screens_found; screens_found.main()"


@dataclass(frozen=True)
class Screen:
    """One page: whose it is ("" a reader's), the name of its route and its path."""

    role: str
    route: str
    path: str

    @property
    def name(self) -> str:
        """A name for files and failures."""
        return self.route.replace("admin:", "").replace(":", "-").replace("_", "-")


def screens(newsroom: NewsroomProcess) -> list[Screen]:
    """Return every page of the demo newsroom with a path that shows it; leaves a mailed link and a bulk behind."""
    found = json.loads(newsroom.manage("shell", "--no-imports", "-c", FIND).splitlines()[-1])
    by_name = {route.name: route for route in routes()}
    return [
        Screen(role, name, address(by_name[name], **values(name, found)) + query)
        for role, shown in SHOWN.items()
        for name, query in shown.items()
    ]


def values(name: str, found: dict[str, Any]) -> dict[str, Any]:
    """Return what the path of a route is filled with."""
    page, language = name.rpartition(":")[2], "en" if name.startswith("en:") else "id"
    filled = {**found["any"], **found["stories"][language]}
    filled |= {"slug": found["slugs"][page]} if page in found["slugs"] else {}
    filled |= found["changed"].get(language, {}) if page == "history" else {}
    filled |= {"token": found["tokens"][page]} if page in found["tokens"] else {}
    filled |= {"comment_id": found["shown"]} if page in ("branch", "comments_remove") else {}
    model = next((model for model in found["ids"] if page.startswith(f"{model}_")), "")
    return filled | ({"object_id": found["ids"][model]} if model else {})


def covered() -> Iterator[str]:
    """Give the names of all routes that are looked at or stand apart."""
    for shown in SHOWN.values():
        yield from shown
    yield from APART
