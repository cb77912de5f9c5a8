"""Addresses of companies, parts, stock and sales orders."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from returns.compat.inventree.companies import Addresses, Companies, Contacts
from returns.compat.inventree.empty import empty_urls
from returns.compat.inventree.missing import missing_urls
from returns.compat.inventree.other_kinds import PREFIXES
from returns.compat.inventree.parts import Categories, Parts
from returns.compat.inventree.resources import routes
from returns.compat.inventree.sales_orders import SalesOrders
from returns.compat.inventree.shipments import Allocations, Shipments
from returns.compat.inventree.so_lines import ExtraLines, Lines
from returns.compat.inventree.so_verbs import verb_urls
from returns.compat.inventree.stock import Locations, StockItems
from returns.compat.inventree.stock_actions import stock_urls
from returns.compat.inventree.views_metadata import metadata_routes

rest_urls: list[URLPattern | URLResolver] = [
    *empty_urls,
    *(address for at in PREFIXES for address in metadata_routes(at, PREFIXES[at])),
    *routes("company/contact", Contacts),
    *routes("company/address", Addresses),
    *routes("company", Companies),
    *routes("part/category", Categories),
    *routes("part", Parts),
    *stock_urls,
    *routes("stock/location", Locations),
    *routes("stock", StockItems),
    *verb_urls,
    *routes("order/so/shipment", Shipments),
    *routes("order/so-line", Lines),
    *routes("order/so-extra-line", ExtraLines),
    *routes("order/so-allocation", Allocations),
    *routes("order/so", SalesOrders),
    *missing_urls,
]
