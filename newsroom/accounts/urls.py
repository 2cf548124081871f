"""Addresses of staff accounts: the part of allauth's that a desk without sign-up needs, and the newsroom's own."""

from __future__ import annotations

from allauth.account import views
from django.urls import include, path, re_path

from newsroom.accounts import views as own

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    # Says that nobody signs up; allauth's own pages name it.
    path("signup/", views.signup, name="account_signup"),
    path("invitation/<str:token>/", own.invitation, name="account_invitation"),
    path("sessions/", own.sessions_list, name="account_sessions"),
    path("sessions/end/", own.sessions_end, name="account_sessions_end"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("mfa/totp/activate/", own.activate_totp_with_picture),
    path("mfa/", include("allauth.mfa.urls")),
]
