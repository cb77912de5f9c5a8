"""The few words that tests about refunds need: a sale paid somehow, credited, and its refund."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from customers.models import Company
from returns.models import ReturnOrder
from returns.services import credit_return
from rmaproject.access.actors import SYSTEM, Actor
from sales.models import BankDetails, Business, CreditNote, Refund, SandboxOrder
from sales.services.banking import BankAccount, keep_bank_details
from sales.services.invoicing import record_payment
from sales.services.refunding import approve_refund, confirm_refund, pay_refund
from tests.factories import goods, sell
from tests.returns.steps import decided

IBAN = "DE89370400440532013000"
OTHER_IBAN = "NL91ABNA0417164300"


def account(iban: str = IBAN, owner: str = "Bo Jansen", bic: str = "") -> BankAccount:
    return BankAccount(owner=owner, iban=iban, bic=bic)


def bank_of(customer: Company, iban: str = IBAN) -> BankDetails:
    """The customer's bank account, known to us."""
    return keep_bank_details(account(iban), customer=customer, actor=SYSTEM)


def credited(
    business: Business,
    customer: Company,
    *,
    price: str = "10.00",
    gateway: str = "",
    currency: str = "",
    actor: Actor = SYSTEM,
    pays: tuple[str, ...] = (),
) -> ReturnOrder:
    """A sale of one thing, paid, by the gateway where one is named, returned and credited.

    `pays` tells several payments, each an amount and, where it differs, what it came by.
    """
    line = goods(f"THING-{CreditNote.objects.count()}", "1", price)
    order = sell(business, customer, line, paid=False, currency=currency)
    for told in pays or (price,):
        amount, _, by = told.partition(" ")
        by = by or gateway
        record_payment(
            business=business,
            customer_id=customer.pk,
            currency=order.currency,
            amount=Decimal(amount),
            actor=SYSTEM,
            gateway="" if by == "cash" else by,
            gateway_reference=f"pay-{amount}",
        )
    rma = decided(order)
    credit_return(rma.pk, actor=actor)
    return ReturnOrder.objects.get(pk=rma.pk)


def refund_of(rma: ReturnOrder) -> Refund:
    """The one refund of a return."""
    return Refund.objects.get(credit_note__in=note_of(rma))


def note_of(rma: ReturnOrder) -> Any:
    return CreditNote.objects.filter(lines__line_credit__line__return_order=rma).distinct()


def ready(business: Business, customer: Company, **values: Any) -> Refund:
    """A refund that was approved and waits to be paid; by the sandbox unless said otherwise."""
    refund = refund_of(credited(business, customer, **{"gateway": "sandbox", **values}))
    return approve_refund(refund.pk, actor=SYSTEM)


def ready_for(business: Business, customer: Company, amounts: list[str]) -> list[Refund]:
    """Approved refunds of these amounts: of one sale that was paid by so many card payments."""
    price = str(sum(Decimal(amount) for amount in amounts))
    credited(business, customer, price=price, gateway="sandbox", pays=tuple(amounts))
    keys = Refund.objects.order_by("amount").values_list("pk", flat=True)
    return [approve_refund(key, actor=SYSTEM) for key in list(keys)]


def paid_by_hand() -> Refund:
    """The one refund, which went out by hand and was confirmed; its sale is not in euros."""
    refund = Refund.objects.get()
    approve_refund(refund.pk, actor=SYSTEM)
    pay_refund(refund.pk, actor=SYSTEM)
    return confirm_refund(refund.pk, actor=SYSTEM)


def told(behaviour: str, **values: Any) -> None:
    """Tell the sandbox how to answer next."""
    SandboxOrder.objects.create(behaviour=behaviour, **values)


@contextmanager
def no_gateway_calls(monkeypatch: Any) -> Iterator[list[Any]]:
    """Between commit and call the process dies: nothing is delivered."""
    from sales.services.refunding import paying

    lost: list[Any] = []
    with monkeypatch.context() as patch:
        patch.setattr(paying, "deliver", lost.append)
        yield lost
