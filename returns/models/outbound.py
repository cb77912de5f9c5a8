"""What leaves for the customer because of a return: replacements, and goods that go back."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from returns.models.decision import Disposal
from returns.models.line import ExtraLine, ReturnLine
from returns.models.order import ReturnOrder
from returns.models.receipt import ReceiptLine
from rmaproject.audit.appendonly import append_only
from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import QuantityField, known_choice, positive_quantity
from sales.models import InvoiceLine, OrderLine
from stock.models import Movement, StockItem


class OutboundKind(models.TextChoices):
    """Whether other goods go out, or those that came in."""

    REPLACEMENT = "replacement", _("Replacement")
    SEND_BACK = "send_back", _("Sent back")


class Outbound(Addressable):
    """A quantity of a line that leaves for the customer; backs `replaced`, `sent_back`, `repaired`.

    A replacement is a line of a linked sales order and leaves by that order's shipment. Goods sent
    back leave at once: from one receipt line, and from what its disposal made of it.
    """

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="outbound")
    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="outbound")
    kind = models.CharField(max_length=20, choices=OutboundKind)
    quantity = QuantityField()
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, null=True, blank=True, related_name="+"
    )
    extra_line = models.OneToOneField(
        ExtraLine, models.PROTECT, null=True, blank=True, related_name="replacement"
    )
    receipt_line = models.ForeignKey(
        ReceiptLine, models.PROTECT, null=True, blank=True, related_name="outbound"
    )
    disposal = models.ForeignKey(
        Disposal, models.PROTECT, null=True, blank=True, related_name="outbound"
    )
    stock_item = models.ForeignKey(
        StockItem, models.PROTECT, null=True, blank=True, related_name="+"
    )
    movement = models.OneToOneField(
        Movement, models.PROTECT, null=True, blank=True, related_name="+"
    )
    repair = models.BooleanField(default=False)
    carrier = models.CharField(max_length=100, blank=True)
    tracking_number = models.CharField(max_length=100, blank=True)
    shipped_on = models.DateField(null=True, blank=True)
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            positive_quantity("outbound_quantity_positive"),
            known_choice(
                "outbound_kind_known", "kind", OutboundKind, "Goods are replaced or sent back."
            ),
            models.CheckConstraint(
                condition=~Q(kind=OutboundKind.REPLACEMENT)
                | Q(order_line__isnull=False, receipt_line=None, movement=None, repair=False),
                name="outbound_replacement_is_an_order_line",
                violation_error_code="invalid_outbound",
                violation_error_message=gettext_noop("A replacement is a line of a sales order."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=OutboundKind.SEND_BACK)
                | Q(order_line=None, receipt_line__isnull=False, shipped_on__isnull=False)
                & Q(disposal__isnull=False),
                name="outbound_sent_back_is_what_was_received",
                violation_error_code="invalid_outbound",
                violation_error_message=gettext_noop(
                    "What is sent back was received, and left on a day."
                ),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(
                OpClass(Upper("tracking_number"), "gin_trgm_ops"), name="outbound_tracking_trigrams"
            ),
        ]
        triggers: ClassVar = append_only("returns_outbound")


class OutboundEnd(models.Model):
    """So much of a replacement counts no more: its order was cancelled, or it was charged."""

    outbound = models.ForeignKey(Outbound, models.PROTECT, related_name="ends")
    quantity = QuantityField()
    invoice_line = models.ForeignKey(
        InvoiceLine, models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            positive_quantity("outboundend_quantity_positive"),
        ]
        triggers: ClassVar = append_only("returns_outboundend")


class ExtraCharge(models.Model):
    """Ties an extra line that was charged, not credited, to the invoice line that charges it."""

    extra_line = models.OneToOneField(ExtraLine, models.PROTECT, related_name="charge")
    invoice_line = models.OneToOneField(InvoiceLine, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        triggers: ClassVar = append_only("returns_extracharge")
