"""The pages of returns; a return is named by its UUID."""

from __future__ import annotations

from django.urls import path

from returns.web.asking import requesting
from returns.web.dock import counts, door, labels, receiving, slips, unknown
from returns.web.inspection import deciding, disposing, inspecting, kits, outbound, photos
from returns.web.inspection import queue as inspect_queue
from returns.web.lists import listing, many_slips
from returns.web.money import costs, crediting, refunds
from returns.web.planning import board, calendar
from returns.web.record import (
    ahead,
    detail,
    editing,
    extras,
    fields,
    files,
    line_record,
    matching,
    undoing,
    verbs,
)

app_name = "returns"
urlpatterns = [
    path("<uuid:ident>/bank-details/", refunds.bank_details, name="bank_details"),
    path("", listing.returns_list, name="list"),
    path("receive/", listing.to_receive, name="to_receive"),
    path("receive/scan/", door.scan, name="scan_door"),
    path("receive/commands/", door.commands, name="command_codes"),
    path("inspect/", inspect_queue.to_inspect_list, name="to_inspect"),
    path("sheets/<uuid:sheet_ident>/samples/<uuid:file_ident>/", photos.sample, name="sample"),
    path("new/", requesting.new, name="new"),
    path("new/customers/", requesting.customers, name="new_customers"),
    path("unknown/", unknown.unknown, name="unknown"),
    path("costs/", costs.costs, name="costs"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("board/", board.board, name="board"),
    path("slips/", many_slips.slips, name="slips"),
    path("slips/printed/", many_slips.printed, name="slips_printed"),
    path("<uuid:ident>/", detail.detail, name="detail"),
    path("<uuid:ident>/edit/", editing.edit, name="edit"),
    path("<uuid:ident>/receive/", receiving.receive, name="receive"),
    path("<uuid:ident>/count/", counts.count, name="count"),
    path("<uuid:ident>/count/undo/", counts.undo, name="undo_scan"),
    path("<uuid:ident>/count/step/", counts.step, name="step_count"),
    path("<uuid:ident>/count/carton/", counts.carton, name="count_carton"),
    path("<uuid:ident>/count/photo/", counts.photo, name="count_photo"),
    path("<uuid:ident>/count/park/", counts.park, name="park_count"),
    path("<uuid:ident>/count/resume/", counts.resume, name="resume_count"),
    path("<uuid:ident>/count/cancel/", counts.cancel, name="cancel_count"),
    path("<uuid:ident>/count/finish/", counts.finish, name="finish_count"),
    path("<uuid:ident>/count/<uuid:scan>/choose/", counts.choose, name="choose_scan"),
    path("<uuid:ident>/count/<uuid:scan>/name/", counts.name, name="name_scan"),
    path(
        "<uuid:ident>/receipts/<uuid:receipt_ident>/reopen/", counts.reopen, name="reopen_receipt"
    ),
    path("<uuid:ident>/labels/items/", labels.items, name="item_labels"),
    path("<uuid:ident>/labels/plate/", labels.plate, name="plate_label"),
    path("<uuid:ident>/labels/printed/", labels.printed, name="printed"),
    path("<uuid:ident>/inspect/", inspecting.inspect, name="inspect"),
    path("<uuid:ident>/inspect/look/", inspecting.look, name="inspect_look"),
    path("<uuid:ident>/lines/<uuid:line_ident>/", line_record.line, name="line"),
    path("<uuid:ident>/photos/", photos.add, name="add_photo"),
    path("<uuid:ident>/photos/<uuid:file_ident>/remove/", photos.remove, name="remove_photo"),
    path("<uuid:ident>/files/", files.add, name="add_file"),
    path("<uuid:ident>/files/<uuid:file_ident>/", files.content, name="file"),
    path("<uuid:ident>/files/<uuid:file_ident>/remove/", files.remove, name="remove_file"),
    path("<uuid:ident>/dispose/", disposing.dispose, name="dispose"),
    path("<uuid:ident>/restock-kit/", kits.restock_kit, name="restock_kit"),
    path("<uuid:ident>/release/", deciding.release, name="release"),
    path("<uuid:ident>/waive/", deciding.waive, name="waive"),
    path("<uuid:ident>/credit/", crediting.credit, name="credit"),
    path("<uuid:ident>/replace/", outbound.replace, name="replace"),
    path("<uuid:ident>/send-back/", outbound.send_back, name="send_back"),
    path("<uuid:ident>/charge/", outbound.charge, name="charge"),
    path("<uuid:ident>/extra/", extras.add_extra, name="add_extra"),
    path("<uuid:ident>/extra/<uuid:line_ident>/", extras.extra, name="extra"),
    path("<uuid:ident>/match/", matching.match, name="match"),
    path("<uuid:ident>/parcels/", extras.add_parcel, name="add_parcel"),
    path("<uuid:ident>/slip/", slips.slip, name="slip"),
    path("<uuid:ident>/parcels/<uuid:parcel_ident>/", extras.parcel, name="parcel"),
    path(
        "<uuid:ident>/receipts/<uuid:receipt_ident>/reverse/",
        undoing.reverse_receipt,
        name="reverse_receipt",
    ),
    path(
        "<uuid:ident>/credit-notes/<uuid:note_ident>/reverse/",
        undoing.reverse_credit,
        name="reverse_credit",
    ),
    path("<uuid:ident>/notes/", verbs.note, name="note"),
    *(
        path(
            f"<uuid:ident>/fields/{name.replace('_', '-')}/",
            fields.edit_field,
            {"name": name},
            name=f"edit_{name}",
        )
        for name in fields.FIELDS
    ),
    path("<uuid:ident>/preview/receive/", ahead.arrival, name="preview_receive"),
    *(
        path(f"<uuid:ident>/preview/{verb}/", ahead.step, {"verb": verb}, name=f"preview_{verb}")
        for verb in ahead.ACTS
    ),
    path("<uuid:ident>/due/", calendar.due, name="due"),
    path("<uuid:ident>/move/", board.move, name="move"),
    path("<uuid:ident>/<slug:verb>/", verbs.act, name="act"),
]
