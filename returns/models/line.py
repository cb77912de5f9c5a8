from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from returns.models.codes import Reason
from returns.models.order import ReturnOrder
from rmaproject.audit.models import Addressable
from rmaproject.shared.db import TRIGGER_REFUSALS
from rmaproject.shared.errors import RuleViolation
from rmaproject.shared.fields import (
    AmountField,
    PercentField,
    PriceField,
    QuantityField,
    known_choice,
    one_of,
    positive_quantity,
)
from rmaproject.shared.money import ZERO
from sales.models import PART_KINDS, InvoiceLine, LineKind, OrderLine, VatType
from stock.models import Location, Part, StockItem

TRIGGER_REFUSALS["returnline_unit_held_by_customer"] = (
    RuleViolation,
    "not_held_by_customer",
    "This customer does not hold the unit.",
)


class Outcome(models.TextChoices):
    """What the customer gets for a line; a wish until it is carried out."""

    REFUND = "refund", _("Refund")
    STORE_CREDIT = "store_credit", _("Store credit")
    REPLACEMENT = "replacement", _("Replacement")
    REPAIR = "repair", _("Repair")
    SENT_BACK = "sent_back", _("Sent back")
    NOTHING = "nothing", _("Nothing")


#: Outcomes that are paid by a credit note.
PAID_OUTCOMES = (Outcome.REFUND, Outcome.STORE_CREDIT)

CLAIM = F("quantity") + F("waived") - F("released") - F("sent_back")


class ReturnLine(Addressable):
    """One thing to come back: a unit, a quantity of a sold line, a blind part, or a surprise.

    `quantity` is announced, `waived` will never come and is decided all the same. `claim` is
    what the line holds of its order line; a trigger adds each change to the order line's
    `claimed`, whose CHECK decides, so no door and no raw SQL can return more than was shipped.
    `kit_line` is the sold kit as a part of which the goods were announced, if they were.
    """

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    stock_item = models.ForeignKey(
        StockItem, models.PROTECT, null=True, blank=True, related_name="+"
    )
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, null=True, blank=True, related_name="return_lines"
    )
    kit_line = models.ForeignKey(OrderLine, models.PROTECT, null=True, blank=True, related_name="+")
    invoice_line = models.ForeignKey(
        InvoiceLine, models.PROTECT, null=True, blank=True, related_name="+"
    )
    part = models.ForeignKey(Part, models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="+")
    description = models.CharField(max_length=200, blank=True)
    unexpected = models.BooleanField(default=False)
    reason = models.ForeignKey(Reason, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    quantity = QuantityField()
    waived = QuantityField(default=0)
    released = QuantityField(default=0)
    received = QuantityField(default=0)
    accepted = QuantityField(default=0)
    rejected = QuantityField(default=0)
    disposed = QuantityField(default=0)
    credited = QuantityField(default=0)
    sent_back = QuantityField(default=0)
    replaced = QuantityField(default=0)
    repaired = QuantityField(default=0)
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.REFUND)
    void = models.BooleanField(default=False)
    claim = models.GeneratedField(
        expression=Case(When(void=True, then=Value(ZERO)), default=CLAIM),
        output_field=models.DecimalField(max_digits=15, decimal_places=5),
        db_persist=True,
    )

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["return_order", "number"],
                name="returnline_number_unique_per_return",
                violation_error_code="line_exists",
                violation_error_message=gettext_noop("The return has a line with this number."),
            ),
            models.UniqueConstraint(
                fields=["stock_item"],
                condition=Q(received=0, released=0, waived=0, void=False, unexpected=False),
                name="returnline_unit_on_one_open_line",
                violation_error_code="unit_on_another_return",
                violation_error_message=gettext_noop(
                    "The unit is on its way back on another return line."
                ),
            ),
            models.CheckConstraint(
                condition=Q(part__isnull=False)
                | (Q(unexpected=True, stock_item=None, order_line=None) & ~Q(description="")),
                name="returnline_names_what_comes_back",
                violation_error_code="nothing_named",
                violation_error_message=gettext_noop(
                    "A line names a unit, a sold line, a part or what it is."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kit_line=None) | Q(order_line__isnull=False),
                name="returnline_part_of_a_kit_was_sold",
                violation_error_code="wrong_sale",
                violation_error_message=gettext_noop(
                    "What comes back as part of a kit was sold with it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, waived__gte=0) & (Q(quantity__gt=0) | Q(waived__gt=0)),
                name="returnline_asks_for_something",
                violation_error_code="invalid_quantity",
                violation_error_message=gettext_noop("A quantity is more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(stock_item=None) | Q(quantity=1, waived=0) | Q(quantity=0, waived=1),
                name="returnline_unit_counts_one",
                violation_error_code="unit_counts_one",
                violation_error_message=gettext_noop("A serialized unit counts one."),
            ),
            models.CheckConstraint(
                condition=Q(received__gte=0, released__gte=0)
                & Q(quantity__gte=F("received") + F("released")),
                name="returnline_received_within_quantity",
                violation_error_code="exceeds_expected",
                violation_error_message=gettext_noop("More would be received than is expected."),
            ),
            models.CheckConstraint(
                condition=Q(accepted__gte=0, rejected__gte=0)
                & Q(received__gte=F("accepted") + F("rejected")),
                name="returnline_decided_within_received",
                violation_error_code="exceeds_received",
                violation_error_message=gettext_noop("More would be decided than was received."),
            ),
            models.CheckConstraint(
                condition=Q(disposed__gte=0) & Q(accepted__gte=F("disposed") - F("rejected")),
                name="returnline_disposed_within_decided",
                violation_error_code="exceeds_received",
                violation_error_message=gettext_noop(
                    "More would be disposed of than was received and decided."
                ),
            ),
            models.CheckConstraint(
                condition=Q(credited__gte=0) & Q(credited__lte=F("accepted") + F("waived")),
                name="returnline_credited_within_accepted",
                violation_error_code="exceeds_accepted",
                violation_error_message=gettext_noop("More would be credited than was accepted."),
            ),
            models.CheckConstraint(
                condition=Q(sent_back__gte=0)
                & Q(received__gte=F("sent_back") + F("credited") - F("waived")),
                name="returnline_sent_back_within_received",
                violation_error_code="exceeds_received",
                violation_error_message=gettext_noop("More would be sent back than is here."),
            ),
            models.CheckConstraint(
                condition=Q(replaced__gte=0, repaired__gte=0)
                & Q(
                    quantity__gte=F("credited")
                    + F("replaced")
                    + F("repaired")
                    + F("released")
                    - F("waived")
                ),
                name="returnline_each_unit_has_one_outcome",
                violation_error_code="outcome_given",
                violation_error_message=gettext_noop(
                    "A unit is credited, replaced or repaired, once."
                ),
            ),
            models.CheckConstraint(
                condition=Q(repaired__lte=F("sent_back")),
                name="returnline_repaired_is_sent_back",
                violation_error_code="exceeds_sent_back",
                violation_error_message=gettext_noop("What is repaired goes back to the customer."),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("sent_back") + F("replaced") - F("waived")),
                name="returnline_replaced_goods_stay",
                violation_error_code="outcome_given",
                violation_error_message=gettext_noop(
                    "Goods that were replaced are not sent back too."
                ),
            ),
            known_choice(
                "returnline_outcome_known", "outcome", Outcome, "This is no outcome of a line."
            ),
            models.CheckConstraint(
                condition=Q(void=False) | Q(received=0, credited=0, replaced=0),
                name="returnline_void_has_no_receipt_or_credit",
                violation_error_code="line_has_history",
                violation_error_message=gettext_noop(
                    "A line with goods received or credited stays."
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["return_order"],
                condition=Q(received__gt=F("accepted") + F("rejected")),
                name="returnline_to_inspect",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="claim",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.After,
                func="""
                IF TG_OP = 'UPDATE' AND OLD.order_line_id IS NOT DISTINCT FROM NEW.order_line_id
                THEN
                    IF NEW.claim <> OLD.claim AND NEW.order_line_id IS NOT NULL THEN
                        UPDATE sales_orderline SET claimed = claimed + NEW.claim - OLD.claim
                        WHERE id = NEW.order_line_id;
                    END IF;
                    RETURN NULL;
                END IF;
                IF TG_OP <> 'INSERT' AND OLD.order_line_id IS NOT NULL AND OLD.claim <> 0 THEN
                    UPDATE sales_orderline SET claimed = claimed - OLD.claim
                    WHERE id = OLD.order_line_id;
                END IF;
                IF TG_OP <> 'DELETE' AND NEW.order_line_id IS NOT NULL AND NEW.claim <> 0 THEN
                    UPDATE sales_orderline SET claimed = claimed + NEW.claim
                    WHERE id = NEW.order_line_id;
                END IF;
                RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="holder",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("stock_item_id", "void"),
                when=pgtrigger.After,
                condition=pgtrigger.Q(
                    new__stock_item__isnull=False, new__void=False, new__unexpected=False
                )
                & pgtrigger.Q(new__received=0),
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM stock_stockitem i JOIN returns_returnorder r
                    ON r.customer_id = i.holder_id
                    WHERE i.id = NEW.stock_item_id AND r.id = NEW.return_order_id)
                THEN RAISE EXCEPTION 'This customer does not hold the unit.'
                    USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'returnline_unit_held_by_customer';
                END IF;
                RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Origin(models.TextChoices):
    """Where an extra line comes from."""

    HAND = "", _("Written by hand")
    POLICY = "policy", _("Policy")
    DISPOSITION = "disposition", _("Disposition")


class ExtraLine(Addressable):
    """A charge (below zero) or credit (above zero) of the return that is no goods.

    Lines that the rules ask for name their `origin` and are made once, also when they are
    taken out again.
    """

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="extra_lines")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=LineKind, default=LineKind.FEE)
    name = models.CharField(max_length=200)
    quantity = QuantityField(default=1)
    gross_unit_price = PriceField()
    vat_percent = PercentField(default=0)
    vat_type = models.CharField(max_length=10, choices=VatType, default=VatType.NORMAL)
    invoice_line = models.ForeignKey(
        InvoiceLine, models.PROTECT, null=True, blank=True, related_name="+"
    )
    tax = AmountField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    origin = models.CharField(max_length=20, choices=Origin, blank=True, default=Origin.HAND)
    credited = models.BooleanField(default=False)
    void = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["return_order", "number"],
                name="extraline_number_unique_per_return",
                violation_error_code="line_exists",
                violation_error_message=gettext_noop(
                    "The return has an extra line with this number."
                ),
            ),
            models.CheckConstraint(
                condition=one_of("kind", LineKind) & ~Q(kind__in=PART_KINDS),
                name="extraline_is_no_goods",
                violation_error_code="invalid_kind",
                violation_error_message=gettext_noop(
                    "An extra line is a fee, shipping, discount or goodwill."
                ),
            ),
            positive_quantity("extraline_quantity_positive"),
            models.CheckConstraint(
                condition=~Q(void=True, credited=True),
                name="extraline_void_is_not_credited",
                violation_error_code="line_has_history",
                violation_error_message=gettext_noop("A line that was credited stays."),
            ),
            known_choice(
                "extraline_vat_type_known",
                "vat_type",
                VatType,
                "A VAT type is NORMAL, REDUCED or ZERO.",
            ),
            known_choice(
                "extraline_origin_known", "origin", Origin, "This is no origin of an extra line."
            ),
            models.UniqueConstraint(
                fields=["return_order", "kind"],
                condition=Q(origin=Origin.POLICY, invoice_line=None),
                name="extraline_policy_charges_once",
                violation_error_code="charged_already",
                violation_error_message=gettext_noop("The rules charge this once for a return."),
            ),
            models.UniqueConstraint(
                fields=["return_order", "invoice_line"],
                condition=Q(origin=Origin.POLICY, invoice_line__isnull=False),
                name="extraline_policy_refunds_once",
                violation_error_code="charged_already",
                violation_error_message=gettext_noop("The rules give this back once for a return."),
            ),
        ]
