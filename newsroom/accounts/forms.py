"""The forms of staff accounts in the desk's words, with limits that hold over all processes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm, ResetPasswordForm, UserTokenForm
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.accounts import second_factor
from newsroom.core import http, ratelimit, text
from newsroom.core.models import User

# Mails for a forgotten password: to one address, from one client, from its network.
RESET_WINDOW = timedelta(hours=1)
RESETS_PER_ADDRESS = 5
RESETS_PER_CLIENT = 20
RESETS_PER_NETWORK = 80

# Somebody could otherwise be called by another's address, and stand in their way at log-in.
NO_ADDRESS = _("A user name holds no @: it would look like an e-mail address.")


class StaffLoginForm(LoginForm):
    """User name or e-mail address, and password; labels say all that placeholders would."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail address")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        # The page links to the forgotten password itself.
        self.fields["password"].help_text = ""


class StaffResetForm(ResetPasswordForm):
    """Asks for a new password. The answer and the work behind it are the same for an address nobody has."""

    users: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        """Find whose address it is now.

        allauth keeps every address an account ever had and would mail to each: whoever holds a mailbox that its owner
        lost, and therefore had changed at the desk, would be let in by it.
        """
        email: str = super().clean_email()
        self.users = [user for user in self.users if user.email.casefold() == email.casefold()]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Queue the mail, unless too many were asked for: then nothing goes out, and the page says the same."""
        at, email = timezone.now(), self.cleaned_data["email"]
        may = ratelimit.hit_address(
            "reset",
            http.client_address(request),
            limit=RESETS_PER_CLIENT,
            network_limit=RESETS_PER_NETWORK,
            window=RESET_WINDOW,
            at=at,
        ) and ratelimit.hit("reset.account", text.fold(email), limit=RESETS_PER_ADDRESS, window=RESET_WINDOW, at=at)
        found: list[User] = list(self.users)
        known = may and bool(found)
        self.users = found or [User(pk=0, username=email, email=email)]
        with transaction.atomic():
            super().save(request, **kwargs)
            transaction.set_rollback(not known)
        return str(email)


class StaffTokenForm(UserTokenForm):
    """Opens the form for a new password; a closed account's link is a dead one."""

    def _get_user(self, uidb36: str) -> User | None:
        user = super()._get_user(uidb36)
        return user if user is not None and user.is_active else None


class CountedCode(mfa_forms.BaseAuthenticateForm):
    """The field for a second factor: ten tries in ten minutes, each code once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_code(self.fields["code"])

    def clean_code(self) -> str:
        at = timezone.now()
        if not second_factor.may_try(self.user, at=at):
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()
        if not second_factor.take(self.user, code, at=at):
            raise ValidationError(_("This code was used already. Wait for the next one."))
        return code


class SecondFactorForm(CountedCode, mfa_forms.AuthenticateForm):
    """The second step of a log-in."""


class SecondFactorAgainForm(CountedCode, mfa_forms.ReauthenticateForm):
    """The second factor asked for again, before something grave."""


class SetUpForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_code(self.fields["code"])


def name_code(field: forms.Field) -> None:
    """Name the field as the app names what it shows, and let phones offer digits."""
    field.label = _("Code")
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {"inputmode": "text", "autocapitalize": "none", "spellcheck": "false"}


class TakeUpForm(forms.Form):
    """What an invited person says of themselves."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    username = UsernameField(
        label=_("User name"), max_length=150, help_text=_("With it, or with your e-mail address, you log in.")
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters, and one that you use nowhere else."),
    )
    password2 = forms.CharField(
        label=_("Password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.user = user
        self.fields["username"].validators.append(User.username_validator)
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"

    def clean_first_name(self) -> str:
        return text.clean_line(self.cleaned_data["first_name"])

    def clean_last_name(self) -> str:
        return text.clean_line(self.cleaned_data["last_name"])

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if "@" in username:
            raise ValidationError(NO_ADDRESS)
        if User.objects.filter(username__iexact=username).exclude(pk=self.user.pk).exists():
            raise ValidationError(_("Somebody has this user name already."))
        return username

    def clean(self) -> dict[str, Any]:
        """Hold the password to the newsroom's rules, with the new name known to them."""
        data = super().clean() or {}
        password, again = data.get("password1"), data.get("password2")
        if password and again and password != again:
            self.add_error("password2", _("The two passwords are not the same."))
        elif password:
            person = User(
                username=data.get("username", ""),
                first_name=data.get("first_name", ""),
                last_name=data.get("last_name", ""),
                email=self.user.email,
            )
            try:
                password_validation.validate_password(password, person)
            except ValidationError as errors:
                self.add_error("password1", errors)
        return data
