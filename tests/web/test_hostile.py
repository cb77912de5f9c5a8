"""What nobody means to send: nothing breaks, a sentence says why, what was typed stays."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django import forms
from openpyxl import load_workbook

from returns.models import ReturnOrder
from returns.services import edit_return
from returns.web.rules.rows import Row, moved
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from rmaproject.shared.spreadsheets import cell_text, without_formula
from rmaproject.web.forms import DayField
from tests.factories import CompanyFactory, actor_with, ask_return, goods, sell
from tests.returns.steps import receive
from tests.web.browser import press, text_of, version_on


@pytest.fixture
def admin(client, roles):
    client.force_login(actor_with("Administrator", username="root").user)
    return client


def test_what_is_part_of_no_text_is_kept_as_the_sign_for_it(clerk, tents):
    order = ask_return(tents)

    answer = press(clerk, order, "hold", reason="Waits\x00 for Bo")
    found = clerk.get("/returns/", {"q": "Bo\x00", "sta\x00tus": "\x00"})

    assert answer.status_code == 302
    assert "Waits\ufffd for Bo" in text_of(clerk.get(answer.url))
    assert found.status_code == 200


def test_a_reason_that_meets_a_change_by_others_is_still_there(clerk, tents):
    order = ask_return(tents)
    opened = version_on(clerk.get(f"/returns/{order.uuid}/"))
    edit_return(order.pk, {"note": "Fragile"}, actor=SYSTEM)

    told = {"version": opened, "reason": "Waits for <b>Bo</b>"}
    answer = clerk.post(f"/returns/{order.uuid}/hold/", told)

    assert answer.status_code == 412
    assert ">Waits for &lt;b&gt;Bo&lt;/b&gt;</textarea>" in text_of(answer)
    menu = re.search(r"<details[^>]*data-menu open>(.*)", text_of(answer), re.DOTALL)
    assert menu, "The menu is closed over the refusal."
    form = menu[1][: menu[1].index("</form>")]
    assert 'id="refused-hold"' in form
    assert 'autofocus aria-invalid="true" aria-describedby="refused-hold"' in form
    assert text_of(answer).count("Waits for") == 1
    assert ReturnOrder.objects.get().status != "on_hold"


@pytest.mark.parametrize(
    "address",
    [
        "/reports/?to=9999-12-31",
        "/reports/?to=0001-01-01",
        "/settings/audit/?until=9999-12-31",
        "/sales/invoices/?to=9999-12-31",
        "/returns/calendar/?on=9999-12-31",
    ],
)
def test_days_at_the_ends_of_the_calendar_are_no_filter(admin, business, address):
    answer = admin.get(address)

    assert answer.status_code == 400
    assert "open" in text_of(answer).lower()


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_of_a_form_is_in_a_year_that_somebody_may_mean(day):
    with pytest.raises(forms.ValidationError, match="1900 to 2999"):
        DayField().clean(day)


def test_a_form_that_says_it_began_with_what_cannot_be_read_is_answered(clerk, tents):
    order = ask_return(tents)
    edit_return(order.pk, {"note": "Heavy"}, actor=SYSTEM)
    unreadable = dict.fromkeys(("base", "theirs-note", "yours-note"), "[" * 9_000)

    told = {"version": "1", "note": "Fragile", "take-note": "theirs", **unreadable}
    answer = clerk.post(f"/returns/{order.uuid}/edit/", told)

    assert answer.status_code == 412
    assert "Fragile" in text_of(answer)


def test_a_name_of_signs_that_no_workbook_holds_is_exported_without_them(clerk, business, bo):
    sale = sell(business, bo, goods("TENT", name="=cmd()\x0b\ufffe\x07"), on=clock.today(business))
    receive(ask_return(sale, issued=True).lines.get())
    CompanyFactory(reference="EVIL", name="＝1+1\x0b")

    report = clerk.get("/reports/export/?table=part&format=xlsx")
    told = {"state": "cols=name", "format": "xlsx"}
    listed = clerk.post("/lists/customers/export/", told)

    assert list(load_workbook(BytesIO(report.content)).active.values)[1][0] == "'=cmd()"
    names = load_workbook(BytesIO(b"".join(listed.streaming_content))).active.values
    assert "'＝1+1" in [cell for row in names for cell in row]


def test_a_version_of_more_digits_than_anything_has_is_none(clerk, tents):
    order = ask_return(tents)

    answer = clerk.post(f"/returns/{order.uuid}/hold/", {"version": "9" * 5_000, "reason": "No"})

    assert answer.status_code == 428
    assert "which state of the record" in text_of(answer)


@pytest.mark.parametrize("evil", ["\n=1", "＝1", "＋1", "－1", "＠SUM(A1)"])
def test_line_ends_and_wide_signs_start_no_formula_either(evil):
    assert without_formula(evil) == f"'{evil}"


def test_a_cell_has_no_more_characters_than_a_workbook_holds():
    assert len(cell_text("x" * 40_000)) == 32_767
    assert cell_text("a\tb\nc\ud800") == "a\tb\nc"


def test_what_is_typed_into_a_filter_stands_in_the_page_as_text(clerk, business):
    answer = clerk.get("/returns/", {"q": "<mark-me>\"'onmark=1"})

    assert re.search(r'value="&lt;mark-me&gt;&quot;&#x27;onmark=1"', text_of(answer))


@pytest.mark.parametrize("place", ["00019", "9" * 5_000, "-1", "\u0663"])
def test_a_step_of_the_rules_that_names_no_row_moves_nothing(place):
    rows = [Row("window"), Row("window")]

    assert moved(rows, f"up:{place}") == rows


def test_a_count_of_labels_with_endless_digits_is_cut_to_what_is_printed(clerk, tents):
    order = ask_return(tents, issued=True)
    told = {"kind": "slip", "copies": "9" * 5_000}

    assert clerk.post(f"/returns/{order.uuid}/labels/printed/", told).status_code == 302
