"""The web server's way in: `gunicorn oms.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
os.environ.setdefault("OMS_PROCESS", "web")

application = get_wsgi_application()
