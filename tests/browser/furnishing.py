"""What a desk in use has beside the records of the demo: programs, feeds, notices."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from returns.importing.runs import bring_in, keep_upload, map_columns
from returns.models import ReturnOrder
from returns.services import add_comment
from returns.services.calendar_feeds import create_calendar_feed
from rmaproject.access.actors import SYSTEM
from rmaproject.access.clients import create_client
from rmaproject.access.tokens import make_token
from rmaproject.jobs.running import run as carry_out
from rmaproject.webhooks.services import create_endpoint

PARTS: Final = b"""SKU,Name,Unit,GTIN
CORD-3,Cord 3 mm,m,4006381333931
CORD-5,Cord 5 mm,m,4006381333932
HOOK-S,Snap hook,pcs,
"""


def furnish(people: dict[str, Any]) -> None:
    """Give the administrator a token, a webhook, an application, a feed, notices and imports."""
    ana, claire = people["Administrator"], people["Manager"]
    make_token(ana.user, name="Shop of Heron Outdoor", actor=SYSTEM)
    create_client("Label printer", actor=SYSTEM)
    hook = {"url": "https://shop.example/returns/hook", "description": "The shop's own pages"}
    create_endpoint({**hook, "types": ["return.*"]}, actor=ana)
    create_calendar_feed(
        {"name": "Mine on the phone", "contents": ["return_order"]}, owner=ana.user, actor=ana
    )
    for row in ReturnOrder.objects.filter(status="in_progress").order_by("pk")[:2]:
        add_comment(row.pk, f"@{ana.user.username} may this one go back at once?", actor=claire)
    for brought_in in (True, False):
        _import(ana, brought=brought_in)


def _import(actor: Any, *, brought: bool) -> None:
    """A file of parts, one line of which is wrong: checked, and brought in or not."""
    run = keep_upload("parts", None, "new-parts.csv", BytesIO(PARTS), actor=actor)
    checked = map_columns(run.pk, run.reading["guess"], {}, actor=actor)
    carry_out(checked.check_job_id)
    if brought:
        carry_out(bring_in(run.pk, actor=actor).job_id)
