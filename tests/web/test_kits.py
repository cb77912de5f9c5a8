"""Kits on the pages: made of parts, put together, sold, asked back whole or in pieces."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from returns.models import ReturnOrder
from returns.services import ArrivalInput, ReceiveInput, issue_return, receive_return
from rmaproject.access.actors import SYSTEM
from stock.models import KitPart, StockItem
from stock.services import book_in, set_kit_parts
from stock.services.kits import KitPartInput
from tests.factories import LocationFactory, PartFactory, ask_return, goods, sell
from tests.web.browser import fill, queries_of, text_of, version_on


@pytest.fixture
def camp(db):
    """A camping set: one tent and six pegs."""
    kit = PartFactory(sku="CAMP", kind="kit", name="Camping set")
    parts = [
        KitPartInput(PartFactory(sku="TENT", name="Tent"), Decimal(1)),
        KitPartInput(PartFactory(sku="PEG", name="Peg"), Decimal(6)),
    ]
    return set_kit_parts(kit.pk, parts, actor=SYSTEM)


@pytest.fixture
def sale(business, bo, camp):
    """Bo bought two camping sets."""
    return sell(business, bo, goods("CAMP", "2", "9.99", name="Camping set"), reference="SALE-1")


def rows(*parts, known=0):
    """What the form of a kit posts: a row a part."""
    posted = {"form-TOTAL_FORMS": str(len(parts)), "form-INITIAL_FORMS": str(known)}
    for number, (part, quantity, weight) in enumerate(parts):
        posted |= {
            f"form-{number}-part": part,
            f"form-{number}-quantity": quantity,
            f"form-{number}-value_weight": weight,
        }
    return posted


def act(client, part, name, **values):
    """Open a form of a part, and send it."""
    url = reverse(f"stock:{name}", args=[part.uuid])
    return client.post(url, {"version": version_on(client.get(url)), **values})


def test_a_kit_is_given_its_parts_and_shows_them(clerk, camp):
    PartFactory(sku="MAP", name="Map")

    wanted = rows(("TENT", "2", ""), ("map", "1", "0.5"), ("", "", ""), known=2)
    answer = act(clerk, camp, "kit_parts", **wanted)

    assert answer.status_code == 302
    made = KitPart.objects.filter(kit=camp).order_by("pk")
    assert [(row.part.sku, row.quantity, row.value_weight) for row in made] == [
        ("TENT", 2, None),
        ("MAP", 1, Decimal("0.5")),
    ]
    shown = text_of(clerk.get(reverse("stock:part", args=[camp.uuid])))
    assert "Components of the kit" in shown
    assert "MAP" in shown


def test_a_kit_in_itself_is_refused_in_words(clerk, camp):
    answer = act(clerk, camp, "kit_parts", **rows(("CAMP", "1", "")))

    assert answer.status_code == 422
    assert "A kit cannot be a part of itself." in text_of(answer)
    assert KitPart.objects.count() == 2


def test_kits_are_put_together_and_what_misses_is_said(clerk, camp):
    shelf = LocationFactory(code="SHELF")
    book_in(KitPart.objects.get(part__sku="TENT").part, shelf, actor=SYSTEM, quantity=Decimal(1))

    short = act(clerk, camp, "assemble", location="SHELF", quantity="1")
    assert short.status_code == 409
    assert "The kit is not complete: 6 of PEG missing." in text_of(short)
    book_in(KitPart.objects.get(part__sku="PEG").part, shelf, actor=SYSTEM, quantity=Decimal(6))
    done = act(clerk, camp, "assemble", location="SHELF", quantity="1")
    assert done.status_code == 302
    assert StockItem.objects.get(part=camp).quantity == 1
    act(clerk, camp, "disassemble", location="SHELF", quantity="1")
    assert StockItem.objects.get(part=camp).quantity == 0


def test_the_page_of_an_order_shows_parts_below_their_kit(clerk, sale):
    shown = text_of(clerk.get(reverse("sales:detail", args=[sale.uuid])))

    assert shown.index("Camping set") < shown.index("part of the kit above, 6 each")
    assert "19.98" in shown


def test_the_form_offers_the_kit_and_its_pieces(clerk, business, bo, sale):
    ask_return(sale, "1")

    shown = text_of(clerk.get(f"/returns/new/?customer={bo.uuid}&business={business.uuid}"))

    assert "Whole kits" in shown
    assert shown.count("Piece of a kit") == 2
    assert shown.count('data-most="1"') == 2
    assert shown.count('data-most="11"') == 1


def test_a_ticked_kit_comes_back_with_all_that_is_left_of_it(clerk, business, sale):
    kit = sale.lines.get(kind="kit")

    clerk.post("/returns/new/", {"customer": "BO", "business": business.uuid, "line": kit.uuid})

    made = ReturnOrder.objects.get()
    assert [line.quantity for line in made.lines.order_by("number")] == [2, 12]
    shown = text_of(clerk.get(f"/returns/{made.uuid}/"))
    assert shown.count("part of Camping set") == 2


def test_too_many_kits_are_refused_on_the_line_of_the_kit(clerk, business, sale):
    kit = sale.lines.get(kind="kit")
    asked = {"customer": "BO", "business": business.uuid, f"quantity_{kit.uuid}": "3"}

    answer = clerk.post("/returns/new/", asked)

    assert answer.status_code == 422
    assert "Only 2 can be returned, not 3." in text_of(answer)


def test_parts_that_are_here_are_put_back_as_a_kit(clerk, business, sale, camp):
    kit = sale.lines.get(kind="kit")
    clerk.post(
        "/returns/new/",
        {"customer": "BO", "business": business.uuid, f"quantity_{kit.uuid}": "1"},
    )
    rma = issue_return(ReturnOrder.objects.get().pk, actor=SYSTEM)
    arrivals = [ArrivalInput(line, line.quantity) for line in rma.lines.all()]
    receive_return(rma.pk, ReceiveInput(lines=arrivals), actor=SYSTEM)
    assert "Restock as kit" in text_of(clerk.get(f"/returns/{rma.uuid}/"))
    restock = {"kit_line": kit.uuid, "disposition": _restock()}

    answer = fill(clerk, rma, "restock-kit", **restock)

    assert answer.status_code == 302
    assert StockItem.objects.get(part=camp).quantity == 1
    assert "Restock as kit" not in text_of(clerk.get(f"/returns/{rma.uuid}/"))


def _restock():
    from returns.models import Disposition

    return Disposition.objects.get(code="restock").uuid


def test_more_parts_need_no_more_queries(clerk, business, bo, sale):
    few = queries_of(clerk, f"/returns/new/?customer={bo.uuid}&business={business.uuid}")
    for _ in range(3):
        sell(business, bo, goods("CAMP"))

    many = queries_of(clerk, f"/returns/new/?customer={bo.uuid}&business={business.uuid}")

    assert many == few
