"""The settings of sales: limits of approval, and the accounts that businesses pay from."""

from __future__ import annotations

from django.urls import path

from sales.web import board_limits, limits, paying_account

urlpatterns = [
    path("limits/", limits.limits, name="settings-limits"),
    path("limits/new/", limits.limit, name="settings-new-limit"),
    path("limits/<uuid:ident>/", limits.limit, name="settings-limit"),
    path("board/<slug:board>/", board_limits.board_limits, name="settings-board"),
    path(
        "businesses/<uuid:ident>/account/",
        paying_account.paying_account,
        name="settings-business-account",
    ),
]
