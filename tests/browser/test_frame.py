"""What holds on every page: it fits, everybody can use it, nothing comes from elsewhere."""

from __future__ import annotations

from tests.browser.desk import assert_accessible, assert_fits
from tests.factories import goods, sell


def test_the_list_of_returns_fits_and_is_accessible(desk, business, bo):
    sell(business, bo, goods("TENT", "2", "50.00", name="Tent"))

    page = desk.open("/returns/")

    assert page.title() == "Returns · Returns desk"
    assert_accessible(page)
    for width in (1280, 768, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert_fits(page)
