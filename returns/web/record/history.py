"""What happened to a return, in plain words: who, when, and through which door."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.models import Audience, Comment, Outcome
from returns.states import Status
from returns.web.record.loading import Dossier
from returns.web.record.naming import line_name
from rmaproject.access.models import User
from rmaproject.audit.models import AuditEntry
from rmaproject.shared import money
from rmaproject.web.days import written
from sales.models import CreditNote
from stock.models import Location

WORDS: Final = {
    "create": gettext_lazy("asked for the return"),
    "record": gettext_lazy("recorded a return that happened elsewhere"),
    "edit": gettext_lazy("changed the return"),
    "add_lines": gettext_lazy("added lines"),
    "edit_line": gettext_lazy("changed a line"),
    "remove_line": gettext_lazy("took a line out"),
    "add_extra_line": gettext_lazy("added an extra line"),
    "edit_extra_line": gettext_lazy("changed an extra line"),
    "remove_extra_line": gettext_lazy("took an extra line out"),
    "add_parcel": gettext_lazy("announced a parcel"),
    "issue": gettext_lazy("issued the return"),
    "approve": gettext_lazy("approved the return"),
    "reject": gettext_lazy("rejected the return"),
    "ask_approval": gettext_lazy("has to be approved again"),
    "override_policy": gettext_lazy("went against the rules"),
    "accept": gettext_lazy("accepted the goods, as the rules say"),
    "hold": gettext_lazy("put the return on hold"),
    "resume": gettext_lazy("went on with the return"),
    "receive": gettext_lazy("received goods"),
    "inspect": gettext_lazy("inspected goods"),
    "dispose": gettext_lazy("decided what becomes of goods"),
    "credit": gettext_lazy("booked the credit"),
    "refund": gettext_lazy("paid money back"),
    "replace": gettext_lazy("replaced goods by a sales order"),
    "free_replacement": gettext_lazy("ended an order that was to replace goods"),
    "send_back": gettext_lazy("sent goods back to the customer"),
    "charge": gettext_lazy("charged what had no credit to bear it"),
    "release": gettext_lazy("gave up waiting for goods"),
    "waive": gettext_lazy("waived goods"),
    "match": gettext_lazy("found the sale of goods"),
    "reverse_receipt": gettext_lazy("took a receipt back"),
    "reverse_credit": gettext_lazy("took a credit note back"),
    "edit_parcel": gettext_lazy("changed a parcel"),
    "void_parcel": gettext_lazy("took a parcel out"),
    "complete": gettext_lazy("completed the return"),
    "cancel": gettext_lazy("cancelled the return"),
    "reopen": gettext_lazy("opened the return again"),
    "delete": gettext_lazy("deleted the return"),
    "comment": gettext_lazy("wrote a note"),
    "attach": gettext_lazy("attached a file"),
    "detach": gettext_lazy("took a file away"),
    "restock_kit": gettext_lazy("put parts back together as a kit"),
    "choose_bank_details": gettext_lazy("chose the account for refunds"),
    "expire": gettext_lazy("let the return expire"),
    "recount": gettext_lazy("followed the money"),
}
#: Signs of the timeline for verbs that share one.
KINDS: Final = {
    "comment": "note",
    "add_lines": "create",
    "add_extra_line": "create",
    "remove_line": "edit",
    "remove_extra_line": "edit",
    "record": "create",
    "add_parcel": "ship",
    "replace": "ship",
    "send_back": "ship",
    "free_replacement": "reverse",
    "charge": "credit",
    "release": "reverse",
    "waive": "credit",
    "match": "edit",
    "void_parcel": "edit",
    "delete": "cancel",
    "attach": "file",
    "detach": "file",
}
DOORS: Final = {
    "web": gettext_lazy("on the web"),
    "api": gettext_lazy("through the interface"),
    "ics": gettext_lazy("through the calendar"),
    "cli": gettext_lazy("on the command line"),
    "import": gettext_lazy("by import"),
    "clock": gettext_lazy("by the clock"),
    "gateway": gettext_lazy("by the payment service"),
    "exsited": gettext_lazy("through Exsited"),
    "inventree": gettext_lazy("through InvenTree"),
    "riverty": gettext_lazy("through Riverty"),
    "zoho": gettext_lazy("through Zoho"),
    "system": "",
}
LABELS: Final = {
    "target_date": gettext_lazy("Target date"),
    "responsible_user": gettext_lazy("Owner"),
    "responsible_group": gettext_lazy("Owner"),
    "reason": gettext_lazy("Reason"),
    "note": gettext_lazy("Note"),
    "customer_reference": gettext_lazy("Customer's reference"),
    "quantity": gettext_lazy("Quantity"),
    "outcome": gettext_lazy("Outcome"),
    "deadline": gettext_lazy("Deadline"),
    "refund_by": gettext_lazy("Refund promised by"),
    "location": gettext_lazy("Goods go to"),
    "reference": gettext_lazy("Reference"),
    "audience": gettext_lazy("Who can read it"),
    "bank_details": gettext_lazy("Account for refunds"),
    "carrier": gettext_lazy("Carrier"),
    "tracking_number": gettext_lazy("Tracking number"),
    "expected_on": gettext_lazy("Expected on"),
    "name": gettext_lazy("What it is"),
    "kind": gettext_lazy("Kind"),
    "gross_unit_price": gettext_lazy("Price, gross"),
    "vat_percent": gettext_lazy("VAT, percent"),
    "vat_type": gettext_lazy("VAT type"),
}

#: What values of fields are called; what is kept is their code.
CODES: Final = {
    str(value): label
    for kind in (Status, Outcome, Audience)
    for value, label in kind.choices
    if value
}
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")

Details = list[dict[str, Any]]


def timeline(papers: Dossier, reasons: dict[str, str]) -> list[dict[str, Any]]:
    """Entries for the timeline, newest first. `reasons` are names of reasons and places by UUID."""
    told = _Told(papers, reasons)
    return [told.entry(entry) for entry in papers.entries]


def places_named(entries: list[AuditEntry]) -> dict[str, str]:
    """Codes of the places that entries moved a return to, by their UUID; a query only for some."""
    keys = [key for entry in entries for key in entry.facts.get("changed", {}).get("location", ())]
    found = Location.objects.filter(uuid__in=filter(None, keys)) if keys else ()
    return {str(place.uuid): place.code for place in found}


def person(user: User | None) -> str:
    """The name of a person as pages show it."""
    return str(user.get_full_name() or user.get_username()) if user else ""


class _Told:
    """Turns facts of entries, which hold ids and figures, into words."""

    def __init__(self, papers: Dossier, reasons: dict[str, str]) -> None:
        self.reasons = reasons
        self.lines = {str(line.uuid): line for line in papers.lines}
        self.notes = {str(note.uuid): note for note in papers.notes}
        self.comments = {str(row.uuid): row for row in papers.comments}
        self.receipts = {str(row.uuid): row for row in papers.order.receipts.all()}
        self.parcels = {str(row.uuid): row for row in papers.order.parcels.all()}

    def entry(self, entry: AuditEntry) -> dict[str, Any]:
        words = WORDS.get(entry.verb, entry.verb.replace("_", " "))
        comment = self.comments.get(str(entry.facts.get("comment", "")))
        return {
            "at": entry.at,
            "who": person(entry.actor) or _("The program"),
            "text": _told_to(comment) or words,
            "door": DOORS.get(entry.door, entry.door),
            "kind": KINDS.get(entry.verb, entry.verb.partition("_")[0]),
            "details": self._details(entry),
            **self._note(comment),
        }

    def _note(self, comment: Comment | None) -> dict[str, Any]:
        if comment is None:
            return {"note": "", "customer_visible": False}
        return {
            "note": comment.text,
            "anchor": f"note-{comment.uuid}",
            "customer_visible": comment.audience == Audience.CUSTOMER,
        }

    def _details(self, entry: AuditEntry) -> Details:
        tellers: tuple[tuple[str, Callable[[Any], Details]], ...] = (
            ("line", self._line),
            ("added", self._added),
            ("changed", self._changed),
            ("private", self._private),
            ("receipt", self._receipt),
            ("parcel", self._parcel),
            ("credit_notes", self._credit_notes),
            ("credit_note", lambda key: self._credit_notes([key])),
            ("reason", self._reason),
        )
        found: Details = []
        for fact, tell in tellers:
            if fact in entry.facts:
                found += tell(entry.facts[fact])
        return found

    def _line(self, key: str) -> Details:
        line = self.lines.get(key)
        return [{"label": line_name(line)}] if line else []

    def _added(self, keys: list[str]) -> Details:
        lines = [self.lines[key] for key in keys if key in self.lines]
        return [{"label": line_name(line), "new": money.plain(line.quantity)} for line in lines]

    def _changed(self, changed: dict[str, list[Any]]) -> Details:
        rows = []
        for name, (old, new) in changed.items():
            label = LABELS.get(name, _plain_name(name))
            rows.append({"label": label, "old": self._value(old), "new": self._value(new)})
        return rows

    def _private(self, names: list[str]) -> Details:
        return [{"label": LABELS.get(name, _plain_name(name))} for name in names]

    def _receipt(self, key: str) -> Details:
        receipt = self.receipts.get(key)
        rows = receipt.lines.all() if receipt else []
        counted = [(self.lines.get(str(row.line.uuid)), row.quantity) for row in rows]
        return [{"label": line_name(line), "new": money.plain(many)} for line, many in counted]

    def _parcel(self, key: str) -> Details:
        parcel = self.parcels.get(key)
        named = f"{parcel.carrier} {parcel.tracking_number}".strip() if parcel else ""
        return [{"label": _("Parcel"), "new": named}]

    def _credit_notes(self, keys: list[str]) -> Details:
        notes = [self.notes[key] for key in keys if key in self.notes]
        return [{"label": note.reference, "new": _gross(note)} for note in notes]

    def _reason(self, text: str) -> Details:
        return [{"label": _("Reason"), "new": text}] if text else []

    def _value(self, value: Any) -> str:
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        text = "" if value is None else str(value)
        if text in CODES:
            return str(CODES[text])
        return self.reasons.get(text) or in_figures(text)


def _told_to(comment: Comment | None) -> str:
    """What a note to the customer is called, so that nobody takes it for an internal one."""
    outward = comment is not None and comment.audience == Audience.CUSTOMER
    return _("wrote a note that the customer can read") if outward else ""


def _plain_name(name: str) -> str:
    return name.removeprefix("custom.").replace("_", " ").capitalize()


def _gross(note: CreditNote) -> str:
    return f"{money.amount(note.gross, note.currency)} {note.currency}"


def in_figures(text: str) -> str:
    """A day or a moment as people write it, a quantity without trailing zeros; else as it is."""
    if DAY.fullmatch(text):
        day = parse_date(text)
        return written(day, "j M Y") if day else text
    if MOMENT.match(text) and (moment := parse_datetime(text)):
        local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        return written(local, "j M Y, H:i")
    whole, point, rest = text.partition(".")
    if point and whole.lstrip("-").isdigit() and rest.isdigit():
        return f"{whole}.{rest}".rstrip("0").rstrip(".")
    return text
