from __future__ import annotations

from django.urls import path

from rmaproject.presence.web.views import presence

urlpatterns = [path("presence/<uuid:uuid>/", presence, name="presence")]
