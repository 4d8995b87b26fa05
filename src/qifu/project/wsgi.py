"""The door for a WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qifu.project.settings.production")

application = get_wsgi_application()

# What is loaded stays for good: looking through it for cycles stopped every page under way for a tenth of a second, time and again.
gc.collect()
gc.freeze()
