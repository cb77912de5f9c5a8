from __future__ import annotations

from django.urls import path

from returns.calendar import views

urlpatterns = [
    path("return-order/calendar.ics", views.return_orders, name="return_calendar"),
    path("sales-order/calendar.ics", views.sales_orders, name="sales_calendar"),
]
