"""Addresses of return orders and of what hangs on them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from returns.compat.inventree.resources import routes
from returns.compat.inventree.views_attachments import AttachmentContent, Attachments
from returns.compat.inventree.views_codes import AllCodes, codes_view
from returns.compat.inventree.views_metadata import Metadata, metadata_routes
from returns.compat.inventree.views_return_verbs import VERBS
from returns.compat.inventree.views_returns import ReturnExtraLines, ReturnLines, ReturnOrders

order_urls: list[URLPattern | URLResolver] = [
    path("api/generic/status/", AllCodes.as_view()),
    path("api/order/ro/status/", codes_view("ReturnOrderStatus")),
    path("api/order/ro-line/status/", codes_view("ReturnOrderLineStatus")),
    path("api/stock/status/", codes_view("StockStatus")),
    *(path(f"api/order/ro/<int:pk>/{verb}/", view) for verb, view in VERBS.items()),
    *metadata_routes("order/ro", "returnorder"),
    *metadata_routes("order/ro-line", "returnorderlineitem"),
    *metadata_routes("order/ro-extra-line", "returnorderextraline"),
    path("api/metadata/<str:model>/<int:pk>/", Metadata.as_view()),
    path(
        "api/attachment/<int:pk>/file/",
        AttachmentContent.as_view(),
        name="inventree-attachment-file",
    ),
    *routes("attachment", Attachments),
    *routes("order/ro", ReturnOrders),
    *routes("order/ro-line", ReturnLines),
    *routes("order/ro-extra-line", ReturnExtraLines),
]
