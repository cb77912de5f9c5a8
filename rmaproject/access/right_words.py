"""The names of rights in the language of who reads them.

Models declare them in English, and the database keeps them so; they are listed here for gettext
to find.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext, gettext_noop

RIGHTS: Final = (
    gettext_noop("See the records of every business"),
    gettext_noop("Change settings, businesses, reasons and number patterns"),
    gettext_noop("Give people roles and tokens"),
    gettext_noop("Let other systems be told of changes"),
    gettext_noop("Share own views of lists with everybody"),
    gettext_noop("See companies, contacts and addresses"),
    gettext_noop("Add companies"),
    gettext_noop("Change companies, contacts and addresses"),
    gettext_noop("See parts, locations, stock and movements"),
    gettext_noop("Add and change parts"),
    gettext_noop("Add and change locations"),
    gettext_noop("Book stock in, move and correct it"),
    gettext_noop("See a business and all its records"),
    gettext_noop("Enter and choose bank accounts"),
    gettext_noop("See bank accounts in full"),
    gettext_noop("See sales orders"),
    gettext_noop("Create sales orders"),
    gettext_noop("Change sales orders and their lines"),
    gettext_noop("Allocate stock to sales orders"),
    gettext_noop("Record sales that were made elsewhere"),
    gettext_noop("Issue sales orders"),
    gettext_noop("Hold sales orders"),
    gettext_noop("Resume sales orders"),
    gettext_noop("Ship sales orders"),
    gettext_noop("Complete sales orders"),
    gettext_noop("Cancel sales orders"),
    gettext_noop("See invoices"),
    gettext_noop("Make invoices"),
    gettext_noop("See payments"),
    gettext_noop("Record payments"),
    gettext_noop("See credit notes"),
    gettext_noop("Settle invoices with kept credit"),
    gettext_noop("Ask for kept credit to be paid out"),
    gettext_noop("See refunds"),
    gettext_noop("Ask for refunds of credit notes"),
    gettext_noop("Change refunds"),
    gettext_noop("Approve refunds"),
    gettext_noop("Pay refunds"),
    gettext_noop("Cancel refunds"),
    gettext_noop("Set limits of approval"),
    gettext_noop("See returns"),
    gettext_noop("Create returns"),
    gettext_noop("Record returns that happened elsewhere"),
    gettext_noop("Write notes on returns"),
    gettext_noop("Go against the rules for returns, with a reason"),
    gettext_noop("Take in parcels that no return is known for"),
    gettext_noop("Take receipts of goods back"),
    gettext_noop("Take credit notes of returns back"),
    gettext_noop("Go against what an inspection proposes, with a reason"),
    gettext_noop("Issue: returns"),
    gettext_noop("Approve: returns"),
    gettext_noop("Receive goods: returns"),
    gettext_noop("Inspect goods: returns"),
    gettext_noop("Decide goods: returns"),
    gettext_noop("Book credit: returns"),
    gettext_noop("Replace: returns"),
    gettext_noop("Send back: returns"),
    gettext_noop("Charge: returns"),
    gettext_noop("Complete: returns"),
    gettext_noop("Edit: returns"),
    gettext_noop("Match to a sale: returns"),
    gettext_noop("Release: returns"),
    gettext_noop("Waive: returns"),
    gettext_noop("Resume: returns"),
    gettext_noop("Hold: returns"),
    gettext_noop("Reject: returns"),
    gettext_noop("Cancel: returns"),
    gettext_noop("Reopen: returns"),
    gettext_noop("Delete: returns"),
)


def right_in_words(name: str) -> str:
    """The name of a right, as its model declares it, in the language of the reader."""
    return gettext(name)
