"""The addresses of the sales pages."""

from __future__ import annotations

from django.urls import path

from sales.web import (
    accounts,
    board,
    booking,
    books,
    credit_notes,
    lines,
    orders,
    planning,
    shipping,
    verbs,
)

app_name = "sales"

urlpatterns = [
    path("", orders.orders, name="list"),
    path("calendar/", planning.calendar, name="calendar"),
    path("board/", board.board, name="board"),
    path("new/", orders.create, name="create"),
    path("<uuid:ident>/", orders.detail, name="detail"),
    path("<uuid:ident>/due/", planning.due, name="due"),
    path("<uuid:ident>/move/", board.move, name="move"),
    path("<uuid:ident>/edit/", orders.edit, name="edit"),
    *(
        path(f"<uuid:ident>/{verb}/", verbs.carry_out, {"verb": verb}, name=verb)
        for verb in verbs.SERVICES
    ),
    path("<uuid:ident>/lines/new/", lines.add, name="add_line"),
    path("<uuid:ident>/lines/<uuid:line_ident>/", lines.edit, name="edit_line"),
    path("<uuid:ident>/lines/<uuid:line_ident>/remove/", lines.remove, name="remove_line"),
    path("<uuid:ident>/shipments/new/", shipping.add, name="add_shipment"),
    path("<uuid:ident>/shipments/<uuid:shipment_ident>/ship/", shipping.leave, name="ship"),
    path("<uuid:ident>/allocate/", shipping.allocation, name="allocate"),
    path(
        "<uuid:ident>/allocations/<uuid:allocation_ident>/remove/",
        shipping.take_out,
        name="deallocate",
    ),
    path("accounts/<uuid:ident>/", accounts.account, name="account"),
    path("accounts/<uuid:ident>/csv/", accounts.statement_file, name="account_csv"),
    path("invoices/", books.invoices, name="invoices"),
    path("invoices/<uuid:ident>/", books.invoice, name="invoice_page"),
    path("payments/", books.payments, name="payments"),
    path("payments/<uuid:ident>/", books.payment, name="payment_page"),
    path("credit-notes/", credit_notes.credit_notes, name="credit_notes"),
    path("credit-notes/<uuid:ident>/", credit_notes.credit_note, name="credit_note"),
    path("credit-notes/<uuid:ident>/apply/", credit_notes.use, name="credit_note_apply"),
    path("credit-notes/<uuid:ident>/pay-out/", credit_notes.pay_out, name="credit_note_pay_out"),
    path("<uuid:ident>/invoice/", booking.invoice, name="invoice"),
    path("<uuid:ident>/payment/", booking.payment, name="payment"),
]
