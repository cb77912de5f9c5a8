"""Addresses of the REST resources of this app."""

from __future__ import annotations

from django.urls import path, re_path

from returns.api import parts
from returns.api.codes import DispositionViewSet, ReasonViewSet, SettingsViewSet
from returns.api.policies import PolicyViewSet
from returns.api.receipts import ReceiptViewSet, ReturnReceiptViewSet
from returns.api.returns import ReturnViewSet
from rmaproject.rest.routing import router

BELOW = "returns/(?P<return_id>[0-9a-fA-F-]{36})"

routes = router()
routes.register("returns", ReturnViewSet, basename="return")
routes.register(f"{BELOW}/lines", parts.ReturnLineViewSet, basename="return-line")
routes.register(f"{BELOW}/extra-lines", parts.ExtraLineViewSet, basename="return-extra-line")
routes.register(f"{BELOW}/parcels", parts.ParcelViewSet, basename="return-parcel")
routes.register(f"{BELOW}/receipts", ReturnReceiptViewSet, basename="return-receipt")
routes.register(f"{BELOW}/comments", parts.CommentViewSet, basename="return-comment")
routes.register("receipts", ReceiptViewSet, basename="receipt")
routes.register("policies", PolicyViewSet, basename="policy")
routes.register("reasons", ReasonViewSet, basename="reason")
routes.register("dispositions", DispositionViewSet, basename="disposition")

settings = SettingsViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
history = parts.HistoryViewSet.as_view({"get": "list"})
urlpatterns = [
    *routes.urls,
    re_path(f"^{BELOW}/history/$", history, name="return-history-list"),
    path("settings/", settings, name="settings"),
]
