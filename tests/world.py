"""One record of every kind, so that every address can be called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from customers.models import Company
from customers.services import create_company, save_address, save_contact
from returns.models import Disposal, Disposition, ImportRun, Reason, ReturnOrder
from returns.services import (
    ArrivalInput,
    ReceiveInput,
    add_comment,
    add_extra_line,
    add_parcel,
    attach_file,
    create_custom_field,
    create_sheet,
    credit_return,
    receive_return,
)
from returns.services.calendar_feeds import create_calendar_feed
from returns.services.counts import scan_code
from returns.services.policies import create_policy
from returns.services.samples import attach_sample
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.access.models import OAuthClient, User
from rmaproject.access.people import create_user
from rmaproject.access.tokens import make_token
from rmaproject.audit import trail
from rmaproject.events.models import Event
from rmaproject.jobs.models import Job, JobRow
from rmaproject.jobs.services import plan, start
from rmaproject.shared.clock import now
from rmaproject.views.models import SavedView
from rmaproject.views.services import save_view, start_with
from rmaproject.webhooks.models import Delivery
from rmaproject.webhooks.services import create_endpoint
from sales.models import (
    Account,
    Allocation,
    BankFile,
    Business,
    CreditNote,
    Invoice,
    Payment,
    Refund,
    Shipment,
)
from sales.services.bank_files import make_bank_file
from sales.services.banking import BankAccount, keep_bank_details
from sales.services.limits import set_limit
from sales.services.refunding import approve_refund, set_refund_details
from stock.models import Location, Movement, Part, StockItem
from stock.services import create_category
from tests.factories import ask_return, goods, sell


@dataclass(frozen=True)
class World:
    """Records by the word before them in an address; `above/below` where the word is not enough.

    Pages and API name some of them by different words.
    """

    records: dict[str, Any]

    def address(self, template: str) -> str:
        """The template with the ids of real records."""
        path, above, before = "", "", ""
        for step in re.findall(r"[^/]*/?", _plain(template)):
            word = step.rstrip("/")
            if word.startswith("{"):
                record = self.records.get(f"{above}/{before}") or self.records[before]
                path += step.replace(word, str(getattr(record, "uuid", record.pk)))
                above = before
            else:
                path += step
                before = word or before
        return path


def _plain(template: str) -> str:
    """The template without what stands for no record."""
    plain = template.replace("{anything}", "nowhere").replace("{code}", "not_found")
    return plain.replace("{board}", "sales").replace("{subject}", "sales")


def _paid_by_bank(business: Business, customer: Company) -> tuple[Refund, BankFile]:
    """The refund of the world's credit, sent by a bank file."""
    iban = "DE89370400440532013000"
    keep_bank_details(BankAccount("Tents & Co", iban), business=business, actor=SYSTEM)
    account = keep_bank_details(BankAccount("Bo", iban), customer=customer, actor=SYSTEM)
    refund = Refund.objects.get()
    set_refund_details(refund.pk, account, actor=SYSTEM)
    approve_refund(refund.pk, actor=SYSTEM)
    file = make_bank_file(business, [refund.pk], actor=SYSTEM)
    return Refund.objects.get(), file


def told_elsewhere() -> Delivery:
    """A webhook of somebody, and what waits for it."""
    owner = User.objects.create_user("iris")
    values = {"url": "https://hooks.example/", "types": ["company.*"]}
    endpoint, _ = create_endpoint(values, actor=Actor(owner))
    create_company({"reference": "TOLD", "name": "Told"}, actor=SYSTEM)
    event = Event.objects.get(data__reference="TOLD")
    return Delivery.objects.create(
        endpoint=endpoint, event=event, type=event.type, aggregate_id=event.aggregate_id
    )


def kept_by(user: User, rma: ReturnOrder) -> dict[str, Any]:
    """A view, the columns and a job of somebody."""
    actor = Actor(user)
    view = save_view("returns", "Mine", actor=actor, query="status=pending", shared=False)
    SavedView.objects.update(shared=True)
    start_with("returns", view, actor=actor)
    rows = [JobRow(record=rma.uuid, label=rma.reference, version=rma.version)]
    job = plan("returns.assign", rows, actor=actor)
    start(plan("returns.due", rows_of(job), actor=actor, undoes=job).pk)
    return {
        "lists": SimpleNamespace(pk="returns"),
        "lists/views": SimpleNamespace(pk=view.slug),
        "lists/steps": job,
        "jobs": job,
    }


def brought_in(user: User, business: Business) -> ImportRun:
    """A file of somebody that was imported, with a line that was left out."""
    check = plan("imports.check", [], actor=Actor(user))
    Job.objects.filter(pk=check.pk).update(
        stored=default_storage.save("exports/left-out.csv", ContentFile(b"#line")),
        file_name="not-imported.csv",
        expires_at=now(),
    )
    run = ImportRun(
        subject="sales",
        business=business,
        owner=user,
        file_name="ledger.csv",
        stored="imports/nowhere",
        size=1,
        sha256="0" * 64,
        header=["invoice"],
        check_job=check,
        result={"lines": 2, "taken": 1, "refused": 1, "known": 0, "sales": 1, "returns": 0},
    )
    trail.create(run, actor=SYSTEM, verb="upload")
    return run


def rows_of(job: Job) -> list[JobRow]:
    """The rows of a job for another one."""
    return [
        JobRow(record=row.record, label=row.label, version=row.version) for row in job.rows.all()
    ]


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, format="PNG")
    return out.getvalue()


def make_world(business: Business, customer: Company) -> World:
    """A sale, its return in the middle of its life, and all that belongs to them."""
    order = sell(business, customer, goods("UNIT", "1", serials=("S-1",)))
    rma = ask_return(order, issued=True)
    line = rma.lines.get()
    extra = {"kind": "fee", "name": "Restocking", "gross_unit_price": -1, "quantity": 1}
    add_extra_line(rma.pk, {**extra}, actor=SYSTEM)
    parcel = add_parcel(rma.pk, {}, actor=SYSTEM)
    file = attach_file(rma.pk, "letter.txt", b"Dear all", actor=SYSTEM)
    comment = add_comment(rma.pk, "Hello", actor=SYSTEM)
    restock = Disposition.objects.get(code="restock")
    arrival = ArrivalInput(line, serial="S-1", disposition=restock)
    receipt = receive_return(rma.pk, ReceiveInput(lines=[arrival]), actor=SYSTEM)
    credit_return(rma.pk, actor=SYSTEM)
    add_extra_line(rma.pk, {**extra, "name": "Postage", "gross_unit_price": 1}, actor=SYSTEM)
    field = create_custom_field(
        {"target": "return", "code": "remark", "name": "Remark", "kind": "text"}, actor=SYSTEM
    )
    helpers = Group.objects.create(name="Helpers")
    refund, bank_file = _paid_by_bank(business, customer)
    limit = set_limit(helpers, "EUR", Decimal(100), actor=SYSTEM)
    grade = {"code": "A", "name": "As new", "verdict": "accepted"}
    sheet = create_sheet({"name": "All parts", "grades": [grade]}, actor=SYSTEM)
    sample = attach_sample(sheet.pk, sheet.grades.get().uuid, "a.png", png(), actor=SYSTEM)
    category = create_category({"code": "outdoor", "name": "Outdoor"}, actor=SYSTEM)
    machine = User.objects.create_user("machine")
    person = create_user({"username": "joost"}, [], actor=SYSTEM)
    token = make_token(machine, actor=SYSTEM).row
    shop = OAuthClient.objects.create(name="Shop", user=machine)
    feed, _ = create_calendar_feed(
        {"name": "Due days", "contents": ["return_order"]}, owner=helpers, actor=SYSTEM
    )
    delivery = told_elsewhere()
    (scan,) = scan_code(rma.pk, "77120", actor=SYSTEM).rows
    return World(
        {
            **kept_by(machine, rma),
            "tokens": token,
            "applications": shop,
            "consents": shop,
            "calendars": feed,
            "calendar-feeds": feed,
            "refunds": refund,
            "bank-details": refund.bank_details,
            "bank-files": bank_file,
            "approval-limits": limit,
            "limits": limit,
            "presence": rma,
            "imports": brought_in(machine, business),
            "kept": rma,  # nothing is kept under its id: the way home
            "companies": customer,
            "customers": customer,
            "contacts": save_contact(customer.pk, {"name": "Bo"}, actor=SYSTEM),
            "addresses": save_address(customer.pk, {"line1": "Oude Delft 1"}, actor=SYSTEM),
            "parts": Part.objects.get(),
            "locations": Location.objects.first(),
            "stock-items": StockItem.objects.get(),
            "items": StockItem.objects.get(),
            "stock-movements": Movement.objects.first(),
            "businesses": business,
            "sales-orders": order,
            "sales-orders/lines": order.lines.get(),
            "sales": order,
            "sales/lines": order.lines.get(),
            "shipments": Shipment.objects.get(),
            "allocations": Allocation.objects.get(),
            "invoices": Invoice.objects.get(),
            "payments": Payment.objects.get(),
            "accounts": Account.objects.get(),
            "credit-notes": CreditNote.objects.get(),
            "returns": rma,
            "credit": rma,
            "notices": rma,
            "returns/lines": line,
            "extra-lines": rma.extra_lines.last(),
            "extra": rma.extra_lines.last(),
            "parcels": parcel,
            "comments": comment,
            "receipts": receipt,
            "count": scan,
            "attachments": file,
            "files": file,
            "photos": file,
            "samples": sample,
            "disposals": Disposal.objects.get(),
            "part-categories": category,
            "categories": category,
            "inspection-sheets": sheet,
            "sheets": sheet,
            "policies": create_policy(business, actor=SYSTEM),
            "reasons": Reason.objects.first(),
            "dispositions": restock,
            "custom-fields": field,
            "fields": field,
            "roles": helpers,
            "users": person,
            "numbers": business,
            "password": person,
            "webhooks": delivery.endpoint,
            "deliveries": delivery,
        }
    )
