"""The demo: one-touch logins and plain http on localhost. `check --deploy` refuses it."""

from qifu.project.database import secret_key

from .base import *  # noqa: F403
from .base import VAR

DEMO = True
SECRET_KEY = secret_key(VAR)
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
ALLOWED_HOSTS = ["*"]
