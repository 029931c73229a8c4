"""The web server's way in: `gunicorn oms.wsgi`."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
os.environ.setdefault("OMS_PROCESS", "web")

application = get_wsgi_application()

# All pages are loaded before the server forks, and the holidays of all countries, half a second of somebody's first
# confirmation. What is loaded stays: no child copies it, and no request waits while the collector walks through it.
for module in (settings.ROOT_URLCONF, "holidays.countries"):
    import_module(module)
gc.freeze()
