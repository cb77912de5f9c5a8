"""The pages of imports; a run is named by its UUID."""

from __future__ import annotations

from django.urls import path

from returns.importing.web import pages, steps

app_name = "imports"
urlpatterns = [
    path("", pages.runs, name="list"),
    path("new/", pages.upload, name="new"),
    path("templates/<str:subject>.csv", pages.template, name="template"),
    path("<uuid:ident>/", pages.run, name="run"),
    path("<uuid:ident>/columns/", steps.columns, name="columns"),
    path("<uuid:ident>/encoding/", steps.encoding, name="encoding"),
    path("<uuid:ident>/start/", steps.start, name="start"),
    path("<uuid:ident>/stop/", steps.stop, name="stop"),
    path("<uuid:ident>/discard/", steps.discard, name="discard"),
    path("<uuid:ident>/take-back/", steps.take_back, name="take-back"),
    path("<uuid:ident>/not-imported.csv", pages.not_imported, name="not-imported"),
]
