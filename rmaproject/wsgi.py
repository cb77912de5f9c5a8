"""What a web server loads; loading it says that this process serves requests."""

from __future__ import annotations

import os
import signal

from django.core.wsgi import get_wsgi_application

from rmaproject.webserver import END_WITH_PARENT, end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmaproject.settings")
os.environ.setdefault("RMA_SERVING", "1")

application = get_wsgi_application()

if os.environ.get(END_WITH_PARENT):
    # The server ends workers that do not stop in time; without it one could serve for ever.
    end_with_parent(signal.SIGKILL)
