"""The WSGI application for gunicorn. Model and index load after the fork, never here."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.http.chunked import ChunkedBodies
from config.http.uploads import FORM_OVERHEAD

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = ChunkedBodies(get_wsgi_application(), limit=settings.MAX_UPLOAD_BYTES + FORM_OVERHEAD)
