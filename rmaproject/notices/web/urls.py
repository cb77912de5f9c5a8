"""The addresses of notices."""

from __future__ import annotations

from django.urls import path

from rmaproject.notices.web import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("choices/", views.choices, name="choices"),
    path("<uuid:ident>/open/", views.open_notice, name="open"),
    path("<uuid:ident>/read/", views.read_one, name="read"),
]
