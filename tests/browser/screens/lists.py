"""Lists: their menus, a step before it starts, and what a job shows at its end."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from playwright.sync_api import Page

from returns.models import ReturnOrder
from rmaproject.access.actors import Actor
from rmaproject.jobs.models import Job, JobRow, RowState, State
from rmaproject.jobs.services import plan
from rmaproject.shared import clock
from tests.browser.screens import Screen


def _pick(page: Page) -> None:
    for box in page.get_by_role("checkbox", name="Select ").all()[1:4]:
        box.check()


def _open(name: str):
    return lambda page: page.locator("summary", has_text=name).first.click()


def _job(*, ended: bool) -> Job:
    """A step on five returns, by the administrator."""
    user = get_user_model().objects.get(username="petrovic")
    rows = [
        JobRow(record=row.uuid, label=row.reference, version=row.version)
        for row in ReturnOrder.objects.order_by("pk")[:5]
    ]
    rows[0].state, rows[0].message = RowState.SKIPPED, "On hold: “Edit” is not possible."
    job = plan("returns.assign", rows, actor=Actor(user), back="/returns/")
    if ended:
        job.rows.filter(state=RowState.WAITING).update(state=RowState.DONE)
        Job.objects.filter(pk=job.pk).update(state=State.DONE, done=4, finished_at=clock.now())
    return job


def _planned() -> str:
    return f"/lists/returns/steps/{_job(ended=False).uuid}/"


def _ended() -> str:
    return f"/jobs/{_job(ended=True).uuid}/"


SCREENS = [
    Screen("lists-picked", "/returns/?sort=target_date", _pick),
    Screen("lists-views", "/returns/?status=in_progress", _open("View")),
    Screen("lists-columns", "/returns/", _open("Columns")),
    Screen("lists-filter", "/returns/", _open("Filter")),
    Screen("lists-nothing", "/returns/?q=zeppelin"),
    Screen("lists-plan", _planned),
    Screen("lists-job", _ended),
    Screen("lists-orders", "/sales/"),
    Screen("lists-refunds", "/refunds/"),
    Screen("lists-customers", "/customers/"),
    Screen("lists-parts", "/stock/parts/"),
    Screen("lists-items", "/stock/"),
    Screen("lists-credit-notes", "/sales/credit-notes/"),
]
