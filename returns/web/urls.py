"""The pages of returns; a return is named by its UUID."""

from __future__ import annotations

from django.urls import path

from returns.web import (
    costs,
    crediting,
    deciding,
    detail,
    disposing,
    editing,
    extras,
    files,
    inspecting,
    listing,
    receiving,
    requesting,
    verbs,
)

app_name = "returns"
urlpatterns = [
    path("", listing.returns_list, name="list"),
    path("receive/", listing.to_receive, name="to_receive"),
    path("new/", requesting.new, name="new"),
    path("costs/", costs.costs, name="costs"),
    path("<uuid:ident>/", detail.detail, name="detail"),
    path("<uuid:ident>/edit/", editing.edit, name="edit"),
    path("<uuid:ident>/receive/", receiving.receive, name="receive"),
    path("<uuid:ident>/inspect/", inspecting.inspect, name="inspect"),
    path("<uuid:ident>/files/", files.add, name="add_file"),
    path("<uuid:ident>/files/<uuid:file_ident>/", files.content, name="file"),
    path("<uuid:ident>/files/<uuid:file_ident>/remove/", files.remove, name="remove_file"),
    path("<uuid:ident>/dispose/", disposing.dispose, name="dispose"),
    path("<uuid:ident>/release/", deciding.release, name="release"),
    path("<uuid:ident>/waive/", deciding.waive, name="waive"),
    path("<uuid:ident>/credit/", crediting.credit, name="credit"),
    path("<uuid:ident>/extra/", extras.add_extra, name="add_extra"),
    path("<uuid:ident>/extra/<uuid:line_ident>/", extras.extra, name="extra"),
    path("<uuid:ident>/parcels/", extras.add_parcel, name="add_parcel"),
    path("<uuid:ident>/notes/", verbs.note, name="note"),
    path("<uuid:ident>/<slug:verb>/", verbs.act, name="act"),
]
