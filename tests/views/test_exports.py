"""Exports: the rows and columns of the list, for whoever may see them, and nothing that runs."""

from __future__ import annotations

import csv
import io

import pytest
from django.contrib.contenttypes.models import ContentType
from guardian.shortcuts import assign_perm
from openpyxl import load_workbook

from returns.models import ReturnOrder
from returns.services import ArrivalInput, ReceiveInput, receive_return
from rmaproject.access.actors import SYSTEM
from rmaproject.jobs.models import Job, State
from rmaproject.jobs.running import run
from rmaproject.shared.spreadsheets import without_formula
from rmaproject.views import exporting
from rmaproject.views.web import exports
from tests.factories import (
    BusinessFactory,
    CompanyFactory,
    UserFactory,
    ask_return,
    goods,
    sell,
)


@pytest.fixture
def clerk(client, ada):
    client.force_login(ada.user)
    return client


def sheet_of(answer):
    """The lines of a CSV as it was streamed."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def send(client, ending="csv", state="", key="returns"):
    return client.post(f"/lists/{key}/export/", {"format": ending, "state": state})


def test_all_matching_rows_leave_in_the_columns_shown(clerk, business, bo):
    order = ask_return(sell(business, bo, goods("TENT")), issued=True)
    ask_return(sell(business, bo, goods("BAG")))
    state = "queue=all&status=in_progress&cols=customer,status,target_date"

    lines = sheet_of(send(clerk, state=state))

    assert lines == [
        ["Return", "Customer", "Authorisation", "Due"],
        [order.reference, "Bo Jansen", "in_progress", ""],
    ]


def test_money_has_its_currency_beside_it_and_stays_a_number(clerk, business, bo):
    order = ask_return(sell(business, bo, goods("TENT", "1", "50.00")), issued=True)
    receive = ReceiveInput(lines=[ArrivalInput(order.lines.get())])
    receive_return(order.pk, receive, actor=SYSTEM)
    state = "queue=all&cols=credit"

    (head, line) = sheet_of(send(clerk, state=state))
    assert head == ["Return", "Credit", "Credit, currency"]
    assert line == [order.reference, "", ""]

    total = send(clerk, "xlsx", state="cols=total", key="orders")
    sheet = load_workbook(io.BytesIO(b"".join(total.streaming_content))).active
    assert [cell.value for cell in sheet[1]] == ["Order", "Total", "Total, currency"]
    assert sheet[2][1].value == 50
    assert sheet[2][2].value == "EUR"


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_spreadsheet_runs_a_name(evil):
    assert without_formula(evil) == f"'{evil}"


def test_formula_cells_are_texts_in_both_files(clerk, business):
    evil = CompanyFactory(reference="EVIL", name="=HYPERLINK(1)")
    ask_return(sell(business, evil, goods("TENT")))

    assert sheet_of(send(clerk, state="cols=customer"))[1][1] == "'=HYPERLINK(1)"
    book = send(clerk, "xlsx", state="cols=customer")
    cell = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active[2][1]
    assert (cell.value, cell.data_type) == ("'=HYPERLINK(1)", "s")


def test_who_sees_one_business_exports_only_its_rows_and_no_money(client, business, bo, roles):
    ours = ask_return(sell(business, bo, goods("TENT")))
    ask_return(sell(BusinessFactory(name="Heron"), bo, goods("BAG")))
    user = UserFactory(username="vi")
    user.user_permissions.add(*permissions("view_return"))
    assign_perm("view_business", user, business)
    client.force_login(user)

    lines = sheet_of(send(client, state="queue=all&cols=customer,credit"))

    assert lines == [["Return", "Customer"], [ours.reference, "Bo Jansen"]]


def permissions(codename):
    from django.contrib.auth.models import Permission

    kind = ContentType.objects.get_for_model(ReturnOrder)
    return Permission.objects.filter(codename=codename, content_type=kind)


def test_a_large_list_is_written_by_the_worker_and_kept_for_its_owner(
    clerk, client, business, bo, monkeypatch
):
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    monkeypatch.setattr(exporting, "PIECE", 2)
    made = [ask_return(sell(business, bo, goods(f"BAG-{n}"))).reference for n in range(5)]

    answer = send(clerk, state="queue=all&cols=customer")
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.uuid}/"
    run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (State.DONE, 5, 5)
    file = clerk.get(f"/jobs/{job.uuid}/file/")
    lines = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
    assert [line[0] for line in lines] == ["Return", *made[::-1]]
    client.force_login(UserFactory(username="cy", roles=["Manager"]))
    assert client.get(f"/jobs/{job.uuid}/file/").status_code == 404


def test_the_list_of_refunds_needs_its_right_for_export_too(client, business, roles):
    client.force_login(UserFactory(username="vi", roles=["Viewer"]))

    assert send(client, key="refunds").status_code == 403
    assert send(client, key="nothing").status_code == 404
