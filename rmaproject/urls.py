"""Which address belongs to whom; the apps bring their own lists."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from rmaproject.health import alive, ready
from rmaproject.web.entrance import Login, Logout, home
from rmaproject.web.search import search

urlpatterns = [
    # Before our own: some of these systems have addresses below a prefix of ours.
    *(path("", include(f"returns.compat.{name}.urls")) for name in settings.ADAPTERS),
    path("healthz", alive, name="healthz"),
    path("readyz", ready, name="readyz"),
    path("api/v1/", include("rmaproject.api_urls")),
    path("api/order/calendar/", include("returns.calendar.urls")),
    path("", include("rmaproject.oauth_urls")),
    path("calendars/", include("returns.calendar.feed_urls")),
    path("login/", Login.as_view(), name="login"),
    path("logout/", Logout.as_view(), name="logout"),
    path("", home, name="home"),
    path("search/", search, name="search"),
    path("notices/", include("rmaproject.notices.web.urls")),
    path("sales/", include("sales.web.urls")),
    path("refunds/", include("sales.web.refund_urls")),
    path("settings/", include("sales.web.settings_urls")),
    path("stock/", include("stock.web.urls")),
    path("customers/", include("customers.web.urls")),
    path("returns/", include("returns.web.urls")),
    path("settings/", include("returns.web.settings_urls")),
]

handler400 = "rmaproject.handlers.bad_request"
handler403 = "rmaproject.handlers.forbidden"
handler404 = "rmaproject.handlers.missing"
handler500 = "rmaproject.handlers.broken"
