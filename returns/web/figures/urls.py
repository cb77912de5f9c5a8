"""The pages of figures: reports, their files, and the counts in the navigation."""

from __future__ import annotations

from django.urls import path

from returns.web.figures import queue_counts, reports, today

urlpatterns = [
    path("charts/", today.charts, name="charts"),
    path("reports/", reports.reports, name="reports"),
    path("reports/export/", reports.export, name="reports_export"),
    path("counts/", queue_counts.counts, name="counts"),
]
