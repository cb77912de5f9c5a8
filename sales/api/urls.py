"""Addresses of the REST resources of this app."""

from __future__ import annotations

from django.urls import path

from rmaproject.rest.routing import router
from sales.api.accounts import AccountViewSet, EntryViewSet
from sales.api.bank_details import BankDetailsViewSet
from sales.api.bank_files import BankFileViewSet
from sales.api.businesses import BusinessViewSet
from sales.api.credit_notes import CreditNoteViewSet
from sales.api.invoices import InvoiceViewSet
from sales.api.limits import ApprovalLimitViewSet
from sales.api.order_parts import AllocationViewSet, OrderLineViewSet, ShipmentViewSet
from sales.api.orders import SalesOrderViewSet
from sales.api.payments import PaymentViewSet
from sales.api.refunds import RefundViewSet
from sales.api.sandbox import TestClockViewSet

ORDER = r"sales-orders/(?P<order>[0-9a-fA-F-]{36})"

routes = router()
routes.register("businesses", BusinessViewSet, basename="business")
routes.register("sales-orders", SalesOrderViewSet, basename="sales-order")
routes.register(f"{ORDER}/lines", OrderLineViewSet, basename="order-line")
routes.register(f"{ORDER}/shipments", ShipmentViewSet, basename="shipment")
routes.register("allocations", AllocationViewSet, basename="allocation")
routes.register("invoices", InvoiceViewSet, basename="invoice")
routes.register("payments", PaymentViewSet, basename="payment")
routes.register("credit-notes", CreditNoteViewSet, basename="credit-note")
routes.register("accounts", AccountViewSet, basename="account")
routes.register("refunds", RefundViewSet, basename="refund")
routes.register("bank-details", BankDetailsViewSet, basename="bank-details")
routes.register("bank-files", BankFileViewSet, basename="bank-file")
routes.register("approval-limits", ApprovalLimitViewSet, basename="approval-limit")
urlpatterns = [
    *routes.urls,
    path("test/clock/advance/", TestClockViewSet.as_view({"post": "advance"}), name="test-clock"),
    # A booking is no record of its own, so there is a list and no detail.
    path("accounts/<uuid:account>/entries/", EntryViewSet.as_view({"get": "list"}), name="entries"),
]
