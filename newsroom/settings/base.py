"""What every way of running Newsroom shares. Nothing here reads a secret or names a host."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from newsroom.core import richtext
from newsroom.core.cdn import Cdn
from newsroom.settings.stack import BORROWED_APPS

BASE_DIR = Path(__file__).resolve().parent.parent.parent

INSTALLED_APPS = [
    "newsroom.apps.NewsroomConfig",
    "newsroom.core.apps.CoreConfig",
    "articles.apps.ArticlesConfig",
    "comments.apps.CommentsConfig",
    "newsroom.demo.apps.DemoConfig",
    "newsroom.apps.DeskAdminConfig",
    *BORROWED_APPS,
]

# Sessions, tokens and messages are lazy: a public page that touches none of them sets no cookie and varies on none.
# Headers come first, so that static files, refusals and errors carry them too.
MIDDLEWARE = [
    "newsroom.core.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "newsroom.core.middleware.MethodsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsroom.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "newsroom.accounts.middleware.DoorMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    # Asked first, and alone in its folder: pages of the public site, see newsroom.core.jinja.
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "public"],
        "OPTIONS": {"environment": "newsroom.core.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
# The folder that keeps what public templates were compiled to; None: each process compiles them for itself.
COMPILED_TEMPLATES: Path | None = None

AUTH_USER_MODEL = "core.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "newsroom" / "locale"]
FORMAT_MODULE_PATH = "newsroom.core.formats"
USE_I18N = True
USE_TZ = True
# The zone in which readers and the desk see times; stored times are UTC.
TIME_ZONE = "Asia/Jakarta"

STATIC_URL = "/static/"
# Names of content only, nothing beside them; source maps are for people with the developer tools open, who can wait.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "avif", "map"]
MEDIA_URL = "/media/"
# Where nginx finds renditions by an internal location ("/renditions/"); "": Newsroom sends them itself.
MEDIA_ACCEL = ""
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "newsroom.core.staticfiles.HashedStaticFiles"},
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

AUTHENTICATION_BACKENDS = ["newsroom.accounts.backend.StaffBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "newsroom.accounts.adapter.StaffAdapter"
ACCOUNT_FORMS = {
    "login": "newsroom.accounts.forms.StaffLoginForm",
    "reset_password": "newsroom.accounts.forms.StaffResetForm",
    "user_token": "newsroom.accounts.forms.StaffTokenForm",
}
# These are limited over all processes by newsroom.accounts; allauth's own counts stand in each process's cache.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "reset_password": None}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A stranger's address gets no mail, and the page says the same either way.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# The session ends with the browser; nobody is asked to decide.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "newsroom.accounts.sealing.SealedFactors"
MFA_TOTP_ISSUER = "Newsroom"
MFA_FORMS = {
    "authenticate": "newsroom.accounts.forms.SecondFactorForm",
    "reauthenticate": "newsroom.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "newsroom.accounts.forms.SetUpForm",
}
# Whether editors and above, administrators and superusers must have one before they can work.
SECOND_FACTOR_REQUIRED = False
PASSWORD_RESET_TIMEOUT = 60 * 60
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]

# The lock is taken when a transaction begins, never on the way: a read lock that cannot become a write lock fails at
# once, whatever the timeout. FULL: a commit that was acknowledged survives a power cut (NORMAL may lose it under WAL).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

DJANGO_PROSE_EDITOR_EXTENSIONS = richtext.EDITOR_EXTENSIONS

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "newsroom.core.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own handlers print in debug only and mail to ADMINS; ours print always.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Every unknown address would be a line; the access log has them, in samples.
        "django.request": {"level": "ERROR"},
        # The worker looks for work twice a second and says so each time.
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
    },
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# W002: SecurityHeadersMiddleware sets the header. W008: the web server in front turns http away, or there is none.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W008"]
SECRET_KEY_FALLBACKS: list[str] = []
SESSION_ENGINE = "newsroom.core.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# More than any form takes: each says in words what it leaves out.
DATA_UPLOAD_MAX_NUMBER_FILES = 100

# Bytes of finished pages each web process keeps (0: none); seconds for which a cache in front may show one unasked.
PAGE_CACHE_BYTES = 64 * 1024 * 1024
PAGE_CACHE_SHARED_SECONDS = 1
# The shared cache in front that is told what changed (newsroom.core.cdn.Cdn); None: there is none to be told.
CDN: Cdn | None = None
# How many reverse proxies stand in front and append to X-Forwarded-For. 0: the header is ignored.
TRUSTED_PROXY_COUNT = 0
# The paper's own name and motto; until it has a name, those of the demo paper.
SITE_NAME = os.environ.get("SITE_NAME", "").strip()
SITE_MOTTO: Any = os.environ.get("SITE_MOTTO", "").strip()
if not SITE_NAME:
    SITE_NAME, SITE_MOTTO = "Lintang", _("Reading the world from the equator")
# Scheme and host under which readers find the site ("https://lintang.example"); links in mails begin with it.
SITE_URL = ""
DEFAULT_FROM_EMAIL = "newsroom@localhost"
