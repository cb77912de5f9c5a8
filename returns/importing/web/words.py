"""What is wrong with a file or a line, and what to do about it, by the code of the refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.shared.errors import Malformed

Text = str | Promise


@dataclass(frozen=True)
class Fault:
    """A fault of a line: in which column, what it is, what mends it."""

    said: Text
    mend: Text
    column: str = ""


_WRITE_NUMBER: Final = gettext_lazy("Write a plain number; choose the decimal sign of the file.")
_WRITE_REFERENCE: Final = gettext_lazy("Write 1 to 64 printable characters.")

FAULTS: Final = {
    "invalid_quantity": Fault(gettext_lazy("This is no quantity."), _WRITE_NUMBER, "quantity"),
    "invalid_price": Fault(
        gettext_lazy("This is no price that can be booked."), _WRITE_NUMBER, "price"
    ),
    "invalid_date": Fault(
        gettext_lazy("This is no day, or it lies in the future."),
        gettext_lazy("Write 2026-03-31, or choose in which order the file writes days."),
        "date",
    ),
    "invalid_invoice": Fault(
        gettext_lazy("The number of the document is missing or too long."),
        _WRITE_REFERENCE,
        "invoice",
    ),
    "invalid_sku": Fault(gettext_lazy("The SKU is missing or too long."), _WRITE_REFERENCE, "sku"),
    "invalid_customer": Fault(
        gettext_lazy("This is no customer number."), _WRITE_REFERENCE, "customer"
    ),
    "invalid_reference": Fault(
        gettext_lazy("The number is missing or too long."), _WRITE_REFERENCE, "reference"
    ),
    "invalid_name": Fault(
        gettext_lazy("The name is missing or too long."),
        gettext_lazy("Write at most 200 characters."),
        "name",
    ),
    "invalid_gtin": Fault(
        gettext_lazy("This is no GTIN; its last digit checks the others."),
        gettext_lazy("Write 8, 12, 13 or 14 digits, or leave it empty."),
        "gtin",
    ),
    "gtin_exists": Fault(
        gettext_lazy("Another part has this GTIN."),
        gettext_lazy("Mend one of the two, or leave it empty."),
        "gtin",
    ),
    "invalid_unit": Fault(
        gettext_lazy("The unit is too long."), gettext_lazy("Write at most 20 characters."), "unit"
    ),
    "invalid_tracking": Fault(
        gettext_lazy("This says not how the part is counted."),
        gettext_lazy("Write serial or batch, or leave it empty."),
        "tracking",
    ),
    "invalid_email": Fault(
        gettext_lazy("This is no mail address."),
        gettext_lazy("Mend it or leave it empty."),
        "email",
    ),
    "invalid_phone": Fault(
        gettext_lazy("The phone number is too long."),
        gettext_lazy("Write at most 50 characters."),
        "phone",
    ),
    "invalid_country": Fault(
        gettext_lazy("This is no country."),
        gettext_lazy("Write the two letters of ISO 3166, such as NL."),
        "country",
    ),
    "stock_adjustment": Fault(
        gettext_lazy("A negative quantity on an invoice sells nothing."),
        gettext_lazy("Leave it out, or give it the number of a credit note."),
        "quantity",
    ),
    "mixed_customers": Fault(
        gettext_lazy("The document belongs to another customer."),
        gettext_lazy("Give each customer a document of its own."),
        "customer",
    ),
    "document_incomplete": Fault(
        gettext_lazy("Another line of this document is wrong, so all of it waits."),
        gettext_lazy("Mend that line."),
        "invoice",
    ),
    "wrong_field_count": Fault(
        gettext_lazy("The line has more or fewer columns than the first line."),
        gettext_lazy("Look for a missing or doubled separator or quotation mark."),
    ),
    "reference_exists": Fault(
        gettext_lazy("This number is here already, with other content."),
        gettext_lazy("Look at the record here; give the new one another number, or leave it out."),
        "invoice",
    ),
    "company_inactive": Fault(
        gettext_lazy("The customer is inactive."),
        gettext_lazy("Make the customer active, or leave the lines out."),
        "customer",
    ),
    "not_a_customer": Fault(
        gettext_lazy("This company is no customer."),
        gettext_lazy("Say on its page that it is one, or leave the lines out."),
        "customer",
    ),
}

FILES: Final = {
    "empty_file": gettext_lazy("The file is empty. Choose another one."),
    "no_rows": gettext_lazy("The file has its first line and nothing below it."),
    "too_many_columns": gettext_lazy(
        "The file has %(columns)s columns; 200 are the most. Remove those that nobody needs."
    ),
    "file_too_large": gettext_lazy(
        "The file is too large. Cut it into pieces, or have it imported on the server itself."
    ),
    "binary_file": gettext_lazy(
        "This is no table: save it as CSV or XLSX. Line %(line)s, column %(column)s is no text."
    ),
    "invalid_csv": gettext_lazy(
        "Line %(line)s is no CSV: look for a quotation mark that is never closed."
    ),
    "wrong_encoding": gettext_lazy(
        "Line %(line)s, column %(column)s is not written in this encoding. Choose another one."
    ),
    "not_gzip": gettext_lazy("The packed file is damaged. Pack it again."),
    "no_workbook": gettext_lazy("The workbook cannot be read. Save it again as XLSX, or as CSV."),
    "workbook_too_large": gettext_lazy(
        "The workbook unpacks to %(megabytes)s MB, which is too much. Save it as CSV."
    ),
    "old_workbook": gettext_lazy("This is a workbook of an old kind. Save it as XLSX or CSV."),
    "missing_column": gettext_lazy("A column that was chosen is not in the file any more."),
}


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def of_file(code: str, said: str, facts: dict[str, Any]) -> str:
    """Why a file as a whole cannot be read."""
    words = FILES.get(code)
    return said if words is None else str(words) % _Facts(facts)


def of_refusal(refusal: Malformed) -> str:
    """The same of a refusal."""
    return of_file(refusal.code, refusal.message, refusal.facts)


def fault_of(code: str, said: str) -> Fault:
    """What is wrong with a line; in the books' own words where we have none."""
    return FAULTS.get(code) or Fault(said, _("Leave these lines out, or mend what it says."))
