"""The demo's returns of today: each shows something that rules, inspection or outcomes make."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from PIL import Image, ImageDraw

from returns.demo.desk import Desk, lines_of
from returns.models import Outcome, Receipt, Sheet
from returns.services import (
    Consignment,
    ReceiveInput,
    ReplaceInput,
    SendBackInput,
    SurpriseInput,
    attach_file,
    complete_return,
    edit_return,
    issue_return,
    reject_return,
    replace_return,
    reverse_credit,
    reverse_receipt,
    send_back_return,
)
from returns.services.expiring import expire_return
from returns.services.samples import attach_sample
from returns.services.unknown import take_in_unknown
from rmaproject.access.actors import SYSTEM

OVERRIDDEN = "The box came wet; the customer is right, whatever the rules say."


def make_todays(desk: Desk) -> None:
    """Make the returns that the rules of today hold for."""
    _ruled(desk)
    _expired(desk)
    _inspected(desk)
    _replaced_in_advance(desk)
    _repaired(desk)
    _kept_as_store_credit(desk)
    _kits(desk)
    _taken_back(desk)
    _unknown(desk)


def _ruled(desk: Desk) -> None:
    """One waits for approval, one was refused by a person, one was taken against the rules."""
    phone = {"channel": "Phone"}
    desk.expect_today("WEB-10262", {"TENT-4P": "1"}, "not_as_described", custom=phone)
    refused = desk.expect_today("WEB-10262", {"TENT-4P": "1", "MAT-L": "1"}, "other")
    reject_return(refused.pk, actor=SYSTEM, reason="Used for a whole season")
    asked = desk.ask_today(
        "WEB-10263",
        {"MEAL-6": "1"},
        "damaged",
        {"custom": {"seal_broken": True}},
        override_reason=OVERRIDDEN,
        custom={"channel": "Mail"},
    )
    issue_return(asked.pk, actor=SYSTEM)


def _expired(desk: Desk) -> None:
    late = desk.expect_today(
        "SHOP-0425", {"PACK-45": "1"}, "other", due=-1, deadline=desk.world.day(-1)
    )
    expire_return(late.pk)


def _inspected(desk: Desk) -> None:
    """Damaged: seventy percent of the price, less the fee; the refund waits for approval."""
    order = desk.expect_today("WEB-10263", {"JACK-W": "1"}, "customer_return")
    desk.receive(order)
    _show_damage()
    photo = attach_file(order.pk, "jacket-seam.png", picture(), actor=SYSTEM)
    told = {"worn": True, "seams": "torn"}
    desk.inspect(order, "C", answers=told, photos=[photo.uuid], note="Left sleeve")
    desk.credit(order)


def _show_damage() -> None:
    """What the damaged grade of clothing looks like."""
    sheet = Sheet.objects.get(category__code="clothing")
    grade = sheet.grades.get(code="C")
    attach_sample(sheet.pk, grade.uuid, "torn-seam.png", picture(), actor=SYSTEM)


def _replaced_in_advance(desk: Desk) -> None:
    stove = desk.expect_today(
        "WEB-10264", {"STOVE-G2": "1"}, "defective", {"outcome": Outcome.REPLACEMENT}
    )
    swap = [ReplaceInput(lines_of(stove)[0])]
    replace_return(stove.pk, swap, actor=SYSTEM, in_advance=True)


def _repaired(desk: Desk) -> None:
    lamp = desk.expect_today(
        "WEB-10266", {"LAMP-L1": "1"}, "defective", {"outcome": Outcome.REPAIR}
    )
    desk.receive(lamp)
    told = {"switches_on": False, "fault": "Loose contact"}
    bench = {
        "disposition": desk.dispositions["bench_repair"],
        "override_reason": "A new switch will do",
    }
    desk.inspect(lamp, "B", answers=told, **bench)
    back = Consignment(carrier="Polder Pakket", tracking_number="DEMOREPAIRED")
    mended = SendBackInput(lines_of(lamp)[0], repaired=True)
    send_back_return(lamp.pk, [mended], back, actor=SYSTEM)
    complete_return(lamp.pk, actor=SYSTEM)


def _kept_as_store_credit(desk: Desk) -> None:
    credit = {"outcome": Outcome.STORE_CREDIT}
    lamp = desk.take_back("SHOP-0421", {"LAMP-L1": "1"}, "other", line=credit)
    desk.close(lamp)


def _kits(desk: Desk) -> None:
    """One set comes back whole, of the other only lamp and pegs."""
    desk.receive(desk.expect_today("WEB-10261", {"CAMP-SET": "1"}, "wrong_item"))
    loose = {"custom": {"seal_broken": False}}
    desk.expect_today("WEB-10261", {"PEG-10": "2", "LAMP-L1": "1"}, "wrong_item", loose)


def _taken_back(desk: Desk) -> None:
    """Booked on the wrong return: the receipt of one, the credit note of another."""
    mats = desk.expect_today("SHOP-0425", {"MAT-L": "1"}, "wrong_item")
    desk.receive(mats)
    receipt = Receipt.objects.get(return_order=mats)
    reverse_receipt(receipt.pk, actor=SYSTEM, reason="The mat was another customer's")
    bag = desk.take_back("WEB-10270", {"BAG-M5": "1"}, "not_as_described")
    reverse_credit(desk.credit(bag).pk, actor=SYSTEM, reason="Credited before it was weighed")


def _unknown(desk: Desk) -> None:
    found = [
        SurpriseInput(sku="MAT-L", note="No note in the box"),
        SurpriseInput(Decimal(1), description="A pair of woollen socks"),
    ]
    order = take_in_unknown(
        desk.world.businesses["1000"],
        ReceiveInput(unexpected=found),
        actor=SYSTEM,
        customer=desk.world.companies["C-1002"],
        parcel={"carrier": "Polder Pakket", "tracking_number": "DEMOUNKNOWN"},
        note="Sender unreadable; the stamp says Ede",
    )
    edit_return(order.pk, {"target_date": desk.world.day(2)}, actor=SYSTEM)


def picture() -> bytes:
    """A photo of sorts: a jacket's blue with a tear in it."""
    image = Image.new("RGB", (480, 320), "#2f5d7c")
    pen = ImageDraw.Draw(image)
    for fold in range(40, 480, 80):
        pen.line([(fold, 0), (fold - 30, 320)], fill="#274e69", width=6)
    pen.line([(180, 90), (220, 150), (205, 190), (260, 240)], fill="#e8e4da", width=9)
    content = BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
