"""The door for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from qifu.project import warming

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qifu.project.settings.production")

application = get_wsgi_application()
warming.begin()
