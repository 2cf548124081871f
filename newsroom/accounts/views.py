"""Pages of one's own account that allauth does not have: an invitation, one's sessions."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any

from allauth.mfa.totp.views import activate_totp
from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.accounts import people
from newsroom.accounts.forms import TakeUpForm
from newsroom.core import audit, sessions
from newsroom.core.models import StaffSession, User

# The picture of the key to scan is a data: URI, on this page alone.
activate_totp_with_picture = csp_update({"img-src": ["data:"]})(activate_totp)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invited person the form for name and password, and open the account to them.

    Nobody is logged in by it: the log-in that follows has the limits and the second factor.
    """
    at = timezone.now()
    try:
        invited = people.invited(token, at=at)
        form = TakeUpForm(
            request.POST if request.method == "POST" else None,
            user=invited.user,
            initial={"username": invited.user.username},
        )
        if form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("username", "first_name", "last_name")}
            people.take_up(invited, **given, password=form.cleaned_data["password1"], at=at)
            messages.success(request, _("Your account is ready. Log in with your new password."))
            return HttpResponseRedirect(reverse("account_login"))
    except people.Gone:
        return private(render(request, "account/invitation_gone.html", status=410))
    except people.Taken:
        form.add_error("username", _("Somebody has this user name already."))
    context = {"form": form, "invitation": invited}
    return private(render(request, "account/invitation.html", context, status=422 if form.is_bound else 200))


def private(response: HttpResponse) -> HttpResponse:
    """Keep the address of the page, which is a secret, from every other host."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@require_safe
@never_cache
@login_required
def sessions_list(request: HttpRequest) -> HttpResponse:
    """Show where one is logged in."""
    rows = [row_of(request, row) for row in own(request).order_by("-seen_at", "pk")]
    rows.sort(key=lambda row: not row["is_here"])
    return render(request, "account/sessions.html", {"rows": rows})


@require_POST
@login_required
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End one session of one's own, or all but the present one."""
    wanted = request.POST.get("session", "")
    here = request.session.session_key
    keys = [row.session_key for row in own(request) if row.session_key != here]
    if wanted != "others":
        keys = [key for key in keys if hmac.compare_digest(handle(key), wanted[:64])]
    ended, _by_model = own(request).filter(session_key__in=keys).delete()
    if ended and isinstance(request.user, User):
        audit.record("user.sessions_end", request.user, by=request.user, at=timezone.now(), number=ended)
        messages.success(request, _("Ended. Whoever sits there has to log in again."))
    else:
        messages.info(request, _("That session had ended already."))
    return HttpResponseRedirect(reverse("account_sessions"))


def own(request: HttpRequest) -> Any:
    """Return the sessions of the user that have not run out."""
    return StaffSession.objects.filter(user_id=request.user.pk or 0, expire_date__gt=timezone.now())


def row_of(request: HttpRequest, row: StaffSession) -> dict[str, Any]:
    """Return what the page shows of one session."""
    return {"row": row, "handle": handle(row.session_key), "is_here": row.session_key == request.session.session_key}


def handle(session_key: str) -> str:
    """Return what names a session on the page; its key would be enough to enter by."""
    return sha256(f"{sessions.__name__}\0{session_key}".encode()).hexdigest()
