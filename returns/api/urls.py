"""Addresses of the REST resources of this app."""

from __future__ import annotations

from django.urls import path, re_path

from returns.api import parts
from returns.api.attachments import AttachmentViewSet
from returns.api.calendar_feeds import CalendarFeedViewSet
from returns.api.codes import DispositionViewSet, ReasonViewSet, SettingsViewSet
from returns.api.counts import CountViewSet, ReceiptRecount
from returns.api.custom import CustomFieldViewSet
from returns.api.decisions import DisposalViewSet
from returns.api.life import LifeViewSet
from returns.api.metrics import MetricsViewSet
from returns.api.policies import PolicyViewSet
from returns.api.receipts import ReceiptViewSet, ReturnReceiptViewSet
from returns.api.returns import ReturnViewSet
from returns.api.reversals import CreditNoteReversal
from returns.api.sheets import SheetViewSet
from rmaproject.rest.routing import router

BELOW = "returns/(?P<return_id>[0-9a-fA-F-]{36})"

routes = router()
routes.register("returns", ReturnViewSet, basename="return")
routes.register(f"{BELOW}/lines", parts.ReturnLineViewSet, basename="return-line")
routes.register(f"{BELOW}/extra-lines", parts.ExtraLineViewSet, basename="return-extra-line")
routes.register(f"{BELOW}/parcels", parts.ParcelViewSet, basename="return-parcel")
routes.register(f"{BELOW}/receipts", ReturnReceiptViewSet, basename="return-receipt")
routes.register(f"{BELOW}/comments", parts.CommentViewSet, basename="return-comment")
routes.register(f"{BELOW}/attachments", AttachmentViewSet, basename="return-attachment")
routes.register("calendar-feeds", CalendarFeedViewSet, basename="calendar-feed")
routes.register("receipts", ReceiptViewSet, basename="receipt")
routes.register("policies", PolicyViewSet, basename="policy")
routes.register("reasons", ReasonViewSet, basename="reason")
routes.register("dispositions", DispositionViewSet, basename="disposition")
routes.register("custom-fields", CustomFieldViewSet, basename="custom-field")
routes.register("disposals", DisposalViewSet, basename="disposal")
routes.register("inspection-sheets", SheetViewSet, basename="inspection-sheet")

settings = SettingsViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
life = LifeViewSet.as_view({"get": "retrieve"})
metrics = MetricsViewSet.as_view({"get": "retrieve"})
history = parts.HistoryViewSet.as_view({"get": "list"})
take_back = CreditNoteReversal.as_view({"post": "take_back"})
recount = ReceiptRecount.as_view({"post": "recount"})
COUNTING = ("scan", "undo", "choose", "explain", "park", "resume", "carton", "cancel", "finish")
ONE = "returns/<uuid:uuid>"
urlpatterns = [
    *routes.urls,
    path(f"{ONE}/count/", CountViewSet.as_view({"get": "retrieve"}), name="return-count"),
    *(
        path(
            f"{ONE}/count/{verb}/",
            CountViewSet.as_view({"post": verb}),
            name=f"return-count-{verb}",
        )
        for verb in COUNTING
    ),
    path(f"{ONE}/receipts/<uuid:receipt>/recount/", recount, name="receipt-recount"),
    re_path(f"^{BELOW}/history/$", history, name="return-history-list"),
    re_path(r"^stock-items/(?P<uuid>[0-9a-fA-F-]{36})/life/$", life, name="stock-item-life"),
    path("credit-notes/<uuid:uuid>/reverse/", take_back, name="credit-note-reverse"),
    path("metrics/", metrics, name="metrics"),
    path("settings/", settings, name="settings"),
]
