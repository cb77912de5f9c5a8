"""Addresses of the REST resources of this app."""

from __future__ import annotations

from rmaproject.rest.routing import router
from stock.api.categories import CategoryViewSet
from stock.api.items import StockItemViewSet
from stock.api.locations import LocationViewSet
from stock.api.movements import MovementViewSet
from stock.api.parts import PartViewSet

routes = router()
routes.register("parts", PartViewSet, basename="part")
routes.register("part-categories", CategoryViewSet, basename="part-category")
routes.register("locations", LocationViewSet, basename="location")
routes.register("stock-items", StockItemViewSet, basename="stock-item")
routes.register("stock-movements", MovementViewSet, basename="stock-movement")
urlpatterns = routes.urls
