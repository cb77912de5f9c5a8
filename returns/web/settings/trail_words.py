"""Entries of the trail as people read them: kinds, verbs and fields in words, records by name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.web import history as companies
from returns.web.record import history as returned
from rmaproject.audit.models import AuditEntry
from rmaproject.web.days import written
from rmaproject.web.history import said
from sales.web import history as orders
from sales.web import refund_rows as refunds
from stock.web import history as parts

Words = Mapping[str, str | Promise]

KINDS: Final[Words] = {
    "access.user": gettext_lazy("User"),
    "customers.company": gettext_lazy("Company"),
    "returns.calendarfeed": gettext_lazy("Calendar feed"),
    "returns.customfield": gettext_lazy("Field"),
    "returns.disposition": gettext_lazy("Disposition"),
    "returns.importrun": gettext_lazy("Import"),
    "returns.policyversion": gettext_lazy("Rules for returns"),
    "returns.reason": gettext_lazy("Reason"),
    "returns.returnorder": gettext_lazy("Return"),
    "returns.returnsswitch": gettext_lazy("Returns"),
    "returns.sheet": gettext_lazy("Inspection sheet"),
    "sales.approvallimit": gettext_lazy("Limit of approval"),
    "sales.bankdetails": gettext_lazy("Bank account"),
    "sales.bankfile": gettext_lazy("Bank file"),
    "sales.business": gettext_lazy("Business"),
    "sales.columnlimit": gettext_lazy("Limit of a column"),
    "sales.creditnote": gettext_lazy("Credit note"),
    "sales.invoice": gettext_lazy("Invoice"),
    "sales.payment": gettext_lazy("Payment"),
    "sales.refund": gettext_lazy("Refund"),
    "sales.salesorder": gettext_lazy("Sales order"),
    "stock.location": gettext_lazy("Location"),
    "stock.part": gettext_lazy("Part"),
    "stock.partcategory": gettext_lazy("Part category"),
    "webhooks.endpoint": gettext_lazy("Webhook"),
}
#: What a record of any kind may have gone through; the timelines have words of their own.
VERBS: Final[Words] = {
    "create": gettext_lazy("added it"),
    "edit": gettext_lazy("changed it"),
    "delete": gettext_lazy("deleted it"),
    "record": gettext_lazy("recorded it"),
    "apply": gettext_lazy("used credit for an invoice"),
    "pay_out": gettext_lazy("asked for kept credit to be paid out"),
    "keep": gettext_lazy("kept it as credit"),
    "reserve": gettext_lazy("set money aside for a refund"),
    "free": gettext_lazy("gave money free that a refund had set aside"),
    "refund": gettext_lazy("paid money back of it"),
    "settle": gettext_lazy("settled it"),
    "unsettle": gettext_lazy("took a settlement back"),
    "credit": gettext_lazy("credited it"),
    "uncredit": gettext_lazy("took a credit back"),
    "reverse": gettext_lazy("took it back"),
    "retire": gettext_lazy("put it out of use"),
    "reveal": gettext_lazy("looked at the account in full"),
    "download": gettext_lazy("downloaded it"),
    "confirm": gettext_lazy("confirmed it"),
    "set_pattern": gettext_lazy("set a number pattern"),
    "publish": gettext_lazy("published it"),
    "withdraw": gettext_lazy("withdrew it"),
    "end": gettext_lazy("ended it"),
    "rotate": gettext_lazy("gave it another address"),
    "revoke": gettext_lazy("revoked it"),
    "switch": gettext_lazy("switched returns on or off"),
    "enable": gettext_lazy("switched it on"),
    "disable": gettext_lazy("switched it off"),
    "rotate_secret": gettext_lazy("gave it another secret"),
    "replay": gettext_lazy("sent a message again"),
    "upload": gettext_lazy("uploaded the file"),
    "read": gettext_lazy("had the file read otherwise"),
    "map": gettext_lazy("chose the columns"),
    "check": gettext_lazy("checked the file"),
    "bring_in": gettext_lazy("started the import"),
    "ask_back": gettext_lazy("asked to take the import back"),
    "take_back": gettext_lazy("took the import back"),
    "discard": gettext_lazy("threw the file away"),
    "attach": gettext_lazy("attached a file"),
    "detach": gettext_lazy("took a file off"),
    "supplement": gettext_lazy("kept what another system told"),
    "reseal": gettext_lazy("sealed it with another key"),
    "go_on": gettext_lazy("let it hold until another follows"),
    "deliver": gettext_lazy("told that a shipment was delivered"),
    "edit_shipment": gettext_lazy("corrected a shipment"),
    "advance_clock": gettext_lazy("moved its clock on"),
    "remove_shipment": gettext_lazy("took a shipment out"),
    "change_allocation": gettext_lazy("changed what is set aside for it"),
}
OF_KIND: Final[dict[str, Words]] = {
    "customers.company": {verb: row[0] for verb, row in companies.WORDS.items()},
    "returns.returnorder": returned.WORDS,
    "sales.refund": {verb: row[0] for verb, row in refunds.WORDS.items()},
    "sales.salesorder": {verb: row[0] for verb, row in orders.WORDS.items()},
    "stock.part": {verb: row[0] for verb, row in parts.WORDS.items()},
}
LABELS: Final[dict[str, Words]] = {
    "customers.company": companies.LABELS,
    "returns.returnorder": returned.LABELS,
    "sales.salesorder": orders.LABELS,
    "stock.part": parts.LABELS,
}
FACTS: Final[Words] = {
    "from": gettext_lazy("From"),
    "to": gettext_lazy("To"),
    "reason": gettext_lazy("Reason"),
    "line": gettext_lazy("Line"),
    "lines": gettext_lazy("Lines"),
    "amount": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "quantity": gettext_lazy("Quantity"),
    "shipment": gettext_lazy("Shipment"),
    "status": gettext_lazy("Status"),
    "name": gettext_lazy("Name"),
    "code": gettext_lazy("Code"),
    "active": gettext_lazy("Offered"),
    "note": gettext_lazy("Note"),
    "taken": gettext_lazy("Lines taken"),
    "refused": gettext_lazy("Lines left out"),
    "size": gettext_lazy("Size"),
    "subject": gettext_lazy("Subject"),
    "user": gettext_lazy("User"),
    "group": gettext_lazy("Role"),
    "contents": gettext_lazy("Contents"),
    "types": gettext_lazy("Tells of"),
    "money": gettext_lazy("Money"),
    "via": gettext_lazy("By"),
    "gross": gettext_lazy("Gross"),
    "decisions": gettext_lazy("Decisions"),
    "inspections": gettext_lazy("Inspections"),
    "refunds": gettext_lazy("Refunds"),
    "currency_code": gettext_lazy("Currency"),
}
#: The door of the worker.
DOORS: Final[Words] = {"job": gettext_lazy("in the background")}
#: Where a record says what it is called, in this order.
NAMED_BY: Final = ("reference", "sku", "code", "name", "file_name")
_RECORD: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGEST: Final = re.compile(r"[0-9a-f]{40,}")


def door_of(door: str) -> str:
    """Through which door something was done."""
    return str(DOORS.get(door) or returned.DOORS.get(door, door))


def kind_of(entry: AuditEntry) -> str:
    """What kind of record it was done to."""
    return str(KINDS.get(entry.aggregate) or entry.aggregate.partition(".")[2])


def verb_of(entry: AuditEntry) -> str:
    """What was done, as the timelines say it."""
    own = OF_KIND.get(entry.aggregate, {})
    return str(own.get(entry.verb) or VERBS.get(entry.verb) or entry.verb.replace("_", " "))


def names_of(entries: Sequence[AuditEntry]) -> dict[UUID, str]:
    """What the records are called now: one query for each kind among them."""
    by_kind: dict[str, set[UUID]] = {}
    for entry in entries:
        by_kind.setdefault(entry.aggregate, set()).add(entry.aggregate_id)
    found = {}
    for kind, idents in by_kind.items():
        for row in apps.get_model(kind)._base_manager.filter(uuid__in=idents):
            found[row.uuid] = _name(row)
    return found


def _name(row: Any) -> str:
    return next((str(name) for by in NAMED_BY if (name := getattr(row, by, ""))), "")


def facts_of(entry: AuditEntry) -> list[dict[str, str]]:
    """What changed and what is known of it, without what only programs read."""
    facts = dict(entry.facts)
    changed = facts.pop("changed", None) or {}
    private = facts.pop("private", None) or ()
    rows = [_change(entry, name, *pair) for name, pair in changed.items()]
    rows += [{"label": _label(entry, name), "value": _("changed")} for name in private]
    told = {name: value for name, value in facts.items() if _is_told(value)}
    return rows + [
        {"label": _label(entry, name), "value": _value(value)} for name, value in told.items()
    ]


def raw_of(entry: AuditEntry) -> str:
    """The entry as it is kept."""
    kept = {"verb": entry.verb, "aggregate": entry.aggregate, "id": str(entry.aggregate_id)}
    return json.dumps({**kept, "facts": entry.facts}, ensure_ascii=False, indent=1)


def _label(entry: AuditEntry, name: str) -> str:
    own = LABELS.get(entry.aggregate, {})
    return str(own.get(name) or FACTS.get(name) or name.replace("_", " ").capitalize())


def _change(entry: AuditEntry, name: str, old: Any, new: Any) -> dict[str, str]:
    told = _is_told(old) and _is_told(new)
    value = f"{_value(old)} → {_value(new)}" if told else _("changed")
    return {"label": _label(entry, name), "value": value}


def _is_told(value: Any) -> bool:
    """Ids and digests tell people nothing, nor do nested facts."""
    if isinstance(value, list):
        return all(map(_is_told, value))
    coded = isinstance(value, str) and (_RECORD.fullmatch(value) or _DIGEST.fullmatch(value))
    return not (coded or isinstance(value, dict))


def _value(value: Any) -> str:
    if isinstance(value, list):
        return _joined(value)
    return str(returned.CODES.get(str(value)) or _written(value) or said(value) or "–")


def _written(value: Any) -> str:
    """A day as its reader writes days; "" for what is none."""
    if not (isinstance(value, str) and returned.DAY.fullmatch(value)):
        return ""
    day = parse_date(value)
    return written(day, "j M Y") if day else ""


def _joined(values: Iterable[Any]) -> str:
    return ", ".join(_value(one) for one in values) or "–"
