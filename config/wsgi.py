"""The WSGI application for gunicorn. Model and index load after the fork, never here."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

# With any other code gunicorn would start another worker in the place of one that cannot start.
_CANNOT_START = 3

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

try:
    application = get_wsgi_application()
except ImproperlyConfigured as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(_CANNOT_START)
