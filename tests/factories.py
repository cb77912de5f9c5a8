"""Legal objects only: every factory goes through the service that would make the real one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from django.contrib.auth.models import Group

from customers.models import Company
from customers.services import create_company
from returns.models import ReturnOrder
from returns.services import LineInput, issue_return, request_return
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.access.models import User
from sales.models import Business, SalesOrder
from sales.services.businesses import create_business
from sales.services.invoicing import record_payment
from sales.services.recording import record_sale
from sales.services.sale import Sale, SaleCustomer, SaleInvoice, SaleLine, SalePayment, SaleShipment
from stock.models import Location, Part
from stock.services import create_location, create_part

DAY = date(2026, 3, 2)


class _ServiceFactory(factory.Factory):
    """A factory whose objects come from a service that takes a dict of values."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        return cls.make(kwargs)

    @classmethod
    def make(cls, values: dict[str, Any]) -> Any:
        raise NotImplementedError


class CompanyFactory(_ServiceFactory):
    class Meta:
        model = Company

    reference = factory.Sequence(lambda n: f"C-{n:04d}")
    name = factory.Sequence(lambda n: f"Customer {n}")

    @classmethod
    def make(cls, values: dict[str, Any]) -> Company:
        return create_company(values, actor=SYSTEM)


class PartFactory(_ServiceFactory):
    class Meta:
        model = Part

    sku = factory.Sequence(lambda n: f"SKU-{n:04d}")
    name = factory.Sequence(lambda n: f"Part {n}")

    @classmethod
    def make(cls, values: dict[str, Any]) -> Part:
        return create_part(values, actor=SYSTEM)


class LocationFactory(_ServiceFactory):
    class Meta:
        model = Location

    code = factory.Sequence(lambda n: f"LOC-{n:04d}")

    @classmethod
    def make(cls, values: dict[str, Any]) -> Location:
        return create_location(values, actor=SYSTEM)


class BusinessFactory(_ServiceFactory):
    class Meta:
        model = Business

    code = factory.Sequence(lambda n: f"{1000 + n}")
    name = factory.Sequence(lambda n: f"Business {n}")
    currency = "EUR"
    time_zone = "Europe/Amsterdam"
    returns_location = factory.SubFactory(LocationFactory)

    @classmethod
    def make(cls, values: dict[str, Any]) -> Business:
        return create_business(values, actor=SYSTEM)


class UserFactory(factory.Factory):
    """A person with the roles named in `roles`; call make_roles() first."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> User:
        roles = kwargs.pop("roles", ())
        user = User.objects.create_user(password="a long pass phrase", **kwargs)
        user.groups.set(Group.objects.filter(name__in=roles))
        return user


def actor_with(*roles: str, **values: Any) -> Actor:
    """Somebody who acts in these roles."""
    return Actor(UserFactory(roles=roles, **values), door="test")


def goods(sku: str, quantity: str = "1", price: str = "10.00", **values: Any) -> SaleLine:
    """A line of goods of a sale; its number is given by `sell`."""
    return SaleLine(
        number=0,
        quantity=Decimal(quantity),
        gross_unit_price=Decimal(price),
        sku=sku,
        vat_percent=values.pop("vat_percent", Decimal(21)),
        **values,
    )


def discount(price: str, **values: Any) -> SaleLine:
    """A discount line of a sale; the price is below zero."""
    return SaleLine(
        number=0,
        kind="discount",
        quantity=Decimal(1),
        gross_unit_price=Decimal(price),
        vat_percent=values.pop("vat_percent", Decimal(21)),
        **values,
    )


def sell(
    business: Business,
    customer: Company,
    *lines: SaleLine,
    reference: str = "",
    invoiced: bool = True,
    paid: bool = True,
    shipped: bool = True,
    on: date = DAY,
    currency: str = "",
) -> SalesOrder:
    """A finished sale, recorded: shipped, invoiced and paid in full unless said otherwise."""
    numbered = tuple(
        SaleLine(**{**line.__dict__, "number": number}) for number, line in enumerate(lines, 1)
    )
    gross = sum((line.quantity * line.gross_unit_price for line in numbered), Decimal(0))
    reference = reference or f"SALE-{SalesOrder.objects.count() + 1}"
    sale = Sale(
        business=business,
        reference=reference,
        ordered_on=on,
        currency=currency or business.currency,
        customer=SaleCustomer(customer.reference, customer.name),
        lines=numbered,
        digest=reference.ljust(64, "0")[:64],
        shipment=SaleShipment(on) if shipped else None,
        invoice=SaleInvoice(on) if invoiced else None,
        payments=(SalePayment(gross, on, "card"),) if invoiced and paid and gross else (),
    )
    return record_sale(sale, actor=SYSTEM)[0]


def tent_by_card(business: Business, customer: Company) -> None:
    """A tent sold for 50.00 and paid by card, through the gateway of the sandbox."""
    sell(business, customer, goods("TENT", "1", "50.00", name="Tent"), paid=False)
    record_payment(
        business=business,
        customer_id=customer.pk,
        currency="EUR",
        amount=Decimal("50.00"),
        actor=SYSTEM,
        gateway="sandbox",
        gateway_reference="pay-1",
    )


def ask_return(order: SalesOrder, quantity: str = "1", *, issued: bool = False) -> ReturnOrder:
    """A return of so many units of every goods line of a sale."""
    lines = [
        LineInput(order_line=line, quantity=Decimal(quantity))
        for line in order.lines.filter(kind="goods").order_by("number")
    ]
    made = request_return(
        business=order.business, customer=order.customer, lines=lines, actor=SYSTEM
    )
    return issue_return(made.pk, actor=SYSTEM) if issued else made
