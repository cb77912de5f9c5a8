"""For hosts that insist on ASGI; the views are synchronous, so `wsgi` costs less."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmaproject.settings")
os.environ.setdefault("RMA_SERVING", "1")

application = get_asgi_application()
