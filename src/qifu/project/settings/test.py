"""Tests: the real database on the embedded server, connected as the application's login role."""

from .base import *  # noqa: F403
from .base import INSTALLED_APPS, STORAGES

DEMO = True
SECRET_KEY = "only for tests, never elsewhere"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
INSTALLED_APPS = [*INSTALLED_APPS, "qifu.kernel.workflow.tests.toy"]
# The browser journeys are served without collectstatic.
WHITENOISE_USE_FINDERS = True
