"""Reports: any time, any business, the same figures as a table and as a file."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from returns.web.figures.charts import axis_for, bars, lines
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from stock.models import Part
from stock.services import create_category
from tests.factories import ask_return, goods, sell
from tests.returns.steps import receive
from tests.web.browser import text_of


@pytest.fixture
def returned(business, bo):
    """Two of three tents came back; their name is a formula."""
    sale = sell(business, bo, goods("TENT", "3", name="=1+1"), on=clock.today(business))
    rma = ask_return(sale, "2", issued=True)
    receive(rma.lines.get(), "2")
    return rma


def test_a_file_has_the_figures_of_the_chart_and_runs_nothing(clerk, returned):
    sheet = clerk.get("/reports/export/?table=part&format=xlsx")
    text = clerk.get("/reports/export/?table=part&format=csv")

    rows = list(load_workbook(BytesIO(sheet.content)).active.values)
    assert rows[1] == ("'=1+1", "TENT", 2, 3, 66.67, 1, 1, 100)
    assert text_of(text).splitlines()[1] == "'=1+1,TENT,2,3,66.67,1,1,100"
    assert text.headers["Content-Disposition"].startswith('attachment; filename="part-')


@pytest.mark.parametrize("table", [
    "flow", "resolution", "stages", "reason", "part", "category", "customer", "ages", "refunds",
])  # fmt: skip
def test_every_table_is_there_as_a_file(clerk, returned, table):
    for form in ("csv", "xlsx"):
        answer = clerk.get(f"/reports/export/?table={table}&format={form}")
        assert answer.status_code == 200, form
        assert f"{table}-" in answer.headers["Content-Disposition"]


def test_time_category_and_business_narrow_what_is_told(clerk, returned, business):
    tents = create_category({"code": "tents", "name": "Tents"}, actor=SYSTEM)
    before = f"/reports/export/?table=part&to={clock.today(business) - timedelta(days=1)}"

    def rows(address):
        return len(text_of(clerk.get(address)).splitlines()) - 1

    assert rows("/reports/export/?table=part&days=30") == 1
    assert rows(before) == 0
    assert rows("/reports/export/?table=part&category=tents") == 0
    Part.objects.filter(sku="TENT").update(category=tents)
    assert rows("/reports/export/?table=part&category=tents") == 1
    assert rows(f"/reports/export/?table=part&business={business.uuid}") == 1


def test_an_address_that_makes_no_sense_is_refused_with_a_sentence(clerk, business):
    for query in ("days=31", "from=soon", "to=0001-01-01", "category=none", "business=x"):
        assert clerk.get(f"/reports/?{query}").status_code == 400, query
    for query in ("from=2026-02-01&to=2026-01-01", "from=2001-01-01"):
        assert clerk.get(f"/reports/?{query}").status_code == 422, query
    assert clerk.get("/reports/export/?table=secrets").status_code == 404
    assert clerk.get("/reports/export/?format=exe").status_code == 404


def test_a_chart_is_arithmetic():
    axis = axis_for(55)
    assert axis.labels == [60, 40, 20, 0]
    assert axis.grid == [0.0, 20.0, 40.0]
    assert axis_for(0).labels == [1, 0]
    chart = bars(["36", "37"], [(30, 60), (0, 15)])
    assert chart["width"] == 20
    assert [(bar["y"], bar["height"]) for bar in chart["bars"]] == [
        (30.0, 30.0), (0.0, 60.0), (60.0, 0.0), (45.0, 15.0),
    ]  # fmt: skip
    assert lines(["1", "2", "3"], [[10, None, 30], [None, None, None]])["paths"] == [
        "M4.0 40.0H6.0M24.0 0.0H26.0", "",
    ]  # fmt: skip
