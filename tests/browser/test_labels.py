"""Labels as they are printed: the right paper, and codes that scan back to the same record."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from PIL import Image

from returns.services.counts import finish_count, scan_code
from rmaproject.access.actors import SYSTEM
from tests.factories import goods, sell
from tests.returns.steps import LineInput, request

#: Sizes of the paper in points, 72 to an inch.
ITEM, PLATE, A4 = (62 / 25.4 * 72, 29 / 25.4 * 72), (288.0, 432.0), (595.3, 841.9)


@pytest.fixture
def rma(business, bo):
    order = sell(business, bo, goods("DRILL", "1", "80.00", name="Drill", serials=("SN-4711",)))
    made = request(order, LineInput(stock_item=order.lines.get().unit_sales.get().stock_item))
    scan_code(made.pk, "SN-4711", actor=SYSTEM)
    finish_count(made.pk, actor=SYSTEM)
    return made


def papers(pdf):
    """The sizes of all pages of a PDF."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [(float(width), float(height)) for width, height in boxes]


def codes_on(element):
    """What a scanner reads of an element, each code once."""
    picture = Image.open(io.BytesIO(element.screenshot(scale="device")))
    return {found.text for found in zxingcpp.read_barcodes(picture)}


def test_labels_have_their_paper_and_scan_back(window, ada, rma):
    desk = window(ada, device_scale_factor=3)
    for address, paper, selector, code in (
        (f"/returns/{rma.uuid}/labels/items/", ITEM, ".label-item", "SN-4711"),
        (f"/returns/{rma.uuid}/labels/plate/", PLATE, ".label-plate", rma.reference),
        (f"/returns/{rma.uuid}/slip/", A4, ".slip-codes", rma.reference),
    ):
        page = desk.open(address)

        sizes = papers(page.pdf(prefer_css_page_size=True))

        assert sizes == [pytest.approx(paper, abs=1.5)], address
        page.emulate_media(media="print")
        kinds = codes_on(page.locator(selector).first)
        assert kinds == {code}, address
        page.emulate_media(media="null")
        page.locator("#main").wait_for()
    page = desk.open(f"/search/?q={rma.reference}")
    assert page.url.endswith(f"/returns/{rma.uuid}/")
