"""The addresses of the pages of parts, stock and locations."""

from __future__ import annotations

from django.urls import path

from stock.web import items, kits, locations, parts

app_name = "stock"

urlpatterns = [
    path("", items.items, name="items"),
    path("items/<uuid:ident>/", items.item, name="item"),
    path("items/<uuid:ident>/correct/", items.correct, name="correct"),
    path("items/<uuid:ident>/move/", items.move, name="move"),
    path("parts/", parts.parts, name="parts"),
    path("parts/new/", parts.create, name="create_part"),
    path("parts/<uuid:ident>/", parts.part, name="part"),
    path("parts/<uuid:ident>/edit/", parts.edit, name="edit_part"),
    path("parts/<uuid:ident>/book-in/", parts.add_stock, name="book_in"),
    path("parts/<uuid:ident>/kit-parts/", kits.kit_parts, name="kit_parts"),
    path("parts/<uuid:ident>/assemble/", kits.put_together, name="assemble"),
    path("parts/<uuid:ident>/disassemble/", kits.take_apart, name="disassemble"),
    path("locations/", locations.locations, name="locations"),
    path("locations/new/", locations.create, name="create_location"),
    path("locations/<uuid:ident>/edit/", locations.edit, name="edit_location"),
]
