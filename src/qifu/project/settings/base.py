"""Settings that hold everywhere. Environment: QIFU_VAR, QIFU_DATABASE_URL, QIFU_OWNER_URL, QIFU_SECRET_KEY, QIFU_HOSTS,
QIFU_ADDRESS, QIFU_KEYS_HELD, QIFU_ZHEZHENGDING, QIFU_ZHELIBAN."""

import os
from pathlib import Path

from qifu.project.database import connection_settings

BASE = Path(__file__).resolve().parents[4]
VAR = Path(os.environ.get("QIFU_VAR", BASE / "var")).resolve()
PACKS = Path(os.environ.get("QIFU_PACKS", BASE / "packs")).resolve()

SECRET_KEY = os.environ.get("QIFU_SECRET_KEY", "")
DEBUG = False
DEMO = False
ALLOWED_HOSTS = os.environ.get("QIFU_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
ADDRESS = os.environ.get("QIFU_ADDRESS", f"https://{ALLOWED_HOSTS[0]}")
"""Under which people reach this installation: printed into the QR codes of papers and posters."""

IDENTITY = {code: path for code, path in (("zzd", os.environ.get("QIFU_ZHEZHENGDING")), ("zlb", os.environ.get("QIFU_ZHELIBAN"))) if path}
"""Logins of other services that the door offers, each the `package.module:factory` of its adapter; none, no button."""

KEYS_HELD = float(os.environ.get("QIFU_KEYS_HELD", "20"))
"""Seconds that a process uses keys from its memory before it looks again: a key that was destroyed or withdrawn is gone
everywhere after them."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_cotton",
    "procrastinate.contrib.django",
    "qifu.kernel.jurisdiction",
    "qifu.kernel.access",
    "qifu.kernel.calendar",
    "qifu.kernel.privacy",
    "qifu.kernel.credentials",
    "qifu.kernel.events",
    "qifu.kernel.journal",
    "qifu.kernel.workflow",
    "qifu.kernel.indicators",
    "qifu.kernel.notify",
    "qifu.kernel.ladder",
    "qifu.kernel.intake",
    "qifu.kernel.documents",
    "qifu.kernel.files",
    "qifu.kernel.booking",
    "qifu.ui",
    "qifu.areas.registry",
    "qifu.areas.response",
    "qifu.areas.resumption",
    "qifu.areas.schools",
    "qifu.areas.insight",
    "qifu.areas.returns",
    "qifu.areas.casework",
    "qifu.areas.mobilisation",
    "qifu.areas.services",
    "qifu.areas.jointoffice",
    "qifu.areas.supply",
    "qifu.areas.visits",
    "qifu.areas.loops",
    "qifu.areas.consultation",
    "qifu.areas.correspondence",
    "qifu.areas.passes",
    "qifu.project.accounts",
    "qifu.project.audit",
    "qifu.project.papers",
    "qifu.project.messages",
    "qifu.project.workdays",
    "qifu.project.pressing",
    "qifu.project",
]

MIDDLEWARE = [
    "qifu.project.health.Probe",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qifu.project.middleware.Pack",
    "qifu.project.middleware.Guard",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qifu.kernel.web.Doorkeeper",
]

ROOT_URLCONF = "qifu.project.urls"
WSGI_APPLICATION = "qifu.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "qifu.ui.context.frame",
            ],
        },
    }
]

# `default` logs in as a role that owns nothing and may only become app, worker or report (DECISIONS 8).
# `owner` runs migrations and nothing else.
DATABASES = connection_settings(VAR)
DATABASE_ROUTERS = ["qifu.project.routers.OwnerMigrates"]
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS: list[str] = []
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "src/qifu/ui/locale", BASE / "src/qifu/kernel/locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SESSION_COOKIE_NAME = "qifu_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_FAILURE_VIEW = "qifu.project.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000
SECURE_SSL_REDIRECT = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
