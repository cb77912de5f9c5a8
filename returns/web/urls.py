"""The pages of returns; a return is named by its UUID."""

from __future__ import annotations

from django.urls import path

from returns.web import (
    crediting,
    deciding,
    detail,
    editing,
    extras,
    kits,
    listing,
    receiving,
    requesting,
    slips,
    verbs,
)

app_name = "returns"
urlpatterns = [
    path("", listing.returns_list, name="list"),
    path("receive/", listing.to_receive, name="to_receive"),
    path("new/", requesting.new, name="new"),
    path("<uuid:ident>/", detail.detail, name="detail"),
    path("<uuid:ident>/edit/", editing.edit, name="edit"),
    path("<uuid:ident>/receive/", receiving.receive, name="receive"),
    path("<uuid:ident>/dispose/", deciding.dispose, name="dispose"),
    path("<uuid:ident>/restock-kit/", kits.restock_kit, name="restock_kit"),
    path("<uuid:ident>/release/", deciding.release, name="release"),
    path("<uuid:ident>/waive/", deciding.waive, name="waive"),
    path("<uuid:ident>/credit/", crediting.credit, name="credit"),
    path("<uuid:ident>/extra/", extras.add_extra, name="add_extra"),
    path("<uuid:ident>/extra/<uuid:line_ident>/", extras.extra, name="extra"),
    path("<uuid:ident>/parcels/", extras.add_parcel, name="add_parcel"),
    path("<uuid:ident>/slip/", slips.slip, name="slip"),
    path("<uuid:ident>/notes/", verbs.note, name="note"),
    path("<uuid:ident>/<slug:verb>/", verbs.act, name="act"),
]
