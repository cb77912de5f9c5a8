"""What is done with a list as a whole: its views, its columns, steps on many rows, export."""

from __future__ import annotations

from django.urls import path

from rmaproject.views.web import exports, saved, steps

app_name = "views"
urlpatterns = [
    path("<slug:key>/views/", saved.save, name="save"),
    path("<slug:key>/views/<slug:slug>/", saved.change, name="change"),
    path("<slug:key>/columns/", saved.columns, name="columns"),
    path("<slug:key>/export/", exports.export, name="export"),
    path("<slug:key>/steps/", steps.plan, name="plan"),
    path("<slug:key>/steps/<uuid:ident>/", steps.planned, name="planned"),
]
