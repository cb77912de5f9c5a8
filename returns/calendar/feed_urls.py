from __future__ import annotations

from django.urls import path, re_path

from returns.calendar import feed_views
from returns.calendar.hiding import HIDDEN, PLAIN

urlpatterns = [
    path(f"<uuid:ident>/{PLAIN}.ics", feed_views.by_password, name="calendar-feed"),
    # The secret itself was taken out of the address before (`hiding`).
    path(f"<uuid:ident>/{HIDDEN}.ics", feed_views.by_secret, name="calendar-feed-secret"),
    re_path(r"^(?:.*/)?", feed_views.nothing),
]
