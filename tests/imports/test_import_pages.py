"""Imports by page: uploaded, mapped, tried without a trace, brought in, and told of."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from guardian.shortcuts import assign_perm

from customers.models import Company
from returns.importing.web import steps
from returns.models import ImportRun, ReturnOrder
from rmaproject.access.models import User
from rmaproject.access.roles import all_permissions
from rmaproject.audit.models import AuditEntry
from rmaproject.jobs.models import Job, State
from rmaproject.jobs.running import run as carry_out
from sales.models import Invoice, SalesOrder
from stock.models import Part
from tests.factories import BusinessFactory
from tests.imports.files import (
    FAULTY,
    LEDGER,
    MAPPED,
    checked,
    fresh,
    imported,
    packed,
    upload,
    uploaded,
    workbook,
)
from tests.web.browser import queries_of, text_of


@pytest.fixture
def clerk(client, business, ada):
    client.force_login(ada.user)
    return client


def test_columns_are_guessed_from_the_first_line_and_remembered_as_they_were_chosen(clerk):
    run = uploaded(clerk, "Rechnungsnummer;Artikel;Menge;Datum;Preis\n1;TENT;2;31.03.2026;12,50\n")
    opened = clerk.get(f"/imports/{run.uuid}/", follow=True)
    form = opened.context["form"]
    assert form["invoice"].value() == "Rechnungsnummer"
    assert (form["quantity"].value(), form["price"].value()) == ("Menge", "Preis")
    assert (form["decimal"].value(), form["dates"].value()) == (",", "dmy")
    chosen = {"invoice": "Artikel", "sku": "Rechnungsnummer", "quantity": "Menge", "date": "Datum"}
    more = {"price": "Preis", "decimal": ",", "dates": "dmy", "credit_prefix": "G"}

    clerk.post(f"/imports/{run.uuid}/columns/", {**chosen, **more})

    again = uploaded(clerk, "Rechnungsnummer;Artikel;Menge;Datum;Preis\n2;LAMP;1;01.04.2026;3,00\n")
    remembered = clerk.get(f"/imports/{again.uuid}/columns/").context["form"]
    assert (remembered["invoice"].value(), remembered["sku"].value()) == (
        "Artikel",
        "Rechnungsnummer",
    )
    assert remembered["credit_prefix"].value() == "G"


def test_a_check_says_what_would_come_in_and_keeps_nothing_of_it(clerk):
    before = (Company.objects.count(), Part.objects.count(), AuditEntry.objects.count())

    run = checked(clerk, FAULTY)

    told = text_of(clerk.get(f"/imports/{run.uuid}/"))
    assert (run.found["lines"], run.found["taken"], run.found["refused"]) == (5, 3, 2)
    assert run.found["made"] == {"customers.company": 1, "stock.part": 1}
    assert [(row["line"], row["code"]) for row in run.problems] == [
        (6, "invalid_quantity"),
        (4, "document_incomplete"),
    ]
    assert "This is no quantity." in told
    assert "many</mark>" in told
    assert "Import 3 lines" in told
    entries = AuditEntry.objects.exclude(aggregate="returns.importrun").count()
    assert (Company.objects.count(), Part.objects.count(), entries) == before
    assert not SalesOrder.objects.exists()


def test_lines_left_out_come_as_a_file_that_is_mended_and_uploaded_again(clerk):
    run = imported(clerk, FAULTY)
    assert SalesOrder.objects.get().reference == "1001"

    answer = clerk.get(f"/imports/{run.uuid}/not-imported.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["#line"], row["#reason"]) for row in rows] == [
        ("6", "invalid_quantity"),
        ("4", "document_incomplete"),
    ]

    mended = imported(clerk, text.replace("many", "4"), name="mended.csv")

    assert mended.result["refused"] == 0
    assert Invoice.objects.get(reference="1002").gross == Decimal("96.00")


def test_an_import_is_told_with_its_figures_and_under_whose_name_it_came(clerk, ada):
    run = imported(clerk, LEDGER)

    told = text_of(clerk.get(f"/imports/{run.uuid}/"))
    assert (run.result["sales"], run.result["returns"]) == (2, 1)
    assert run.result["amount_imported"] == "184.00"
    assert "Every line came in." in told
    assert ReturnOrder.objects.get().reference == "C2001"
    entry = AuditEntry.objects.get(aggregate="sales.salesorder", facts__reference="1001", n=1)
    assert (entry.actor, entry.door, entry.request_id) == (ada.user, "import", run.key)


def test_the_same_file_again_adds_nothing_and_says_so(clerk):
    imported(clerk, LEDGER)
    before = AuditEntry.objects.exclude(aggregate="returns.importrun").count()

    again = imported(clerk, LEDGER)

    assert (again.result["taken"], again.result["known"], again.result["made"]) == (4, 3, {})
    assert AuditEntry.objects.exclude(aggregate="returns.importrun").count() == before


@pytest.mark.parametrize("kind", ["gzip", "xlsx", "utf-16", "latin-1", "semicolon"])
def test_a_file_may_be_written_in_any_usual_way(clerk, kind):
    lines = [line.split(",") for line in LEDGER.replace("Lamp", "Lämp").splitlines()]
    text = "\n".join(",".join(line) for line in lines)
    content = {
        "gzip": packed(text),
        "xlsx": workbook(lines),
        "utf-16": text.encode("utf-16"),
        "latin-1": text.encode("latin-1"),
        "semicolon": "\r\n".join(";".join(line) for line in lines).encode(),
    }[kind]

    run = imported(clerk, content)

    assert run.result["taken"] == 4
    assert Part.objects.get(sku="LAMP").name == "Lämp"


def test_text_in_another_encoding_is_read_again_as_told(clerk):
    run = uploaded(clerk, LEDGER.replace("Lamp", "Lämp").encode("latin-1"))
    assert run.reading["encoding"] == "cp1252"

    clerk.post(f"/imports/{run.uuid}/encoding/", {"encoding": "latin-1", "delimiter": ","})
    assert fresh(run).reading["encoding"] == "latin-1"

    refused = clerk.post(
        f"/imports/{run.uuid}/encoding/", {"encoding": "utf-8", "delimiter": ","}, follow=True
    )
    assert "is not written in this encoding" in text_of(refused)
    assert fresh(run).reading["encoding"] == "latin-1"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sku": ""}, "Choose the column that holds this."),
        ({"sku": "Quantity"}, "Quantity is chosen more than once."),
        ({"sku": "Nowhere"}, "Nowhere"),
    ],
)
def test_columns_that_cannot_be_meant_are_refused_beside_their_field(clerk, change, said):
    run = uploaded(clerk, LEDGER)

    answer = clerk.post(f"/imports/{run.uuid}/columns/", {**MAPPED, **change})

    assert answer.status_code == 422
    assert any(said in str(errors) for errors in answer.context["form"].errors.values())
    assert fresh(run).check_job is None


def test_parts_and_customers_come_the_same_way_and_known_ones_stay_as_they_are(clerk, bo):
    parts = "SKU,Name,Tracking\nTENT,Tent,serial\nLAMP,,\nMAT,Mat,maybe\n"
    columns = {"sku": "SKU", "name": "Name", "tracking": "Tracking"}
    customers = "Number,Name,Email,Country\nbo,Another,x@example.org,NL\n4711,Ann,nobody,NL\n"
    customers += "4712,Dee,dee@example.org,Netherlands\n"

    first = imported(clerk, parts, columns, subject="parts")
    second = imported(
        clerk,
        customers,
        {"reference": "Number", "name": "Name", "email": "Email", "country": "Country"},
        subject="customers",
    )

    assert [row["code"] for row in first.problems] == ["invalid_name", "invalid_tracking"]
    assert Part.objects.get().is_serialized
    assert [row["code"] for row in second.problems] == ["invalid_email"]
    assert second.result["known"] == 1
    assert Company.objects.get(reference="BO").name == "Bo Jansen"
    assert Company.objects.get(reference="4712").country == "NL"


def test_a_large_file_is_left_to_the_worker_and_shows_how_far_it_is(clerk, monkeypatch):
    monkeypatch.setattr(steps, "BYTES_AT_ONCE", 0)
    monkeypatch.setattr(steps, "LINES_AT_ONCE", 0)
    run = checked(clerk, LEDGER)
    assert "Waits for the worker" in text_of(clerk.get(f"/imports/{run.uuid}/"))
    carry_out(run.check_job.pk)
    clerk.post(f"/imports/{run.uuid}/start/")
    job = fresh(run).job
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, total=4, done=1, failed=1)

    part = clerk.get(f"/imports/{run.uuid}/", headers={"HX-Request": "true"})

    assert "2 of 4 lines" in text_of(part)
    assert "hx-trigger" in text_of(part)
    Job.objects.filter(pk=job.pk).update(state=State.WAITING)
    carry_out(job.pk)
    assert fresh(run).result["taken"] == 4


def test_who_asks_for_a_stop_keeps_what_is_there_and_goes_on_later(clerk, monkeypatch):
    monkeypatch.setattr(steps, "LINES_AT_ONCE", 0)
    run = checked(clerk, LEDGER)
    clerk.post(f"/imports/{run.uuid}/start/")
    clerk.post(f"/imports/{run.uuid}/stop/")
    carry_out(fresh(run).job.pk)
    stopped = clerk.get(f"/imports/{run.uuid}/")
    assert "Stopped. What was imported so far stays" in text_of(stopped)
    job = fresh(run).job
    assert (job.state, stopped.context["stage"]) == (State.CANCELLED, "stopped")
    assert 'data-tone="wait"' in text_of(clerk.get(f"/jobs/{job.uuid}/"))

    clerk.post(f"/imports/{run.uuid}/start/")
    carry_out(fresh(run).job.pk)

    assert fresh(run).result["taken"] == 4
    assert SalesOrder.objects.count() == 2


def test_a_second_press_on_import_begins_nothing(clerk):
    run = imported(clerk, LEDGER)

    clerk.post(f"/imports/{run.uuid}/start/")

    assert Job.objects.filter(kind="imports.bring_in").count() == 1


def test_imports_of_a_business_out_of_sight_are_not_there(clerk, client, db):
    run = imported(clerk, LEDGER)
    other = BusinessFactory(code="2000", name="Other")
    stranger = User.objects.create_user("cy")
    stranger.user_permissions.add(all_permissions()["sales.record_order"])
    assign_perm("sales.view_business", stranger, other)
    client.force_login(stranger)

    assert client.get(f"/imports/{run.uuid}/").status_code == 404
    assert run.file_name not in text_of(client.get("/imports/"))
    refused = upload(client, LEDGER, business=str(run.business.uuid))
    assert ImportRun.objects.count() == 1 or ImportRun.objects.last().business == other, refused


def test_credit_notes_need_the_right_to_record_returns(clerk, ada):
    run = checked(clerk, LEDGER)
    for group in ada.user.groups.all():
        group.permissions.remove(all_permissions()["returns.record_return"])

    clerk.post(f"/imports/{run.uuid}/start/")

    assert fresh(run).job.state == State.FAILED
    assert clerk.get(f"/imports/{run.uuid}/").context["stage"] == "failed"
    assert not SalesOrder.objects.exists()


def test_the_list_costs_the_same_however_long_it_is(clerk):
    imported(clerk, LEDGER)
    one = queries_of(clerk, "/imports/")
    for _ in range(3):
        uploaded(clerk, LEDGER)

    assert queries_of(clerk, "/imports/") == one


def test_templates_are_understood_without_choosing(clerk):
    for subject in ("sales", "parts", "customers"):
        answer = clerk.get(f"/imports/templates/{subject}.csv")
        run = uploaded(clerk, b"".join(answer.streaming_content), subject=subject)
        columns = {key: name for key, name in run.reading["guess"].items() if name}
        assert columns == {name: name for name in run.header}
    assert clerk.get("/imports/templates/nothing.csv").status_code == 404


def test_a_file_that_nothing_came_of_is_thrown_away(clerk):
    run = checked(clerk, LEDGER)

    clerk.post(f"/imports/{run.uuid}/discard/")

    assert (fresh(run).stored, fresh(run).sample) == ("", [])
    assert "thrown away" in text_of(clerk.get(f"/imports/{run.uuid}/"))
    assert clerk.post(f"/imports/{run.uuid}/start/", follow=True).status_code == 200
    assert not SalesOrder.objects.exists()


def test_a_file_that_nobody_brings_in_is_thrown_away_after_a_month(
    clerk, django_capture_on_commit_callbacks
):
    forgotten, waiting = uploaded(clerk, LEDGER), uploaded(clerk, FAULTY)
    stored = forgotten.stored
    ImportRun.objects.filter(pk=forgotten.pk).update(
        created_at=forgotten.created_at - timedelta(days=31)
    )

    with django_capture_on_commit_callbacks(execute=True):
        call_command("prune_imports")

    assert [fresh(run).stored for run in (forgotten, waiting)] == ["", waiting.stored]
    assert not default_storage.exists(stored)
    assert default_storage.exists(waiting.stored)
