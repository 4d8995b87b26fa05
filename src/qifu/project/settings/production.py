"""Production: everything from the environment, nothing relaxed."""

import os

from .base import *  # noqa: F403

SECRET_KEY = os.environ["QIFU_SECRET_KEY"]
