"""Looking again: the later grade counts, the former stays in sight."""

from __future__ import annotations

import pytest

from returns.models import Inspection, ReturnOrder
from returns.services import credit_return
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict
from tests.factories import ask_return, goods, sell
from tests.returns.inspections import inspect, refused, tent_sheet
from tests.returns.steps import D, dispose, receive
from tests.test_verify import verify
from tests.web.browser import fill, text_of


@pytest.fixture
def rma(business, bo) -> ReturnOrder:
    """Three tents are here, graded C, 70 percent each."""
    tent_sheet()
    made = ask_return(
        sell(business, bo, goods("TENT", "3", "50.00", name="Tent")), "3", issued=True
    )
    receive(made.lines.get(), "3")
    inspect(made.lines.get(), {"grade": "C"})
    return made


def test_the_later_grade_counts_and_the_former_stays_readable(rma):
    former = Inspection.objects.get()

    inspect(rma.lines.get(), {"grade": "R", "replaces": former})

    line, now = rma.lines.get(), Inspection.objects.get()
    assert (line.accepted, line.rejected) == (0, 3)
    assert (now.grade, now.replaces, now.quantity) == ("R", former, 3)
    assert [row.grade for row in Inspection.told.order_by("pk")] == ["C", "R"]
    assert verify().endswith("All well.\n")


def test_units_are_judged_again_once_from_one_page(rma):
    former = Inspection.objects.get()
    inspect(rma.lines.get(), {"grade": "A", "replaces": former})

    second = refused(lambda: inspect(rma.lines.get(), {"grade": "R", "replaces": former}), Conflict)
    part = {"grade": "R", "replaces": Inspection.objects.get(), "quantity": D("1")}

    assert second.code == "inspected_again"
    assert refused(lambda: inspect(rma.lines.get(), part)).code == "exceeds_received"


def test_what_was_moved_or_credited_keeps_its_grade(rma):
    former = Inspection.objects.get()
    again = {"grade": "A", "replaces": former}
    credit_return(rma.pk, actor=SYSTEM)

    credited = refused(lambda: inspect(rma.lines.get(), again), Conflict)

    assert credited.code == "inspection_carried_out"


def test_goods_that_were_moved_keep_their_grade(rma):
    former = Inspection.objects.get()
    dispose(rma.lines.get(), "refurbish")

    moved = refused(lambda: inspect(rma.lines.get(), {"grade": "A", "replaces": former}), Conflict)

    assert moved.code == "inspection_carried_out"


def test_the_record_leads_to_another_look_and_shows_both_grades(client, ada, rma):
    client.force_login(ada.user)
    line, former = rma.lines.get(), Inspection.objects.get()
    record = f"/returns/{rma.uuid}/lines/{line.uuid}/"
    again = f"/returns/{rma.uuid}/inspect/?again={former.uuid}"
    assert again in text_of(client.get(record))
    assert "Inspected before: C Damaged" in text_of(client.get(again))

    key = line.uuid
    given = {f"grade_{key}": "A", f"answer_{key}_0": "yes"}
    assert fill(client, rma, f"inspect/?again={former.uuid}&x=", **given).status_code == 302

    page = text_of(client.get(record))
    assert "Counts no more: ada looked again" in page
    assert page.index("As new") < page.index("Damaged"), "the later one first"
