"""The pages of returns; a return is named by its UUID."""

from __future__ import annotations

from django.urls import path

from returns.web import (
    ahead,
    costs,
    crediting,
    deciding,
    detail,
    disposing,
    editing,
    extras,
    files,
    inspect_queue,
    inspecting,
    kits,
    line_record,
    listing,
    matching,
    outbound,
    photos,
    receiving,
    refunds,
    requesting,
    slips,
    undoing,
    unknown,
    verbs,
)

app_name = "returns"
urlpatterns = [
    path("<uuid:ident>/bank-details/", refunds.bank_details, name="bank_details"),
    path("", listing.returns_list, name="list"),
    path("receive/", listing.to_receive, name="to_receive"),
    path("inspect/", inspect_queue.to_inspect_list, name="to_inspect"),
    path("sheets/<uuid:sheet_ident>/samples/<uuid:file_ident>/", photos.sample, name="sample"),
    path("new/", requesting.new, name="new"),
    path("unknown/", unknown.unknown, name="unknown"),
    path("costs/", costs.costs, name="costs"),
    path("<uuid:ident>/", detail.detail, name="detail"),
    path("<uuid:ident>/edit/", editing.edit, name="edit"),
    path("<uuid:ident>/receive/", receiving.receive, name="receive"),
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
    path("<uuid:ident>/preview/receive/", ahead.arrival, name="preview_receive"),
    *(
        path(f"<uuid:ident>/preview/{verb}/", ahead.step, {"verb": verb}, name=f"preview_{verb}")
        for verb in ahead.ACTS
    ),
    path("<uuid:ident>/<slug:verb>/", verbs.act, name="act"),
]
