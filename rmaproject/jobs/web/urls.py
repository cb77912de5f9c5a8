"""The pages of jobs; a job is named by its UUID."""

from __future__ import annotations

from django.urls import path

from rmaproject.jobs.web import views

app_name = "jobs"
urlpatterns = [
    path("<uuid:ident>/", views.job, name="job"),
    path("<uuid:ident>/cancel/", views.cancel, name="cancel"),
    path("<uuid:ident>/undo/", views.undo, name="undo"),
    path("<uuid:ident>/retry/", views.retry, name="retry"),
    path("<uuid:ident>/errors.csv", views.errors, name="errors"),
    path("<uuid:ident>/file/", views.file, name="file"),
]
