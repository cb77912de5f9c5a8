"""Which address belongs to whom; the apps bring their own lists."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from returns.web.figures.today import today
from rmaproject.health import alive, ready
from rmaproject.web import me
from rmaproject.web.entrance import Login, Logout, SetPassword
from rmaproject.web.people import people
from rmaproject.web.renewal import kept, session
from rmaproject.web.search import palette, search

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
    path("password/<str:uidb64>/<str:token>/", SetPassword.as_view(), name="set-password"),
    path("logout/", Logout.as_view(), name="logout"),
    path("session/", session, name="session"),
    path("kept/<uuid:ident>/", kept, name="kept"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="my-password"),
    path("me/theme/", me.theme, name="my-theme"),
    path("", include("rmaproject.presence.web.urls")),
    path("", today, name="home"),
    path("", include("returns.web.figures.urls")),
    path("search/", search, name="search"),
    path("palette/", palette, name="palette"),
    path("people/", people, name="people"),
    path("lists/", include("rmaproject.views.web.urls")),
    path("jobs/", include("rmaproject.jobs.web.urls")),
    path("notices/", include("rmaproject.notices.web.urls")),
    path("sales/", include("sales.web.urls")),
    path("refunds/credit/", include("returns.web.money.urls")),
    path("refunds/", include("sales.web.refund_urls")),
    path("settings/", include("sales.web.settings_urls")),
    path("stock/", include("stock.web.urls")),
    path("customers/", include("customers.web.urls")),
    path("imports/", include("returns.importing.web.urls")),
    path("returns/", include("returns.web.urls")),
    path("settings/", include("returns.web.settings.urls")),
    path("settings/demo/", include("returns.demo.urls")),
]

handler400 = "rmaproject.handlers.bad_request"
handler403 = "rmaproject.handlers.forbidden"
handler404 = "rmaproject.handlers.missing"
handler500 = "rmaproject.handlers.broken"
