from __future__ import annotations

from sales.models.banking import BankDetails, BankFile
from sales.models.boards import ColumnLimit
from sales.models.business import Account, Business, Counter, Document, ReferencePattern
from sales.models.credit import CreditLine, CreditNote, Settlement
from sales.models.invoice import Invoice, InvoiceLine, Payment
from sales.models.ledger import Ledger, LedgerEntry, LedgerLine
from sales.models.limits import ApprovalLimit
from sales.models.order import PART_KINDS, DiscountWeight, LineKind, OrderLine, SalesOrder, VatType
from sales.models.refund import Refund, RefundPart
from sales.models.sandbox import Behaviour, SandboxOrder, SandboxPayout
from sales.models.shipping import Allocation, Shipment, UnitSale

__all__ = [
    "PART_KINDS",
    "Account",
    "Allocation",
    "ApprovalLimit",
    "BankDetails",
    "BankFile",
    "Behaviour",
    "Business",
    "ColumnLimit",
    "Counter",
    "CreditLine",
    "CreditNote",
    "DiscountWeight",
    "Document",
    "Invoice",
    "InvoiceLine",
    "Ledger",
    "LedgerEntry",
    "LedgerLine",
    "LineKind",
    "OrderLine",
    "Payment",
    "ReferencePattern",
    "Refund",
    "RefundPart",
    "SalesOrder",
    "SandboxOrder",
    "SandboxPayout",
    "Settlement",
    "Shipment",
    "UnitSale",
    "VatType",
]
